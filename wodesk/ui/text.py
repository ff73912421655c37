"""Text from servers, shown as what it is: plain, short, and without tricks."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGraphicsItem, QLabel, QSizePolicy, QWidget

from wodesk.models.plain_text import plain

_MOST_LINES = 8
_LONGEST_WORD = 50
"""A fingerprint as ssh prints it."""
_HALF_FINGERPRINT = r"(?:[0-9A-F]{2}:){16}(?=[0-9A-F])"
"""Of the two lines of one as openssl prints it."""
_ANY = 1 << 20
_WIDEST = 480
"""Pixels that a label insists on."""


def folded(text: str, longest: int = _LONGEST_WORD) -> str:
    """The text with ends of lines in words that no line has room for, and Qt would not break."""
    words = rf"{_HALF_FINGERPRINT}|[^\s/-]{{{longest}}}(?=[^\s/-]{{2}})"
    return re.sub(words, lambda found: found[0] + "\n", text)


def halved(text: str) -> str:
    """The text with an end of line in the middle of each fingerprint, of two at the most."""
    return re.sub(_HALF_FINGERPRINT, lambda found: found[0] + "\n", text, count=2)


def tooltip(text: str) -> str:
    """The text as a tooltip that Qt cannot take for markup."""
    return f"<p>{html.escape(plain(text))}</p>"


def explain(part: QWidget | QAction | QGraphicsItem, text: str) -> None:
    """Give a part of the window a tooltip that Qt cannot take for markup."""
    part.setToolTip(tooltip(text))


class PlainLabel(QLabel):
    """A label that never interprets its text."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self._given = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text, made harmless; its lines stay lines, as far as a screen has room."""
        if text == self._given:
            return
        self._given = text
        lines = text.split("\n", _MOST_LINES)
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = "…"
        super().setText("\n".join(plain(line) for line in lines))

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def minimumSizeHint(self) -> QSize:
        """As a label has it, but a long name makes no window wider than the screen."""
        return super().minimumSizeHint().boundedTo(QSize(_WIDEST, _ANY))

    def set_role(self, role: QPalette.ColorRole) -> None:
        """Take the colour of the text from this role of the palette."""
        self.setForegroundRole(role)


class ElidedLabel(QWidget):
    """One line of plain text that ends in … where it does not fit."""

    def __init__(
        self,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._given = self._text = ""
        self._alignment = alignment | Qt.AlignmentFlag.AlignVCenter
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.fontMetrics().height() + 2)

    def setText(self, text: str) -> None:
        """Show the text; all of it is in the tooltip."""
        if text == self._given:
            return
        self._given, self._text = text, plain(text)
        self.setToolTip(tooltip(text))
        self.setAccessibleName(self._text)
        self.update()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line in the colour of its role."""
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        line = self.shortened(metrics, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self._alignment), line)

    def shortened(self, metrics: QFontMetrics, width: int) -> str:
        """As much of the text as these pixels have room for."""
        return metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, width)
