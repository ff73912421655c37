"""The program on its desktop, from its beginning in a window or in the tray to its end."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from wodesk.core import Core
from wodesk.display import open_display
from wodesk.folders import alert_journal
from wodesk.front import Front, Pane
from wodesk.instance import Begun, only_instance
from wodesk.interrupts import Interrupts
from wodesk.models.question import Question
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.preferences import BrokenPreferences, PreferencesFile
from wodesk.settings import Known, Servers
from wodesk.worker import end_with

if TYPE_CHECKING:
    from wodesk.app import Desk
    from wodesk.appearance import Appearance
    from wodesk.instance import Instance
    from wodesk.living import Living
    from wodesk.resuming import Resuming
    from wodesk.ui.theme import Theme

_SWITCH_INTERVAL = 0.001
"""Seconds: with the interpreter's own 5 ms the worker's decoding makes one frame in eight late."""
_SOON_MS, _LATE_MS = 250, 3000
"""After the first samples have come, until they are drawn; and if none come."""
_START_MS = 5000
"""By when the program is loaded and its window filled."""


class Program(QObject):
    """The servers at work, and the desk for their window once it is wanted.

    `look` makes the appearance of what is drawn; `begun` is the window that is on the screen
    already; `resumes` is whether it is to be where it was the last time.

    Attributes:
        front: the window.
    """

    def __init__(
        self,
        look: Callable[[], Appearance],
        core: Core,
        range_name: str,
        begun: Begun | None,
        *,
        resumes: bool = False,
    ) -> None:
        super().__init__()
        self._resumes = resumes
        self._look = look
        self._appearance: Appearance | None = None
        self._core = core
        self._range_name = range_name
        self._begun = begun
        self._desk: Desk | None = None
        self._living: Living | None = None
        self._resuming: Resuming | None = None
        self._loading = QTimer(self, interval=_START_MS, singleShot=True)
        self._loading.timeout.connect(_collect_from_here_on)
        self._settling = QTimer(self, interval=_LATE_MS, singleShot=True)
        self.front = Front(self._make, self, self._dressed)
        core.store.question_asked.connect(self._ask)

    def live(self, instance: Instance, *, is_hidden: bool = False) -> None:
        """Be on the desktop around the window, or in its tray alone."""
        # After the first charts, which nothing of it is needed for.
        from wodesk.living import Living  # noqa: PLC0415
        from wodesk.presence import Parts  # noqa: PLC0415

        core = self._core
        parts = Parts(self.front, core.store, core.worker, core.roster)
        self._living = Living(parts, instance)
        self._living.begin(is_hidden=is_hidden)

    def show(self, instance: Instance) -> None:
        """Show the window, and be on its desktop soon."""
        pane = self.front.pane()
        if self._desk is not None:
            self._desk.filled.connect(self._settling.start)
            self._core.store.frame_changed.connect(self._settle)
            self._settling.timeout.connect(partial(self.live, instance))
        pane.frame.show()

    def _settle(self) -> None:
        """The first samples have come."""
        if self._settling.isActive():
            self._core.store.frame_changed.disconnect(self._settle)
            self._settling.start(_SOON_MS)

    def load(self) -> None:
        """Look for no cyclic garbage while all is loaded, and later never among what was."""
        gc.disable()
        self._loading.start()

    def _dressed(self) -> Appearance:
        """The appearance of all that is drawn, from now on."""
        if self._appearance is None:
            self._appearance = self._look()
        return self._appearance

    def _make(self) -> Pane:
        # The window and all that is done in it; what begins in the tray may never need one.
        from wodesk.app import Desk  # noqa: PLC0415
        from wodesk.page_files import PagesFolder  # noqa: PLC0415
        from wodesk.place import last_choices, restore_place  # noqa: PLC0415

        self.load()
        self._core.store.question_asked.disconnect(self._ask)
        self._desk = desk = Desk(self._dressed(), self._core, PagesFolder.of_user())
        desk.setParent(self)
        desk.window.choose_range(self._range_name)
        desk.window.commanding.recent = last_choices()
        if self._resumes:
            self._resume(desk)
        with suppress(BrokenPreferences):
            # What is wrong with the file is told by who offers to change it.
            desk.window.show_manner(PreferencesFile.of_user().load())
        frame: QWidget = desk.window
        if self._begun is None:
            restore_place(frame)
        else:
            frame = self._begun.frame
            self._begun.frame.furnish(desk.window)
            self._begun.frame.state_changed.connect(desk.window.publish_watches)
        return Pane(frame, desk.window)

    def _resume(self, desk: Desk) -> None:
        # As the window.
        from wodesk.resuming import Resuming  # noqa: PLC0415

        self._resuming = Resuming(desk.window, desk.store, self)
        self._resuming.begin()
        desk.filled.connect(self._resuming.fill)

    def _ask(self, question: Question) -> None:
        """Put a question that comes before there is a window."""
        self.front.pane()
        if self._desk is not None:
            self._desk.ask(question)

    def close(self) -> None:
        """End the work, and keep where the window was."""
        self._loading.stop()
        self._settling.stop()
        gc.enable()
        if self._living is not None:
            self._living.close()
        if self._desk is None:
            self._core.close()
        else:
            # As where it was; who never had a window has no place to keep.
            from wodesk.place import keep_choices, keep_place, keep_theme  # noqa: PLC0415

            pane = self.front.pane()
            keep_place(pane.frame)
            keep_theme(dark=self._dressed().theme.dark)
            if self._resuming is not None:
                self._resuming.close()
            keep_choices(pane.window.commanding.recent)
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

    def look() -> Appearance:
        # A panel draws the tray by itself, mostly: 4 MB of palette, style sheet and names of Qt's.
        from wodesk.appearance import Appearance  # noqa: PLC0415

        return Appearance(app, theme)

    # Who asks for servers by name is to see these, and comes back to what was there before.
    program = Program(look, core, range_name, begun, resumes=not given)
    interrupts = Interrupts(app)
    if is_hidden:
        program.load()
        core.begin()
        program.live(instance, is_hidden=True)
    else:
        program.show(instance)
    code = app.exec()
    interrupts.close()
    program.close()
    instance.close()
    return end_with(code, core.worker)


def _collect_from_here_on() -> None:
    gc.freeze()
    gc.enable()
