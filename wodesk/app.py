"""The composition root of the window: builds the parts, wires them, and ends them in order."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.display import open_display
from wodesk.models.event import Event, Pinned
from wodesk.models.question import Question
from wodesk.models.secret import Secret
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.models.trial import is_trial
from wodesk.place import DEFAULT_SIZE, keep_place, restore_place
from wodesk.resources import load_page
from wodesk.settings import BrokenSettings, Servers
from wodesk.ui.add_server import AddServer
from wodesk.ui.first_frame import FirstFrame
from wodesk.ui.icons import app_icon
from wodesk.ui.question import QuestionDialog
from wodesk.ui.store import Store
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme, system_theme
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker, stop_and_wait

if TYPE_CHECKING:
    from wodesk.sampling.engine import Engine

_SWITCH_INTERVAL = 0.001
"""Seconds: with the interpreter's own 5 ms the worker's decoding makes one frame in eight late."""


@asynccontextmanager
async def open_engine(
    publish: Callable[[Event], None], on_secret: Callable[[Secret], None] | None = None
) -> AsyncIterator[Engine]:
    """The engine with its real sources; loads the network libraries, in the worker's thread."""
    from wodesk.access.opening import Opener  # noqa: PLC0415
    from wodesk.access.secrets import Secrets  # noqa: PLC0415
    from wodesk.sampling.engine import Engine  # noqa: PLC0415

    def remember_pin(server: Server, pin: str) -> None:
        engine.take_pin(server.id, pin)
        publish(Pinned(server.id, pin))

    async with Secrets(on_secret=on_secret) as secrets:
        opener = Opener(secrets, remember_pin)
        engine = Engine(opener.open, publish, settle=opener.adopt, forget=opener.forget)
        yield engine


class Desk(QObject):
    """One window, its store and its worker."""

    def __init__(
        self,
        app: QApplication,
        servers: Sequence[Server],
        *,
        theme: Theme | None = None,
        saved: Servers | None = None,
        on_secret: Callable[[Secret], None] | None = None,
    ) -> None:
        super().__init__()
        app.setWindowIcon(app_icon())
        self._saved = saved
        self._dialog: QuestionDialog | None = None
        self._adding: AddServer | None = None
        self._app = app
        self._fixed_theme = theme
        theme = theme or system_theme()
        apply_theme(app, theme)
        self.store = Store(self)
        self.window = MainWindow(self.store, theme)
        self.window.resize(*DEFAULT_SIZE)
        self._worker = Worker(partial(open_engine, on_secret=on_secret))
        self._servers = list(servers) or [THIS_COMPUTER]
        self._wire()
        self.store.set_servers(self._servers)

    def _wire(self) -> None:
        window, worker = self.window, self._worker
        worker.published.connect(self.store.apply)
        window.watches_changed.connect(worker.watch)
        window.interval_changed.connect(worker.set_interval)
        window.retry_wanted.connect(worker.retry)
        window.shown.connect(self._begin)
        window.add_wanted.connect(self._ask_for_server)
        self.store.question_asked.connect(self._ask)
        self.store.question_withdrawn.connect(self._withdraw)
        self.store.pinned.connect(self._keep_pin)
        self._app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self._app.aboutToQuit.connect(self.close)

    def _begin(self) -> None:
        """Start the work once the window is on screen."""
        self._worker.set_servers(self._servers)
        self._worker.start()
        self.window.build_pages(load_page("server"))

    def _ask_for_server(self) -> None:
        self._open_dialog(AddServer(self.window))

    def _open_dialog(self, dialog: AddServer) -> None:
        """Show a dialog for a server, and have its tests made."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.added.connect(self._add_server)
        dialog.check_wanted.connect(self._check)
        dialog.check_unwanted.connect(self._worker.stop_check)
        dialog.finished.connect(self._end_adding)
        self.store.checked.connect(dialog.take)
        self.store.ssh_hosts_listed.connect(dialog.take_hosts)
        self._adding = dialog
        self._worker.list_ssh_hosts()
        dialog.open()

    def _check(self, number: int, server: Server, name_only: bool) -> None:
        trial = is_trial(server.id)
        self._worker.check(number, server, name_only=name_only, is_trial=trial)

    def _end_adding(self) -> None:
        """What was answered in tests that were not saved serves nobody."""
        self._adding = None
        self._worker.settle("", "")

    def _add_server(self, server: Server) -> None:
        """Show a new server and keep it; the dialog stays open with the reason if it cannot be."""
        dialog = self.sender()
        try:
            if self._saved is not None:
                self._saved.add(server)
        except BrokenSettings as exc:
            if isinstance(dialog, AddServer):
                dialog.complain(str(exc))
            return
        if isinstance(dialog, AddServer):
            self._worker.settle(dialog.trial, server.id)
        if self._servers == [THIS_COMPUTER]:
            self._servers = []
        if all(server.id != other.id for other in self._servers):
            self._servers.append(server)
        self._worker.set_servers(self._servers)
        self.store.set_servers(self._servers)
        self.window.show_server(server.id)
        if isinstance(dialog, AddServer):
            dialog.accept()

    def _ask(self, question: Question) -> None:
        """Put a question; the engine asks one at a time."""
        state = self.store.server(question.server)
        name = state.server.name if state is not None else question.server
        parent = self.window if self._adding is None else self._adding
        if self._adding is not None and is_trial(question.server):
            name = self._adding.server_name
        self._dialog = QuestionDialog(question, name, parent)
        self._dialog.answered.connect(self._worker.answer)
        self._dialog.open()

    def _withdraw(self, question: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None and dialog.question == question:
            dialog.withdraw()

    def _keep_pin(self, event: Pinned) -> None:
        """Keep a pin with its server; one of a server that is not saved lasts for the session."""
        if self._adding is not None and is_trial(event.server):
            self._adding.take_pin(event.server, event.pin)
        elif self._saved is not None:
            with suppress(BrokenSettings):
                self._saved.pin(event.server, event.pin)

    def close(self) -> None:
        """Stop the worker; safe to call twice."""
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
    range_name: str = "5m",
    theme: Theme | None = None,
    on_secret: Callable[[Secret], None] | None = None,
    frame: FirstFrame | None = None,
) -> int:
    """Show the window until it is closed; the exit code.

    `frame` is the window if it is on screen already.  Raises `NoDisplay` where no window can be
    opened.
    """
    app = open_display()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    desk = Desk(app, servers, theme=theme, saved=saved, on_secret=on_secret)
    desk.window.choose_range(range_name)
    window: QWidget = desk.window
    if frame is None:
        restore_place(window)
    else:
        window = frame
        frame.furnish(desk.window)
        frame.state_changed.connect(desk.window.publish_watches)
    interrupts = Interrupts(app)
    window.show()
    code = app.exec()
    keep_place(window)
    interrupts.close()
    desk.close()
    return code


class Interrupts(QObject):
    """Lets Ctrl+C and SIGTERM end the program, which Qt's loop would otherwise not notice."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._interrupted)

    def _interrupted(self) -> None:
        self._read.recv(64)
        self._app.quit()

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()
