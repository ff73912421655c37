"""The frame of a card: takes the focus, keys, and what asks for a menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QNativeGestureEvent
from PySide6.QtWidgets import QFrame, QWidget

_FAR = 10
"""Points that the crosshair moves with Shift."""


class CardFrame(QFrame):
    """Tells what is wanted of a card by other ways than its plot.

    Signals:
        menu_wanted(QPoint): a menu, at this place of the screen.
        pointed(int): the crosshair is wanted so many points later, or earlier.
        maximise_wanted(): this card alone is wanted, or all again.
        pinched(QNativeGestureEvent): fingers moved on a touch pad; accepted by who takes it.
    """

    menu_wanted: SignalInstance = Signal(QPoint)  # type: ignore[assignment]
    pointed: SignalInstance = Signal(object)  # type: ignore[assignment]
    maximise_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    pinched: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        """Tell of a pinch, which Qt has no handler of its own for."""
        if isinstance(event, QNativeGestureEvent):
            self.pinched.emit(event)
            return event.isAccepted()
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, with the pointer or with its key."""
        self.menu_wanted.emit(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crosshair, and have the card fill the page."""
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                way = 1 if event.key() == Qt.Key.Key_Right else -1
                self.pointed.emit(way * (_FAR if far else 1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.maximise_wanted.emit()
            case _:
                super().keyPressEvent(event)
