"""The plot of a chart, drawn through pyqtgraph.

One scene item draws all traces of a chart, the value axis has hysteresis, and the time axis is
relative to a right edge that advances in steps: a new second then costs one item's paint and no
layout, ticks or bounds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import tzinfo

from pyqtgraph.graphicsItems.GraphicsWidget import GraphicsWidget
from pyqtgraph.graphicsItems.ViewBox import ViewBox
from pyqtgraph.widgets.GraphicsView import GraphicsView
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QMouseEvent, QNativeGestureEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QGraphicsGridLayout,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from wodesk.models.page import ChartSpec, Style
from wodesk.ui.axes import TimeAxis, ValueAxis, shown_unit
from wodesk.ui.chart_beginning import Beginning
from wodesk.ui.chart_crosshair import Crosshair
from wodesk.ui.chart_gestures import Gestures
from wodesk.ui.chart_marks import ChartMark, MarkLines
from wodesk.ui.chart_pixels import PlotPixels
from wodesk.ui.chart_ribbon import HEIGHT, Ribbon
from wodesk.ui.chart_selection import SelectionBand
from wodesk.ui.chart_traces import Traces
from wodesk.ui.picture import Picture
from wodesk.ui.theme import Theme
from wodesk.ui.value_range import top_of_axis

_STEPS_PER_WINDOW = 50
_STALE_OPACITY = 0.4
_NEAR = 5
"""Pixels from a mark within which the pointer means it."""


class Chart(GraphicsView):  # type: ignore[misc]
    """A plot of the last `seconds` of one picture.

    Attributes:
        gestures: what is done on it by hand.

    Signals:
        hovered(float | None): the time under the pointer, None when it leaves the plot.
    """

    hovered: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, spec: ChartSpec, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._spec = spec
        self._seconds = 0
        self._top = 0.0
        self._edge = 0.0
        self._fitted: tuple[object, ...] = ()
        self._picture: Picture | None = None
        self._box = ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self._pixels = PlotPixels(self, self._box)
        self._time = TimeAxis()
        self._value = ValueAxis()
        self._traces = Traces()
        self._marks = MarkLines()
        self._ribbon = Ribbon()
        self._selection = SelectionBand()
        self.gestures = Gestures(self, self)
        self._crosshair = Crosshair()
        self._beginning = Beginning()
        self._build()
        self.set_theme(theme)

    def _build(self) -> None:
        plot = GraphicsWidget()
        layout = QGraphicsGridLayout(plot)
        layout.setContentsMargins(0, 8, 4, 0)
        layout.setSpacing(0)
        self.setCentralItem(plot)
        layout.addItem(self._value, 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._time, 1, 1)
        for axis in (self._time, self._value):
            axis.linkToView(self._box)
        self._box.addItem(self._traces, ignoreBounds=True)
        self._box.addItem(self._marks, ignoreBounds=True)
        self._box.addItem(self._selection, ignoreBounds=True)
        self._box.addItem(self._crosshair, ignoreBounds=True)
        self._box.addItem(self._beginning, ignoreBounds=True)
        self._ribbon.setParentItem(plot)
        self._box.sigResized.connect(self._place_ribbon)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        # One colour is painted as soon as copied, and a copy would take a megabyte a chart.
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.setBackground(theme.surface)
        text, font = QColor(theme.muted), self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        for axis in (self._time, self._value):
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTextPen(text)
            axis.setTickFont(font)
        self._beginning.set_manner(text, font)
        self._crosshair.set_theme(theme)
        self._traces.set_theme(theme)
        self._marks.set_theme(theme)
        self._selection.set_theme(theme)
        self._ribbon.set_theme(theme)
        self.viewport().update()

    def set_zone(self, zone: tzinfo | None) -> None:
        """Show times of this zone, None being this computer's own."""
        self._time.set_zone(zone)

    def set_stale(self, stale: bool) -> None:
        """Show the traces as what they are when they are old."""
        opacity = _STALE_OPACITY if stale else 1.0
        if opacity != self._traces.opacity():
            self._traces.setOpacity(opacity)

    def show_picture(
        self,
        picture: Picture,
        seconds: int,
        now: float,
        first_entry: float | None,
        *,
        is_still: bool = False,
    ) -> None:
        """Draw the picture over the last `seconds` up to `now`, the source's clock.

        One that is not `is_still` may reach a little beyond, so that it need not move each second.
        """
        self._picture = picture
        has_moved = self._fit_time(seconds, now, is_still=is_still)
        is_refitted = self._fit_values(picture)
        if has_moved or is_refitted:
            for item in (self._marks, self._selection):
                item.set_frame(self._traces.boundingRect(), self._edge)
            self._crosshair.set_edge(self._edge)
        start = None if first_entry is None else first_entry - self._edge
        start = start if start is not None and -seconds < start < 0 else None
        self._ribbon.show_picture(picture, self._edge, seconds)
        same_until = self._traces.show(picture, self._edge, start)
        is_other = has_moved or same_until < -seconds
        if is_refitted or is_other:
            self._beginning.show_start(start, seconds, self._edge, self._top, zone=self._time.zone)
        # Not by the items: each scene would have the whole window painted by itself.
        if is_refitted:
            self.viewport().update()
        else:
            since = self._pixels.moving() if is_other else self._since(same_until)
            self.viewport().update(since)

    def show_marks(self, marks: Sequence[ChartMark]) -> None:
        """Mark these moments."""
        if self._marks.show_marks(marks):
            self.viewport().update()

    def show_selection(self, stretch: tuple[float, float] | None) -> None:
        """Mark what is selected, from when to when, or nothing."""
        if self._selection.show_stretch(stretch):
            self.viewport().update()

    def mark_at(self, time: float) -> ChartMark | None:
        """What is marked at a time, give or take some pixels."""
        return self._marks.near(time, _NEAR * self._seconds / max(1, self._box.width()))

    def show_crosshair(self, time: float | None) -> None:
        """Draw the common vertical line at `time`, or none."""
        self._crosshair.show_moment(time)

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

    def shown_unit(self) -> str:
        """The unit of the numbers beside the plot."""
        return shown_unit(self._top, self._picture.unit) if self._picture is not None else ""

    def right_of(self, time: float) -> QRect:
        """What there is of the plot from a time on, in pixels."""
        plot: QRect = self.mapFromScene(self._box.sceneBoundingRect()).boundingRect()
        share = 1.0 + (time - self._edge) / max(1, self._seconds)
        return plot.adjusted(round(plot.width() * share), 0, 0, 0)

    def plot_width(self) -> int:
        """Pixel columns of the plot on its screen, without its axis."""
        columns = self.width() - self._value.width() - 4
        return max(1, int(columns * self.devicePixelRatioF()))

    def _place_ribbon(self) -> None:
        self._ribbon.place(self._box.geometry())

    def _since(self, time: float) -> QRect:
        """The pixels of the plot from a time on, relative to the edge."""
        below = HEIGHT if self._ribbon.isVisible() else 0
        return self._pixels.since(1.0 + time / self._seconds, below)

    def _fit_time(self, seconds: int, now: float, *, is_still: bool) -> bool:
        """Move the right edge on when `now` has passed it, by a fiftieth of the window.

        True if it has moved.
        """
        step = max(1.0, seconds / _STEPS_PER_WINDOW)
        edge = now if is_still else math.ceil(now / step) * step
        if seconds != self._seconds:
            self._seconds = seconds
            self._box.setXRange(-seconds, 0, padding=0)
        has_moved = edge != self._edge
        if has_moved:
            self._edge = edge
            self._time.set_edge(edge)
        return has_moved

    def _fit_values(self, picture: Picture) -> bool:
        """Let the value axis hold the picture; True if it is another one."""
        asked = picture.extent, picture.whole, picture.unit, self._seconds
        if asked == self._fitted:
            return False
        self._fitted = asked
        top = top_of_axis(picture, self._top)
        is_mirrored = self._spec.style is Style.MIRRORED
        bottom = -top if is_mirrored or picture.extent[0] < 0 else 0.0
        self._value.set_units(picture.unit, is_signed=not is_mirrored)
        frame = QRectF(-self._seconds, bottom, self._seconds, top - bottom)
        if top == self._top and frame == self._traces.boundingRect():
            return False
        self._top = top
        self._box.setYRange(bottom, top, padding=0)
        self._traces.set_frame(frame)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select or to push; the scene has nothing to drag."""
        event.setAccepted(self.gestures.press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the time under the pointer, and go on with what is dragged."""
        self.gestures.move(event)
        self.hovered.emit(self.moment_at(event.position()))

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
        self.hovered.emit(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which scrolls, unless a key is held with it."""
        taken = self.gestures.wheel(event)
        event.setAccepted(taken)
        if taken:
            self.hovered.emit(self.moment_at(event.position()))
