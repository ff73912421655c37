"""The statistics of a chart as words and numbers, ready to show; no Qt."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from wodesk.models.measures import Measures
from wodesk.models.metric import Series
from wodesk.models.page import ChartSpec
from wodesk.models.statistics import Statistics, summary
from wodesk.ui.picture import named, names_of, shown_of
from wodesk.ui.units import age, prefix_power, prefixed, quantity, unit_of

NAMES = ("last", "min", "avg", "max", "p95")
"""The figures of a row, in their order; after them comes the total of a rate."""


class Figures(Struct, frozen=True):
    """One dimension: `numbers` are as `NAMES` has them, all of them in `unit`.

    `total` has a unit of its own, and is empty where the metric is no rate.
    """

    name: str
    unit: str
    numbers: tuple[str, ...]
    total: str


class Block(Struct, frozen=True):
    """All figures of a chart, and in `note` of what they are.

    `covered` is the seconds of which there are samples.
    """

    title: str
    note: str
    figures: tuple[Figures, ...]
    covered: float = 0.0


def block_of(
    spec: ChartSpec, series: Series | None, start: float, end: float, measures: Measures
) -> Block:
    """The figures of a chart from `start` to `end`; none without samples."""
    if series is None:
        return Block(spec.title, "waiting for its samples", ())
    if not series.columns:
        return Block(spec.title, "not measured by this agent", ())
    shown = shown_of(spec, named(spec, series))
    found = summary(shown, start, end)
    if not any(one.covered for one in found.of):
        return Block(spec.title, "no samples in this window", ())
    names = names_of([one.column for one in found.of])
    rows = [
        _figures(name, one, found.units, found.total_units, measures)
        for name, one in zip(names, found.of, strict=True)
    ]
    listed = {name: place for place, name in enumerate(spec.dimensions)}
    rows.sort(key=lambda row: listed.get(row.name, len(listed)))
    covered = max(one.covered for one in found.of)
    return Block(spec.title, _note(shown, has_peaks=found.has_peaks), tuple(rows), covered)


def _figures(
    name: str, of: Statistics, units: str, total_units: str | None, measures: Measures
) -> Figures:
    """The row of a dimension, its numbers with the prefix of the greatest."""
    unit = unit_of(units, measures)
    numbers = (of.last, of.least, of.mean, of.most, of.p95)
    sizes = [abs(number) for number in numbers if np.isfinite(number)]
    power = prefix_power(unit, max(sizes, default=0.0))
    total = "" if total_units is None else str(quantity(of.total, unit_of(total_units, measures)))
    return Figures(
        name,
        prefixed(unit, power),
        tuple(quantity(number, unit, power).number for number in numbers),
        total,
    )


def _note(series: Series, *, has_peaks: bool) -> str:
    """What the figures are of."""
    if not series.is_averaged:
        return f"of samples of {age(series.every)}"
    bucket = age(series.every)
    if has_peaks:
        return f"last and p95 of averages of {bucket}, min and max of samples"
    return f"all of averages of {bucket}"
