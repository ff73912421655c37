"""Charts as images: pixels and vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from tests.ui.given import LOAD, as_array, count_color, series
from tests.ui.sights import NOON, cpu, sight
from wodesk.ui.chart_image import Print, image_of, page_size, svg_of
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.sight import Sight
from wodesk.ui.theme import DARK, LIGHT, Mark, Theme, series_color
from wodesk.ui.units import DASH

SIZE = QSize(800, 300)
SVG = "{http://www.w3.org/2000/svg}"


def of_one(one: Sight | None = None, theme: Theme = LIGHT, size: QSize = SIZE) -> Print:
    return Print((sight() if one is None else one,), theme, size)


def texts_in(svg: bytes) -> list[str]:
    # It is our own file.
    root = ElementTree.fromstring(svg)  # noqa: S314
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_an_image_has_its_size_its_theme_and_its_curves(
    qapp: QApplication, theme: Theme, scale: float
) -> None:
    image = image_of(of_one(theme=theme), scale)
    assert (image.width(), image.height()) == (800 * scale, 300 * scale)
    assert image.pixelColor(1, 1) == QColor(theme.surface)
    curve = count_color(image, series_color(theme, "user"))
    assert curve > 0.5 * 600 * scale


def test_a_plot_fills_its_room_up_to_the_legend(qapp: QApplication) -> None:
    image = image_of(of_one())
    grid = as_array(image)
    line = QColor(series_color(LIGHT, "system"))
    there = (grid[:, :, :3] == [line.blue(), line.green(), line.red()]).all(axis=2)
    columns = there.any(axis=0).nonzero()[0]
    assert columns.min() < 80
    # Besides the swatch in the legend, which is further to the right.
    assert 570 < columns[columns < 620].max() < 615


def test_a_vector_image_says_in_text_what_it_is_of(qapp: QApplication) -> None:
    texts = texts_in(svg_of(of_one(sight(zone=ZoneInfo("Europe/Paris")))))
    whole = " | ".join(texts)
    assert "CPU" in texts
    assert f"web1  ·  2026-11-28 12:55 {DASH} 13:00 (Europe/Paris, UTC+01:00)" in whole
    assert {"user", "system", "100", "0"} <= set(texts)


def test_a_vector_image_has_lines_and_no_pixels(qapp: QApplication) -> None:
    marked = replace(sight(), marks=(ChartMark(NOON - 100, Mark.CRITICAL, "worse"),))
    svg = svg_of(of_one(marked))
    assert b"<image" not in svg
    assert svg.count(b"<polyline") > 5
    renderer = QSvgRenderer(svg)
    assert renderer.isValid()
    assert (renderer.defaultSize().width(), renderer.defaultSize().height()) == (800, 300)
    assert LIGHT.marks[Mark.CRITICAL].lower().encode() in svg.lower()


def test_what_is_too_long_for_a_line_under_the_title_has_two(qapp: QApplication) -> None:
    one = sight(zone=ZoneInfo("Europe/Paris"))
    texts = texts_in(svg_of(of_one(one, size=QSize(420, 200))))
    (where,) = [text for text in texts if "web1" in text]
    assert where.endswith("(Europe/Paris, UTC+01:00)")
    assert any(text.startswith(one.row_words()) for text in texts)


def test_a_low_chart_has_its_legend_beside_it_and_a_high_one_below(qapp: QApplication) -> None:
    images = [image_of(of_one(size=QSize(460, height))) for height in (200, 420)]
    swatch = series_color(LIGHT, "user")
    beside, below = (
        [count_color(image, swatch, columns=columns) for image in images]
        for columns in (range(280, 296), range(14, 28))
    )
    assert beside[0] >= 64 > beside[1]
    assert below[1] >= 64 > below[0]


def test_the_plots_of_a_page_have_their_legends_on_one_side(qapp: QApplication) -> None:
    names = ("user", "system", "nice", "iowait")
    sights = (sight(cpu(names=names)), sight())
    image = image_of(Print(sights, LIGHT, page_size(sights, 1, 500, 230), "Overview", 1))
    swatches = count_color(image, series_color(LIGHT, "user"), columns=range(300, 320))
    assert swatches >= 2 * 64


def test_lines_end_where_the_plot_does(qapp: QApplication) -> None:
    # More samples than the window shows: a plot that does not clip would draw over its numbers.
    svg = svg_of(of_one(sight(cpu(600))))
    assert re.search(rb'clip-path="url\(#', svg)


def test_hostile_names_are_text_in_an_image(qapp: QApplication) -> None:
    hostile = "<script>alert(1)</script>&\u202e"
    one = sight(cpu(names=(hostile, "x")))
    one = replace(one, name='"><img src=x>', spec=replace(one.spec, title="</text><a>"))
    svg = svg_of(of_one(one))
    assert b"<script" not in svg
    assert b"<img" not in svg
    assert b"\xe2\x80\xae" not in svg
    assert any("</text><a>" in text for text in texts_in(svg))


def test_a_page_has_all_of_its_charts_under_one_heading(qapp: QApplication) -> None:
    load = series(
        {"load1": [1.0] * 60},
        units="load",
        every=5.0,
        times=[NOON - 5 * i for i in range(59, -1, -1)],
    )
    sights: Sequence[Sight] = (sight(), sight(load, LOAD), sight())
    size = page_size(sights, 2, 1000, 200)
    wanted = Print(tuple(sights), DARK, size, "Overview of web1", 2)
    texts = texts_in(svg_of(wanted))
    assert texts.count("CPU") == 2
    assert "Load" in texts
    assert "Overview of web1" in texts
    assert sum(f"2026-11-28 11:55 {DASH} 12:00" in text for text in texts) == 1
    image = image_of(wanted)
    assert (image.width(), image.height()) == (size.width(), size.height())
    assert image.pixelColor(1, 1) == QColor(DARK.window)
    assert count_color(image, series_color(DARK, "load1")) > 300


def test_a_window_without_values_says_so(qapp: QApplication) -> None:
    texts = texts_in(svg_of(of_one(sight(series({"user": []}, times=[])))))
    assert "No values in this window" in texts


@pytest.mark.parametrize("size", [QSize(200, 120), QSize(400, 300)])
def test_a_small_image_has_its_legend_below(qapp: QApplication, size: QSize) -> None:
    texts = texts_in(svg_of(of_one(size=size)))
    assert {"user", "system"} <= set(texts)
    assert isinstance(image_of(of_one(size=size)), QImage)


def test_painting_leaves_no_widget(qapp: QApplication) -> None:
    before = len(QApplication.topLevelWidgets())
    image_of(of_one())
    assert len([one for one in QApplication.topLevelWidgets() if one.isVisible()]) <= before
