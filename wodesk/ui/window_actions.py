"""What can be done in the window as a whole, with the keys that do it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.chart_gestures import ZOOM_STEP
from wodesk.ui.server_area import ServerArea

if TYPE_CHECKING:
    from wodesk.ui.window import MainWindow

_RANGES = (
    ("1", "5m", "5 minutes"),
    ("2", "1h", "hour"),
    ("3", "24h", "24 hours"),
    ("4", "7d", "7 days"),
)


def add_actions(actions: Actions, window: MainWindow, area: ServerArea) -> None:
    """Have the window do what its keys say."""
    _add_time(actions, window, area)
    _add_charts(actions, area)
    servers, whole = Section.SERVERS, Section.WINDOW
    several = window.add_several_wanted.emit
    actions.add(
        Action("server.add", "Add a server", servers, ("Ctrl+N",), window.add_wanted.emit),
        Action("server.add_several", "Add several servers", servers, ("Ctrl+Shift+N",), several),
        Action("server.find", "Find a server", servers, ("F3",), window.find_server),
        Action("page.find", "Find on this page", Section.PAGES, ("Ctrl+F",), window.find_here),
        Action("window.sidebar", "Show or hide the sidebar", whole, ("F9",), window.toggle_sidebar),
        Action("window.full", "Fill the screen or not", whole, ("F11",), window.toggle_full_screen),
    )


def _add_charts(actions: Actions, area: ServerArea) -> None:
    section = Section.CHARTS
    actions.add(
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


def _add_time(actions: Actions, window: MainWindow, area: ServerArea) -> None:
    section, look = Section.TIME, area.looking
    has_selection, zoom = partial(_has_selection, area), partial(_wish_to_zoom, area)
    restore, is_large = partial(_restore, area), partial(_is_large, area)
    for key, name, words in _RANGES:
        choose = partial(window.choose_range, name)
        actions.add(Action(f"range.{name}", f"Show the last {words}", section, (key,), choose))
    actions.add(
        Action("time.pause", "Pause or go on", section, ("Space",), window.press_space),
        Action("time.live", "Follow the clock", section, ("End", "0"), area.go_live),
        Action("time.reset", "Follow the clock at the last range", section, ("Home",), look.reset),
        Action("time.earlier", "Step back half a window", section, ("[",), partial(look.step, -1)),
        Action("time.later", "Step on half a window", section, ("]",), partial(look.step, 1)),
        Action("time.in", "Zoom in", section, ("=", "+"), partial(look.zoom, ZOOM_STEP)),
        Action("time.out", "Zoom out", section, ("-",), partial(look.zoom, 1 / ZOOM_STEP)),
        Action("time.undo", "Undo the last view", section, ("Ctrl+Z",), look.undo, look.can_undo),
        Action("time.redo", "Redo a view", section, ("Ctrl+Shift+Z",), look.redo, look.can_redo),
        Action("select.zoom", "Zoom to what is selected", section, ("Z",), zoom, has_selection),
        Action(
            "select.none", "Select nothing", section, ("Esc",), look.clear_selection, has_selection
        ),
        Action(
            "chart.restore", "Show all charts again", Section.CHARTS, ("Esc",), restore, is_large
        ),
        Action("time.refresh", "Ask for everything at once", section, ("F5",), area.refresh),
    )


def _has_selection(area: ServerArea) -> bool:
    return area.looking.selection is not None


def _wish_to_zoom(area: ServerArea) -> None:
    stretch = area.looking.selection
    if stretch is not None:
        area.looking.clear_selection()
        area.looking.show(*stretch)


def _is_large(area: ServerArea) -> bool:
    return area.grid is not None and area.grid.is_maximised


def _restore(area: ServerArea) -> None:
    if area.grid is not None:
        area.grid.restore()
