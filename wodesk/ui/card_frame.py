"""The frame of a card: takes the focus, keys, and what asks for a menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QNativeGestureEvent,
)
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from wodesk.models.plain_text import plain

_BUTTON = 24
"""Pixels that the button of the menu is wide and high, so that it can be hit."""
_FAR = 10
"""Points that the crosshair moves with Shift."""


class CardFrame(QFrame):
    """Tells what is wanted of a card by other ways than its plot.

    Attributes:
        more: the button of its menu, which whoever fills the frame puts in its place.
        remark: what is said beside its title, if nothing more urgent is.

    Signals:
        entered(): the pointer or the focus has come to it.
        menu_wanted(QPoint): a menu, at this place of the screen.
        pointed(int): the crosshair is wanted so many points later, or earlier.
        maximise_wanted(): this card alone is wanted, or all again.
        pinched(QNativeGestureEvent): fingers moved on a touch pad; accepted by who takes it.
    """

    entered: SignalInstance = Signal()  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(QPoint)  # type: ignore[assignment]
    pointed: SignalInstance = Signal(object)  # type: ignore[assignment]
    maximise_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    pinched: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remark = ""
        self.setObjectName("card")
        self.setAccessibleName(plain(title))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more = QToolButton()
        self.more.setObjectName("more")
        self.more.setText("⋯")
        self.more.setFixedSize(_BUTTON, _BUTTON)
        self.more.setAccessibleName(f"Menu of {plain(title)}")
        self.more.clicked.connect(self._open_menu)

    def event(self, event: QEvent) -> bool:
        """Tell of a pinch, which Qt has no handler of its own for."""
        if isinstance(event, QNativeGestureEvent):
            self.pinched.emit(event)
            return event.isAccepted()
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, with the pointer or with its key."""
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            self.menu_wanted.emit(event.globalPos())
        else:
            self._open_menu()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the pointer is here."""
        super().enterEvent(event)
        self.entered.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the focus is here."""
        super().focusInEvent(event)
        self.entered.emit()

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

    def _open_menu(self) -> None:
        self.entered.emit()
        self.menu_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))
