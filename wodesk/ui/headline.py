"""The large number of a chart and the line that explains it, both of the newest row."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from msgspec import Struct

from wodesk.models.arrays import Floats
from wodesk.models.derive import newest_total, used_percent
from wodesk.models.measures import Measures
from wodesk.models.metric import Column, Series
from wodesk.models.page import ChartSpec, Reading
from wodesk.ui.units import NARROW_SPACE, Quantity, quantity, unit_of


def headline(spec: ChartSpec, series: Series, shown: Series, measures: Measures) -> tuple[str, str]:
    """The number and its caption; `shown` is what the chart draws of the series."""
    words = _Words(spec, series, measures)
    match spec.reading:
        case Reading.TOTAL:
            return words.of(newest_total(series)), ""
        case Reading.USED:
            return words.used()
        case Reading.FULLEST:
            return words.fullest(shown)
        case Reading.FIRST:
            return words.first(), ""
        case Reading.BOTH:
            return words.both(), ""
        case Reading.GREATEST | Reading.LEAST:
            return words.extreme()
        case _:
            assert_never(spec.reading)


class _Words(Struct, frozen=True):
    """What can be said of the newest row of a series."""

    spec: ChartSpec
    series: Series
    measures: Measures

    def of(self, value: float) -> str:
        return str(self._quantity(value))

    def used(self) -> tuple[str, str]:
        ram = self.series
        used, whole = _newest(ram, "used"), newest_total(ram)
        percent = str(quantity(_newest_of(used_percent(ram)), "%"))
        if not np.isfinite(used) or not np.isfinite(whole):
            return percent, ""
        return percent, _of(self._quantity(used), self._quantity(whole))

    def fullest(self, shares: Series) -> tuple[str, str]:
        now = [_newest_of(shares[column]) for column in shares.columns]
        if not now or np.isnan(now).all():
            return str(quantity(float("nan"), "%")), ""
        fullest = int(np.nanargmax(now))
        mount = shares.columns[fullest].instance
        used, avail = (_newest(self.series, name, mount) for name in ("used", "avail"))
        whole = _of(self._quantity(used), self._quantity(used + avail))
        return str(quantity(now[fullest], "%")), f"{whole} on {mount}"

    def first(self) -> str:
        """The dimension that comes first, of the instance that has most of it."""
        names = (*self.spec.dimensions, *(column.dimension for column in self.series.columns), "")
        of_it = [one for one in self.series.columns if one.dimension == names[0]]
        newest = [value for one in of_it if np.isfinite(value := _newest_of(self.series[one]))]
        return self.of(max(newest, default=float("nan")))

    def extreme(self) -> tuple[str, str]:
        """The value that is furthest from zero, or the least of all, and whose it is."""
        now = self.series.values[-1] if len(self.series) else np.empty(0)
        if np.isnan(now).all():
            return self.of(float("nan")), ""
        is_least = self.spec.reading is Reading.LEAST
        place = int(np.nanargmin(now) if is_least else np.nanargmax(np.abs(now)))
        column = self.series.columns[place]
        is_one = len({one.dimension for one in self.series.columns}) == 1 and column.instance
        words = (column.instance, "" if is_one else column.dimension)
        return self.of(float(now[place])), " ".join(word for word in words if word)

    def both(self) -> str:
        """Both directions, each behind its short name."""
        parts = [
            f"{short}{NARROW_SPACE}{self.of(_newest(self.series, name))}"
            for short, name in zip(self.spec.short_names, self.spec.dimensions, strict=False)
        ]
        return "   ".join(parts)

    def _quantity(self, value: float) -> Quantity:
        return quantity(value, unit_of(self.series.units, self.measures))


def _of(part: Quantity, whole: Quantity) -> str:
    """`5.1 of 8.0 GiB`, or with both units where they differ."""
    return f"{part.number} of {whole}" if part.unit == whole.unit else f"{part} of {whole}"


def _newest(series: Series, dimension: str, instance: str = "") -> float:
    column = Column(dimension, instance)
    return _newest_of(series[column]) if column in series else float("nan")


def _newest_of(values: Floats) -> float:
    """The value of the newest row, which may be a gap."""
    return float(values[-1]) if values.size else float("nan")
