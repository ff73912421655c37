"""The two axes of a chart, with few and round ticks."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from pyqtgraph.graphicsItems.AxisItem import AxisItem
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from wodesk.ui.units import MINUS, Units, prefix_power, prefixed, quantity, unit_of

_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600)
_DAY_STEPS = (1, 2, 5, 7, 14)
_HOUR = 3600
_DAY = 86400
_LABEL_WIDTH = 64
"""Pixels that a label of the time axis needs with the space around it."""
_ROOM = 8
"""Half the height of a label in pixels."""
_GAP = 4
_MANY = 10_000.0
"""Of what has no prefix the least that is written shorter."""
_LETTERS = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3))
_WIDTH = 48
_BESIDE = int(
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
)
_BELOW = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip)


class Labels(AxisItem):  # type: ignore[misc]
    """An axis of labels alone; pyqtgraph's own would measure lines and ticks that nobody draws."""

    picture: list[tuple[QRectF, str]] | None
    """The labels and their places; AxisItem, too, makes it None where it is to be made anew."""

    def __init__(self, orientation: str) -> None:
        self._is_upright = orientation == "left"
        self._bounds = QRectF()
        super().__init__(orientation, showValues=True)
        self.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=4, autoExpandTextSpace=False)

    def _updateLabel(self) -> None:
        """Paint anew, but lay out no title: there is none, and it would be HTML each time."""
        self.picture = None
        self.update()

    def resizeEvent(self, ev: QGraphicsSceneResizeEvent | None = None) -> None:
        """Know where labels are, which Qt asks for with each paint of the plot."""
        super().resizeEvent(ev)
        whole = QRectF(QPointF(), self.size())
        if self._is_upright:
            self._bounds = whole.adjusted(0, -_ROOM, 1 - _GAP, _ROOM)
        else:
            self._bounds = whole.adjusted(0, _GAP - 1, 0, 0)

    def boundingRect(self) -> QRectF:
        """Where labels are: half of one over each end, and apart from the plot, which is painted
        each second without them.
        """
        return self._bounds

    def paint(
        self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the labels: to record and replay them, as AxisItem does, takes twice as long."""
        if self.picture is None:
            self.picture = self._placed()
        p.setFont(self.style["tickFont"])
        p.setPen(self.textPen())
        p.setClipRect(self._bounds.toAlignedRect())
        beside = _BESIDE if self._is_upright else _BELOW
        for place, text in self.picture:
            p.drawText(place, beside, text)

    def _placed(self) -> list[tuple[QRectF, str]]:
        """Each label beside its place."""
        size, (low, high) = self.size(), self.range
        length = size.height() if self._is_upright else size.width()
        if not length or high <= low:
            return []
        ((spacing, values),) = self.tickValues(low, high, length)
        placed = []
        for value, text in zip(values, self.tickStrings(values, 1.0, spacing), strict=True):
            share = (value - low) / (high - low)
            if self._is_upright:
                place = QRectF(0, length * (1 - share) - _ROOM, size.width() - _GAP, 2 * _ROOM)
            else:
                place = QRectF(length * share - _WIDTH / 2, _GAP, _WIDTH, 2 * _ROOM)
            if self._is_upright or 0 <= place.left() <= size.width() - _WIDTH:
                placed.append((place, text))
        return placed


class TimeAxis(Labels):
    """Time of a zone; positions are seconds relative to `edge`, the right end of the window."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.edge = 0.0
        self.zone: tzinfo | None = None
        self.setHeight(20)

    def set_edge(self, edge: float) -> None:
        """Let the axis end at `edge` (epoch seconds); whoever calls this paints."""
        self.edge = edge
        self.picture = None

    def set_zone(self, zone: tzinfo | None) -> None:
        """Show times of this zone, None being this computer's own."""
        if zone != self.zone:
            self.zone = zone
            self.picture = None
            self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        """Round times, as far apart as their labels need."""
        count = max(1, int(size // _LABEL_WIDTH))
        ticks = _ticks(self.edge + minVal, self.edge + maxVal, count, self.zone)
        return [(maxVal - minVal, [tick - self.edge for tick in ticks])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`14:05`, with seconds where the ticks are closer than a minute; days at midnight."""
        return list(_texts(tuple(round(value + self.edge) for value in values), self.zone))


class ValueAxis(Labels):
    """Values in Netdata's unit, shown in the one unit of `shown_unit`.

    Where it is not signed, values below zero are of another direction, and are as positive.
    """

    def __init__(self) -> None:
        super().__init__("left")
        self.units: Units | None = None
        self.is_signed = False
        self.setWidth(38)

    def set_units(self, units: Units, *, is_signed: bool = False) -> None:
        """Show values as `units`."""
        if (units, is_signed) != (self.units, self.is_signed):
            self.units, self.is_signed = units, is_signed
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
        largest = max(map(abs, values), default=0.0)
        power = prefix_power(unit_of(self.units), largest)
        shown = values if self.is_signed else [abs(value) for value in values]
        if not unit_of(self.units).step and largest >= _MANY:
            return [_in_thousands(value) for value in shown]
        return [_short(quantity(value, self.units, power).number) for value in shown]


def shown_unit(top: float, units: Units) -> str:
    """The unit that an axis up to `top` shows its numbers in."""
    unit = unit_of(units)
    return prefixed(unit, prefix_power(unit, top))


def round_times(start: float, end: float, count: int, zone: tzinfo | None = None) -> list[float]:
    """Round times of a zone in [start, end], about `count` of them; safe across a clock change.

    None is this computer's own zone.
    """
    wanted = (end - start) / max(1, count)
    step = next((step for step in _TIME_STEPS if step >= wanted), None)
    first = datetime.fromtimestamp(start, zone)
    if step is not None and step < _HOUR:
        # No clock change moves the minutes within an hour.
        at = first if zone is not None else first.astimezone()
        shift = (at.utcoffset() or timedelta()).total_seconds()
        tick = -(-(start + shift) // step) * step - shift
        return [tick + step * i for i in range(int((end - tick) // step) + 1)]
    if step is None:
        days = next((days for days in _DAY_STEPS if days * _DAY >= wanted), _DAY_STEPS[-1])
        step = days * _DAY
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    count = int((end - start + 2 * _DAY) // step) + 1
    # By the clock on the wall, whose hours may be missing or come twice.
    moments = (midnight + timedelta(seconds=step * i) for i in range(count))
    times = dict.fromkeys(moment.timestamp() for moment in moments)
    return [time for time in times if start <= time <= end]


# The charts of a page have the same axis, which each of them asks for when time moves on.


@lru_cache(maxsize=16)
def _ticks(start: float, end: float, count: int, zone: tzinfo | None) -> tuple[float, ...]:
    return tuple(round_times(start, end, count, zone))


@lru_cache(maxsize=16)
def _texts(times: tuple[int, ...], zone: tzinfo | None) -> tuple[str, ...]:
    moments = [datetime.fromtimestamp(time, zone) for time in times]
    seconds = any(moment.second for moment in moments)
    return tuple(_moment(moment, seconds=seconds) for moment in moments)


def _moment(moment: datetime, *, seconds: bool) -> str:
    if not (moment.hour or moment.minute or moment.second):
        return f"{moment:%a} {moment.day}"
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def _in_thousands(value: float) -> str:
    """`58.4k` or `1.2M`, of what has a unit without prefixes and would be too long in full."""
    size, sign = abs(value), MINUS if value < 0 else ""
    letter, part = next(((name, one) for name, one in _LETTERS if size >= one), ("", 1.0))
    return f"{sign}{size / part:.3g}{letter}"


def _short(number: str) -> str:
    """A number without zeros that say nothing."""
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if plain in ("", MINUS) else plain
