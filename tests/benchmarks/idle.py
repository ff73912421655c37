"""What wodesk costs while its window is hidden, and while it only follows, beside a bare window.

A monitor runs all day: hidden it must neither keep the processor awake nor hold much memory.
A window is hidden after its charts were drawn; what begins in the tray has never shown one, and
is measured beside a bare tray icon, where there is a session bus to put it on.  Wake-ups are the
times that any thread of the process went to sleep by itself.  The processes run one after another,
since the libraries that two of them share would count half in the PSS of each.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import which

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
from tests.servers.bus import SessionBus
from tests.servers.replay import ReplayAgent
from tests.servers.tray_host import TrayHost

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
        _tray() as tray,
    ):
        screen = first_of(("X", "offscreen"), known)
        env = known[screen] | (tray.env if tray is not None else {})

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
        begun: tuple[Figure, ...] = ()
        if tray is not None:
            begun = _begun(tray, env | netdata, settle, seconds)
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
            Figure("hidden, Netdata agent: memory", hidden.memory, "MB PSS"),
            Figure("hidden, local: : memory", hidden_local.memory, "MB PSS"),
            Figure("visible, Netdata agent: memory", visible.memory, "MB PSS"),
            ratio("memory: hidden : bare", hidden.memory, bare.memory),
            *begun,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Tray:
    """A tray, and the environment of programs that find it."""

    host: TrayHost
    env: dict[str, str]


@contextmanager
def _tray() -> Iterator[_Tray | None]:
    """Where hidden windows go, if there is a bus to put one on."""
    if which("dbus-daemon") is None:
        yield None
        return
    with SessionBus() as bus, TrayHost(bus.address) as host:
        yield _Tray(host, {"DBUS_SESSION_BUS_ADDRESS": bus.address})


def _begun(
    tray: _Tray, env: Mapping[str, str], settle: float, seconds: float
) -> tuple[Figure, ...]:
    """A bare icon in the tray, and wodesk that begins there."""

    def idling(target: str) -> Idling:
        before = tray.host.count
        with Child(target, env=env) as child:
            tray.host.wait_for_item(before + 1)
            time.sleep(settle)
            return _watched(child.pid, seconds)

    bare, own = idling("in_tray:bare"), idling("in_tray:own")
    most = _TRAY_FACTOR * bare.memory + _TRAY_ROOM
    return (
        Figure("bare icon in the tray: memory", bare.memory, "MB PSS"),
        Figure("begun in the tray: CPU", own.cpu, "ms/s"),
        Figure("begun in the tray: wake-ups", own.wakes, "/s", 2.0),
        Figure("begun in the tray: memory", own.memory, "MB PSS", most),
        ratio("memory: begun in the tray : bare icon", own.memory, bare.memory),
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
