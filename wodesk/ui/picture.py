"""From samples to what a chart shows: numbers only, no Qt.

numpy loads here, so the window imports this module after its first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

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

Borders = tuple[Floats, Floats]
"""What bounds each trace below and above, (n, columns) each."""


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

    `rows` (n, columns) is what the traces are made of, each row of them by itself.  `extent` is the
    lowest and highest place that anything is drawn at, (0, 0) without data.  `headline` is the
    large number, `caption` the line that explains it; `every` is the seconds that a row stands
    for; `whole` is what the layers are parts of, where that is known.
    """

    times: Floats
    rows: Floats
    traces: tuple[Trace, ...]
    extent: tuple[float, float]
    units: str
    style: Style
    headline: str
    caption: str
    every: float = 1.0
    whole: float | None = None

    def row_at(self, time: float) -> int | None:
        """The row whose bucket holds `time`, or None where nothing was measured then."""
        if not self.times.size:
            return None
        row = int(np.searchsorted(self.times, time))
        if row == self.times.size:
            row -= 1
        return row if abs(self.times[row] - time) <= _GAP_FACTOR * self.every else None

    def same_until(self, older: Picture, start: float) -> float:
        """The time up to which this looks from `start` on as `older` does; -inf if nowhere."""
        if not self._is_like(older) or not self.times.size or not older.times.size:
            return -np.inf
        dropped = int(np.searchsorted(older.times, self.times[0]))
        # A row that leaves at the very start may stay in sight: it is no less true.
        if (dropped and self.times[0] > start + self.every) or older.times[-1] > self.times[-1]:
            return -np.inf
        common = min(older.times.size - dropped, self.times.size)
        old = slice(dropped, dropped + common)
        same = self.times[:common] == older.times[old]
        # As bits: a gap is the same as a gap.
        bits, old_bits = self.rows[:common].view(np.int64), older.rows[old].view(np.int64)
        same &= (bits == old_bits).all(axis=1)
        first = common if same.all() else int(same.argmin())
        return float(self.times[first - 1]) if first else -np.inf

    def _is_like(self, older: Picture) -> bool:
        """Whether the two are drawn by the same rules."""
        mine, others = ([(t.name, t.drawn) for t in one.traces] for one in (self, older))
        return (self.style, self.every, mine) == (older.style, older.every, others)


def picture(spec: ChartSpec, series: Series) -> Picture:
    """What `spec` makes of `series`."""
    shown = space_percent(series) if spec.reading is Reading.FULLEST else series
    shown = _with_gaps(shown)
    names = [column.instance or column.dimension for column in shown.columns]
    order = _order(spec, names, shown)
    names = [names[i] for i in order]
    rows = shown.values[:, order]
    drawn = np.array([name not in spec.unfilled for name in names], dtype=bool)
    if spec.style is not Style.LINES:
        # An area without height would only thicken the line below it.
        drawn &= (np.nan_to_num(rows) != 0.0).any(axis=0)
    match spec.style:
        case Style.STACKED:
            lower, upper = _stacked(rows, drawn)
        case Style.MIRRORED:
            lower, upper = _mirrored(rows)
        case Style.LINES:
            lower = upper = rows
        case _:
            assert_never(spec.style)
    traces = zip(names, rows.T, upper.T, lower.T, drawn.tolist(), strict=True)
    headline, caption = _words(spec, series, shown)
    return Picture(
        times=shown.times,
        rows=rows,
        traces=tuple(Trace(*trace) for trace in traces),
        extent=(_extreme(np.fmin, lower[:, drawn]), _extreme(np.fmax, upper[:, drawn])),
        units=shown.units,
        style=spec.style,
        headline=headline,
        caption=caption,
        every=shown.every,
        whole=newest_total(series) if spec.reading is Reading.USED else spec.top,
    )


def spark(series: Series) -> list[list[tuple[float, float]]]:
    """Runs of (time, share of the whole from 0 to 1) of a `system.cpu` or `system.ram` series."""
    whole = _with_gaps(series)
    in_use = Column("used") in whole
    shares = (used_percent(whole) if in_use else total(whole)) / 100.0
    pairs = list(zip(whole.times.tolist(), np.clip(shares, 0.0, 1.0).tolist(), strict=True))
    return [pairs[run] for run in runs(np.isfinite(shares))]


def runs(known: NDArray[np.bool_]) -> list[slice]:
    """The stretches of rows without a gap."""
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
    return [slice(start, end) for start, end in borders.reshape(-1, 2).tolist()]


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


def _extreme(extreme: np.ufunc, values: Floats) -> float:
    """The number in `values` that is furthest from zero to one side, or zero."""
    found = float(extreme.reduce(values, axis=None, initial=0.0))
    return found if np.isfinite(found) else 0.0


def _stacked(rows: Floats, drawn: NDArray[np.bool_]) -> Borders:
    """Layers on each other; a row without any number is a gap in all of them."""
    upper = np.cumsum(np.where(drawn, np.nan_to_num(rows), 0.0), axis=1)
    lower = np.zeros_like(upper)
    lower[:, 1:] = upper[:, :-1]
    gaps = np.isnan(rows).all(axis=1)
    upper[gaps] = lower[gaps] = np.nan
    return lower, upper


def _mirrored(rows: Floats) -> Borders:
    """The first direction above the zero line, the second below it, and so on."""
    lower, upper = np.zeros_like(rows), rows.copy()
    lower[np.isnan(rows)] = np.nan
    upper[:, 1::2], lower[:, 1::2] = lower[:, 1::2].copy(), -rows[:, 1::2]
    return lower, upper


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
            names = (*spec.dimensions, *(column.dimension for column in series.columns), "")
            return str(quantity(_newest(series, names[0]), series.units)), ""
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
