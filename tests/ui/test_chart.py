"""A plot that paints only what changed looks as one that paints everything."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import CPU, LOAD, NAN, count_color, pixels, series
from wodesk.models.arrays import Floats
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.chart import Chart
from wodesk.ui.chart_traces import Traces
from wodesk.ui.looks import COLORS
from wodesk.ui.picture import picture
from wodesk.ui.theme import LIGHT, apply_theme

NET = ChartSpec(
    id="network",
    title="Network",
    context="system.net",
    style=Style.MIRRORED,
    reading=Reading.BOTH,
    dimensions=("received", "sent"),
    short_names=("↓", "↑"),
)
MANY = ChartSpec("many", "Many", "x.many", Style.LINES, Reading.GREATEST)
"""More lines than there are colours, so that some are dashed."""
NAMES = {
    CPU: ("user", "system"),
    LOAD: ("load1", "load5"),
    NET: ("received", "sent"),
    MANY: tuple(f"line{number}" for number in range(COLORS + 2)),
}
SECONDS = 300
START = 1_700_000_040.0
"""A moment at which the window is about to move, which it does every 6 s."""
Samples = Callable[[float, Floats], Floats]


def wave(phase: float, times: Floats) -> Floats:
    """Values that rise and fall, and fit the axis of their neighbours."""
    return 20.0 + 10.0 * np.sin(times / 5.0 + phase)


def broken(phase: float, times: Floats) -> Floats:
    """Values with gaps in them, and with rows that stand alone."""
    return np.where((times % 7 < 2) | (times % 11 == 5), NAN, wave(phase, times))


def late(phase: float, times: Floats) -> Floats:
    """Values of which the second column begins in the middle."""
    return np.where((times < START + 8) & (phase > 0), 0.0, wave(phase, times))


def down(phase: float, times: Floats) -> Floats:
    """Values of which those of the second column are below zero."""
    return wave(phase, times) * (-0.5 if phase else 1.0)


def show(chart: Chart, spec: ChartSpec, samples: Samples, now: float) -> None:
    """Let a chart show the last minutes of the samples."""
    times = np.arange(now - SECONDS + 1, now + 1)
    values = {name: samples(place, times).tolist() for place, name in enumerate(NAMES[spec])}
    shown = picture(spec, series(values, times=times))
    chart.show_picture(shown, SECONDS, now, START - 25)


def on_screen(app: QApplication, chart: Chart) -> QImage:
    """What was painted on the screen, without painting anything for it."""
    app.processEvents()
    app.processEvents()
    grabbed: QImage = chart.screen().grabWindow(chart.winId()).toImage()
    return grabbed


def shown_chart(qtbot: QtBot, qapp: QApplication, spec: ChartSpec) -> Chart:
    """A chart that is exposed, and has no picture yet."""
    apply_theme(qapp, LIGHT)
    chart = Chart(spec, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


@pytest.mark.parametrize("samples", [wave, broken, late])
@pytest.mark.parametrize(
    "spec", [CPU, LOAD, NET, MANY], ids=["stacked", "lines", "mirrored", "many"]
)
def test_ticks_leave_the_same_pixels_as_a_whole_painting(
    qtbot: QtBot, qapp: QApplication, spec: ChartSpec, samples: Samples
) -> None:
    chart = shown_chart(qtbot, qapp, spec)
    for second in range(24):
        show(chart, spec, samples, START + second)
        ticked = on_screen(qapp, chart)
        chart.viewport().update()
        whole = on_screen(qapp, chart)
        # At the very left a row that has left the window may stay in sight until the window moves.
        place = chart.viewport().rect().adjusted(60, 0, 0, 0)
        assert ticked.copy(place) == whole.copy(place), second


@pytest.mark.parametrize("samples", [wave, broken, late, down])
def test_layers_look_as_if_each_were_drawn_alone(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, samples: Samples
) -> None:
    chart = shown_chart(qtbot, qapp, CPU)
    show(chart, CPU, samples, START)
    together = on_screen(qapp, chart)
    fill = Traces._fill
    monkeypatch.setattr(Traces, "_fill", lambda *given, is_piled: fill(*given, is_piled=False))
    chart.viewport().update()
    assert together == on_screen(qapp, chart)


def test_a_tick_paints_a_few_seconds_only(qtbot: QtBot, qapp: QApplication) -> None:
    painted: list[float] = []

    class Watched(Traces):
        def paint(
            self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
        ) -> None:
            painted.append(option.exposedRect.width())
            super().paint(painter, option, widget)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wodesk.ui.chart.Traces", Watched)
        chart = Chart(LOAD, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    with qtbot.waitExposed(chart):
        chart.show()
    show(chart, LOAD, wave, START + 1)
    on_screen(qapp, chart)
    assert max(painted) == SECONDS
    painted.clear()
    show(chart, LOAD, wave, START + 2)
    on_screen(qapp, chart)
    assert 1 < max(painted) < 12


@pytest.mark.parametrize("changed", [0, 150, 298])
def test_a_row_that_became_another_is_painted_anew(
    qtbot: QtBot, qapp: QApplication, changed: int
) -> None:
    """The agent corrects what it said, as for a bucket that was not complete."""
    chart = Chart(LOAD, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    with qtbot.waitExposed(chart):
        chart.show()

    def corrected(phase: float, times: Floats) -> Floats:
        return np.where(times == times[changed], 12.0, wave(phase, times))

    show(chart, LOAD, wave, START)
    on_screen(qapp, chart)
    show(chart, LOAD, corrected, START)
    ticked = on_screen(qapp, chart)
    chart.viewport().update()
    assert ticked == on_screen(qapp, chart)


@pytest.mark.parametrize("anomaly", [None, 50.0])
def test_a_tick_leaves_the_axis_alone(
    qtbot: QtBot, qapp: QApplication, anomaly: float | None
) -> None:
    chart = Chart(CPU, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(629, 250)
    times = np.arange(START - SECONDS + 1, START + 1)
    shown = series({name: wave(0, times).tolist() for name in NAMES[CPU]}, times=times)
    if anomaly is not None:
        shown = shown.of(times, shown.layers() | {"anomaly": np.full_like(shown.values, anomaly)})
    chart.show()
    chart.show_picture(picture(CPU, shown), SECONDS, START, None)
    qapp.processEvents()
    painted = chart.mapToScene(chart._since(-2.0)).boundingRect()
    assert not painted.intersects(chart._time.sceneBoundingRect())
    ribbon = chart._ribbon.sceneBoundingRect()
    assert (painted.bottom() >= ribbon.bottom()) is (anomaly is not None)


def test_a_plot_is_empty_until_there_is_a_picture(qtbot: QtBot, qapp: QApplication) -> None:
    drawn = pixels(shown_chart(qtbot, qapp, CPU))
    assert count_color(drawn, LIGHT.surface) == drawn.width() * drawn.height()
