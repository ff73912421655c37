"""Where the user was in the window when wodesk was left, and the way back there."""

from __future__ import annotations

from functools import partial

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, QThreadPool, QTimer

from wodesk.models.metric import Window
from wodesk.models.views import LONGEST, SHORTEST
from wodesk.place import keep_view, last_view
from wodesk.ui.store import Store
from wodesk.ui.trail import Place, Sheet
from wodesk.ui.window import MainWindow

_SOON_MS = 3000
"""After the last change, so that it is known also if the program is never ended in order."""
_CLOSE_MS = 3000
_MOST_SERVERS = 200
_LATEST = 4e9
"""Epoch seconds, beyond which calendars end."""
_OLD = "The range shown last is older than all that is kept, so this is live."


class View(Struct, frozen=True):
    """What a window shows: which place, over which window of time, and each server's page."""

    server: str
    place: Place
    window: Window
    pages: dict[str, str]

    @classmethod
    def of(cls, window: MainWindow) -> View:
        """What it shows at this moment."""
        pages = dict(list(window.pages.looked_at.items())[-_MOST_SERVERS:])
        area = window.area
        return cls(area.server, window.navigation.place, area.looking.window, pages)

    @classmethod
    def of_text(cls, text: str) -> View | None:
        """What such a text tells, if it makes sense."""
        try:
            view = msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeError):
            return None
        moments = (view.window.before, view.place.moment, *(view.place.stretch or ()))
        is_sane = all(one is None or 0 < one < _LATEST for one in moments)
        return view if is_sane and SHORTEST <= view.window.seconds <= LONGEST else None

    def text(self) -> str:
        """The same as text."""
        return msgspec.json.encode(self).decode()


class Resuming(QObject):
    """Brings a window back to where it was, and keeps where it is, beside the GUI thread.

    What has gone meanwhile is left out: another server is shown instead of one that is not there,
    the first page instead of another, and what is live where nothing is kept of the stretch of
    time.  `close` comes before it is dropped.
    """

    def __init__(self, window: MainWindow, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._store = store
        self._view: View | None = None
        self._kept = ""
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._keep)

    def begin(self) -> None:
        """Be at the server and the stretch of time, before there are charts."""
        window, self._kept = self._window, last_view()
        view = self._view = View.of_text(self._kept)
        if view is not None:
            window.pages.looked_at.update(view.pages)
            window.area.looking.begin(view.window)
            if self._store.server(view.server) is not None:
                window.navigation.begin(Place(Sheet.SERVER, view.server))
        window.catalogues.listed.connect(self._listed)
        for changed in (
            window.navigation.moved,
            window.navigation.exploring.explored,
            window.area.looking.settled,
            window.pages.looked,
        ):
            changed.connect(self._soon.start)

    def fill(self) -> None:
        """Be on the page, which can be built from here on, unless the user has gone elsewhere."""
        window, view = self._window, self._view
        if view is None or window.navigation.place.sheet is not Sheet.SERVER:
            return
        is_there = view.place.server in ("", window.server())
        if view.place.sheet is not Sheet.SERVER and is_there:
            window.navigation.show(view.place)
        if not view.window.is_live:
            # Tells how far back anything is kept.
            window.catalogues.wanted(window.server())

    def close(self) -> None:
        """Keep where the window is; safe to call twice."""
        self._soon.stop()
        self._pool.waitForDone(_CLOSE_MS)
        keep_view(View.of(self._window).text())

    def _listed(self, server: str) -> None:
        """Go live if nothing is kept of the stretch of time, and nobody has chosen another."""
        window, view, looking = self._window, self._view, self._window.area.looking
        contexts = window.catalogues.contexts(server) or ()
        begins = [one.first_entry for one in contexts if one.first_entry is not None]
        if view is None or server != window.server() or not begins:
            return
        self._view, before = None, view.window.before
        if before is not None and looking.window == view.window and before <= min(begins):
            looking.begin(Window(view.window.seconds))
            window.say(_OLD)

    def _keep(self) -> None:
        """Write it beside the GUI thread, if it is something else than before."""
        text = View.of(self._window).text()
        if text != self._kept:
            self._kept = text
            self._pool.start(partial(keep_view, text))
