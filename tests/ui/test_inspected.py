"""Charts of a window with their statistics beside them, beside an earlier window, in any unit."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import WEB, child, frame, full
from tests.ui.test_chart_menu import opened_menu
from wodesk.models.earlier import Earlier
from wodesk.models.measures import Prefixes, Traffic
from wodesk.models.metric import Watch
from wodesk.models.preferences import Preferences
from wodesk.ui.chart_menu import Entry, Part
from wodesk.ui.inspector import WIDTH, Inspector
from wodesk.ui.legend import Legend
from wodesk.ui.pages.chart_grid import Wish
from wodesk.ui.pages.selection_bar import SelectionBar
from wodesk.ui.readout import Readout
from wodesk.ui.server_area import ServerArea
from wodesk.ui.text import ElidedLabel

DAY = 86_400


@pytest.fixture
def fed(shown: Shown) -> Shown:
    """A window whose charts have their samples."""
    shown.connect()
    shown.feed()
    return shown


def area(shown: Shown) -> ServerArea:
    return child(shown.window, ServerArea)


def compared(shown: Shown) -> Earlier:
    """With what the window is compared."""
    return area(shown).looking.manner.earlier


def panel(shown: Shown) -> Inspector | None:
    found = shown.window.findChildren(Inspector)
    return found[0] if found and found[0].isVisible() else None


def titles(shown: Shown) -> list[str]:
    """The titles in the panel, in their order."""
    found = panel(shown)
    assert found is not None
    model = child(found, QTableView).model()
    texts = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    known = {card.spec.title for card in shown.cards}
    return [text for text in texts if text in known]


def notes(shown: Shown, id: str) -> str:
    """All that is said beside the title of a card."""
    return " ".join(label.text() for label in shown.card(id).findChildren(ElidedLabel))


def of_network(watches: tuple[Watch, ...]) -> list[Watch]:
    return [w for w in watches if w.server == WEB.id and w.metric.context == "system.net"]


def test_a_key_opens_the_statistics_of_what_is_seen_and_closes_them(
    qtbot: QtBot, fed: Shown
) -> None:
    before = fed.watches
    QTest.keyClick(fed.window, Qt.Key.Key_I)
    assert titles(fed) == [card.spec.title for card in fed.cards]
    qtbot.waitUntil(lambda: set(fed.watches) >= set(area(fed).inspected.watches()))  # type: ignore[union-attr]
    QTest.keyClick(fed.window, Qt.Key.Key_I)
    assert panel(fed) is None
    qtbot.waitUntil(lambda: set(fed.watches) <= set(before))


def test_the_statistics_of_a_selection_begin_with_the_card_it_was_made_on(fed: Shown) -> None:
    card = fed.card("network")
    start, end = area(fed).looking.ends()
    inspected = area(fed).inspected
    assert inspected is not None
    fed.page.grid.wanted.emit(Wish.STATISTICS, start + 60, end - 60, card)
    assert titles(fed)[0] == card.spec.title
    for watch in inspected.watches():
        assert watch.window.before is not None
        assert watch.band
    area(fed).looking.clear_selection()
    assert all(watch.window.is_live for watch in inspected.watches())


def test_in_a_narrow_window_the_statistics_take_the_place_of_the_charts(fed: Shown) -> None:
    fed.window.resize(WIDTH + 200, 700)
    QApplication.processEvents()
    QTest.keyClick(fed.window, Qt.Key.Key_I)
    assert panel(fed) is not None
    assert not fed.page.isVisible()
    assert fed.window.width() <= WIDTH + 200
    QTest.keyClick(fed.window, Qt.Key.Key_I)
    assert fed.page.isVisible()


def test_a_long_range_is_asked_for_with_its_extremes_where_the_user_wants_them(
    qtbot: QtBot, fed: Shown
) -> None:
    fed.window.choose_range("24h")
    qtbot.waitUntil(lambda: any(w.window.seconds >= DAY for w in of_network(fed.watches)))
    assert all(w.band and w.anomaly for w in of_network(fed.watches) if w.bucket > 1)
    fed.window.show_manner(Preferences(band=False, anomaly=False))
    qtbot.waitUntil(lambda: not any(w.band or w.anomaly for w in of_network(fed.watches)))


def test_units_change_in_axis_legend_and_headline_at_once(fed: Shown) -> None:
    card = fed.card("network")
    assert "kbit/s" in card.summary()
    fed.window.show_manner(Preferences(traffic=Traffic.BYTES, prefixes=Prefixes.IEC))
    rows = child(card, Legend).rows()
    assert all(row.value.endswith("KiB/s") for row in rows)
    assert "bit/s" not in card.summary()
    assert card.chart.shown_unit() == "KiB/s"


def test_yesterday_is_asked_for_only_while_it_is_wanted_and_named_with_its_date(
    qtbot: QtBot, fed: Shown
) -> None:
    looking = area(fed).looking
    QTest.keyClick(fed.window, Qt.Key.Key_C)
    assert compared(fed) is Earlier.YESTERDAY
    assert "no values of yesterday" in notes(fed, "network")

    def past() -> list[Watch]:
        day = looking.now() - DAY
        known = (w for w in of_network(fed.watches) if w.window.before is not None)
        return [w for w in known if abs(w.window.before - day) < 1000]  # type: ignore[operator]

    qtbot.waitUntil(lambda: len(past()) == 1)
    fed.store.apply(frame(past()[0], full(past()[0], level=900.0)))
    shown = fed.card("network").picture()
    assert shown is not None
    assert shown.past is not None
    assert "dashed: yesterday, " in notes(fed, "network")
    QTest.keyClick(fed.window, Qt.Key.Key_C)
    assert compared(fed) is Earlier.LAST_WEEK
    QTest.keyClick(fed.window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: not past())
    assert "yesterday" not in notes(fed, "network")


def test_the_earlier_value_is_told_at_the_crosshair_of_the_chart_under_the_pointer(
    qtbot: QtBot, fed: Shown
) -> None:
    looking = area(fed).looking
    looking.show_manner(replace(looking.manner, earlier=Earlier.YESTERDAY))
    card = fed.card("network")

    def wanted() -> Watch | None:
        found = [w for w in card.watches() if w.window.before is not None]
        return found[0] if found else None

    watch = wanted()
    assert watch is not None
    fed.store.apply(frame(watch, full(watch, level=900.0)))
    moment = looking.now() - 100
    card.chart.hovered.emit(moment)
    box = child(fed.page.grid, Readout)
    assert box.isVisible()
    words = box.words()
    assert "received" in words
    assert "900" in words
    assert "dashed: yesterday" in words
    card.chart.hovered.emit(None)
    assert not box.isVisible()


def test_a_bar_of_a_selection_and_the_box_at_the_crosshair_are_never_there_together(
    qtbot: QtBot, fed: Shown
) -> None:
    looking, card = area(fed).looking, fed.card("network")
    looking.show_manner(replace(looking.manner, earlier=Earlier.YESTERDAY))
    watch = next(w for w in card.watches() if w.window.before is not None)
    fed.store.apply(frame(watch, full(watch)))
    moment = looking.now() - 100
    card.chart.hovered.emit(moment)
    box = child(fed.page.grid, Readout)
    assert box.isVisible()
    card.chart.gestures.selected.emit(moment - 50, moment)
    assert child(fed.page.grid, SelectionBar).isVisible()
    assert not box.isVisible()
    card.chart.hovered.emit(moment + 1)
    assert not box.isVisible()
    looking.clear_selection()
    card.chart.hovered.emit(moment)
    assert box.isVisible()
    card.menu_wanted.emit(QPoint(0, 0))
    assert not box.isVisible()
    opened_menu(qtbot).close()


def test_the_keyboard_has_the_box_too(fed: Shown) -> None:
    looking, card = area(fed).looking, fed.card("network")
    looking.show_manner(replace(looking.manner, earlier=Earlier.YESTERDAY))
    watch = next(w for w in card.watches() if w.window.before is not None)
    fed.store.apply(frame(watch, full(watch)))
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Left)
    assert "received" in child(fed.page.grid, Readout).words()


def test_the_menu_of_a_chart_opens_its_statistics_and_compares_or_stops_that(fed: Shown) -> None:
    card = fed.card("network")

    def entries() -> dict[str, Entry]:
        charts = fed.window.charts
        assert charts is not None
        return {
            entry.words: entry for part, entry in charts.menu.entries(card) if part is Part.COMPARE
        }

    entries()["&Statistics"].act()
    assert titles(fed)[0] == card.spec.title
    yesterday = "Compare with yesterday"
    assert (entries()[yesterday].is_on, entries()[yesterday].key) == (False, "C")
    entries()[yesterday].act()
    assert entries()[yesterday].is_on
    assert entries()["Compare with a week ago"].key == "C"
    entries()[yesterday].act()
    assert compared(fed) is Earlier.NOTHING
