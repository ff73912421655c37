"""Colours that can be told apart and read."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from tests.ui.given import count_color
from wodesk.resources import load_page
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.looks import COLORS, looks_of
from wodesk.ui.theme import (
    DARK,
    GRID,
    LIGHT,
    Mark,
    Theme,
    apply_theme,
    look_color,
    scaled,
    series_color,
)

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@THEMES
@pytest.mark.parametrize("ground", ["window", "surface", "sidebar", "hover", "notice"])
@pytest.mark.parametrize("text", ["text", "muted"])
def test_text_can_be_read_on_its_grounds(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@THEMES
def test_text_on_the_accent_can_be_read(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@THEMES
@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize("ground", ["surface", "window", "sidebar", "hover", "notice"])
def test_marks_stand_out_wherever_they_are_drawn(theme: Theme, mark: Mark, ground: str) -> None:
    assert contrast(theme.marks[mark], getattr(theme, ground)) >= 3.0


@THEMES
def test_series_stand_out_on_their_surface(theme: Theme) -> None:
    colors = [look_color(theme, look) for look in range(4 * COLORS)]
    faint = [color for color in colors if contrast(color, theme.surface) < 3.0]
    assert not faint
    assert len(set(colors)) == len(colors)
    assert colors[:COLORS] == list(theme.series)


@THEMES
def test_every_mark_has_a_colour_and_a_shape(theme: Theme, qapp: QApplication) -> None:
    assert set(theme.marks) == set(Mark)
    shapes = {bytes(mark_pixmap(theme, mark, 16, 1.0).toImage().constBits()) for mark in Mark}
    assert len(shapes) == len(Mark)


def test_a_dimension_has_one_colour_wherever_it_is_drawn() -> None:
    for name in ("user", "used", "eth0", "/srv/data", "ünïcode"):
        assert series_color(LIGHT, name) == series_color(LIGHT, str(name))
        assert LIGHT.series.index(series_color(LIGHT, name)) == DARK.series.index(
            series_color(DARK, name)
        )


def test_a_dimension_has_the_same_colour_after_a_restart() -> None:
    names = ("eth0", "/srv/data", "nginx", "mysql")
    code = (
        "from wodesk.ui.theme import LIGHT, series_color\n"
        f"print(*[series_color(LIGHT, name) for name in {names!r}])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == [series_color(LIGHT, name) for name in names]


@THEMES
def test_no_two_dimensions_of_a_chart_look_alike(theme: Theme) -> None:
    for chart in load_page("server").charts:
        looks = looks_of(chart.dimensions)
        colors = {look_color(theme, looks[name]) for name in chart.dimensions}
        assert len(colors) == len(chart.dimensions), chart.id


def test_the_palette_is_that_of_the_theme(qapp: QApplication) -> None:
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
        assert qapp.palette().color(QPalette.ColorRole.Text) == QColor(theme.text)
    qapp.setStyleSheet("")


@THEMES
def test_the_entry_that_is_chosen_of_an_open_list_can_be_read(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, theme)
    box = QComboBox()
    box.addItems(["dimension", "instance"])
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    view = box.view()
    row = view.visualRect(view.model().index(0, 0))
    image = view.viewport().grab(row).toImage().convertToFormat(QImage.Format.Format_RGB32)
    box.hidePopup()
    qapp.setStyleSheet("")
    # The style shades it.
    ground = count_color(image, theme.accent, near=40)
    assert ground > image.width() * image.height() / 2
    assert count_color(image, theme.on_accent, near=40) > 10


def test_digits_have_one_width_and_small_text_can_be_read(qapp: QApplication) -> None:
    font = scaled(QFont(), 0.01)
    assert font.pointSizeF() >= 6.0
    assert font.isFeatureSet(QFont.Tag("tnum"))


@pytest.mark.parametrize("kind", [QScrollArea, QTableView, QPlainTextEdit, QTreeView])
def test_what_scrolls_has_the_same_slim_bars(
    qtbot: QtBot, qapp: QApplication, kind: type[QAbstractScrollArea]
) -> None:
    apply_theme(qapp, LIGHT)
    shown = kind()
    qtbot.addWidget(shown)
    shown.show()
    assert shown.verticalScrollBar().sizeHint().width() == 2 * GRID
    assert shown.horizontalScrollBar().sizeHint().height() == 2 * GRID
