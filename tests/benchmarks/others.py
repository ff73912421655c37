"""The page of charts as others draw it: stock pyqtgraph, and bare QPainter, the floor of Qt.

Each is there twice: with nothing but its lines, and showing what a card of wodesk shows as well,
the title with the large number and a legend with the newest values, all anew with each tick.
"""

from __future__ import annotations

import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from tests.benchmarks.samples import LINES, NAMES, SECONDS, START, Samples
from wodesk.ui.theme import LIGHT, scaled

ACROSS = 3
"""Charts beside each other."""
_COLORS = LIGHT.series[:LINES]
_TOP = 25.0
"""What the values end at."""
_HEAD, _SIDE, _SWATCH = 28, 130, 8
"""Pixels of the head of a plot, of its legend at the side, and of the colour of a line there."""
_TEXT = QColor(LIGHT.text)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Stock:
    """pyqtgraph as its examples use it: PlotItems, PlotDataItems, a date axis, automatic ranges."""

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self._samples = samples
        self.widget = pg.GraphicsLayoutWidget()
        self._plots: list[pg.PlotItem] = []
        self._curves: list[list[pg.PlotDataItem]] = []
        for number in range(charts):
            axes = {"bottom": pg.DateAxisItem()}
            plot = self.widget.addPlot(
                row=number // ACROSS,
                col=number % ACROSS,
                title=f"Chart {number}",
                axisItems=axes,
            )
            self._plots.append(plot)
            self._curves.append([plot.plot(pen=color) for color in _COLORS])

    def prepare(self, ticks: range) -> None:
        """Nothing: the samples are there."""

    def tick(self, number: int) -> None:
        """One `setData` a line."""
        times = self._samples.times(number)
        for chart, curves in enumerate(self._curves):
            values = self._samples.chart(chart, number)
            for line, curve in enumerate(curves):
                curve.setData(times, values[:, line])


class StockWithValues(Stock):
    """The same with pyqtgraph's legend and title, whose texts are set with each tick.

    By the calls that its documentation names for that: `setTitle`, and `setText` of what
    `LegendItem.getLabel` gives.
    """

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        super().__init__(samples, charts, stacked)
        self._labels: list[list[pg.LabelItem]] = []
        for plot, curves in zip(self._plots, self._curves, strict=True):
            legend = plot.addLegend()
            for curve, name in zip(curves, NAMES, strict=True):
                legend.addItem(curve, name)
            self._labels.append([legend.getLabel(curve) for curve in curves])

    def tick(self, number: int) -> None:
        """The lines, and what they come to."""
        super().tick(number)
        for chart, (plot, labels) in enumerate(zip(self._plots, self._labels, strict=True)):
            newest = self._samples.chart(chart, number)[-1].tolist()
            plot.setTitle(f"Chart {chart}: {sum(newest):.1f} %", size="15pt", bold=True)
            for label, name, value in zip(labels, NAMES, newest, strict=True):
                label.setText(f"{name} {value:.1f} %")


class BarePlot(QWidget):
    """Lines on a white ground, and nothing else; `number` is the tick."""

    def __init__(self, samples: Samples, chart: int) -> None:
        super().__init__()
        self.number = 0
        self._samples, self._chart = samples, chart
        self._pens = [QPen(QColor(color)) for color in _COLORS]
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Scale in numpy and draw."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        self._draw_lines(painter, self.rect())

    def _draw_lines(self, painter: QPainter, place: QRect) -> None:
        right = START + self.number
        x = (self._samples.times(self.number) - right + SECONDS) * (place.width() / SECONDS)
        values = self._samples.chart(self._chart, self.number)
        for line, pen in enumerate(self._pens):
            painter.setPen(pen)
            y = place.top() + place.height() * (1.0 - values[:, line] / _TOP)
            painter.drawPolyline(arrayToQPolygonF(x, y))


class BarePlotWithValues(BarePlot):
    """The same with its title and the large number above, and the legend at the right."""

    def __init__(self, samples: Samples, chart: int) -> None:
        super().__init__(samples, chart)
        self._title = scaled(self.font(), 1.0, QFont.Weight.DemiBold)
        self._large = scaled(self.font(), 1.5, QFont.Weight.DemiBold)
        self._small = scaled(self.font(), 0.9)
        self._colors = [QColor(color) for color in _COLORS]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines, then words."""
        painter, whole = QPainter(self), self.rect()
        painter.fillRect(whole, QColor("white"))
        self._draw_lines(painter, whole.adjusted(0, _HEAD, -_SIDE, 0))
        newest = self._samples.chart(self._chart, self.number)[-1].tolist()
        head = QRect(0, 0, whole.width(), _HEAD)
        painter.setPen(_TEXT)
        painter.setFont(self._title)
        painter.drawText(head, _LEFT, f"Chart {self._chart}")
        painter.setFont(self._large)
        painter.drawText(head, _RIGHT, f"{sum(newest):.1f} %")
        painter.setFont(self._small)
        self._draw_legend(painter, newest)

    def _draw_legend(self, painter: QPainter, newest: list[float]) -> None:
        line = painter.fontMetrics().height() + 3
        place = QRect(self.width() - _SIDE, _HEAD, _SIDE, line)
        for color, name, value in zip(self._colors, NAMES, newest, strict=True):
            swatch = QRect(place.left() + _SWATCH, place.top() + 5, _SWATCH, _SWATCH)
            painter.fillRect(swatch, color)
            painter.drawText(place.adjusted(3 * _SWATCH, 0, 0, 0), _LEFT, name)
            painter.drawText(place, _RIGHT, f"{value:.1f} %")
            place.translate(0, line)


class Floor:
    """The least that paints these lines: a QWidget each, and nothing else on it."""

    plot = BarePlot

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self.widget = QWidget()
        grid = QGridLayout(self.widget)
        self._plots = [self.plot(samples, number) for number in range(charts)]
        for number, plot in enumerate(self._plots):
            grid.addWidget(plot, number // ACROSS, number % ACROSS)

    def prepare(self, ticks: range) -> None:
        """Nothing: the samples are there."""

    def tick(self, number: int) -> None:
        """Paint everything anew."""
        for plot in self._plots:
            plot.number = number
            plot.update()


class FloorWithValues(Floor):
    """The same, each with its title, the large number and a legend, drawn as plain text."""

    plot = BarePlotWithValues
