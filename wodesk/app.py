"""The composition root of the window: builds the parts, wires them, and ends them in order."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.adding import Adding
from wodesk.display import open_display
from wodesk.folders import alert_journal
from wodesk.following import Following
from wodesk.granting import Granting
from wodesk.instance import Begun, only_instance
from wodesk.interrupts import Interrupts
from wodesk.living import Living
from wodesk.models.question import Question
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.models.trial import is_trial
from wodesk.place import DEFAULT_SIZE, keep_place, restore_place
from wodesk.presence import Parts
from wodesk.resources import load_page
from wodesk.roster import Roster
from wodesk.settings import Known, Servers
from wodesk.shelf import Shelf
from wodesk.ui import chart_library
from wodesk.ui.icons import app_icon
from wodesk.ui.question import QuestionDialog
from wodesk.ui.store import Store
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme, system_theme
from wodesk.ui.window import MainWindow
from wodesk.work import open_work
from wodesk.worker import Worker, stop_and_wait

if TYPE_CHECKING:
    from wodesk.access.ssh_patience import Ask

_SWITCH_INTERVAL = 0.001
"""Seconds: with the interpreter's own 5 ms the worker's decoding makes one frame in eight late."""
_PATIENCE_MS = 1000
"""How long the window waits for the worker before it builds its pages beside it."""
_START_MS = 5000
"""By when the program is loaded and its window filled."""


class Desk(QObject):
    """One window, its store and its worker."""

    def __init__(
        self,
        app: QApplication,
        servers: Sequence[Server],
        *,
        theme: Theme | None = None,
        saved: Servers | None = None,
        in_file: Known = (),
        given: Known = (),
        on_secret: Callable[[Secret], None] | None = None,
        journal: Path | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__()
        self._in_file = in_file
        self._has_begun = False
        self._patience = QTimer(self, singleShot=True)
        app.setWindowIcon(app_icon())
        self._dialog: QuestionDialog | None = None
        self._is_filled = False
        self._app = app
        self._fixed_theme = theme
        theme = theme or system_theme()
        apply_theme(app, theme)
        self.store = Store(self)
        self.window = MainWindow(self.store, theme)
        self.window.resize(*DEFAULT_SIZE)
        self._worker = Worker(
            partial(open_work, on_secret=on_secret, journal=journal, given=given, ask=ask)
        )
        self._granting = Granting(
            self.window.wishes, self._worker, self.store, self.window.say, self
        )
        self._wire()
        self._shelf = Shelf(saved, self) if saved is not None else None
        self._roster = Roster(self.window, self.store, self._worker, servers, self._shelf)
        self._adding = Adding(self.window, self.store, self._worker, self._roster)
        if self._shelf is not None:
            Following(self._shelf, self.window, self._roster.has_servers, self)

    def _wire(self) -> None:
        window, worker = self.window, self._worker
        worker.published.connect(self.store.apply)
        worker.published.connect(window.fetches.take)
        window.fetches.wanted.connect(worker.send)
        window.fetches.unwanted.connect(worker.drop)
        window.watches_changed.connect(worker.watch)
        window.interval_changed.connect(worker.set_interval)
        window.retry_wanted.connect(worker.retry)
        window.shown.connect(self._build)
        self.store.question_asked.connect(self._ask)
        self.store.question_withdrawn.connect(self._withdraw)
        self._app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self._app.aboutToQuit.connect(self.close)

    def begin(self) -> None:
        """Start the work; once only, and by itself when the window is on screen."""
        if not self._has_begun:
            self._has_begun = True
            self._roster.begin(self._in_file)
            self._worker.start()
            if self._shelf is not None:
                self._shelf.look()

    def parts(self, frame: QWidget) -> Parts:
        """What there is, in a window on the screen."""
        return Parts(frame, self.window, self.store, self._worker, self._roster)

    def _build(self) -> None:
        """Start the work once the window is on screen, and fill it as soon as that has begun.

        The worker loads first, as the two would only hold each other up, and asks for what the
        charts will show while they are built.
        """
        self.window.expect_pages(load_page("server"))
        self._worker.published.connect(self._fill)
        self._patience.timeout.connect(self._fill)
        if self._has_begun:
            self._fill()
        else:
            self._patience.start(_PATIENCE_MS)
            self.begin()

    def _fill(self) -> None:
        """Build the pages, once: what the worker has said meanwhile is on its way all the same."""
        if self._is_filled:
            return
        self._is_filled = True
        self._worker.published.disconnect(self._fill)
        self._patience.timeout.disconnect(self._fill)
        self._patience.stop()
        chart_library.prepare()
        self.window.build_pages(load_page("server"))

    def _ask(self, question: Question) -> None:
        """Put a question; the engine asks one at a time."""
        state = self.store.server(question.server)
        name = state.server.name if state is not None else question.server
        adding = self._adding.dialog
        parent = self.window if adding is None else adding
        if adding is not None and is_trial(question.server):
            name = adding.server_name
        self._dialog = QuestionDialog(question, name, parent)
        self._dialog.answered.connect(self._worker.answer)
        self._dialog.finished.connect(self._forget_dialog)
        if adding is not None:
            # It takes what is shown over it along, and nobody could answer any more.
            adding.finished.connect(self._dialog.reject)
        self._dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _withdraw(self, question: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None and dialog.question == question:
            dialog.withdraw()

    def close(self) -> None:
        """Stop the worker; safe to call twice."""
        self._patience.stop()
        if self._shelf is not None:
            self._shelf.close()
        self._granting.close()
        stop_and_wait(self._worker)

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._fixed_theme is None:
            theme = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
            apply_theme(self._app, theme)
            self.window.set_theme(theme)


def run(
    servers: Sequence[Server],
    *,
    saved: Servers | None = None,
    in_file: Known = (),
    range_name: str = "5m",
    theme: Theme | None = None,
    on_secret: Callable[[Secret], None] | None = None,
    given: Known = (),
    begun: Begun | None = None,
    is_hidden: bool = False,
) -> int:
    """Show the window until the program is ended; the exit code.

    `in_file` are the `saved` servers as they were read, shown or not; `given` are those that
    were asked for, which another wodesk gets if one is running.  `begun` is what is there
    already; `is_hidden` begins in the tray.  Raises `NoDisplay` where no window can be opened, and
    `Busy` if another wodesk does not answer.
    """
    app = open_display()
    instance = only_instance(given) if begun is None else begun.instance
    if instance is None:
        return 0
    sys.setswitchinterval(_SWITCH_INTERVAL)
    gc.disable()
    QTimer.singleShot(_START_MS, app, _collect_from_here_on)
    desk = Desk(
        app,
        servers,
        theme=theme,
        saved=saved,
        in_file=in_file,
        given=given,
        on_secret=on_secret,
        journal=alert_journal(),
    )
    desk.window.choose_range(range_name)
    window: QWidget = desk.window
    if begun is None:
        restore_place(window)
    else:
        window = begun.frame
        begun.frame.furnish(desk.window)
        begun.frame.state_changed.connect(desk.window.publish_watches)
    interrupts = Interrupts(app)
    living = Living(desk.parts(window), instance)
    if is_hidden:
        desk.begin()
        living.begin(is_hidden=True)
    else:
        desk.window.shown.connect(living.begin)
        window.show()
    code = app.exec()
    keep_place(window)
    interrupts.close()
    living.close()
    desk.close()
    return code


def _collect_from_here_on() -> None:
    """Look for cyclic garbage, but never among what was loaded for the start."""
    gc.freeze()
    gc.enable()
