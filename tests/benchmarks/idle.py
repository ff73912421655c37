"""What wodesk costs while its window is hidden, and while it only follows, beside a bare window.

A monitor runs all day: hidden it must neither keep the processor awake nor hold much memory.
The window is hidden after its charts were drawn.  Wake-ups are the times that any thread of the
process went to sleep by itself.  The processes run one after another, since the libraries that
two of them share would count half in the PSS of each.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    first_of,
    fresh_home,
    platforms,
    pss,
    ratio,
    thread_cpu_ms,
    wake_ups,
)
from tests.servers.replay import ReplayAgent

_TRAY_FACTOR, _TRAY_ROOM = 1.2, 15.0
"""A program in the tray may take so many times the memory of a bare one, and so many MB."""


@dataclass(frozen=True, slots=True)
class Idling:
    """What a process does by itself: CPU in ms a second, wake-ups a second, MB of PSS."""

    cpu: float
    wakes: float
    memory: float


def measure(*, quick: bool = False) -> Table:
    """Each process by itself, for the same time."""
    seconds, settle = (1.0, 0.5) if quick else (20.0, 4.0)
    with (
        ReplayAgent() as agent,
        fresh_home("local:") as local,
        fresh_home(agent.url) as netdata,
        platforms() as known,
    ):
        screen = first_of(("X", "offscreen"), known)
        env = known[screen]

        def idling(target: str, home: dict[str, str], *, hidden: bool) -> Idling:
            with Child(target, *(["hidden"] if hidden else []), env=env | home) as child:
                last = "hidden" if hidden else "shown" if target.startswith("bare") else "drawn"
                child.await_line(last)
                time.sleep(settle)
                return _watched(child.pid, seconds)

        bare = idling("bare:window", local, hidden=True)
        hidden = idling("own:program", netdata, hidden=True)
        hidden_local = idling("own:program", local, hidden=True)
        visible = idling("own:program", netdata, hidden=False)
    tray = _TRAY_FACTOR * bare.memory + _TRAY_ROOM
    return Table(
        f"idle, on {screen}, over {seconds:g} s",
        (
            Figure("bare Qt, hidden: CPU", bare.cpu, "ms/s"),
            Figure("hidden, Netdata agent: CPU", hidden.cpu, "ms/s"),
            Figure("hidden, local: (measures each second): CPU", hidden_local.cpu, "ms/s"),
            Figure("visible, Netdata agent, 6 charts live: CPU", visible.cpu, "ms/s"),
            Figure("bare Qt, hidden: wake-ups", bare.wakes, "/s"),
            Figure("hidden, Netdata agent: wake-ups", hidden.wakes, "/s", 2.0),
            Figure("hidden, local: (measures each second): wake-ups", hidden_local.wakes, "/s"),
            Figure("visible, Netdata agent: wake-ups", visible.wakes, "/s"),
            Figure("bare Qt, hidden: memory", bare.memory, "MB PSS"),
            Figure("hidden, Netdata agent: memory", hidden.memory, "MB PSS", tray),
            Figure("hidden, local: : memory", hidden_local.memory, "MB PSS", tray),
            Figure("visible, Netdata agent: memory", visible.memory, "MB PSS"),
            ratio("memory: hidden : bare", hidden.memory, bare.memory),
        ),
    )


def _watched(pid: int, seconds: float) -> Idling:
    """Look at a process from outside, at two moments, so that nothing wakes it."""
    cpu, wakes, start = thread_cpu_ms(pid), wake_ups(pid), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - start
    return Idling(
        cpu=(thread_cpu_ms(pid) - cpu) / passed,
        wakes=(wake_ups(pid) - wakes) / passed,
        memory=pss(pid),
    )
