"""What the legend of a chart says of a row of its samples."""

from __future__ import annotations

import math

import numpy as np

from wodesk.models.page import Style
from wodesk.ui.legend import Row
from wodesk.ui.looks import looks_of
from wodesk.ui.picture import Picture, Trace
from wodesk.ui.theme import Theme, look_color
from wodesk.ui.units import Unit, quantity

NEWEST, NOWHERE = -1, -2
"""Rows: the last of them, and one where nothing was measured."""
_MANY = 12
"""From how many lines on those that reach furthest come first: not all of them are seen."""
_MOST = 40
_LONG = 7
"""Letters of a unit for which a row has no room beside a name."""


def rows_of(
    shown: Picture, row: int, theme: Theme, drawn: Picture | None = None
) -> tuple[tuple[Row, ...], int]:
    """A line for each trace of a picture, with its value in a row; and how many more there are.

    Those that only `drawn` has, which is on the chart, follow without a value: a disk that is gone.
    """
    values = [(one, _value(one, row)) for one in _sorted(shown)]
    gone = _gone(shown, drawn)
    values += [(one, math.nan) for one in gone]
    looks = looks_of(tuple(one.name for one in (*shown.traces, *gone)))
    rows = tuple(
        Row(look_color(theme, looks[one.name]), one.name, _words(value, shown.unit))
        for one, value in values[:_MOST]
    )
    return rows, len(values) - len(rows)


def _gone(shown: Picture, drawn: Picture | None) -> list[Trace]:
    """What only `drawn` has, unless lines are called otherwise there, as among more instances."""
    if drawn is None or drawn is shown:
        return []
    names = {one.name for one in shown.traces}
    is_alike = names <= {one.name for one in drawn.traces}
    return [one for one in drawn.traces if is_alike and one.name not in names]


def _words(value: float, unit: Unit) -> str:
    """A value; a long unit, which takes no prefix, is said once above all of them."""
    shown = quantity(value, unit)
    return shown.number if len(shown.unit) > _LONG else str(shown)


def _sorted(shown: Picture) -> list[Trace]:
    """The traces as they are drawn on each other, or by how far they reach."""
    traces = list(shown.traces)
    if shown.style is Style.STACKED or len(traces) <= _MANY:
        return traces
    reach = np.fmax.reduce(np.nan_to_num(np.abs(shown.rows)), axis=0, initial=0.0)
    return [traces[place] for place in np.argsort(-reach, kind="stable").tolist()]


def _value(trace: Trace, row: int) -> float:
    if row == NOWHERE or not -trace.values.size <= row < trace.values.size:
        return float("nan")
    return float(trace.values[row])
