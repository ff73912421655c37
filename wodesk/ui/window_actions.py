"""What can be done in the window as a whole, with the keys that do it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox

from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.chart_keys import add_chart_keys
from wodesk.ui.server_area import ServerArea
from wodesk.ui.time_acts import TimeActs
from wodesk.ui.trail import Sheet

if TYPE_CHECKING:
    from wodesk.ui.window import MainWindow


def add_actions(actions: Actions, window: MainWindow, area: ServerArea) -> None:
    """Have the window do what its keys say."""
    _add_charts(actions, window, area)
    add_chart_keys(actions, area, window.say)
    time = TimeActs(area.looking, window, window.say, partial(_first_entry, area))
    time.add_to(actions, window.choose_range)
    area.range_wanted.connect(time.ask)
    _add_changes(actions, window, area)
    section = Section.TIME
    pause = partial(_press_space, window, area)
    actions.add(
        Action("time.pause", "Pause or go on", section, ("Space",), pause),
        Action("time.live", "Follow the clock", section, ("End", "0"), area.go_live),
        Action("time.refresh", "Ask for everything at once", section, ("F5",), area.refresh),
    )
    servers, whole = Section.SERVERS, Section.WINDOW
    several = window.add_several_wanted.emit
    actions.add(
        Action("server.add", "Add a server", servers, ("Ctrl+N",), window.add_wanted.emit),
        Action("server.add_several", "Add several servers", servers, ("Ctrl+Shift+N",), several),
        Action("server.find", "Find a server", servers, ("F3",), window.find_server),
        Action("page.find", "Find on this page", Section.PAGES, ("Ctrl+F",), window.find_here),
        Action("window.sidebar", "Show or hide the sidebar", whole, ("F9",), window.toggle_sidebar),
        Action("window.full", "Fill the screen or not", whole, ("F11",), partial(_fill, window)),
    )


def _add_changes(actions: Actions, window: MainWindow, area: ServerArea) -> None:
    """Both come after what else Esc does, whose stretch stays marked on the page of changes."""
    navigation, looking = window.navigation, area.looking
    actions.add(
        Action(
            "select.changed",
            "Tell what changed in the selection",
            Section.TIME,
            ("W",),
            navigation.changing.show,
            lambda: looking.selection is not None,
        ),
        Action(
            "changed.leave",
            "Go back from what changed",
            Section.PAGES,
            ("Esc",),
            navigation.step_out,
            lambda: navigation.sheet is Sheet.CHANGED and not _is_large(area),
        ),
    )


def _add_charts(actions: Actions, window: MainWindow, area: ServerArea) -> None:
    section = Section.CHARTS
    explore, can = partial(_explore, window, area), partial(_can_explore, window, area)
    actions.add(
        Action("chart.explore", "Explore the metric of the chart", section, ("X",), explore, can),
        Action(
            "chart.restore",
            "Show all charts",
            section,
            ("Esc",),
            partial(_restore, area),
            partial(_is_large, area),
        ),
        Action(
            "charts.statistics",
            "Show or hide the statistics",
            section,
            ("I",),
            area.toggle_statistics,
        ),
        Action(
            "charts.compare",
            "Compare with yesterday, a week ago or nothing",
            section,
            ("C",),
            area.looking.compare_next,
        ),
    )


def _first_entry(area: ServerArea) -> float | None:
    return None if area.grid is None else area.grid.first_entry()


def _can_explore(window: MainWindow, area: ServerArea) -> bool:
    is_there = window.navigation.sheet is Sheet.EXPLORE
    return not is_there and area.grid is not None and area.grid.current() is not None


def _explore(window: MainWindow, area: ServerArea) -> None:
    card = None if area.grid is None else area.grid.current()
    if card is not None:
        window.navigation.show_context(area.server, card.spec.context)


def _is_large(area: ServerArea) -> bool:
    return area.grid is not None and area.grid.is_maximised


def _restore(area: ServerArea) -> None:
    if area.grid is not None:
        area.grid.restore()


def _fill(window: MainWindow) -> None:
    """Fill the screen, or be a window among others."""
    whole = window.window()
    whole.setWindowState(whole.windowState() ^ Qt.WindowState.WindowFullScreen)


def _press_space(window: MainWindow, area: ServerArea) -> None:
    """Pause or go on, unless the focus is on something that Space presses."""
    focus = window.focusWidget()
    if isinstance(focus, QAbstractButton):
        focus.click()
    elif isinstance(focus, QComboBox):
        focus.showPopup()
    else:
        area.toggle_paused()
