"""What hands do on a plot: drag to select, zoom or pan, turn a wheel to zoom."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, Signal, SignalInstance
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from wodesk.models.preferences import Drag

ZOOM_STEP = 0.8
"""A window after one notch of the wheel towards what is looked at, to the one before."""
_NOTCH = 120.0
"""What a wheel tells for one notch, in eighths of a degree."""
_PAN_PER_NOTCH = 0.1
"""The share of the window by which a notch moves it."""


class Plane(Protocol):
    """What is under the hand: a plot over some seconds."""

    def moment_at(self, place: QPointF) -> float | None:
        """The moment at a place of the widget, None beside the plot."""
        ...

    def moment_near(self, place: QPointF) -> float:
        """The moment at a place, or at the end of the plot that is nearest to it."""
        ...

    def seconds_per_pixel(self) -> float:
        """How much of the window one pixel is."""
        ...

    def seconds(self) -> int:
        """How long the window is."""
        ...


class Gestures(QObject):
    """Tells of what is done on one plot; it changes nothing itself.

    Attributes:
        drag: what dragging does without another key.

    Signals:
        zoomed(float, float): a window so many times as long, around this moment.
        panned(float): the window is pushed by so many seconds since the last of these.
        selecting(float, float): what is selected so far, from and to.
        selected(float, float): and at the end.
        framed(float, float): or, at the end, what is to be looked at alone.
        let_go(): a push or a pinch is over.
        clicked(): pressed and let go at the same place.
        live_wanted(): pressed twice.
    """

    zoomed: SignalInstance = Signal(float, float)  # type: ignore[assignment]
    panned: SignalInstance = Signal(float)  # type: ignore[assignment]
    selecting: SignalInstance = Signal(float, float)  # type: ignore[assignment]
    selected: SignalInstance = Signal(float, float)  # type: ignore[assignment]
    framed: SignalInstance = Signal(float, float)  # type: ignore[assignment]
    let_go: SignalInstance = Signal()  # type: ignore[assignment]
    clicked: SignalInstance = Signal()  # type: ignore[assignment]
    live_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, plane: Plane, parent: QObject) -> None:
        super().__init__(parent)
        self._plane = plane
        self._pressed: QPointF | None = None
        self._from: float | None = None
        self._at: QPointF | None = None
        self._way = self.drag = Drag.SELECT
        self._is_drag = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being dragged."""
        return self._is_drag

    def press(self, event: QMouseEvent) -> bool:
        """A button goes down; whether that may become a gesture."""
        is_left = event.button() is Qt.MouseButton.LeftButton
        is_middle = event.button() is Qt.MouseButton.MiddleButton
        moment = self._plane.moment_at(event.position())
        if moment is None or not (is_left or is_middle):
            return False
        self._pressed = self._at = event.position()
        self._from = moment
        self._way = Drag.PAN if is_middle else self._wanted(event.modifiers())
        self._is_drag = False
        return True

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moves; whether that belongs to a gesture."""
        if self._pressed is None or self._at is None or self._from is None:
            return False
        if event.buttons() == Qt.MouseButton.NoButton:
            # It was let go where nobody told us.
            self.cancel()
            return False
        place = event.position()
        way = (place - self._pressed).manhattanLength()
        self._is_drag = self._is_drag or way >= QApplication.startDragDistance()
        if not self._is_drag:
            return True
        if self._way is Drag.PAN:
            pixels = self._at.x() - place.x()
            self._at = place
            self.panned.emit(pixels * self._plane.seconds_per_pixel())
        else:
            self.selecting.emit(*self._stretch(self._from, place))
        return True

    def release(self, event: QMouseEvent) -> bool:
        """A button goes up; whether that ended a gesture."""
        start, was_drag = self._from, self._is_drag
        self.cancel()
        if start is None:
            return False
        if not was_drag:
            self.clicked.emit()
        elif self._way is Drag.PAN:
            self.let_go.emit()
        else:
            told = self.framed if self._way is Drag.ZOOM else self.selected
            told.emit(*self._stretch(start, event.position()))
        return True

    def cancel(self) -> None:
        """Forget what was begun."""
        self._pressed = self._at = self._from = None
        self._is_drag = False

    def press_twice(self, event: QMouseEvent) -> bool:
        """A button went down twice; whether that means something here."""
        is_left = event.button() is Qt.MouseButton.LeftButton
        if not is_left or self._plane.moment_at(event.position()) is None:
            return False
        self.live_wanted.emit()
        return True

    def wheel(self, event: QWheelEvent) -> bool:
        """The wheel turns; False if that is for the page, which scrolls."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / _NOTCH
        moment = self._plane.moment_at(event.position())
        if moment is None or not notches:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(ZOOM_STEP**notches, moment)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.panned.emit(-notches * _PAN_PER_NOTCH * self._plane.seconds())
        else:
            return False
        return True

    def pinch(self, event: QNativeGestureEvent, place: QPointF) -> bool:
        """Fingers come together or part on a touch pad, at a place; whether that zooms."""
        moment = self._plane.moment_at(place)
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture or moment is None:
            return False
        self.zoomed.emit(1.0 / max(0.1, 1.0 + event.value()), moment)
        return True

    def _wanted(self, keys: Qt.KeyboardModifier) -> Drag:
        """What a drag does with these keys held."""
        if keys & Qt.KeyboardModifier.ShiftModifier:
            return Drag.PAN
        return Drag.SELECT if keys & Qt.KeyboardModifier.ControlModifier else self.drag

    def _stretch(self, start: float, place: QPointF) -> tuple[float, float]:
        end = self._plane.moment_near(place)
        return (start, end) if start <= end else (end, start)
