"""What changed in a stretch of time, from the selection to the charts and back."""

from __future__ import annotations

import time

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui.conftest import Shown
from tests.ui.contexts import CPU, DISKS, FEW, hostile
from tests.ui.given import HOST, WEB, failure, frame, series
from tests.ui.test_hostile_text import EVERY_TEXT
from tests.ui.walking import complaints
from wodesk.models.change import Change, Comparison, ranked
from wodesk.models.errand import Compare, Compared, Declined, Errand, ListContexts, Listed, Outcome
from wodesk.models.event import Brought, Connected
from wodesk.models.metric import Context
from wodesk.ui.pages.changed import AT_ONCE, ChangedPage
from wodesk.ui.pages.chart_grid import Wish
from wodesk.ui.servers import ServerView
from wodesk.ui.text import PlainLabel
from wodesk.ui.trail import Sheet
from wodesk.ui.units import NARROW_SPACE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CPU_CHANGED = Change("system.cpu", "system.cpu", "user", 0.9, 2.0, 41.0)
DISK_CHANGED = Change("disk.io", "disk.sda", "reads", 0.4)


def press(shown: Shown, key: Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget() or shown.window, key, modifier)


def page_of(shown: Shown, seconds: float = 60.0) -> ChangedPage:
    """The page, on screen, of a stretch that ended a minute ago."""
    shown.connect()
    end = time.time() // 1 - 60
    shown.window.area.looking.select(end - seconds, end)
    press(shown, Key.Key_W)
    page = shown.window.navigation.changing.page
    assert page is not None
    return page


def comparison_of(page: ChangedPage) -> Comparison:
    """What it compares."""
    assert page.errand is not None
    return page.errand.comparison


def answer(shown: Shown, page: ChangedPage, *changes: Change) -> None:
    """Let the server tell what changed."""
    bring(shown, page.errand, Compared(ranked(changes)))


def bring(shown: Shown, errand: Errand | None, outcome: Outcome) -> None:
    assert errand is not None
    shown.window.fetches.take(Brought(WEB.id, errand, outcome))


def listed(shown: Shown, *contexts: Context) -> None:
    """Let the server tell what it measures."""
    bring(shown, ListContexts(WEB.id), Listed(contexts or FEW.contexts))


def button(page: ChangedPage, words: str) -> QPushButton:
    """A button that can be seen."""
    found = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    return next(one for one in found if one.text().startswith(words))


def contexts_of(page: ChangedPage) -> list[str]:
    """Of what there are charts."""
    return [card.spec.context for card in page.grid.cards()]


def test_what_changed_most_is_first_and_is_marked(shown: Shown) -> None:
    wanted: list[Errand] = []
    shown.window.fetches.wanted.connect(wanted.append)
    page = page_of(shown)
    comparison = comparison_of(page)
    assert set(wanted) == {ListContexts(WEB.id), Compare(WEB.id, comparison)}
    assert "Asking web1 what changed" in page.view.text()
    listed(shown)
    answer(shown, page, DISK_CHANGED, CPU_CHANGED)
    assert contexts_of(page) == ["system.cpu", "disk.io"]
    looking = shown.window.area.looking
    assert looking.selection == (comparison.start, comparison.end)
    start, end = looking.ends()
    assert start <= comparison.baseline
    assert end >= comparison.end
    remark = "user 2.0 % \N{RIGHTWARDS ARROW} 41.0 %  \N{MIDDLE DOT}  weight 0.90"
    assert page.grid.cards()[0].remark.replace(NARROW_SPACE, " ") == remark
    assert {"system.cpu", "disk.io"} <= {one.metric.context for one in shown.watches}
    assert page.view.text() == "2 metrics changed, most changed first"


def test_a_picture_waits_for_the_list_of_metrics_and_for_the_charts(shown: Shown) -> None:
    page = page_of(shown)
    answer(shown, page, CPU_CHANGED)
    assert not page.is_complete()
    listed(shown)
    assert not page.is_complete()
    page.again()
    bring(shown, page.errand, Declined("It cannot.", ""))
    assert page.is_complete()
    assert "It cannot." in page.problem()


def test_the_bar_at_a_selection_leads_to_it(shown: Shown) -> None:
    shown.connect()
    end = time.time() // 1 - 60
    shown.window.area.looking.select(end - 60, end)
    shown.page.grid.wanted.emit(Wish.CHANGED, end - 60, end, shown.cards[0])
    assert shown.window.navigation.sheet is Sheet.CHANGED


