"""Cards that are dragged to other places and pulled to other sizes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from wodesk.ui.card import Card
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.pages.layout import GAP
from wodesk.ui.shade import Grip, Shade
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.models.page_places import Box

_EDGE = 8
"""Pixels from the edge of a card at which it is pulled."""
_CORNER = 16


class _Part(Enum):
    """Where a card is taken hold of."""

    HEAD = Qt.CursorShape.OpenHandCursor
    RIGHT = Qt.CursorShape.SizeHorCursor
    BOTTOM = Qt.CursorShape.SizeVerCursor
    CORNER = Qt.CursorShape.SizeFDiagCursor


class _Hold(Struct):
    """A card that is held at a part, since it was pressed there; `begun` once it moves."""

    card: Card
    part: _Part
    start: QPoint
    begun: bool = False
    place: int = 0
    spans: tuple[int, int] = (1, 1)


class Arranging(QObject):
    """Lets the cards of a grid be moved by their heads and resized by their edges.

    Signals:
        moved(str, int): this chart is to come before the one at that place.
        resized(str, int, int): this chart is to be so many columns wide and rows high.
    """

    moved: SignalInstance = Signal(str, int)  # type: ignore[assignment]
    resized: SignalInstance = Signal(str, int, int)  # type: ignore[assignment]

    def __init__(self, grid: ChartGrid, theme: Theme) -> None:
        super().__init__(grid)
        self._grid = grid
        self._hold: _Hold | None = None
        self._shade = Shade(grid.canvas, theme, self._cancel)
        self._grip = Grip(grid.canvas, theme)
        grid.arranged.connect(self._follow)
        self._follow()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for part in (self._shade, self._grip):
            part.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take hold of cards, unless one is alone; what is done in them is theirs."""
        if not isinstance(watched, Card) or self._grid.is_maximised:
            return False
        match event.type():
            case QEvent.Type.Leave if self._hold is None:
                watched.unsetCursor()
                self._grip.show_on(None)
            case QEvent.Type.Enter if self._hold is None:
                self._grip.show_on(watched)
            case QEvent.Type.Move | QEvent.Type.Resize:
                self._grip.follow(watched)
            case QEvent.Type.MouseButtonPress if isinstance(event, QMouseEvent):
                return self._press(watched, event)
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                return self._move(watched, event)
            case QEvent.Type.MouseButtonRelease if isinstance(event, QMouseEvent):
                return self._release(event)
        return False

    def _follow(self) -> None:
        """Watch the cards that there are."""
        self._cancel()
        self._grip.show_on(None)
        for card in self._grid.cards():
            card.setMouseTracking(True)
            card.removeEventFilter(self)
            card.installEventFilter(self)

    def _press(self, card: Card, event: QMouseEvent) -> bool:
        part = _part_at(card, event.position().toPoint())
        if part is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        self._hold = _Hold(card, part, event.position().toPoint())
        return True

    def _move(self, card: Card, event: QMouseEvent) -> bool:
        at, hold = event.position().toPoint(), self._hold
        if hold is None:
            part = _part_at(card, at)
            if part is None:
                card.unsetCursor()
            else:
                card.setCursor(part.value)
            return False
        if not hold.begun:
            if (at - hold.start).manhattanLength() < QApplication.startDragDistance():
                return True
            hold.begun = True
            self._shade.begin()
            self._grip.show_on(None)
            if hold.part is _Part.HEAD:
                card.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._show(hold, card.mapTo(self._grid.canvas, at))
        return True

    def _show(self, hold: _Hold, at: QPoint) -> None:
        """Show what would happen if the card was let go at a place of the canvas."""
        # Loads as the first card is dragged.
        from wodesk.models.page_places import Raster, drop_at  # noqa: PLC0415

        canvas = self._grid.canvas
        held, width = _box(hold.card), canvas.width()
        if hold.part is _Part.HEAD:
            self._grid.reveal(at)
            boxes = [_box(card) for card in self._grid.cards()]
            drop = drop_at(boxes, at.x(), at.y(), width, GAP)
            hold.place = drop.place
            self._shade.show_drop(hold.card.geometry(), _rect(drop.line))
            return
        # Rows are as high as they are on the screen, where they share what is left over.
        rows = hold.card.spec.rows
        raster = Raster.across(width, self._grid.columns(), (held.height + GAP) / rows - GAP, GAP)
        x = held.right if hold.part is _Part.BOTTOM else at.x()
        y = held.bottom if hold.part is _Part.RIGHT else at.y()
        hold.spans = raster.spans_at(held, x, y)
        words = "\N{MULTIPLICATION SIGN}".join(map(str, hold.spans))
        self._shade.show_size(_rect(raster.box_of(held, *hold.spans)), words)

    def _release(self, event: QMouseEvent) -> bool:
        hold, self._hold = self._hold, None
        if hold is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        self._shade.end()
        hold.card.unsetCursor()
        if hold.begun and hold.part is _Part.HEAD:
            self.moved.emit(hold.card.spec.id, hold.place)
        elif hold.begun:
            self.resized.emit(hold.card.spec.id, *hold.spans)
        return True

    def _cancel(self) -> None:
        """Let go of the card as if it had not been touched."""
        if self._hold is not None:
            self._hold.card.unsetCursor()
            self._hold = None
        self._shade.end()


def _part_at(card: Card, at: QPoint) -> _Part | None:
    """What of a card is at a place of it, if it can be held there."""
    aside, below = card.width() - at.x(), card.height() - at.y()
    if aside < _CORNER and below < _CORNER:
        return _Part.CORNER
    if below < _EDGE:
        return _Part.BOTTOM
    if aside < _EDGE:
        return _Part.RIGHT
    return _Part.HEAD if card.head().contains(at) else None


def _box(card: Card) -> Box:
    # As the first card is dragged.
    from wodesk.models.page_places import Box  # noqa: PLC0415

    rect = card.geometry()
    return Box(rect.x(), rect.y(), rect.width(), rect.height())


def _rect(box: Box) -> QRect:
    return QRect(round(box.left), round(box.top), round(box.width), round(box.height))
