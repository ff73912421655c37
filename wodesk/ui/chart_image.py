"""Charts as an image: what is on screen, with a heading that says of which server and when.

The same code paints pixels and vectors; the plots are those of the window, at another size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPainter,
    QResizeEvent,
)
from PySide6.QtSvg import QSvgGenerator

from wodesk.models.plain_text import plain
from wodesk.ui.chart import Chart
from wodesk.ui.looks import looks_of
from wodesk.ui.sight import Sight
from wodesk.ui.theme import GRID, Theme, look_color, scaled
from wodesk.ui.units import quantity

_DOTS_PER_INCH = 96
_DOTS_PER_METRE = 3780
_MARGIN = 4 * GRID
_PADDING = 3 * GRID
_LEGEND = 160
_SWATCH = 8
_WIDE = 480
"""Pixels from which on the legend is beside the plot."""
_NARROW, _LOW = 360, 120
"""Pixels from which on it is there rather than leave the plot lower than this."""
_FEW = 4
"""Lines of a legend below a plot."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_NONE = "No values in this window"


class Print(Struct, frozen=True, eq=False):
    """What an image shows: one chart, or several under a title in so many columns.

    `size` is in pixels of a screen of single density.
    """

    sights: tuple[Sight, ...]
    theme: Theme
    size: QSize
    title: str = ""
    columns: int = 1


