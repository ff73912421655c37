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
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import (
    QGraphicsGridLayout,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from wodesk.models.page import ChartSpec, Style
from wodesk.ui.axes import TimeAxis, ValueAxis, shown_unit
from wodesk.ui.chart_beginning import Beginning
from wodesk.ui.chart_crosshair import Crosshair
from wodesk.ui.chart_marks import ChartMark, MarkLines
from wodesk.ui.chart_pixels import PlotPixels
from wodesk.ui.chart_plane import ChartPlane
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


class Chart(ChartPlane):
    """A plot of the last `seconds` of one picture."""

    def __init__(self, spec: ChartSpec, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._top = 0.0
        self._fitted: tuple[object, ...] = ()
        self._picture: Picture | None = None
        self._pixels = PlotPixels(self, self._box)
        self._time = TimeAxis()
        self._value = ValueAxis()
        self._traces = Traces()
        self._marks = MarkLines()
        self._ribbon = Ribbon()
        self._selection = SelectionBand()
        self._crosshair = Crosshair()
        self._beginning = Beginning(self._box)
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
        for frame in (plot, self._box):
            # Without border or ground, which Qt would look for in each paint.
            frame.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self._box.borderRect.hide()
        self._box.addItem(self._traces, ignoreBounds=True)
        self._box.addItem(self._marks, ignoreBounds=True)
        self._box.addItem(self._selection, ignoreBounds=True)
        self._box.addItem(self._crosshair, ignoreBounds=True)
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
        # The view paints its ground itself: the viewport need not have done so before.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

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

    def is_behind(self, now: float) -> bool:
        """Whether what is drawn ends a step before where it would with that end."""
        return self._picture is not None and _edge_after(now, self._seconds) > self._edge

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

    def shown_unit(self) -> str:
        """The unit of the numbers beside the plot."""
        return shown_unit(self._top, self._picture.unit) if self._picture is not None else ""

    def axis_width(self) -> int:
        """Pixels of the numbers beside the plot."""
        return int(self._value.width())

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
        edge = now if is_still else _edge_after(now, seconds)
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


def _edge_after(now: float, seconds: int) -> float:
    """Where a plot of so many seconds ends, so that it need not move each second."""
    step = max(1.0, seconds / _STEPS_PER_WINDOW)
    return math.ceil(now / step) * step
