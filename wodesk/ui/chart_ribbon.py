"""A ribbon below a plot: how unusual the source finds what is above it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QStyleOptionGraphicsItem,
    QWidget,
)

from wodesk.models.arrays import Floats
from wodesk.ui.inks import mixed
from wodesk.ui.picture import Picture
from wodesk.ui.text import explain
from wodesk.ui.theme import Theme

HEIGHT = 3
"""Pixels below the plot; where the time axis begins, which else would be painted each second."""
_LEVELS = 5
_FAINTEST = 0.35
_EXPLANATION = (
    "Anomaly rate: for how much of the time the agent, which learns what is usual, found the "
    "most unusual of these values unlike before. Darker is more; the chart under the pointer "
    "says how much."
)


class Ribbon(QGraphicsObject):
    """Paints the anomaly rate of a picture; hidden where the source does not tell any."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        # Before the axes, which leave the painter clipped to themselves.
        self.setZValue(-1)
        explain(self, _EXPLANATION)
        self.setVisible(False)
        self._frame = QRectF(0, 0, 1, HEIGHT)
        self._theme: Theme | None = None
        self._picture: Picture | None = None
        self._inks: list[QColor] = []
        self._edge = 0.0
        self._seconds = 1.0

    def boundingRect(self) -> QRectF:
        """The ribbon in pixels."""
        return self._frame

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        shares = np.linspace(_FAINTEST, 1.0, _LEVELS).tolist()
        self._inks = [QColor(theme.grid)]
        self._inks += [mixed(theme.anomaly, theme.surface, share) for share in shares]

    def place(self, plot: QRectF) -> None:
        """Lie below this plot."""
        if plot.bottomLeft() != self.pos() or plot.width() != self._frame.width():
            self.prepareGeometryChange()
            self.setPos(plot.bottomLeft())
            self._frame = QRectF(0, 0, plot.width(), HEIGHT)

    def show_picture(self, picture: Picture, edge: float, seconds: float) -> None:
        """Draw the anomaly rates of the last `seconds` up to `edge`."""
        self._picture, self._edge, self._seconds = picture, edge, seconds
        is_told = picture.anomaly is not None
        if is_told is not self.isVisible():
            self.setVisible(is_told)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """A piece for each run of rows that are as unusual as each other."""
        picture = self._picture
        if picture is None or picture.anomaly is None or not self._inks:
            return
        left, right = option.exposedRect.left(), option.exposedRect.right()
        painter.fillRect(QRectF(left, 0, right - left, HEIGHT), self._inks[0])
        rows = self._rows(picture, left, right)
        levels = _levels(picture.anomaly[rows])
        if not levels.any():
            return
        ends = self._pixels(picture.times[rows])
        begins = self._pixels(picture.times[rows] - picture.every)
        changes = np.flatnonzero(np.diff(levels)) + 1
        for first, last in zip([0, *changes], [*changes, levels.size], strict=True):
            if levels[first]:
                length = max(1.0, ends[last - 1] - begins[first])
                ink = self._inks[int(levels[first])]
                painter.fillRect(QRectF(begins[first], 0, length, HEIGHT), ink)

    def _rows(self, picture: Picture, left: float, right: float) -> slice:
        """The rows of which some part is between two pixels."""
        second = self._seconds / max(1.0, self._frame.width())
        start = self._edge - self._seconds
        ends = start + left * second, start + right * second + picture.every
        first, end = np.searchsorted(picture.times, ends).tolist()
        return slice(first, end)

    def _pixels(self, times: Floats) -> Floats:
        """Where times are on the ribbon."""
        return (times - self._edge + self._seconds) / self._seconds * self._frame.width()


def _levels(anomaly: Floats) -> Floats:
    """How dark each row is: 0 where nothing is unusual, or nothing is known."""
    rates = np.fmax.reduce(anomaly, axis=1, initial=0.0)
    return np.asarray(np.clip(np.ceil(rates / 100.0 * _LEVELS), 0, _LEVELS))
