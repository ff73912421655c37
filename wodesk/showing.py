"""The window on its desktop: brought to the front, put away, and spoken in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.bringing import Bringing
from wodesk.explaining import Explaining, first_hiding
from wodesk.front import Pane
from wodesk.models.preferences import CloseAction
from wodesk.ui.actions import Action, Section
from wodesk.ui.closing import Closing


class Showing(QObject):
    """What happens to a window because of the desktop around it.

    `has_tray` and `action` are asked each time that it is closed.

    Attributes:
        bringing: brings it to the front.
        closing: what closing it does.
        explaining: says things in it.

    Signals:
        hidden_first(Notice): it is in the tray, which the user is to be told.
    """

    hidden_first: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self, pane: Pane, has_tray: Callable[[], bool], action: Callable[[], CloseAction]
    ) -> None:
        super().__init__(pane.frame)
        self.explaining = Explaining(pane.window)
        self.closing = closing = Closing(pane.frame, has_tray, action)
        self.bringing = Bringing(pane.window, closing)
        self.explaining.opened.connect(self.bringing.notice)
        self._pane = pane
        closing.guard(self._may_quit)
        closing.hidden.connect(self._explain_hiding)
        section = Section.WINDOW
        pane.window.acts.add(
            Action("window.close", "Close the window", section, ("Ctrl+W",), closing.put_away),
            Action("window.quit", "Quit wodesk", section, ("Ctrl+Q",), closing.quit),
        )

    def _may_quit(self, end: Callable[[], object]) -> bool:
        charts = self._pane.window.charts
        return charts is None or charts.exporting.may_quit(end)

    def _explain_hiding(self) -> None:
        notice = first_hiding()
        if notice is not None:
            self.hidden_first.emit(notice)
