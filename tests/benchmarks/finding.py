"""A window's figures, and the search over all contexts of a large agent: as fast as one types.

Both run in the window's thread, where a frame lasts 16 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from tests.benchmarks.measuring import Figure, Table, cpu_of, interleaved
from wodesk.models.metric import Column, Context, Series
from wodesk.models.search import ContextIndex
from wodesk.models.statistics import summary

_ROWS, _COLUMNS = 86_400, 24
_FRAME = 16.0
_LONGEST_BLOCK = 50.0
_TYPED = (
    "m",
    "my",
    "mysql",
    "mysql quer",
    "mysqll queries",
    "netwrok recieved",
    "disk var space",
    "dsk spc",
)
_PARTS = (
    ("mysql", "nginx", "redis", "phpfpm", "disk", "net", "system", "app", "user", "cgroup"),
    (
        "queries",
        "connections",
        "bandwidth",
        "memory",
        "latency",
        "errors",
        "space",
        "io",
        "threads",
    ),
    ("read", "write", "received", "sent", "active", "idle", "failed", "total"),
    tuple(f"site{number}" for number in range(7)),
)


def measure(*, quick: bool = False) -> Table:
    """Keystrokes by how far a person has typed, and a day of 24 columns."""
    rounds = 3 if quick else 15
    contexts = catalogue()
    index = ContextIndex(contexts)
    series = day()
    cases: dict[str, Callable[[], float]] = {
        text: lambda text=text: cpu_of(lambda: index.search(text))  # type: ignore[misc]
        for text in _TYPED
    }
    cases["made"] = lambda: cpu_of(lambda: ContextIndex(contexts))
    cases["summary"] = lambda: cpu_of(lambda: summary(series))
    taken = interleaved(cases, rounds)
    figures = [Figure(f"search: {text!r}", taken[text], "ms", _FRAME) for text in _TYPED]
    figures += [
        Figure(f"index of {len(contexts):,} contexts", taken["made"], "ms"),
        Figure(f"figures of {_ROWS:,} x {_COLUMNS}", taken["summary"], "ms", _LONGEST_BLOCK),
    ]
    return Table(f"search over {len(contexts):,} contexts, figures of a day", tuple(figures))


def catalogue() -> tuple[Context, ...]:
    """5,040 contexts with the words, dimensions and instances of a server of many sites."""
    return tuple(
        Context(
            id=f"{section}.{thing}_{kind}_{site}",
            units=f"{thing}/s",
            title=f"{section.title()} {thing} {kind} of {site}",
            family=f"{section} {site}",
            dimensions=(kind, thing, "other"),
            instances=tuple(f"{section}_{site}.{place * 977:x}{number}" for number in range(3)),
            labels=(("site", (f"www.{site}.example",)), ("mount_point", ("/", "/var/lib"))),
            priority=place,
        )
        for place, (section, thing, kind, site) in enumerate(product(*_PARTS))
    )


def day() -> Series:
    """A day in seconds, with gaps."""
    random = np.random.default_rng(1)
    values = random.uniform(0, 100, (_ROWS, _COLUMNS))
    values[random.random(values.shape) < 0.01] = np.nan
    columns = tuple(Column(f"site{number}") for number in range(_COLUMNS))
    times = np.arange(_ROWS, dtype=np.float64) + 1_795_407_618
    return Series(times, values, columns, "KiB/s", 1.0)
