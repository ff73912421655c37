"""The shapes of the program, as lines that can be drawn in any size."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from wodesk.resources import icon_text


def draw_svg(painter: QPainter, place: QRectF, name: str, color: str) -> None:
    """Draw an icon of the program in one colour."""
    source = icon_text(name).replace("currentColor", color)
    QSvgRenderer(QByteArray(source.encode())).render(painter, place)
