"""No two lines of a chart look the same, and a name looks the same wherever it can."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import as_array, count_color, pixels, series
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.chart import Chart
from wodesk.ui.looks import COLORS, looks_of, own_look
from wodesk.ui.picture import picture
from wodesk.ui.theme import LIGHT, apply_theme, look_color

SERVICES = tuple(f"service{number}" for number in range(40))
LINES = ChartSpec("x", "x", "x", Style.LINES, Reading.GREATEST)
START = 1_700_000_040.0


def alike(count: int) -> tuple[str, ...]:
    """So many names that would all like to have the same colour."""
    names = (f"veth{number}" for number in range(10_000))
    return tuple([name for name in names if own_look(name) == 0][:count])


@pytest.mark.parametrize("names", [SERVICES, alike(2), alike(20), ("guest", "guest_nice"), ()])
def test_no_two_lines_look_alike(names: tuple[str, ...]) -> None:
    looks = looks_of(names)
    assert set(looks) == set(names)
    assert sorted(looks.values()) == sorted(set(looks.values()))


@pytest.mark.parametrize("count", [2, COLORS, COLORS + 1, 40])
def test_colours_are_used_up_before_shades_and_dashes(count: int) -> None:
    shades = sorted(look // COLORS for look in looks_of(SERVICES[:count]).values())
    assert shades == [number // COLORS for number in range(count)]


def test_a_name_looks_the_same_in_every_chart_where_no_other_wants_its_colour() -> None:
    lonely, rival = alike(1)[0], "system"
    assert own_look(lonely) != own_look(rival)
    assert looks_of((lonely,))[lonely] == looks_of((rival, lonely))[lonely] == own_look(lonely)


def test_a_dimension_that_everybody_knows_goes_before_others() -> None:
    assert looks_of((*alike(3), "user"))["user"] == own_look("user")


def test_the_order_of_the_lines_does_not_matter() -> None:
    mixed = list(SERVICES)
    random.Random(7).shuffle(mixed)
    assert looks_of(tuple(mixed)) == looks_of(SERVICES)


def chart_of(qtbot: QtBot, names: tuple[str, ...]) -> Chart:
    """A chart on screen with a flat line for each name, none of them on another."""
    chart = Chart(LINES, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    times = np.arange(START - 299, START + 1)
    values = {name: [10.0 + 7.0 * place] * 300 for place, name in enumerate(names)}
    chart.show_picture(picture(LINES, series(values, times=times)), 300, START, START - 400)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def test_two_lines_of_one_colour_are_drawn_in_two(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    names = alike(2)
    drawn = pixels(chart_of(qtbot, names))
    for name in names:
        assert count_color(drawn, look_color(LIGHT, looks_of(names)[name])) > 300


def test_what_has_no_colour_of_its_own_is_dashed(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    names = SERVICES[: COLORS + 1]
    looks = looks_of(names)
    chart = chart_of(qtbot, names)
    grid = as_array(pixels(chart))[:, :, :3]

    def columns(look: int) -> int:
        wanted = QColor(look_color(LIGHT, look))
        same = (grid == (wanted.blue(), wanted.green(), wanted.red())).all(axis=2)
        return int(same.any(axis=0).sum())

    solid, dashed = (columns(choose(looks.values())) for choose in (min, max))
    assert 0.5 * solid < dashed < 0.85 * solid
