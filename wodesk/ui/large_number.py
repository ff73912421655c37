"""The large number of a card, which is another one each second."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.lettering import Lettering

_LEAST = 160
"""Pixels that it insists on, as far as it needs them."""


class LargeNumber(QWidget):
    """A line of plain text at the right.

    Its room only grows, so that a new number seldom lays out the whole page; a label would also
    measure each of them as text of several lines.  Where there is less room it ends in ….
    """

    def __init__(self, lettering: Lettering, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lettering = lettering
        self._given = self._text = ""
        self._wanted = 0
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._measure()
        # Opaque, so that the rounded card under it is not painted anew each second, and without
        # a painter for the ground alone.
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def setText(self, text: str) -> None:
        """Show the text, made harmless."""
        if text == self._given:
            return
        self._given, self._text = text, plain(text)
        self.setAccessibleName(self._text)
        self._grow()
        self.update()

    def text(self) -> str:
        """What is shown."""
        return self._text

    def sizeHint(self) -> QSize:
        """Room for the longest text that there was."""
        return QSize(self._wanted, self._metrics.height())

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew with another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, muted while it is disabled."""
        painter = QPainter(self)
        width, height, text = self.width(), self.height(), self._text
        painter.eraseRect(0, 0, width, height)
        if width < self._wanted:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        self._lines.draw_right(painter, width, height / 2, text)

    def _measure(self) -> None:
        self._metrics = QFontMetrics(self.font())
        self._lines = self._lettering.of(self.font())
        self._wanted = 0
        self._grow()

    def _grow(self) -> None:
        wanted = self._lines.width(self._text)
        if wanted > self._wanted:
            self._wanted = wanted
            self.setMinimumWidth(min(wanted, _LEAST))
            self.updateGeometry()
