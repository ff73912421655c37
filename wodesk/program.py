"""The program on its desktop, from its beginning in a window or in the tray to its end."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.display import open_display
from wodesk.folders import alert_journal
from wodesk.front import Front, Pane
from wodesk.instance import Begun, only_instance
from wodesk.interrupts import Interrupts
from wodesk.living import Living
from wodesk.models.question import Question
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.page_files import PagesFolder
from wodesk.place import keep_place, restore_place
from wodesk.presence import Parts
from wodesk.settings import Known, Servers
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.app import Desk

_SWITCH_INTERVAL = 0.001
"""Seconds: with the interpreter's own 5 ms the worker's decoding makes one frame in eight late."""
_START_MS = 5000
"""By when the program is loaded and its window filled."""


class Program(QObject):
    """The servers at work, and the desk for their window once it is wanted.

    `begun` is the window that is on the screen already.

    Attributes:
        front: the window.
    """

    def __init__(
        self, appearance: Appearance, core: Core, range_name: str, begun: Begun | None
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._core = core
        self._range_name = range_name
        self._begun = begun
        self._desk: Desk | None = None
        self._loading = QTimer(self, interval=_START_MS, singleShot=True)
        self._loading.timeout.connect(_collect_from_here_on)
        self.front = Front(self._make)
        core.store.question_asked.connect(self._ask)

    def load(self) -> None:
        """Look for no cyclic garbage while all is loaded, and later never among what was."""
        gc.disable()
        self._loading.start()

    def _make(self) -> Pane:
        # The window and all that is done in it; what begins in the tray may never need one.
        from wodesk.app import Desk  # noqa: PLC0415

        self.load()
        self._core.store.question_asked.disconnect(self._ask)
        self._desk = desk = Desk(self._appearance, self._core, PagesFolder.of_user())
        desk.window.choose_range(self._range_name)
        frame: QWidget = desk.window
        if self._begun is None:
            restore_place(frame)
        else:
            frame = self._begun.frame
            self._begun.frame.furnish(desk.window)
            self._begun.frame.state_changed.connect(desk.window.publish_watches)
        return Pane(frame, desk.window)

    def _ask(self, question: Question) -> None:
        """Put a question that comes before there is a window."""
        self.front.pane()
        if self._desk is not None:
            self._desk.ask(question)

    def close(self) -> None:
        """End the work, and keep where the window was."""
        self._loading.stop()
        gc.enable()
        if self._desk is None:
            self._core.close()
        else:
            keep_place(self.front.pane().frame)
            self._desk.close()


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
    core = Core(
        servers,
        saved=saved,
        in_file=in_file,
        given=given,
        on_secret=on_secret,
        journal=alert_journal(),
    )
    program = Program(Appearance(app, theme), core, range_name, begun)
    interrupts = Interrupts(app)
    living = Living(Parts(program.front, core.store, core.worker, core.roster), instance)
    if is_hidden:
        program.load()
        core.begin()
        living.begin(is_hidden=True)
    else:
        pane = program.front.pane()
        pane.window.shown.connect(living.begin)
        pane.frame.show()
    code = app.exec()
    interrupts.close()
    living.close()
    program.close()
    return code


def _collect_from_here_on() -> None:
    gc.freeze()
    gc.enable()
