"""Memory over an hour of live data on 24 charts, an hour in which nothing may pile up.

Each simulated second joins new rows to what the worker keeps, applies the frames and paints, as
fast as the machine can.
"""

from __future__ import annotations

import gc

from tests.benchmarks.measuring import Child, Figure, Table, platforms

_HOUR = 3600
_WARM_UP = 600
"""Ticks until every cache and every pool of the allocators is as large as it gets."""


def measure(*, quick: bool = False) -> Table:
    """One process, asked after the warm-up and at the end.

    Its PSS is also moved by every other program that loads or leaves the same libraries.
    """
    warm_up, hour = (12, 24) if quick else (_WARM_UP, _HOUR)
    with platforms() as known, Child("memory:serve", env=known["offscreen"]) as child:
        before = child.ask(str(warm_up))
        after = child.ask(str(hour))
    growth = after["anonymous"] - before["anonymous"]
    return Table(
        f"memory of 24 charts x 4 lines over {hour} ticks, off screen",
        (
            Figure(f"after {warm_up} ticks of warm-up", before["pss"], "MB PSS"),
            Figure(f"after {hour} more", after["pss"], "MB PSS"),
            Figure("growth of what is its own", growth, "MB", 1.0),
            Figure("CPU a tick, joining included", after["cpu"], "ms"),
        ),
    )


def serve() -> None:
    """Run so many ticks as each line says; answers with CPU a tick and PSS."""
    # Qt and pyqtgraph are for the process that is measured alone.
    from tests.benchmarks import living  # noqa: PLC0415

    gc.collect()
    living.serve()
