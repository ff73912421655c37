"""Start: from the process's first instruction to the first painted frame, and to drawn charts.

A window that is there at once is wodesk's first promise.  The real program with a saved server is
measured beside an empty Qt window, both by their parent process, which reads a line that each
prints after its first paint.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    first_of,
    fresh_home,
    interleaved,
    platforms,
    pss,
    ratio,
)
from tests.servers.replay import ReplayAgent


def measure(*, quick: bool = False) -> Table:
    """Start each program several times, in turn."""
    memory: dict[str, float] = {}

    def start(name: str, target: str, line: str, env: dict[str, str]) -> Callable[[], float]:
        def once() -> float:
            with Child(target, env=env) as child:
                taken = child.await_line(line)
                memory[name] = pss(child.pid)
                return taken

        return once

    with (
        ReplayAgent() as agent,
        fresh_home("local:") as local,
        fresh_home(agent.url) as netdata,
        platforms() as known,
    ):
        screen = first_of(("X", "offscreen"), known)
        env = known[screen]
        took = interleaved(
            {
                "bare": start("bare", "bare:window", "shown", env),
                "shown": start("shown", "own:program", "shown", env | local),
                "furnished": start("furnished", "own:program", "furnished", env | local),
                "drawn": start("drawn", "own:program", "drawn", env | netdata),
                "local": start("local", "own:program", "first", env | local),
            },
            rounds=1 if quick else 9,
            warm_up=not quick,
        )
    return Table(
        f"start, on {screen}: process start to paint",
        (
            Figure("bare PySide6 window", took["bare"], "ms"),
            Figure("wodesk: window", took["shown"], "ms"),
            Figure("wodesk: names and tools in it", took["furnished"], "ms"),
            Figure("wodesk: charts drawn, Netdata agent", took["drawn"], "ms"),
            Figure("wodesk: first chart drawn, local: (0.2 s measures)", took["local"], "ms"),
            ratio("window : bare window", took["shown"], took["bare"], 1.3),
            ratio("names and tools : bare window", took["furnished"], took["bare"]),
            ratio("charts drawn : bare window", took["drawn"], took["bare"], 5.0),
            ratio("first chart, local: : bare window", took["local"], took["bare"]),
            Figure("memory, bare window", memory["bare"], "MB PSS"),
            Figure("memory, charts drawn", memory["drawn"], "MB PSS"),
            ratio("memory, charts drawn : bare window", memory["drawn"], memory["bare"]),
        ),
    )
