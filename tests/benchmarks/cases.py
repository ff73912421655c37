"""The cases by name, run one after the other."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from tests.benchmarks import (
    browser,
    decoding,
    finding,
    fleet,
    idle,
    memory,
    overview,
    panning,
    sidebar,
    start,
    tick,
)
from tests.benchmarks.measuring import Table

CASES: dict[str, Callable[..., Table]] = {
    "start": start.measure,
    "tick": tick.measure,
    "browser": browser.measure,
    "decoding": decoding.measure,
    "finding": finding.measure,
    "idle": idle.measure,
    "overview": overview.measure,
    "panning": panning.measure,
    "memory": memory.measure,
    "fleet": fleet.measure,
    "sidebar": sidebar.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases that are named, or all."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CASES))
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that it works")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    for name in chosen.names or CASES:
        print(*CASES[name](quick=chosen.quick).lines(), "", sep="\n", flush=True)
    return 0
