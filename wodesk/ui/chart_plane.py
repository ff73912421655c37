"""A view over some seconds: from its pixels to moments and back, and what hands do there."""

from __future__ import annotations

from pyqtgraph.graphicsItems.ViewBox import ViewBox
from pyqtgraph.widgets.GraphicsView import GraphicsView
from PySide6.QtCore import QEvent, QPointF, QRect, Signal, SignalInstance
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from wodesk.ui.chart_gestures import Gestures
from wodesk.ui.viewport import plain_viewport


class ChartPlane(GraphicsView):  # type: ignore[misc]
    """Holds a box that shows the last `_seconds` up to `_edge` (epoch seconds).

    Attributes:
        gestures: what is done on it by hand.

    Signals:
        hovered(float | None): the time under the pointer, None when it leaves the plot.
    """

    hovered: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._seconds = 0
        self._edge = 0.0
        self._box = ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.gestures = Gestures(self, self)
        self._pointer: QPointF | None = None

    def useOpenGL(self, b: bool = True) -> None:
        """Draw on a plain viewport, which the library calls this for; it has no other here."""
        self.setViewport(plain_viewport())

    def moment_at(self, place: QPointF) -> float | None:
        """The time at a place of this widget, None beside the plot."""
        inside = self._box.sceneBoundingRect().contains(self.mapToScene(place.toPoint()))
        return self.moment_near(place) if inside else None

    def moment_near(self, place: QPointF) -> float:
        """The time at a place, or at the end of the plot that is nearest to it."""
        inside = self._box.mapSceneToView(self.mapToScene(place.toPoint())).x()
        return self._edge + min(0.0, max(-float(self._seconds), float(inside)))

    def column_of(self, moment: float) -> int:
        """The column of this widget at which a moment is drawn."""
        plot = self._box.sceneBoundingRect()
        share = 1.0 + (moment - self._edge) / max(1, self._seconds)
        return int(plot.left() + min(1.0, max(0.0, share)) * plot.width())

    def seconds(self) -> int:
        """How long the window is."""
        return self._seconds

    def seconds_per_pixel(self) -> float:
        """How much of the window one pixel of this widget is."""
        return self._seconds / max(1.0, float(self._box.width()))

    def right_of(self, time: float) -> QRect:
        """What there is of the plot from a time on, in pixels."""
        plot: QRect = self.mapFromScene(self._box.sceneBoundingRect()).boundingRect()
        share = 1.0 + (time - self._edge) / max(1, self._seconds)
        return plot.adjusted(round(plot.width() * share), 0, 0, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select or to push; the scene has nothing to drag."""
        event.setAccepted(self.gestures.press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the time under the pointer, and go on with what is dragged."""
        self._pointer = event.position()
        self.gestures.move(event)
        self.hover_again()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was dragged."""
        event.setAccepted(self.gestures.release(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow the clock again."""
        event.setAccepted(self.gestures.press_twice(event))

    def pinch(self, event: QNativeGestureEvent) -> None:
        """Zoom where fingers come together or part, if they do so on the plot."""
        place = QPointF(self.mapFromGlobal(event.globalPosition()))
        event.setAccepted(self.gestures.pinch(event, place))

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away with the pointer."""
        self._pointer = None
        self.hovered.emit(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which scrolls, unless a key is held with it."""
        taken = self.gestures.wheel(event)
        event.setAccepted(taken)
        if taken:
            self._pointer = event.position()
            self.hover_again()

    def hover_again(self) -> None:
        """Tell what is under the pointer, which may rest while the plot moves."""
        if self._pointer is not None:
            self.hovered.emit(self.moment_at(self._pointer))
