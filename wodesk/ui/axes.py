"""The two axes of a chart, with few and round ticks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyqtgraph as pg

from wodesk.ui.units import MINUS, prefix_power, prefixed, quantity, unit_of

_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600)
_DAY_STEPS = (1, 2, 5, 7, 14)
_HOUR = 3600
_DAY = 86400
_LABEL_WIDTH = 64
"""Pixels that a label of the time axis needs with the space around it."""


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Local time; positions are seconds relative to `edge`, the right end of the window."""

    def __init__(self) -> None:
        super().__init__("bottom", showValues=True)
        self.edge = 0.0
        self.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=4, autoExpandTextSpace=False)
        self.setHeight(20)

    def set_edge(self, edge: float) -> None:
        """Let the axis end at `edge` (epoch seconds)."""
        self.edge = edge
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        """Round local times, as far apart as their labels need."""
        count = max(1, int(size // _LABEL_WIDTH))
        ticks = round_times(self.edge + minVal, self.edge + maxVal, count)
        return [(maxVal - minVal, [tick - self.edge for tick in ticks])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`14:05`, with seconds where the ticks are closer than a minute; days at midnight."""
        moments = [datetime.fromtimestamp(round(value + self.edge)) for value in values]
        seconds = any(moment.second for moment in moments)
        return [_moment(moment, seconds=seconds) for moment in moments]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Values in Netdata's unit, shown in the one unit of `shown_unit`; never negative."""

    def __init__(self) -> None:
        super().__init__("left", showValues=True)
        self.units: str | None = None
        self.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=4, autoExpandTextSpace=False)
        self.setWidth(38)

    def set_units(self, units: str) -> None:
        """Show values as `units`."""
        if units != self.units:
            self.units = units
            self.picture = None
            self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        """The ends, the middle and, where there is room, the quarters."""
        parts = 4 if size >= 130 else 2  # noqa: PLR2004
        step = (maxVal - minVal) / parts
        return [(step, [minVal + step * i for i in range(parts + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Numbers with the prefix of the largest; none before there is anything to number."""
        if self.units is None:
            return [""] * len(values)
        power = prefix_power(unit_of(self.units), max(map(abs, values), default=0.0))
        return [_short(quantity(abs(value), self.units, power).number) for value in values]


def shown_unit(top: float, units: str) -> str:
    """The unit that an axis up to `top` shows its numbers in."""
    unit = unit_of(units)
    return prefixed(unit, prefix_power(unit, top))


def round_times(start: float, end: float, count: int) -> list[float]:
    """Round local times in [start, end], about `count` of them; safe across a clock change."""
    wanted = (end - start) / max(1, count)
    step = next((step for step in _TIME_STEPS if step >= wanted), None)
    first = datetime.fromtimestamp(start)
    if step is not None and step < _HOUR:
        # No clock change moves the minutes within an hour.
        shift = (first.astimezone().utcoffset() or timedelta()).total_seconds()
        tick = -(-(start + shift) // step) * step - shift
        return [tick + step * i for i in range(int((end - tick) // step) + 1)]
    if step is None:
        days = next((days for days in _DAY_STEPS if days * _DAY >= wanted), _DAY_STEPS[-1])
        step = days * _DAY
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    count = int((end - start + 2 * _DAY) // step) + 1
    moments = (midnight + timedelta(seconds=step * i) for i in range(count))
    times = dict.fromkeys(moment.timestamp() for moment in moments)
    return [time for time in times if start <= time <= end]


def _moment(moment: datetime, *, seconds: bool) -> str:
    if not (moment.hour or moment.minute or moment.second):
        return f"{moment:%a} {moment.day}"
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def _short(number: str) -> str:
    """A number without zeros that say nothing."""
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return plain.replace(MINUS, "") or "0"
