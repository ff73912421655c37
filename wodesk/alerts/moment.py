"""The two clocks of a moment: one that people read, and one that nobody can set."""

from __future__ import annotations

from msgspec import Struct


class Moment(Struct, frozen=True):
    """Now, on both clocks.

    `wall` is epoch seconds: for what people have said in terms of it (quiet hours, a snooze until
    eight).  `steady` never goes back and is never set: every wait is measured on it, so that a
    clock that is put right neither cuts a wait short nor draws it out.  It may stand still while
    the machine sleeps, and begins anew with each run of wodesk.
    """

    wall: float
    steady: float

    def at(self, steady: float) -> float:
        """When the wall clock will show a moment that is on the steady one."""
        return self.wall + steady - self.steady
