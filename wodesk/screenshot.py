"""The real window, rendered off screen once its data are there."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, qInstallMessageHandler

from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.asking import ask_on_terminal
from wodesk.core import Core
from wodesk.display import make_application
from wodesk.models.page_tabs import tab_named, tabs_of
from wodesk.models.plain_text import plain
from wodesk.models.preferences import Preferences
from wodesk.models.question import Answer, Subject
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.models.span_text import InvalidSpan, parse_span
from wodesk.page_files import PagesFolder
from wodesk.place import was_dark
from wodesk.preferences import BrokenPreferences, PreferencesFile
from wodesk.resources import load_pages
from wodesk.scenes import OfAlerts, OfChanges, OfMetrics, OfServer, Scene
from wodesk.ui.image_file import png_of
from wodesk.ui.looking import Looking
from wodesk.ui.theme import DARK, LIGHT
from wodesk.worker import end_with
from wodesk.writing import Unwritable, check_place, write_file

_CHECK_MS = 50
_LONGEST = 1000
_PATIENCE = 20.0
_OTHER_PAGES = ("alerts", "explore", "changed")
"""Names of pages that are not among those of a server."""
_SETTLE_MS = 400
"""A moment for the last values to be painted, and for sidebar rows that come after the charts."""


class Shot(Struct, frozen=True):
    """What to take a picture of, and how; `given` are the servers that were asked for by name.

    `span` is a stretch of time as people write it.  `page` is `alerts`, `explore` with these
    `contexts`, `changed`, or a page of the server by its name or title.  Where nothing is said of
    `dark`, it is as the window was.
    """

    servers: tuple[Server, ...]
    file: Path
    given: tuple[Server, ...] = ()
    size: tuple[int, int] = (1280, 800)
    span: str = "5m"
    dark: bool | None = None
    wait: float = 0.0
    page: str = "server"
    contexts: tuple[str, ...] = ()

    def scene(self, desk: Desk) -> Scene:
        """The page in a window."""
        match self.page:
            case "alerts":
                return OfAlerts(desk.window, desk.store)
            case "changed":
                return OfChanges(desk.window)
            case "explore":
                return OfMetrics(desk.window, self.contexts)
            case _:
                return OfServer(desk.window, self.page)


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
        self._is_aimed = False
        self._asked = asked
        self._desk = desk
        self._shot = shot
        self._scene = shot.scene(desk)
        self._started = time.monotonic()
        self._timer = QTimer(self, interval=_CHECK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if self._asked.is_open:
            self._started = time.monotonic()
            return
        waited = time.monotonic() - self._started
        if self._desk.window.page() is None or waited < self._shot.wait:
            return
        missing = self._scene.missing() if self._aim() else "Nothing was heard of the server"
        self.problem = self.problem or self._scene.problem()
        if not missing or self.problem or waited > self._shot.wait + _PATIENCE:
            if missing and not self.problem:
                self.problem = f"{missing} within {_PATIENCE:g} s."
            self._timer.stop()
            QTimer.singleShot(_SETTLE_MS, self, self._take)

    def _aim(self) -> bool:
        """Look where it was said, in the zone and by the clock of the server; once that is known.

        The page of alerts has no stretch of time.
        """
        window = self._desk.window
        state = self._desk.store.server(window.server())
        is_known = state is not None and state.host is not None
        if is_known and not self._is_aimed:
            try:
                aim(window.area.looking, self._shot.span)
            except InvalidSpan as exc:
                self.problem = str(exc)
            self._is_aimed = True
        return is_known or isinstance(self._scene, OfAlerts)

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
    dark = was_dark() if shot.dark is None else shot.dark
    desk = Desk(Appearance(app, DARK if dark else LIGHT), core, pages)
    desk.window.resize(*shot.size)
    desk.window.show_manner(preferred())
    with suppress(InvalidSpan):
        # It may be one in the zone of the server.
        aim(desk.window.area.looking, shot.span)
    photographer = Photographer(desk, shot, asked)
    desk.window.show()
    app.exec()
    desk.close()
    if photographer.problem:
        print(plain(f"wodesk: {photographer.problem}", _LONGEST), file=sys.stderr)
    return end_with(int(bool(photographer.problem)), core.worker)


def aim(looking: Looking, span: str) -> None:
    """Look at a stretch of time as people write it; raises `InvalidSpan`."""
    looking.begin(parse_span(span, looking.now(), looking.zone))


def preferred() -> Preferences:
    """The user's units and zone; what is wrong with their file is said."""
    try:
        return PreferencesFile.of_user().load()
    except BrokenPreferences as exc:
        print(plain(f"wodesk: {exc} The picture has the usual units.", _LONGEST), file=sys.stderr)
        return Preferences()


def _ignore(*_: object) -> None:
    """The offscreen platform warns of what it cannot do; none of that matters to a picture."""


def _check_page(shot: Shot, folder: PagesFolder) -> None:
    """Have it known at once that there is no such page; raises `UnknownPage`."""
    server = shot.servers[0].id if shot.servers else ""
    tabs = tabs_of(server, load_pages(), folder.load().pages)
    if shot.page in _OTHER_PAGES:
        return
    if tab_named(shot.page, tabs) is None:
        known = ", ".join((*_OTHER_PAGES, *(plain(tab.page.title) for tab in tabs)))
        raise UnknownPage(f"there is no page {plain(shot.page)!r}; there are {known}")