@pytest.mark.parametrize("way", ["escape", "alt left", "button"])
def test_one_goes_back_to_where_one_looked(shown: Shown, way: str) -> None:
    before = shown.window.area.looking.window
    page = page_of(shown)
    listed(shown)
    answer(shown, page, CPU_CHANGED)
    selected = shown.window.area.looking.selection
    focused = QApplication.focusWidget()
    assert focused is not None
    assert page.isAncestorOf(focused)
    if way == "escape":
        press(shown, Key.Key_Escape)
    elif way == "alt left":
        press(shown, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    else:
        button(page, "Back").click()
    assert shown.window.navigation.sheet is Sheet.SERVER
    assert shown.page.isVisible()
    assert not page.isVisible()
    assert shown.window.area.looking.window == before
    assert shown.window.area.looking.selection == selected
    assert QApplication.focusWidget() is shown.window.findChild(ServerView)
    press(shown, Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert contexts_of(page) == ["system.cpu"], "it is not asked for again"
    assert page.isVisible()


def test_the_stretch_stays_marked_when_nothing_else_is_selected(shown: Shown) -> None:
    page = page_of(shown)
    shown.window.area.looking.clear_selection()
    comparison = comparison_of(page)
    assert shown.window.area.looking.selection == (comparison.start, comparison.end)


def test_a_stretch_that_is_too_short_is_widened_and_that_is_said(shown: Shown) -> None:
    page = page_of(shown, 3.0)
    comparison = comparison_of(page)
    assert comparison.end - comparison.start == 15
    assert "3\N{NARROW NO-BREAK SPACE}s were selected" in page.view.head()


def test_asking_can_be_cancelled_and_begun_again(shown: Shown) -> None:
    unwanted: list[Errand] = []
    shown.window.fetches.unwanted.connect(unwanted.append)
    page = page_of(shown)
    button(page, "Cancel").click()
    assert unwanted == [page.errand]
    assert "Not compared" in page.view.text()
    button(page, "Ask again").click()
    assert page.errand is not None
    assert shown.window.fetches.is_open(page.errand)


def test_leaving_asks_no_more(shown: Shown) -> None:
    page = page_of(shown)
    press(shown, Key.Key_Escape)
    assert page.errand is not None
    assert not shown.window.fetches.is_open(page.errand)


def test_nothing_changed_is_said(shown: Shown) -> None:
    page = page_of(shown)
    listed(shown)
    answer(shown, page, replace(CPU_CHANGED, weight=0.0))
    assert "No change was found on web1" in page.view.text()
    assert "or there are no samples" in page.view.text()
    assert contexts_of(page) == []


def test_a_refusal_is_said_with_what_helps(shown: Shown) -> None:
    page = page_of(shown)
    bring(shown, page.errand, Declined("This agent is too old.", "Update it to 1.33."))
    assert "This agent is too old." in page.view.text()
    assert "Update it to 1.33." in page.view.text()
    button(page, "Ask again").click()
    assert "Asking web1" in page.view.text()


def test_without_a_list_of_metrics_the_changes_are_shown_all_the_same(shown: Shown) -> None:
    page = page_of(shown)
    answer(shown, page, CPU_CHANGED)
    assert "Asking web1" in page.view.text()
    bring(shown, ListContexts(WEB.id), Declined("It has no list."))
    assert contexts_of(page) == ["system.cpu"]


def test_many_are_built_on_demand(shown: Shown) -> None:
    contexts = [Context(f"app.{number:02}", "%", dimensions=("a",)) for number in range(30)]
    page = page_of(shown)
    listed(shown, *contexts)
    answer(
        shown, page, *(Change(one.id, one.id, "a", 1 - i / 100) for i, one in enumerate(contexts))
    )
    assert contexts_of(page) == [one.id for one in contexts[:AT_ONCE]]
    button(page, "Show 12 more").click()
    button(page, "Show 6 more").click()
    assert contexts_of(page) == [one.id for one in contexts]
    assert page.view.text() == "30 metrics changed, most changed first"


def test_averages_that_an_agent_of_v1_does_not_tell_are_those_of_the_samples(shown: Shown) -> None:
    page = page_of(shown)
    shown.store.apply(Connected(WEB.id, replace(HOST, api="v1")))
    listed(shown)
    answer(shown, page, replace(CPU_CHANGED, before=None, during=None))
    assert page.grid.cards()[0].remark == "user  ·  weight 0.90"
    compared = comparison_of(page)
    times = np.arange(compared.baseline, compared.end) + 1
    values = [3.0 if moment <= compared.start else 60.0 for moment in times]
    for watch in shown.watches:
        if watch.metric.context == "system.cpu" and watch.points > 60:
            shown.store.apply(frame(watch, series({"user": values, "system": values}, times=times)))
    assert "3.0" in page.grid.cards()[0].remark
    assert "60.0" in page.grid.cards()[0].remark
    assert "API v1 tells no averages" in page.view.head()


@pytest.mark.parametrize("api", ["embedded", "dashboard"])
def test_what_compares_nothing_by_itself_is_named(shown: Shown, api: str) -> None:
    page = page_of(shown)
    shown.store.apply(Connected(WEB.id, replace(HOST, api=api)))
    assert "compares nothing by itself" in page.view.head()


def test_a_server_that_is_cut_off_is_tried_again_from_here(shown: Shown) -> None:
    page = page_of(shown)
    shown.store.apply(failure())
    assert "web1 refused the connection." in page.view.text()
    button(page, "Retry").click()
    assert shown.retried == [WEB.id]


def test_few_instances_of_many_are_drawn(shown: Shown) -> None:
    names = tuple(f"disk.sd{number}" for number in range(20))
    many = replace(DISKS, instances=names, labels=())
    page = page_of(shown)
    listed(shown, CPU, many)
    answer(shown, page, *(Change("disk.io", one, "reads", 0.5) for one in names[3:5]))
    (card,) = page.grid.cards()
    assert card.spec.instances == names[3:5]
    title = next(one for one in card.findChildren(PlainLabel) if one.text() == DISKS.title)
    assert all(name in title.toolTip() for name in ("disk.io", "disk.sd3", "disk.sd4"))


@EVERY_TEXT
def test_hostile_names_are_shown_plainly(shown: Shown, text: str) -> None:
    page = page_of(shown)
    contexts = hostile(text).contexts
    listed(shown, *contexts)
    answer(shown, page, *(Change(one.id, text, text, 0.5, 1.0, 2.0) for one in contexts[:3]))
    assert len(page.grid.cards()) == 3
    assert complaints(shown.window, text) == []
    page.again()
    bring(shown, page.errand, Declined(text, text))
    assert complaints(shown.window, text) == []
