"""Lines of text that are shaped once look like those that are shaped each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from wodesk.ui import lettering
from wodesk.ui.lettering import Lettering
from wodesk.ui.theme import scaled

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TEXTS = [
    "12.3 %",
    "100 %",
    "21.1\u202fMB/s",
    "\u22123.14 ms",
    "\u2013",
    "↓\u202f0 B/s   ↑\u202f7 B/s",
    "9 漢",
]


def by_qt(place: QRect, text: str, painter: QPainter) -> None:
    """Draw as QPainter does."""
    painter.drawText(place, _RIGHT, text)


def drawn(font: QFont, scale: float, draw: Callable[[QPainter], object]) -> QImage:
    """What is drawn on a screen of so many pixels a point."""
    image = QImage(round(200 * scale), round(60 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    draw(painter)
    painter.end()
    return image


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", [0.9, 1.5])
def test_a_line_has_the_pixels_that_qt_gives_it(
    qapp: QApplication, size: float, scale: float
) -> None:
    font = scaled(qapp.font(), size)
    lines = Lettering().of(font)
    # Between whole scales a glyph may be a quarter of a pixel further left than Qt has it.
    for text in _TEXTS if scale.is_integer() else _TEXTS[:2]:
        for more in (0, 1, 2, 3):
            place = QRect(3, 5, 171, QFontMetrics(font).height() + more)
            right, middle = place.left() + place.width(), place.top() + place.height() / 2
            draw = partial(lines.draw_right, right=right, middle=middle, text=text)
            ours = drawn(font, scale, draw)
            assert ours == drawn(font, scale, partial(by_qt, place, text)), (text, more)


@pytest.mark.parametrize("text", ["", *_TEXTS])
def test_a_line_is_as_wide_as_qt_says(qapp: QApplication, text: str) -> None:
    font = qapp.font()
    assert Lettering().of(font).width(text) == QFontMetrics(font).horizontalAdvance(text)


def test_a_line_that_was_drawn_is_not_shaped_again(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shaped: list[str] = []
    make = lettering._shaped

    def counted(text: str, font: QFont) -> lettering.Line:
        shaped.append(text)
        return make(text, font)

    monkeypatch.setattr(lettering, "_shaped", counted)
    several = Lettering()
    for text in ("1 %", "2 %", "1 %"):
        lines = several.of(QFont(qapp.font()))
        draw = partial(lines.draw_right, right=99, middle=10, text=text)
        drawn(qapp.font(), 1.0, draw)
        lines.width(text)
    assert shaped == ["1 %", "2 %"]


def test_no_more_lines_are_kept_than_are_of_use(qapp: QApplication) -> None:
    lines = Lettering().of(qapp.font())
    for number in range(lettering._MOST + 100):
        lines.width(str(number))
    assert next(iter(lines._known)) == "100"
    assert len(lines._known) == lettering._MOST
