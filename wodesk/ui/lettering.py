"""Lines of text that are shaped once, for numbers that change each second."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTransform

_MOST = 1024
"""Lines of a font that are kept: all percentages with one decimal, and some more."""


class Line(NamedTuple):
    """A line that is ready to be drawn, and its width in pixels."""

    shaped: QStaticText
    width: float


class Lines:
    """Lines of one font.

    To shape a line takes five times as long as to draw it, and most numbers were there before.
    """

    def __init__(self, font: QFont) -> None:
        self._font = QFont(font)
        self._height = QFontMetricsF(font).height()
        self._known: dict[str, Line] = {}

    def width(self, text: str) -> int:
        """The pixels that a line takes, as QFontMetrics has them."""
        return round(self._line(text).width)

    def draw_right(self, painter: QPainter, right: float, middle: float, text: str) -> None:
        """Draw a line that ends at `right`, with the middle of its height at `middle`.

        The painter has the font of these lines.
        """
        shaped, width = self._line(text)
        painter.drawStaticText(QPointF(right - width, middle - self._height / 2), shaped)

    def _line(self, text: str) -> Line:
        line = self._known.get(text)
        if line is None:
            line = self._known[text] = _shaped(text, self._font)
            if len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return line


class Lettering:
    """The lines of all fonts, which whoever draws much of the same shares."""

    def __init__(self) -> None:
        self._fonts: dict[str, Lines] = {}

    def of(self, font: QFont) -> Lines:
        """The lines of a font."""
        key = font.key()
        if key not in self._fonts:
            self._fonts[key] = Lines(font)
        return self._fonts[key]


def _shaped(text: str, font: QFont) -> Line:
    shaped = QStaticText(text)
    shaped.setTextFormat(Qt.TextFormat.PlainText)
    shaped.prepare(QTransform(), font)
    return Line(shaped, shaped.size().width())
