"""From samples to what a chart shows: numbers only, no Qt.

numpy loads here, so the window imports this module after its first frame.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.arrays import Floats
from wodesk.models.derive import newest_total, space_percent, total, used_percent
from wodesk.models.instances import short_names
from wodesk.models.measures import USUAL, Measures
from wodesk.models.metric import Column, Series
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.headline import headline
from wodesk.ui.layers import GAP_FACTOR, Chosen, bands, borders, extreme, runs, with_gaps
from wodesk.ui.units import Unit, unit_of


class Trace(Struct, frozen=True, eq=False):
    """One line or layer: the column's values, and where they are drawn.

    `values` (n,) are as measured; `upper` and `lower` (n,) bound the area, or the line where they
    are the same; all have NaN in gaps.
    """

    name: str
    values: Floats
    upper: Floats
    lower: Floats
    drawn: bool = True


class Band(Struct, frozen=True, eq=False):
    """Where the samples were that a line is the average of: from `lower` to `upper` (n,).

    It is of the trace `name`, or of the sum of all layers where that is None.
    """

    name: str | None
    lower: Floats
    upper: Floats


class Past(Struct, frozen=True, eq=False):
    """The same window at an earlier time: `times` (n,) are later than they were by `shift` seconds.

    `lines` are where the traces were drawn (n,), each by its name, or the sum of all layers by
    None: between layers that are drawn, older ones would be nobody's.  `picture` is what they are
    taken from, at the times that were.
    """

    shift: float
    times: Floats
    lines: tuple[tuple[str | None, Floats], ...]
    picture: Picture


class Picture(Struct, frozen=True, eq=False):
    """A chart's content: `times` (n,) epoch seconds, the traces from bottom to top, and the words.

    `rows` (n, columns) is what the traces are made of, each row of them by itself; `lows` and
    `highs`, where they are known, are the least and the greatest sample that these are averages
    of, and `anomaly` the part of them in % that the source finds unusual.  `extent` is the
    lowest and highest place that anything is drawn at, (0, 0) without data.  `headline` is the
    large number, `caption` the line that explains it; `every` is the seconds that a row stands
    for, and `is_averaged` whether it stands for several samples; `whole` is what the layers are
    parts of, where that is known.
    """

    times: Floats
    rows: Floats
    traces: tuple[Trace, ...]
    extent: tuple[float, float]
    unit: Unit
    style: Style
    headline: str
    caption: str
    every: float = 1.0
    whole: float | None = None
    is_averaged: bool = False
    lows: Floats | None = None
    highs: Floats | None = None
    anomaly: Floats | None = None
    bands: tuple[Band, ...] = ()
    past: Past | None = None

    def row_at(self, time: float) -> int | None:
        """The row whose bucket holds `time`, or None where nothing was measured then."""
        if not self.times.size:
            return None
        row = int(np.searchsorted(self.times, time))
        if row == self.times.size:
            row -= 1
        return row if abs(self.times[row] - time) <= GAP_FACTOR * self.every else None

    def same_until(self, older: Picture, start: float) -> float:
        """The time up to which this looks from `start` on as `older` does; -inf if nowhere."""
        if not self._is_like(older) or not self.times.size or not older.times.size:
            return -np.inf
        dropped = int(older.times.searchsorted(self.times[0]))
        # A row that leaves at the very start may stay in sight: it is no less true.
        if (dropped and self.times[0] > start + self.every) or older.times[-1] > self.times[-1]:
            return -np.inf
        common = min(older.times.size - dropped, self.times.size)
        first = _same_rows(
            [layer[:common] for layer in self._layers()],
            [layer[dropped : dropped + common] for layer in older._layers()],
        )
        return float(self.times[first - 1]) if first else -np.inf

    def beside(self, past: Past | None) -> Picture:
        """The picture with an earlier one to be drawn beside it, for which there is room too."""
        if past is None:
            return self
        low, high = zip(self.extent, past.picture.extent, strict=True)
        return replace(self, past=past, extent=(min(low), max(high)))

    def _layers(self) -> list[Floats]:
        known = (self.times, self.rows, self.lows, self.highs, self.anomaly)
        return [layer for layer in known if layer is not None]

    def _is_like(self, older: Picture) -> bool:
        """Whether the two are drawn by the same rules, and beside the same."""
        return self.past is older.past and self._rules() == older._rules()

    def _rules(self) -> tuple[object, ...]:
        traces = [(trace.name, trace.drawn) for trace in self.traces]
        layers = [layer is None for layer in (self.lows, self.highs, self.anomaly)]
        return self.style, self.every, traces, [band.name for band in self.bands], layers


def picture(spec: ChartSpec, series: Series, measures: Measures = USUAL) -> Picture:
    """What `spec` makes of `series`, in the units that are wished for."""
    series = named(spec, series)
    shown = with_gaps(shown_of(spec, series))
    order = _order(spec, shown)
    columns = [shown.columns[i] for i in order]
    names = names_of(columns)
    layers = shown.layers()
    if order != sorted(order):
        layers = {name: layer[:, order] for name, layer in layers.items()}
    rows, lows, highs = layers["values"], layers.get("lows"), layers.get("highs")
    drawn = np.array([name not in spec.unfilled for name in names], dtype=bool)
    if spec.style is not Style.LINES:
        # An area without height would only thicken the line below it.
        heights = rows if highs is None else np.fmax(rows, highs)
        drawn &= (np.nan_to_num(heights) != 0.0).any(axis=0)
    below = _is_below(spec, columns)
    lower, upper = borders(spec.style, rows, drawn, below)
    traces = zip(names, rows.T, upper.T, lower.T, drawn.tolist(), strict=True)
    around = _bands(spec.style, names, layers, drawn, below)
    sides = (upper,) if lower is upper else (lower, upper)
    are_all = all(drawn.tolist())
    reach = [one if are_all else one[:, drawn] for one in sides]
    reach += (one for band in around for one in (band.lower, band.upper))
    words = headline(spec, series, shown, measures)
    return Picture(
        times=shown.times,
        rows=rows,
        traces=tuple(Trace(*trace) for trace in traces),
        extent=(
            min(extreme(np.fmin, one) for one in reach),
            max(extreme(np.fmax, one) for one in reach),
        ),
        unit=unit_of(shown.units, measures),
        style=spec.style,
        headline=words[0],
        caption=words[1],
        every=shown.every,
        whole=newest_total(series) if spec.reading is Reading.USED else spec.top,
        is_averaged=series.is_averaged,
        lows=lows,
        highs=highs,
        anomaly=layers.get("anomaly"),
        bands=around,
    )


def _same_rows(mine: list[Floats], others: list[Floats]) -> int:
    """How many rows, from the first on, are the same in all layers; a gap is the same as a gap."""
    pairs = list(zip(mine, others, strict=True))
    # Of a live tick all are, which is soon told.
    if all(one.tobytes() == other.tobytes() for one, other in pairs):
        return len(mine[0])
    same = np.ones(len(mine[0]), dtype=bool)
    for one, other in pairs:
        bits = one.view(np.int64) == other.view(np.int64)
        same &= bits.reshape(len(same), -1).all(axis=1)
    return int(same.argmin())


def past_of(earlier: Picture, shift: float) -> Past:
    """What is drawn of an earlier picture beside one that is `shift` seconds later."""
    lines: tuple[tuple[str | None, Floats], ...]
    if earlier.style is Style.STACKED:
        tops = [trace.upper for trace in earlier.traces if trace.drawn]
        lines = ((None, tops[-1]),) if tops else ()
    else:
        places = ((trace, trace.lower < 0) for trace in earlier.traces if trace.drawn)
        lines = tuple((t.name, np.where(below, t.lower, t.upper)) for t, below in places)
    return Past(shift, earlier.times + shift, lines, earlier)


def spark(series: Series) -> list[list[tuple[float, float]]]:
    """Runs of (time, share of the whole from 0 to 1) of a `system.cpu` or `system.ram` series."""
    whole = with_gaps(series)
    in_use = Column("used") in whole
    shares = (used_percent(whole) if in_use else total(whole)) / 100.0
    pairs = list(zip(whole.times.tolist(), np.clip(shares, 0.0, 1.0).tolist(), strict=True))
    return [pairs[run] for run in runs(np.isfinite(shares))]


def named(spec: ChartSpec, series: Series) -> Series:
    """The samples with instances called by what tells them apart, where they have their ids."""
    if not spec.by_instance:
        return series
    names = short_names(spec.context, series.instances())
    columns = (Column(one.dimension, names[one.instance]) for one in series.columns)
    return dataclasses.replace(series, columns=tuple(columns))


def shown_of(spec: ChartSpec, series: Series) -> Series:
    """What a chart shows of a series: the samples, or the shares of each that are in use."""
    return space_percent(series) if spec.reading is Reading.FULLEST else series


def in_order(spec: ChartSpec, series: Series) -> Series:
    """A series of a chart with its columns as the chart lists them."""
    order = list(range(len(series.columns)))
    if spec.reading is not Reading.FULLEST:
        order = _order(spec, series)
    layers = {name: layer[:, order] for name, layer in series.layers().items()}
    return series.of(series.times, layers, tuple(series.columns[place] for place in order))


def names_of(columns: Sequence[Column]) -> list[str]:
    """What each column is called: by its dimension and its instance, as far as these differ."""
    if len({column.dimension for column in columns}) <= 1:
        return [column.instance or column.dimension for column in columns]
    if len({column.instance for column in columns}) <= 1:
        return [column.dimension or column.instance for column in columns]
    return [f"{column.instance} {column.dimension}".strip() for column in columns]


def _order(spec: ChartSpec, shown: Series) -> list[int]:
    """The columns as `spec` lists them, then the others; mount points by how full they are."""
    places = range(len(shown.columns))
    if spec.reading is Reading.FULLEST:
        newest = shown.values[-1] if len(shown) else np.full(len(places), np.nan)
        fullness = np.nan_to_num(newest, nan=-1.0)
        return sorted(places, key=lambda i: (-fullness[i], shown.columns[i].instance))
    if not spec.dimensions:
        return list(places)
    listed = {name: place for place, name in enumerate(spec.dimensions)}
    return sorted(places, key=lambda i: listed.get(shown.columns[i].dimension, len(listed)))


def _is_below(spec: ChartSpec, columns: Sequence[Column]) -> Chosen:
    """The columns of each second direction, which are drawn under the zero line."""
    if spec.style is not Style.MIRRORED:
        return np.zeros(len(columns), dtype=bool)
    directions = list(dict.fromkeys((*spec.dimensions, *(one.dimension for one in columns))))
    return np.array([directions.index(one.dimension) % 2 == 1 for one in columns], dtype=bool)


def _bands(
    style: Style, names: list[str], layers: dict[str, Floats], drawn: Chosen, below: Chosen
) -> tuple[Band, ...]:
    """The bands from the widest to the narrowest, so that none hides another."""
    lows, highs = layers.get("lows"), layers.get("highs")
    if lows is None or highs is None or not drawn.any():
        return ()
    lower, upper = bands(style, layers["values"], (lows, highs), drawn, below)
    if style is Style.STACKED:
        return (Band(None, lower[:, 0], upper[:, 0]),)
    widths = np.nan_to_num(upper - lower).sum(axis=0)
    widest_first = sorted(np.flatnonzero(drawn).tolist(), key=lambda i: -widths[i])
    return tuple(Band(names[i], lower[:, i], upper[:, i]) for i in widest_first)
