"""A live tick: CPU from new samples to painted pixels, of the same page drawn in several ways.

This is what wodesk costs all day.  Every page shows 4 lines of 300 points a chart, and time moves
on by a second each tick, so that the steps of wodesk's time axis are included as in life.
`plots` are wodesk's plots alone, `cards` the server page with headline, legend and picture
building, `window` the whole window with its sidebar and what it renews each second.  Cards show the
newest values in numbers, so they are compared with pages of the others that do so, too; `stock` and
`floor` alone are lines without any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from tests.benchmarks.measuring import Child, Figure, Table, interleaved, platforms, ratio

_TICKS = 30
"""A multiple of 6: the axis of a 5 minute window moves every 6 s."""

Page = tuple[str, int, int]
"""Kind, charts, and how many of them are stacked."""


def costs(
    pages: Sequence[Page], env: Mapping[str, str], *, quick: bool
) -> dict[Page, tuple[float, float]]:
    """Milliseconds of CPU a tick and MB of PSS of each page, measured in turn."""
    ticks, memory = (6 if quick else _TICKS), dict[Page, float]()

    def case(page: Page, child: Child) -> Callable[[], float]:
        def once() -> float:
            answer = child.ask(str(ticks))
            memory[page] = answer["pss"]
            return answer["cpu"]

        return once

    with ExitStack() as stack:
        children = {
            page: stack.enter_context(Child("pages:serve", *map(str, page), env=env))
            for page in pages
        }
        cases = {page: case(page, child) for page, child in children.items()}
        # A case is known by its page here, so the names are only for the function below.
        named = {str(page): run for page, run in cases.items()}
        taken = interleaved(named, rounds=1 if quick else 7, warm_up=not quick)
    return {page: (taken[str(page)], memory[page]) for page in pages}


def measure(*, quick: bool = False) -> Table:
    """Every page off screen and on X."""
    figures: list[Figure] = []
    with platforms() as known:
        for name, env in known.items():
            figures += _twelve(name, env, quick=quick)
            figures += _twenty_four(name, env, quick=quick)
            figures += _stacked(name, env, quick=quick)
    return Table("live tick: CPU of a page of charts with 4 lines of 300 points", tuple(figures))


def _twelve(name: str, env: Mapping[str, str], *, quick: bool) -> list[Figure]:
    words = {
        "stock": "stock pyqtgraph",
        "stock-with-values": "stock pyqtgraph with values",
        "floor": "floor: QPainter on QWidgets",
        "floor-with-values": "floor with values",
        "plots": "wodesk, plots",
        "pictures": "wodesk, building the pictures",
        "cards": "wodesk, cards",
        "window": "wodesk, window",
    }
    found = costs([(kind, 12, 0) for kind in words], env, quick=quick)
    cpu = {page[0]: cost for page, (cost, _) in found.items()}
    pairs: list[tuple[str, str, float | None]] = [
        ("plots", "stock", 1 / 7),
        ("cards", "stock", 1 / 7),
        ("cards", "stock-with-values", 1 / 7),
        ("window", "stock", None),
        ("plots", "floor", 1.5),
        ("cards", "floor", None),
        ("cards", "floor-with-values", 1.5),
    ]
    start = f"{name}, 12 charts"
    return [
        *(Figure(f"{start}: {words[kind]}", cpu[kind], "ms") for kind in words),
        *(
            ratio(f"{start}: {part} : {whole.replace('-', ' ')}", cpu[part], cpu[whole], goal)
            for part, whole, goal in pairs
        ),
    ]


def _twenty_four(name: str, env: Mapping[str, str], *, quick: bool) -> list[Figure]:
    pages: list[Page] = [("stock", 24, 0), ("plots", 24, 0), ("cards", 24, 0)]
    stock, plots, cards = (cost for cost, _ in costs(pages, env, quick=quick).values())
    return [
        Figure(f"{name}, 24 charts: stock pyqtgraph", stock, "ms"),
        Figure(f"{name}, 24 charts: wodesk, plots", plots, "ms"),
        Figure(f"{name}, 24 charts: wodesk, cards", cards, "ms"),
        ratio(f"{name}, 24 charts: plots : stock", plots, stock, 1 / 7),
        ratio(f"{name}, 24 charts: cards : stock", cards, stock, 1 / 7),
    ]


def _stacked(name: str, env: Mapping[str, str], *, quick: bool) -> list[Figure]:
    """Stacked areas: two of six as CPU and RAM are on the server page, and all of them."""
    pages: list[Page] = [
        (kind, 12, stacked) for kind in ("plots", "cards") for stacked in (0, 4, 12)
    ]
    cpu = {page: cost for page, (cost, _) in costs(pages, env, quick=quick).items()}
    figures = []
    for kind in ("plots", "cards"):
        lines, mix, whole = (cpu[kind, 12, stacked] for stacked in (0, 4, 12))
        start = f"{name}, {kind}"
        figures += [
            Figure(f"{start}: 12 of lines", lines, "ms"),
            ratio(f"{start}: 4 of 12 stacked : lines", mix, lines, 1.3),
            ratio(f"{start}: 12 of 12 stacked : lines", whole, lines),
        ]
    return figures