def image_of(wanted: Print, scale: float = 1.0) -> QImage:
    """The image in pixels, of which there are `scale` in each direction for one of its size."""
    image = QImage(wanted.size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.setDotsPerMeterX(_DOTS_PER_METRE)
    image.setDotsPerMeterY(_DOTS_PER_METRE)
    painter = QPainter(image)
    _Press(painter, wanted).run()
    painter.end()
    return image


def svg_of(wanted: Print) -> bytes:
    """The image in vectors, with its text as text."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # Tiny SVG, which is the default, knows no clipping.
    made = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    made.setOutputDevice(buffer)
    made.setResolution(_DOTS_PER_INCH)
    made.setSize(wanted.size)
    made.setViewBox(QRect(0, 0, wanted.size.width(), wanted.size.height()))
    made.setTitle(plain(wanted.title or wanted.sights[0].spec.title))
    made.setDescription(f"{plain(wanted.sights[0].name)}, {wanted.sights[0].span_words()}")
    painter = QPainter(made)
    _Press(painter, wanted).run()
    painter.end()
    buffer.close()
    # Qt tells millimetres, of which each program makes pixels in its own way.
    pixels = f'width="{wanted.size.width()}" height="{wanted.size.height()}"'
    return re.sub(rb'width="[\d.]+mm"\s+height="[\d.]+mm"', pixels.encode(), data.data(), count=1)


class _Press:
    """Paints one print."""

    def __init__(self, painter: QPainter, wanted: Print) -> None:
        self._painter = painter
        self._wanted = wanted
        self._theme = wanted.theme
        # Not of the screen, which may count in other dots than the image.
        font = QFont(QGuiApplication.font())
        self._plain = scaled(font, 1.0)
        self._bold = scaled(font, 1.0, QFont.Weight.DemiBold)
        self._large = scaled(font, 1.5, QFont.Weight.DemiBold)
        self._small = scaled(font, 0.9)

    def run(self) -> None:
        """Paint all of it."""
        whole = QRectF(0, 0, self._wanted.size.width(), self._wanted.size.height())
        if self._wanted.title:
            self._painter.fillRect(whole, QColor(self._theme.window))
            self._page(whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
        else:
            self._painter.fillRect(whole, QColor(self._theme.surface))
            inner = whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            sight = self._wanted.sights[0]
            self._card(inner, sight, f"{sight.name}  ·  {sight.span_words()}")

    def _page(self, room: QRectF) -> None:
        """A heading, then the charts row by row."""
        sights, columns = self._wanted.sights, self._wanted.columns
        height = self._line(self._large)
        self._text(room, height, self._large, self._theme.text, _LEFT, self._wanted.title)
        room.setTop(room.top() + height)
        height = self._line(self._plain)
        words = f"{sights[0].name}  ·  {sights[0].span_words()}"
        self._text(room, height, self._plain, self._theme.muted, _LEFT, words)
        room.setTop(room.top() + height + 2 * GRID)
        rows, gap = math.ceil(len(sights) / columns), 2 * GRID
        width = (room.width() - gap * (columns - 1)) / columns
        height = (room.height() - gap * (rows - 1)) / rows
        for place, sight in enumerate(sights):
            left = room.left() + (width + gap) * (place % columns)
            frame = QRectF(left, room.top() + (height + gap) * (place // columns), width, height)
            self._painter.setPen(QColor(self._theme.line))
            self._painter.setBrush(QColor(self._theme.surface))
            self._painter.drawRoundedRect(frame, 6, 6)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = frame.adjusted(_PADDING, 2 * GRID, -_PADDING, -2 * GRID)
            self._card(inner, sight, "")

    def _card(self, room: QRectF, sight: Sight, where: str) -> None:
        """A chart with its title and large number, and below them what it is of."""
        height = self._line(self._large)
        headline = plain(sight.picture.headline)
        taken = QFontMetricsF(self._large).horizontalAdvance(headline) + 3 * GRID
        self._text(room, height, self._large, self._theme.text, _RIGHT, headline)
        rest = room.adjusted(0, 0, -taken, 0)
        self._text(rest, height, self._bold, self._theme.text, _LEFT, sight.spec.title)
        room = room.adjusted(0, height, 0, 0)
        chart = self._chart(sight)
        height = self._line(self._small)
        what = _joined(sight.row_words(), chart.shown_unit(), sight.picture.caption)
        whole = _joined(where, what)
        is_long = QFontMetricsF(self._small).horizontalAdvance(whole) > room.width()
        for words in (where, what) if where and is_long else (whole,):
            self._text(room, height, self._small, self._theme.muted, _LEFT, words)
            room = room.adjusted(0, height, 0, 0)
        room = room.adjusted(0, GRID, 0, 0)
        self._plot(chart, sight, self._with_legend(room, sight))
        chart.close()
        chart.deleteLater()

    def _with_legend(self, room: QRectF, sight: Sight) -> QRectF:
        """Paint the legend beside or below the plot; what is left for that."""
        line = self._line(self._small)
        # The plots of a page stand below each other, so that their times do.
        most = max(len(one.picture.traces) for one in self._wanted.sights)
        is_low = room.height() - line * min(_FEW, most) < _LOW
        if room.width() >= (_NARROW if is_low else _WIDE):
            place = QRectF(room.right() - _LEGEND, room.top() + 2 * GRID, _LEGEND, room.height())
            self._legend(place, line, sight)
            return room.adjusted(0, 0, -_LEGEND - 3 * GRID, 0)
        height = line * min(_FEW, max(1, len(sight.picture.traces)))
        self._legend(QRectF(room.left(), room.bottom() - height, room.width(), height), line, sight)
        return room.adjusted(0, 0, 0, -height - GRID)

    def _legend(self, room: QRectF, line: float, sight: Sight) -> None:
        traces = sight.picture.traces
        fitting = max(1, int(room.height() // line))
        looks = looks_of(tuple(trace.name for trace in traces))
        shown = traces if len(traces) <= fitting else traces[: fitting - 1]
        for number, trace in enumerate(shown):
            place = QRectF(room.left(), room.top() + number * line, room.width(), line)
            swatch = QRectF(place.left(), place.center().y() - _SWATCH / 2 + 1, _SWATCH, _SWATCH)
            self._painter.fillRect(swatch, QColor(look_color(self._theme, looks[trace.name])))
            newest = float(trace.values[-1]) if trace.values.size else float("nan")
            value = str(quantity(newest, sight.picture.unit))
            taken = QFontMetricsF(self._small).horizontalAdvance(value) + 2 * GRID
            self._text(place, line, self._small, self._theme.text, _RIGHT, value)
            name = place.adjusted(_SWATCH + 2 * GRID, 0, -taken, 0)
            self._text(name, line, self._small, self._theme.muted, _LEFT, trace.name)
        if len(shown) < len(traces):
            place = room.adjusted(_SWATCH + 2 * GRID, len(shown) * line, 0, 0)
            more = f"{len(traces) - len(shown)} more"
            self._text(place, line, self._small, self._theme.muted, _LEFT, more)

    def _chart(self, sight: Sight) -> Chart:
        """The plot of the window, which no window shows."""
        chart = Chart(sight.spec, self._theme)
        chart.set_zone(sight.zone)
        seconds = max(1, round(sight.end - sight.start))
        chart.show_picture(
            sight.picture, seconds, sight.end, sight.series.first_entry, is_still=True
        )
        chart.show_marks(sight.marks)
        return chart

    def _plot(self, chart: Chart, sight: Sight, room: QRectF) -> None:
        size = room.size().toSize().expandedTo(QSize(60, 40))
        _lay_out(chart, size)
        target = QRectF(room.topLeft(), size.toSizeF())
        # By itself it keeps its proportions, and would be smaller by a pixel.
        chart.render(self._painter, target, QRect(0, 0, size.width(), size.height()))
        if not sight.picture.times.size:
            self._text(room, room.height(), self._plain, self._theme.muted, _CENTRE, _NONE)

    def _text(  # noqa: PLR0917
        self,
        room: QRectF,
        height: float,
        font: QFont,
        color: str,
        alignment: Qt.AlignmentFlag,
        words: str,
    ) -> None:
        """A line of text at the top of some room, ended by … where it does not fit."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(
            plain(words), Qt.TextElideMode.ElideRight, max(0.0, room.width())
        )
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        place = QRectF(room.left(), room.top(), room.width(), height)
        self._painter.drawText(place, int(alignment | Qt.TextFlag.TextSingleLine), shown)

    def _line(self, font: QFont) -> float:
        return QFontMetricsF(font).height() + 3


def _joined(*parts: str) -> str:
    return "  ·  ".join(part for part in parts if part)


def _lay_out(chart: Chart, size: QSize) -> None:
    """Give a chart that is on no screen the size that a screen would."""
    chart.resize(size)
    for part in (chart, chart.viewport()):
        QCoreApplication.sendEvent(part, QResizeEvent(size, QSize()))
    chart.centralWidget.layout().activate()


def page_size(sights: Sequence[Sight], columns: int, width: int, height: int) -> QSize:
    """Room for a page whose charts are as high as this each."""
    rows = math.ceil(len(sights) / max(1, columns))
    return QSize(width, 2 * _MARGIN + 16 * GRID + rows * (height + 2 * GRID))
