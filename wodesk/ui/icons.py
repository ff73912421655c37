"""Icons drawn from the SVG files of the program, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache

from wodesk.ui.svg import draw_svg
from wodesk.ui.theme import Mark, Theme


def icon(name: str, color: str, size: int = 16) -> QIcon:
    """An icon in one colour, sharp at any scale of the screen."""
    made = QIcon()
    for ratio in (1, 2, 3):
        picture = pixmap(name, color, size, ratio)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            # Else Qt tints it in a row that is selected.
            made.addPixmap(picture, mode)
    return made


class MarkIcons:
    """The icons of states in the colours of a theme, each made once."""

    def __init__(self, theme: Theme, size: int = 14) -> None:
        self._theme = theme
        self._size = size
        self._made: dict[Mark, QIcon] = {}

    def of(self, mark: Mark) -> QIcon:
        """The shape of a state in its colour."""
        if mark not in self._made:
            self._made[mark] = icon(mark.value, self._theme.marks[mark], self._size)
        return self._made[mark]


def mark_pixmap(theme: Theme, mark: Mark, size: int, ratio: float) -> QPixmap:
    """The shape of a state in its colour."""
    return pixmap(mark.value, theme.marks[mark], size, ratio)


def paint_mark(painter: QPainter, place: QRectF, theme: Theme, mark: Mark) -> None:
    """Paint the shape of a state: in pixels, or in lines where what is painted on has lines."""
    from PySide6.QtGui import QPaintEngine  # noqa: PLC0415  the first charts have no marks yet

    engine = painter.paintEngine()
    if engine is not None and engine.type() is QPaintEngine.Type.SVG:
        draw_svg(painter, place, mark.value, theme.marks[mark])
        return
    ratio = painter.device().devicePixelRatioF()
    shape = mark_pixmap(theme, mark, round(place.width()), ratio)
    painter.drawPixmap(place.topLeft(), shape)


def pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    """An icon for `size` logical pixels on a screen of `ratio` device pixels each, drawn once."""
    key = f"wodesk/{name}/{color}/{size}/{ratio}"
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = _drawn(name, color, size, ratio)
        QPixmapCache.insert(key, picture)
    return picture


def _drawn(name: str, color: str, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_svg(painter, QRectF(picture.rect()), name, color)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def app_icon() -> QIcon:
    """The icon of the program."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128):
        made.addPixmap(pixmap("wodesk", "#000000", size, 1))
    return made
