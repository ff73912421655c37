"""Bands, ribbons and earlier windows as pixels: a spike is seen, a gap is not, a tick is exact."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import CPU, LOAD, NOTHING, as_array, count_color, pixels, series
from tests.ui.test_chart import NAMES, NET, SECONDS, START, on_screen, wave
from wodesk.models.arrays import Floats
from wodesk.models.page import ChartSpec
from wodesk.ui.chart import Chart
from wodesk.ui.picture import Past, Picture, past_of, picture
from wodesk.ui.theme import LIGHT, apply_theme, series_color

DAY = 86_400
LOUD = 60_000
AXIS = 60
"""Pixels that the numbers at the left take at most."""
STYLES = pytest.mark.parametrize("spec", [CPU, LOAD, NET], ids=["stacked", "lines", "mirrored"])


@pytest.fixture
def chart(qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest) -> Chart:
    """A chart on screen, of the spec that the test names."""
    apply_theme(qapp, LIGHT)
    chart = Chart(request.getfixturevalue("spec"), LIGHT)
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def day(spec: ChartSpec) -> Picture:
    """A quiet day in averages of two minutes, of which one second was loud and an hour is gone."""
    seconds = np.ones((DAY, 2))
    seconds[LOUD, 0] = 60.0
    buckets = seconds.reshape(DAY // 120, 120, 2)
    layers: dict[str, Floats] = {
        "values": buckets.mean(axis=1),
        "lows": buckets.min(axis=1),
        "highs": buckets.max(axis=1),
        "anomaly": np.where(np.arange(720)[:, None] == LOUD // 120, [30.0, 90.0], 0.0),
    }
    for layer in layers.values():
        layer[300:330] = np.nan
    times: Floats = START - np.arange(0.0, DAY, 120.0)[::-1]
    like = series({name: [0.0] for name in NAMES[spec]}, every=120.0)
    return picture(spec, like.of(times, layers))


def column_of(chart: Chart, row: int) -> float:
    """The pixels from the left to the end of the bucket of a row of the day."""
    before = chart._edge - (START - 120.0 * (DAY // 120 - 1 - row))
    return float(38 + (chart.width() - 42) * (1.0 - before / DAY))


def differing(one: QImage, other: QImage) -> list[int]:
    """How many pixels of each column are not the same."""
    counts: list[int] = (as_array(one) != as_array(other)).any(axis=2).sum(axis=0).tolist()
    return counts


@STYLES
def test_one_second_of_a_day_is_a_line_as_high_as_it_was(chart: Chart, spec: ChartSpec) -> None:
    shown = day(spec)
    chart.show_picture(shown, DAY, START, None)
    banded = pixels(chart)
    assert shown.traces[0].upper[LOUD // 120] < 2
    chart.show_picture(replace(shown, bands=()), DAY, START, None)
    columns = differing(banded, pixels(chart))
    loud = max(range(len(columns)), key=columns.__getitem__)
    assert loud == pytest.approx(column_of(chart, LOUD // 120), abs=2)
    # From the quiet lines up to more than half of the plot.
    assert columns[loud] > chart.height() * (0.2 if spec is NET else 0.4)
    assert all(count < 6 for x, count in enumerate(columns) if abs(x - loud) > 3)


@STYLES
def test_a_gap_is_a_gap_of_the_band_the_ribbon_and_the_line(chart: Chart, spec: ChartSpec) -> None:
    chart.show_picture(day(spec), DAY, START, None)
    image = pixels(chart)
    gap = range(int(column_of(chart, 303)), int(column_of(chart, 327)))
    plot = image.copy(gap.start, 8, len(gap), chart.height() - 30)
    ground = {LIGHT.surface, LIGHT.grid, LIGHT.line}
    found = {
        plot.pixelColor(x, y).name().upper() for x in range(len(gap)) for y in range(plot.height())
    }
    assert found <= ground


@STYLES
def test_the_band_of_a_lone_row_begins_where_history_does(chart: Chart, spec: ChartSpec) -> None:
    names = NAMES[spec]
    like = series({name: [9.0] for name in names}, every=600.0, times=[START - 900])
    layers = {"values": like.values, "lows": like.values - 8, "highs": like.values + 30}
    shown = picture(spec, like.of(like.times, layers))
    drawn = []
    for one in (shown, replace(shown, bands=()), picture(spec, NOTHING)):
        chart.show_picture(one, 3600, START, START - 1000)
        drawn.append(pixels(chart))
    band, line = (
        [x for x, count in enumerate(differing(*pair)) if count and x > AXIS]
        for pair in (drawn[:2], drawn[1:])
    )
    assert len(band) in range(8, 16)
    assert (band[0], band[-1]) == pytest.approx((line[0], line[-1]), abs=1)


@STYLES
def test_what_is_unusual_is_on_the_ribbon_below_the_plot(chart: Chart, spec: ChartSpec) -> None:
    shown = day(spec)
    chart.show_picture(shown, DAY, START, None)
    assert count_color(pixels(chart), LIGHT.anomaly) in range(3, 13)
    chart.show_picture(replace(shown, anomaly=None), DAY, START, None)
    assert count_color(pixels(chart), LIGHT.anomaly) == 0


def live(spec: ChartSpec, now: float, past: Past) -> Picture:
    """The last minutes with bands around them, some of it unusual, beside the same of yesterday."""
    times = np.arange(now - SECONDS + 1, now + 1)
    values = {name: wave(place, times).tolist() for place, name in enumerate(NAMES[spec])}
    samples = series(values, times=times)
    around = 1.0 + times[:, None] % 3
    layers = samples.layers() | {
        "lows": samples.values - around,
        "highs": samples.values + around,
        "anomaly": np.where(times[:, None] % 9 < 4, [10.0, 80.0], 0.0),
    }
    layers["values"] = np.where(times[:, None] % 31 < 3, np.nan, samples.values)
    return picture(spec, samples.of(times, layers)).beside(past)


@STYLES
def test_ticks_leave_the_same_pixels_as_a_whole_painting(
    qapp: QApplication, chart: Chart, spec: ChartSpec
) -> None:
    then = np.arange(START - SECONDS, START + SECONDS) - DAY
    values = {name: wave(place + 1, then).tolist() for place, name in enumerate(NAMES[spec])}
    past = past_of(picture(spec, series(values, times=then)), DAY)
    for second in range(14):
        chart.show_picture(live(spec, START + second, past), SECONDS, START + second, None)
        ticked = on_screen(qapp, chart)
        chart.viewport().update()
        whole = on_screen(qapp, chart)
        place = chart.viewport().rect().adjusted(60, 0, 0, 0)
        assert ticked.copy(place) == whole.copy(place), second


@STYLES
def test_an_earlier_window_is_dashed_in_the_same_colours(chart: Chart, spec: ChartSpec) -> None:
    times = START - np.arange(SECONDS)[::-1]
    flat = {name: [20.0] * SECONDS for name in NAMES[spec]}
    low = {name: [1.0] * SECONDS for name in NAMES[spec]}
    past = past_of(picture(spec, series(flat, times=times - DAY)), DAY)
    shown = picture(spec, series(low, times=times)).beside(past)
    chart.show_picture(shown, SECONDS, START, None)
    dashed = pixels(chart)
    chart.show_picture(replace(shown, past=None), SECONDS, START, None)
    name = None if spec is CPU else NAMES[spec][0 if spec is NET else 1]
    color = LIGHT.text if name is None else series_color(LIGHT, name)
    width = chart.width() - 42
    more = count_color(dashed, color) - count_color(pixels(chart), color)
    assert width * 0.6 < more < width * 0.85
