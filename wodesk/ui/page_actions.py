"""The ways from page to page, and what is done on one, with the keys that do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wodesk.ui.actions import Action, Actions, Section

if TYPE_CHECKING:
    from wodesk.ui.navigation import Navigation


def add_page_actions(actions: Actions, navigation: Navigation) -> None:
    """Have pages shown by their keys."""
    pages, alerts, exploring = Section.PAGES, Section.ALERTS, navigation.exploring
    actions.add(
        Action("page.server", "Show the server", pages, ("Ctrl+2",), navigation.show_area),
        Action("page.alerts", "Show alerts", pages, ("Ctrl+3",), navigation.show_alerts),
        Action("page.explore", "Explore metrics", pages, ("Ctrl+4",), navigation.show_explore),
        Action("explore.pin", "Pin the metric", pages, ("P",), exploring.pin, exploring.can_pin),
        Action("page.back", "Go back", pages, ("Alt+Left",), navigation.go_back),
        Action("page.forward", "Go forward", pages, ("Alt+Right",), navigation.go_forward),
        Action("page.leave", "Empty the filter, or go back", pages, ("Esc",), navigation.leave),
        Action(
            "alert.next", "Select the next problem", alerts, ("N",), navigation.alerting.show_next
        ),
        Action(
            "alert.previous",
            "Select the previous problem",
            alerts,
            ("Shift+N",),
            navigation.alerting.show_previous,
        ),
    )
    on_alerts = navigation.is_on_alerts
    actions.know(
        Action(
            "alert.snooze",
            "Snooze the alert",
            alerts,
            ("S",),
            navigation.alerting.snooze,
            on_alerts,
        ),
        Action(
            "alert.seen",
            "Acknowledge the alert",
            alerts,
            ("A",),
            navigation.alerting.acknowledge,
            on_alerts,
        ),
        Action(
            "alert.chart",
            "Show the chart at the time of the alert",
            alerts,
            ("Return", "Enter"),
            navigation.alerting.open_chart,
            on_alerts,
        ),
    )
