"""A chart as a person sees it: its pixels, its numbers and its words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import (
    CPU,
    DB,
    HOST,
    LOAD,
    NAN,
    NOTHING,
    WEB,
    child,
    count_color,
    frame,
    pixels,
    series,
)
from wodesk.models.event import Connected
from wodesk.models.metric import Series, Watch, Window
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.card import Card
from wodesk.ui.card_explanation import CardExplanation
from wodesk.ui.chart import Chart
from wodesk.ui.large_number import LargeNumber
from wodesk.ui.legend import Legend
from wodesk.ui.store import Store
from wodesk.ui.text import ElidedLabel, PlainLabel
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme, series_color

NET = ChartSpec(
    id="network",
    title="Network",
    context="system.net",
    style=Style.MIRRORED,
    reading=Reading.BOTH,
    dimensions=("received", "sent"),
    short_names=("↓", "↑"),
)
BLUE = series_color(LIGHT, "load1")
MakeCard = Callable[..., Card]


@pytest.fixture
def make_card(qtbot: QtBot, qapp: QApplication) -> MakeCard:
    """Shows a card of its own, in the light theme."""

    def make(spec: ChartSpec = LOAD, *, seconds: int = 300, theme: Theme = LIGHT) -> Card:
        apply_theme(qapp, theme)
        store = Store()
        store.set_servers([WEB])
        store.apply(Connected(WEB.id, HOST))
        card = Card(spec, store, theme)
        card.store = store  # type: ignore[attr-defined]
        store.frame_changed.connect(card.refresh)
        qtbot.addWidget(card)
        card.resize(760, 200)
        card.show_window(WEB.id, Window(seconds))
        with qtbot.waitExposed(card):
            card.show()
        return card

    return make


def give(card: Card, samples: Series, *, age: float = 0.0, place: int = 0) -> Watch:
    """Let the store have samples for one of the watches of a card."""
    watch = card.watches()[place]
    card.store.apply(frame(watch, samples, age=age))  # type: ignore[attr-defined]
    return watch


def chart_of(card: Card) -> Chart:
    """The plot."""
    return child(card, Chart)


def texts(card: Card) -> list[str]:
    """The words on the card that can be seen."""
    labels: list[PlainLabel | ElidedLabel | LargeNumber] = [
        *card.findChildren(LargeNumber),
        *card.findChildren(PlainLabel),
        *card.findChildren(ElidedLabel),
    ]
    return [label.text() for label in labels if label.isVisible() and label.text()]


def time_at(qtbot: QtBot, chart: Chart, x: int) -> float:
    """The time that the pointer tells at a column of the plot."""
    told: list[float | None] = []
    chart.hovered.connect(told.append)
    QTest.mouseMove(chart.viewport(), QPoint(x + 1, 60))
    QTest.mouseMove(chart.viewport(), QPoint(x, 60))
    qtbot.waitUntil(lambda: bool(told) and told[-1] is not None)
    chart.hovered.disconnect(told.append)
    found = told[-1]
    assert found is not None
    return found


def column_at(qtbot: QtBot, chart: Chart, moment: float) -> int:
    """The column of the plot at which a time is drawn."""
    left, right = 100, chart.width() - 60
    first, last = time_at(qtbot, chart, left), time_at(qtbot, chart, right)
    return int(left + (moment - first) * (right - left) / (last - first))


def flat(
    level: float = 2.0,
    *,
    missing: tuple[float, float] | None = None,
    end: float | None = None,
) -> Series:
    """Five minutes of load, one row each five seconds, perhaps with rows missing."""
    newest = (time.time() if end is None else end) // 5 * 5
    times = newest - 5 * np.arange(60)[::-1]
    if missing is not None:
        times = times[(times < newest - missing[0]) | (times > newest - missing[1])]
    return series({"load1": [level] * times.size}, units="load", every=5.0, times=times)


def test_a_line_is_drawn_in_the_colour_of_its_dimension(make_card: MakeCard) -> None:
    card = make_card()
    before = count_color(pixels(chart_of(card)), BLUE)
    give(card, flat())
    width = chart_of(card).plot_width()
    assert before == 0
    assert count_color(pixels(chart_of(card)), BLUE) > 0.9 * width


def test_a_gap_has_no_line(qtbot: QtBot, make_card: MakeCard) -> None:
    card = make_card()
    samples = flat(missing=(200, 100))
    give(card, samples)
    chart = chart_of(card)
    newest = samples.newest
    assert newest is not None
    start = column_at(qtbot, chart, newest - 200) + 12
    end = column_at(qtbot, chart, newest - 100) - 12
    chart.hovered.emit(None)
    card.show_crosshair(None)
    image = pixels(chart)
    assert end - start > 80
    assert count_color(image, BLUE, columns=range(start, end)) == 0
    assert count_color(image, BLUE, columns=range(end + 30, end + 130)) >= 95
    assert count_color(image, BLUE, columns=range(start - 130, start - 30)) >= 95


def test_a_row_of_nulls_is_a_gap_like_a_row_that_is_missing(make_card: MakeCard) -> None:
    card = make_card()
    samples = flat()
    values = [2.0] * 20 + [NAN] * 20 + [2.0] * 20
    give(card, series({"load1": values}, units="load", every=5.0, times=samples.times))
    drawn = count_color(pixels(chart_of(card)), BLUE)
    assert 0.5 < drawn / chart_of(card).plot_width() < 0.75


def test_a_lone_value_between_gaps_can_be_seen(make_card: MakeCard) -> None:
    card = make_card()
    samples = flat()
    values = [NAN] * 30 + [2.0] + [NAN] * 29
    give(card, series({"load1": values}, units="load", every=5.0, times=samples.times))
    assert count_color(pixels(chart_of(card)), BLUE) >= 4


def test_stale_data_are_paler_and_say_their_age(make_card: MakeCard) -> None:
    card = make_card()
    give(card, flat())
    fresh = count_color(pixels(chart_of(card)), BLUE)
    give(card, flat(end=time.time() - 100), age=100)
    image = pixels(chart_of(card))
    pale = "#99C7E0"  # two fifths of the blue on white
    assert fresh > 300
    assert count_color(image, BLUE) == 0
    # A third of the window has no samples yet, and to which pixel depends on the moment.
    assert count_color(image, pale, near=3) > fresh * 0.6
    assert any(text.startswith("stale: 2\N{NARROW NO-BREAK SPACE}min old") for text in texts(card))


def test_data_that_come_again_are_as_they_were(make_card: MakeCard) -> None:
    card = make_card()
    give(card, flat(end=time.time() - 100), age=100)
    assert any("stale" in text for text in texts(card))
    give(card, flat())
    assert count_color(pixels(chart_of(card)), BLUE) > 300
    assert not any("stale" in text for text in texts(card))


def test_layers_fill_the_room_between_their_borders(make_card: MakeCard) -> None:
    card = make_card(CPU)
    newest = time.time() // 1
    times = newest - np.arange(300)[::-1]
    give(card, series({"user": [60.0] * 300, "system": [20.0] * 300}, times=times))
    chart = chart_of(card)
    image = pixels(chart)
    # 150 of 255 of the colour on white.
    filled = {"user": "#69AED3", "system": "#E19B69"}
    user, system = (count_color(image, filled[name], near=4) for name in ("user", "system"))
    assert user > 0.4 * chart.plot_width() * 100
    assert user / system == pytest.approx(3.0, rel=0.15)


def test_what_is_sent_is_below_the_middle_and_what_is_received_above(make_card: MakeCard) -> None:
    card = make_card(NET)
    newest = time.time() // 1
    times = newest - np.arange(300)[::-1]
    give(
        card,
        series({"received": [80.0] * 300, "sent": [80.0] * 300}, units="kilobits/s", times=times),
    )
    chart = chart_of(card)
    image = pixels(chart)
    half = chart.height() // 2 - 8
    upper, lower = image.copy(0, 0, chart.width(), half), image.copy(0, half, chart.width(), half)
    down, up = series_color(LIGHT, "received"), series_color(LIGHT, "sent")
    assert count_color(upper, down) > 300
    assert count_color(lower, down) < 5
    assert count_color(lower, up) > 300
    assert count_color(upper, up) < 5


def test_the_beginning_of_history_is_drawn_and_named(make_card: MakeCard) -> None:
    card = make_card()
    newest = time.time() // 5 * 5
    give(
        card,
        series(
            {"load1": [1.0] * 20},
            units="load",
            every=5.0,
            times=newest - 5 * np.arange(20)[::-1],
            first_entry=newest - 100,
        ),
    )
    without = make_card()
    give(
        without,
        series(
            {"load1": [1.0] * 20},
            units="load",
            every=5.0,
            times=newest - 5 * np.arange(20)[::-1],
        ),
    )
    muted = LIGHT.muted
    assert count_color(pixels(chart_of(card)), muted, near=40) > (
        count_color(pixels(chart_of(without)), muted, near=40) + 40
    )


def test_a_theme_is_changed_while_data_are_shown(make_card: MakeCard) -> None:
    card = make_card()
    give(card, flat())
    card.set_theme(DARK)
    image = pixels(chart_of(card))
    assert count_color(image, BLUE) == 0
    assert count_color(image, series_color(DARK, "load1")) > 300
    assert count_color(image, DARK.surface) > 0.5 * image.width() * image.height()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_card_has_title_number_and_legend(make_card: MakeCard, theme: Theme) -> None:
    card = make_card(theme=theme)
    give(card, flat(1.25))
    assert "Load" in texts(card)
    assert "1.25" in texts(card)
    legend = child(card, Legend)
    ((color, name, value),) = [(row.color, row.name, row.value) for row in legend.rows()]
    assert (color, name, value) == (series_color(theme, "load1"), "load1", "1.25")


def test_a_card_waits_for_its_first_values(make_card: MakeCard) -> None:
    card = make_card()
    assert "Waiting for the first values" in texts(card)
    assert not card.has_data()


def test_that_there_are_no_values_is_told_in_the_middle_of_the_plot(make_card: MakeCard) -> None:
    card = make_card()
    give(card, series({"load1": []}, units="load", every=5.0))
    words = next(one for one in card.findChildren(PlainLabel) if one.text().startswith("No"))
    chart = chart_of(card)
    middle = words.mapTo(card, words.rect().center()).x() - chart.x()
    assert abs(middle - (chart.axis_width() + chart.width()) / 2) <= 1


def test_what_is_waited_for_is_told_in_the_middle_of_the_card(make_card: MakeCard) -> None:
    card = make_card()
    words = next(one for one in card.findChildren(PlainLabel) if one.text().startswith("Waiting"))
    assert abs(words.mapTo(card, words.rect().center()).x() - card.rect().center().x()) <= 1
    card.resize(600, 200)
    assert abs(words.mapTo(card, words.rect().center()).x() - card.rect().center().x()) <= 1
    assert card.rect().contains(words.rect().translated(words.mapTo(card, QPoint(0, 0))))


def test_a_context_that_the_agent_does_not_have_is_named(make_card: MakeCard) -> None:
    card = make_card()
    give(card, NOTHING)
    assert "This agent does not measure system.load" in texts(card)
    assert not card.has_data()


def test_an_explanation_takes_all_of_the_card_and_can_be_copied(make_card: MakeCard) -> None:
    card = make_card()
    explanation = child(card, CardExplanation)
    assert not explanation.isVisible()
    give(card, NOTHING)
    card.refresh()
    assert explanation.isVisible()
    assert explanation.textInteractionFlags() == Qt.TextInteractionFlag.TextSelectableByMouse
    for covered in (card.chart, child(card, Legend)):
        assert explanation.geometry().contains(covered.geometry())
    assert explanation.geometry().top() > card.head().top()
    assert "system.load" in explanation.toolTip()
    give(card, flat())
    assert not explanation.isVisible()


def test_what_was_not_measured_in_the_past_may_be_now(make_card: MakeCard) -> None:
    """As of a window that is resumed, before anything is known of the metric."""
    card = make_card()
    card.show_window(WEB.id, Window(300, 1_700_000_000.0))
    give(card, NOTHING)
    assert "No values in this window" in texts(card)
    assert not any("does not measure" in text for text in texts(card))
    card.show_window(WEB.id, Window(300))
    give(card, NOTHING)
    assert any("does not measure" in text for text in texts(card))
    card.show_window(WEB.id, Window(300, 1_700_000_000.0))
    give(card, NOTHING)
    assert any("does not measure" in text for text in texts(card))


def test_a_window_without_values_says_so(make_card: MakeCard) -> None:
    card = make_card()
    give(card, series({"load1": []}, units="load", every=5.0))
    assert "No values in this window yet" in texts(card)


def test_a_chart_whose_context_comes_back_is_a_chart_again(make_card: MakeCard) -> None:
    card = make_card()
    give(card, NOTHING)
    give(card, flat())
    assert not any("does not measure" in text for text in texts(card))
    assert card.has_data()


def test_a_coarse_history_takes_its_current_values_from_the_last_minute(
    make_card: MakeCard,
) -> None:
    card = make_card(CPU, seconds=86400)
    history, now = card.watches()
    assert history.bucket >= 60
    assert (now.window.seconds, now.bucket) == (60, 1)
    give(card, series({"user": [10.0] * 100}, every=float(history.bucket)))
    give(card, series({"user": [42.0] * 60}), place=1)
    assert any("42.0" in text for text in texts(card))


def test_a_window_that_stands_still_asks_for_no_live_values_and_is_not_stale(
    make_card: MakeCard,
) -> None:
    card = make_card(CPU, seconds=300)
    before = time.time() - 7200
    card.show_window(WEB.id, Window(86400, before))
    (watch,) = card.watches()
    assert watch.window.before == pytest.approx(before, abs=watch.bucket)
    times = before // 300 * 300 - 300 * np.arange(200)[::-1]
    give(card, series({"user": [10.0] * 200}, every=300.0, times=times), age=100)
    assert not any("stale" in text for text in texts(card))
    assert card.has_data()


def test_what_is_known_is_shown_until_the_window_that_is_asked_for_is_there(
    make_card: MakeCard,
) -> None:
    card = make_card()
    live = give(card, flat(1.0))
    card.show_window(WEB.id, Window(300, time.time()))
    assert card.has_data()
    assert not card.is_answered()
    assert not card.wants(live)
    assert "1.00" in texts(card)
    give(card, flat(2.0))
    card.refresh()
    assert card.is_answered()
    assert "2.00" in texts(card)


def test_nothing_of_one_server_is_shown_for_another(make_card: MakeCard) -> None:
    card = make_card()
    give(card, flat(1.0))
    card.show_window(DB.id, Window(300))
    assert not card.has_data()
    assert "1.00" not in texts(card)


def test_the_values_under_the_pointer_are_those_of_its_time(
    qtbot: QtBot, make_card: MakeCard
) -> None:
    card = make_card()
    newest = time.time() // 5 * 5
    times = newest - 5 * np.arange(60)[::-1]
    give(card, series({"load1": list(range(60))}, units="load", every=5.0, times=times))
    chart = chart_of(card)
    chart.hovered.connect(card.show_crosshair)
    moment = time_at(qtbot, chart, chart.width() // 2)
    legend = child(card, Legend)
    wanted = int(np.searchsorted(times, moment))
    assert float(legend.rows()[0].value) == wanted
    assert f"at {datetime.fromtimestamp(moment):%H:%M:%S}" in texts(card)
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert float(legend.rows()[0].value) == 59
    assert not any(text.startswith("at ") for text in texts(card))


def test_the_wheel_over_a_plot_is_left_to_the_page(make_card: MakeCard) -> None:
    card = make_card()
    chart = chart_of(card)
    turn = QWheelEvent(
        QPointF(200, 60),
        QPointF(chart.viewport().mapToGlobal(QPoint(200, 60))),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chart.viewport(), turn)
    assert not turn.isAccepted()


def test_a_chart_tells_a_screen_reader_what_it_shows(qtbot: QtBot, make_card: MakeCard) -> None:
    card = make_card()
    assert "no data yet" in card.summary()
    give(card, flat(1.25))
    chart = chart_of(card)
    assert chart.accessibleName() == "Load"
    qtbot.waitUntil(lambda: "no data yet" not in chart.accessibleDescription())
    told = chart.accessibleDescription()
    assert told.startswith("Load 1.25. Load of web1, last 5 minutes: load1 average 1.25, maximum ")


def test_absurd_numbers_do_not_break_a_chart(make_card: MakeCard) -> None:
    card = make_card()
    for level in (1e308, 1e-308, -1e300, 0.0):
        samples = flat(level)
        values = samples.values[:, 0].tolist()
        values[::7] = [NAN] * len(values[::7])
        give(card, series({"load1": values, "load5": values}, units="load", every=5.0))
        card.grab()


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_layers_of_absurd_numbers_do_not_break_a_chart(make_card: MakeCard) -> None:
    card = make_card(CPU)
    give(card, series({"user": [1.7e308] * 50, "system": [1.7e308] * 50}))
    card.grab()


@pytest.mark.parametrize("width", [1, 60, 200, 4000])
def test_a_card_of_any_width_asks_for_at_most_one_point_a_pixel(
    make_card: MakeCard, width: int
) -> None:
    card = make_card()
    card.resize(width, 200)
    card.grab()
    for watch in card.watches():
        assert watch.points <= max(1, chart_of(card).plot_width(), 60)


def test_before_its_history_a_metric_is_not_called_unmeasured(make_card: MakeCard) -> None:
    """An agent of API v1 answers there as if it had never heard of the context."""
    card = make_card()
    begins = time.time() - 600
    give(card, series({"load1": [1.0]}, first_entry=begins))
    card.show_window(WEB.id, Window(300, begins - 3600))
    give(card, NOTHING)
    card.refresh()
    assert any("History begins" in text for text in texts(card))
    assert not any("does not measure" in text for text in texts(card))
    kept = card.series()
    assert kept is not None
    assert kept.first_entry == begins
    card.show_window(WEB.id, Window(300))
    give(card, NOTHING)
    card.refresh()
    assert any("does not measure" in text for text in texts(card))
