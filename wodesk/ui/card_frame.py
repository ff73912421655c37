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

_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)


class CardFrame(QFrame):
    """Tells what is wanted of a card by other ways than its plot.

    Attributes:
        more: the button of its menu, which whoever fills the frame puts in its place.
        remark: what is said beside its title, if nothing more urgent is.
        takes_ends: whether the keys Home and End are for it, and not for the window.

    Signals:
        entered(): the pointer or the focus has come to it.
        menu_wanted(QPoint): a menu, at this place of the screen.
        pointed(int): the crosshair is wanted so many points later, or earlier.
        pointed_at_end(int): the crosshair is wanted at the first point (-1), or at the last (1).
        enter_pressed(): what is selected is to be acted on, or else this card alone is wanted.
        pinched(QNativeGestureEvent): fingers moved on a touch pad; accepted by who takes it.
    """

    entered: SignalInstance = Signal()  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(QPoint)  # type: ignore[assignment]
    pointed: SignalInstance = Signal(object)  # type: ignore[assignment]
    pointed_at_end: SignalInstance = Signal(int)  # type: ignore[assignment]
    enter_pressed: SignalInstance = Signal()  # type: ignore[assignment]
    pinched: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remark = ""
        self.takes_ends = False
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
        """Tell of a pinch, which Qt has no handler of its own for, and keep some keys."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            return self._keep(event) or super().event(event)
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
        """Move the crosshair, and go into what it has come to."""
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                way = 1 if event.key() == Qt.Key.Key_Right else -1
                self.pointed.emit(way * (_FAR if far else 1))
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.pointed_at_end.emit(1 if event.key() == Qt.Key.Key_End else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.enter_pressed.emit()
            case _:
                super().keyPressEvent(event)

    def _keep(self, event: QKeyEvent) -> bool:
        """Keep a key from the window, if it is for the selection."""
        kept = self.takes_ends and event.key() in _ENDS and not event.modifiers()
        if kept:
            event.accept()
        return kept

    def _open_menu(self) -> None:
        self.entered.emit()
        self.menu_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))
