"""From samples to what a chart shows: numbers only, no Qt.

numpy loads here, so the window imports this module after its first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.derive import newest_total, space_percent, total, used_percent
from wodesk.models.metric import Column, Series
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.units import Quantity, quantity, shown_scale

_GAP_FACTOR = 2.5
"""Rows further apart than this many times their cadence have a gap between them."""
_STEPS = (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0)
"""Ends of an axis whose quarters are round, too."""
_ABSURD = 1e100
"""No metric is as large as this; what is is not drawn."""
_ROOM = 1.04
_ROUNDING = 1.001
"""Parts may add up to a little more than their whole."""
_SHRINK_BELOW = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One line or layer: the column's values, and where they are drawn.

    `values` (n,) are as measured; `upper` and `lower` (n,) bound the area, or the line where they
    are the same; all have NaN in gaps.
    """

    name: str
    values: Floats
    upper: Floats
    lower: Floats
    drawn: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A chart's content: `times` (n,) epoch seconds, the traces from bottom to top, and the words.

    `headline` is the large number, `caption` the line that explains it; `every` is the seconds
    that a row stands for; `whole` is what the
    layers are parts of, where that is known.
    """

    times: Floats
    traces: tuple[Trace, ...]
    units: str
    style: Style
    headline: str
    caption: str
    every: float = 1.0
    whole: float | None = None

    @property
    def extent(self) -> tuple[float, float]:
        """The lowest and highest place that anything is drawn at; (0, 0) without data."""
        drawn = [trace for trace in self.traces if trace.drawn]
        low = min((_extreme(np.fmin.reduce, t.lower) for t in drawn), default=0.0)
        high = max((_extreme(np.fmax.reduce, t.upper) for t in drawn), default=0.0)
        return min(low, 0.0), max(high, 0.0)

    def row_at(self, time: float) -> int | None:
        """The row whose bucket holds `time`, or None where nothing was measured then."""
        if not self.times.size:
            return None
        row = int(np.searchsorted(self.times, time))
        if row == self.times.size:
            row -= 1
        return row if abs(self.times[row] - time) <= _GAP_FACTOR * self.every else None


def _extreme(reduce: object, values: Floats) -> float:
    if not values.size:
        return 0.0
    found = float(reduce(values))  # type: ignore[operator]
    return found if np.isfinite(found) else 0.0


def picture(spec: ChartSpec, series: Series) -> Picture:
    """What `spec` makes of `series`."""
    shown = space_percent(series) if spec.reading is Reading.FULLEST else series
    shown = _with_gaps(shown)
    names = [column.instance or column.dimension for column in shown.columns]
    order = _order(spec, names, shown)
    columns = [(names[i], shown.values[:, i], names[i] not in spec.unfilled) for i in order]
    match spec.style:
        case Style.STACKED:
            traces = _stacked(columns)
        case Style.MIRRORED:
            traces = _mirrored(columns)
        case Style.LINES:
            traces = tuple(Trace(name, v, v, v, drawn) for name, v, drawn in columns)
        case _:
            assert_never(spec.style)
    headline, caption = _words(spec, series, shown)
    whole = newest_total(series) if spec.reading is Reading.USED else spec.top
    return Picture(
        shown.times, traces, shown.units, spec.style, headline, caption, shown.every, whole
    )


def spark(series: Series) -> list[list[tuple[float, float]]]:
    """Runs of (time, share of the whole from 0 to 1) of a `system.cpu` or `system.ram` series."""
    whole = _with_gaps(series)
    in_use = Column("used") in whole
    shares = (used_percent(whole) if in_use else total(whole)) / 100.0
    known = np.isfinite(shares)
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])))).reshape(-1, 2)
    pairs = list(zip(whole.times.tolist(), np.clip(shares, 0.0, 1.0).tolist(), strict=True))
    return [pairs[start:end] for start, end in borders.tolist()]


def top_of_axis(picture: Picture, current: float) -> float:
    """The upper end of the value axis, in Netdata's unit.

    It is the whole where the traces are parts of one; else it is round in the unit that is
    shown, grows at once, and shrinks only when half of it is empty.
    """
    low, high = picture.extent
    reach = max(high, -low)
    whole = picture.whole
    if whole is not None and 0 < whole < np.inf and reach <= whole * _ROUNDING:
        return whole
    wanted = nice_above(reach, picture.units)
    return wanted if wanted > current or wanted < _SHRINK_BELOW * current else current


def nice_above(value: float, units: str = "") -> float:
    """The next value that is round as it is shown and leaves a little room above `value`."""
    if not 0 < value < _ABSURD:
        return 1.0
    scale = shown_scale(value, units)
    magnitude = 10.0 ** np.floor(np.log10(value * scale))
    step = next(step for step in (*_STEPS, 12.0) if step * magnitude >= value * scale * _ROOM)
    return float(step * magnitude / scale)


def _order(spec: ChartSpec, names: list[str], shown: Series) -> list[int]:
    """The columns as `spec` lists them, then the others; mount points by how full they are."""
    if spec.reading is Reading.FULLEST:
        fullness = np.nan_to_num([_newest_of(column) for column in shown.values.T], nan=-1.0)
        return sorted(range(len(names)), key=lambda i: (-fullness[i], names[i]))
    known = [names.index(name) for name in spec.dimensions if name in names]
    return known + [i for i in range(len(names)) if i not in known]


def _with_gaps(series: Series) -> Series:
    """The series with a row of NaN wherever rows are missing."""
    steps = np.diff(series.times)
    holes = np.flatnonzero(steps > _GAP_FACTOR * series.every) + 1
    if not holes.size:
        return series
    return Series(
        np.insert(series.times, holes, series.times[holes - 1] + series.every),
        np.insert(series.values, holes, np.nan, axis=0),
        series.columns,
        series.units,
        series.every,
        series.first_entry,
    )


def _stacked(columns: list[tuple[str, Floats, bool]]) -> tuple[Trace, ...]:
    """Layers on each other; a row without any number is a gap in all of them."""
    if not columns:
        return ()
    traces: list[Trace] = []
    gap = np.isnan(np.stack([values for _, values, _ in columns])).all(axis=0)
    base: Floats = np.where(gap, np.nan, 0.0)
    for name, values, drawn in columns:
        upper = base + np.nan_to_num(values) if drawn else base
        traces.append(Trace(name, values, upper, base, drawn))
        base = upper
    return tuple(traces)


def _mirrored(columns: list[tuple[str, Floats, bool]]) -> tuple[Trace, ...]:
    """The first direction above the zero line, the second below it."""
    traces = []
    for place, (name, values, drawn) in enumerate(columns):
        zero = np.where(np.isnan(values), np.nan, 0.0)
        down = place % 2 == 1
        upper, lower = (zero, -values) if down else (values, zero)
        traces.append(Trace(name, values, upper, lower, drawn))
    return tuple(traces)


def _words(spec: ChartSpec, series: Series, shown: Series) -> tuple[str, str]:
    """The large number and its caption, of the newest row."""
    match spec.reading:
        case Reading.TOTAL:
            return str(quantity(newest_total(series), series.units)), ""
        case Reading.USED:
            return _used(series)
        case Reading.FULLEST:
            return _fullest(series, shown)
        case Reading.FIRST:
            first = spec.dimensions[0] if spec.dimensions else ""
            return str(quantity(_newest(series, first), series.units)), ""
        case Reading.BOTH:
            return _both(spec, series), ""
        case _:
            assert_never(spec.reading)


def _used(ram: Series) -> tuple[str, str]:
    used, whole = _newest(ram, "used"), newest_total(ram)
    percent = quantity(_newest_of(used_percent(ram)), "%")
    if not np.isfinite(used) or not np.isfinite(whole):
        return str(percent), ""
    return str(percent), _of(quantity(used, ram.units), quantity(whole, ram.units))


def _fullest(space: Series, shares: Series) -> tuple[str, str]:
    now = [_newest_of(shares[column]) for column in shares.columns]
    if not now or np.isnan(now).all():
        return str(quantity(float("nan"), "%")), ""
    fullest = int(np.nanargmax(now))
    mount = shares.columns[fullest].instance
    used, avail = _newest(space, "used", mount), _newest(space, "avail", mount)
    whole = _of(quantity(used, space.units), quantity(used + avail, space.units))
    return str(quantity(now[fullest], "%")), f"{mount}: {whole}"


def _both(spec: ChartSpec, series: Series) -> str:
    """Both directions, each behind its short name."""
    parts = [
        f"{short}\N{NARROW NO-BREAK SPACE}{quantity(_newest(series, name), series.units)}"
        for short, name in zip(spec.short_names, spec.dimensions, strict=False)
    ]
    return "   ".join(parts)


def _of(part: Quantity, whole: Quantity) -> str:
    """`5.1 of 8.0 GiB`, or with both units where they differ."""
    return f"{part.number} of {whole}" if part.unit == whole.unit else f"{part} of {whole}"


def _newest(series: Series, dimension: str, instance: str = "") -> float:
    column = Column(dimension, instance)
    return _newest_of(series[column]) if column in series else float("nan")


def _newest_of(values: Floats) -> float:
    """The value of the newest row, which may be a gap."""
    return float(values[-1]) if values.size else float("nan")
