"""The real window, rendered off screen once its data are there."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, qInstallMessageHandler

from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.asking import ask_on_terminal
from wodesk.core import Core
from wodesk.display import make_application
from wodesk.models.metric import Window
from wodesk.models.page_tabs import tab_named, tabs_of
from wodesk.models.plain_text import plain
from wodesk.models.question import Answer, Subject
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.page_files import PagesFolder
from wodesk.resources import load_pages
from wodesk.ui.health import is_checked
from wodesk.ui.image_file import png_of
from wodesk.ui.store import CUT_OFF
from wodesk.ui.theme import DARK, LIGHT
from wodesk.ui.trail import Sheet
from wodesk.worker import end_with
from wodesk.writing import Unwritable, check_place, write_file

_CHECK_MS = 50
_USUAL = Window(300)
_LONGEST = 1000
_PATIENCE = 20.0
_SETTLE_MS = 400
"""A moment for the last values to be painted, and for sidebar rows that come after the charts."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What to take a picture of, and how; `given` are the servers that were asked for by name.

    `page` is the page of the server by its name or title, where that is the `sheet`.
    """

    servers: tuple[Server, ...]
    file: Path
    given: tuple[Server, ...] = ()
    size: tuple[int, int] = (1280, 800)
    window: Window = _USUAL
    dark: bool = False
    wait: float = 0.0
    sheet: Sheet = Sheet.SERVER
    page: str = "server"


class UnknownPage(Exception):
    """The server has no such page; the sentence names those that there are."""


class Asked:
    """The person at the terminal, who sees no window; `is_open` while they are asked."""

    def __init__(self) -> None:
        self.is_open = False

    async def __call__(self, subject: Subject) -> Answer:
        """Ask; called in the worker's thread."""
        self.is_open = True
        try:
            return await ask_on_terminal(subject)
        finally:
            self.is_open = False


class Photographer(QObject):
    """Waits for the window to have something to show, then saves a picture of it.

    While somebody is `asked` on the terminal, no time passes.
    """

    def __init__(self, desk: Desk, shot: Shot, asked: Asked) -> None:
        super().__init__()
        self.problem = ""
        self._has_chosen = False
        self._asked = asked
        self._desk = desk
        self._shot = shot
        self._started = time.monotonic()
        self._timer = QTimer(self, interval=_CHECK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        page = self._desk.window.page()
        if self._asked.is_open:
            self._started = time.monotonic()
            return
        waited = time.monotonic() - self._started
        if page is None or waited < self._shot.wait:
            return
        if self._shot.sheet is Sheet.SERVER and not self._has_chosen:
            # The pages of the user are read after those that came.
            self._has_chosen = self._desk.window.area.show_page(self._shot.page)
            if waited < self._shot.wait + _PATIENCE:
                return
        if self._shot.sheet is Sheet.ALERTS:
            missing = self._missing_alerts()
        else:
            self.problem = page.problem()
            missing = "" if page.is_complete() else "Not every chart had data"
        if not missing or self.problem or waited > self._shot.wait + _PATIENCE:
            if missing and not self.problem:
                self.problem = f"{missing} within {_PATIENCE:g} s."
            self._timer.stop()
            QTimer.singleShot(_SETTLE_MS, self, self._take)

    def _missing_alerts(self) -> str:
        """What of the page of alerts is still to come; the worst alert is shown in full."""
        navigation, store = self._desk.window.navigation, self._desk.store
        if navigation.alerts is None:
            navigation.show_alerts()
        states = [state for state in store.servers() if state.link not in CUT_OFF]
        if not all(map(is_checked, states)):
            return "Not every server's alerts were read"
        if store.board().standing and not self._has_chosen:
            self._has_chosen = True
            navigation.alerting.show_next()
            return "The alert had no details"
        is_complete = navigation.alerts is not None and navigation.alerts.is_complete()
        return "" if is_complete else "The alert's chart had no data"

    def _take(self) -> None:
        try:
            write_file(self._shot.file, [png_of(self._desk.window.grab().toImage())])
        except Unwritable as exc:
            self.problem = str(exc)
        self._desk.window.close()


def take(shot: Shot, on_secret: Callable[[Secret], None] | None = None) -> int:
    """Save the picture; 0, or 1 with a sentence on stderr if it shows a failure."""
    pages = PagesFolder.of_user()
    try:
        check_place(shot.file)
        _check_page(shot, pages)
    except (Unwritable, UnknownPage) as exc:
        print(f"wodesk: {exc}", file=sys.stderr)
        return 1
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_ignore)
    app = make_application()
    asked = Asked()
    core = Core(shot.servers, given=shot.given, on_secret=on_secret, ask=asked)
    desk = Desk(Appearance(app, DARK if shot.dark else LIGHT), core, pages)
    desk.window.resize(*shot.size)
    desk.window.area.looking.go(shot.window)
    photographer = Photographer(desk, shot, asked)
    desk.window.show()
    app.exec()
    desk.close()
    if photographer.problem:
        print(plain(f"wodesk: {photographer.problem}", _LONGEST), file=sys.stderr)
    return end_with(int(bool(photographer.problem)), core.worker)


def _ignore(*_: object) -> None:
    """The offscreen platform warns of what it cannot do; none of that matters to a picture."""


def _check_page(shot: Shot, folder: PagesFolder) -> None:
    """Have it known at once that there is no such page; raises `UnknownPage`."""
    server = shot.servers[0].id if shot.servers else ""
    tabs = tabs_of(server, load_pages(), folder.load().pages)
    if shot.sheet is Sheet.SERVER and tab_named(shot.page, tabs) is None:
        known = ", ".join(plain(tab.page.title) for tab in tabs)
        raise UnknownPage(f"there is no page {plain(shot.page)!r}; there are alerts, {known}")
