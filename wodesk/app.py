"""The composition root of the window: builds the parts around it, and wires them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from wodesk.adding import Adding
from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.following import Following
from wodesk.granting import Granting
from wodesk.managing import Managing
from wodesk.models.question import Question
from wodesk.models.trial import is_trial
from wodesk.page_files import PagesFolder
from wodesk.paging import Paging
from wodesk.place import DEFAULT_SIZE, keep_folder, last_folder
from wodesk.resources import load_pages
from wodesk.ui import chart_library
from wodesk.ui.window import MainWindow

if TYPE_CHECKING:
    from wodesk.exports import Exports
    from wodesk.ui.exporting import Exporting
    from wodesk.ui.question import QuestionDialog

_PATIENCE_MS = 1000
"""How long the window waits for the worker before it builds its pages beside it."""


class Desk(QObject):
    """One window on the servers at work, with all that is done in it; it takes `core` along.

    `pages` is where the user's own pages are kept; without it they last as long as the window.

    Signals:
        filled(): the pages are built.
    """

    filled: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, appearance: Appearance, core: Core, pages: PagesFolder | None = None
    ) -> None:
        super().__init__()
        core.setParent(self)
        self._core = core
        self._worker, self._shelf = core.worker, core.shelf
        self._patience = QTimer(self, singleShot=True)
        self._dialog: QuestionDialog | None = None
        self._exports: Exports | None = None
        self._is_filled = False
        self.store = core.store
        self.window = MainWindow(self.store, appearance.theme)
        self.window.resize(*DEFAULT_SIZE)
        self._granting = Granting(
            self.window.wishes, self._worker, self.store, self.window.say, self
        )
        self._paging = Paging(self.window, pages, self) if pages is not None else None
        self._wire(appearance)
        managing = Managing(self.window, self._worker, core.roster, core.shelf)
        self._adding = Adding(self.window, self.store, self._worker, core.roster, managing)
        if core.shelf is not None:
            Following(core.shelf, self.window, core.roster.has_servers, self)
            if core.has_begun:
                # What is wrong with the file was told before there was a window to say it in.
                core.shelf.look()

    def _wire(self, appearance: Appearance) -> None:
        window, worker = self.window, self._worker
        worker.published.connect(window.fetches.take)
        window.fetches.wanted.connect(worker.send)
        window.fetches.unwanted.connect(worker.drop)
        window.watches_changed.connect(worker.watch)
        window.interval_changed.connect(worker.set_interval)
        window.retry_wanted.connect(worker.retry)
        window.shown.connect(self._build)
        self.store.question_asked.connect(self.ask)
        self.store.question_withdrawn.connect(self._withdraw)
        appearance.changed.connect(window.set_theme)

    def _build(self) -> None:
        """Start the work once the window is on screen, and fill it as soon as that has begun.

        The worker loads first, as the two would only hold each other up, and asks for what the
        charts will show while they are built.
        """
        self.window.expect_pages(*load_pages())
        if self._paging is not None:
            self._paging.begin()
        self._worker.published.connect(self._fill)
        self._patience.timeout.connect(self._fill)
        if self._core.has_begun:
            self._fill()
        else:
            self._patience.start(_PATIENCE_MS)
            self._core.begin()

    def _fill(self) -> None:
        """Build the pages, once: what the worker has said meanwhile is on its way all the same."""
        if self._is_filled:
            return
        self._is_filled = True
        self._worker.published.disconnect(self._fill)
        self._patience.timeout.disconnect(self._fill)
        self._patience.stop()
        chart_library.prepare()
        self.window.build_pages(*load_pages())
        if self.window.charts is not None:
            self._write_files(self.window.charts.exporting)
        self.filled.emit()

    def _write_files(self, exporting: Exporting) -> None:
        """Write what is exported."""
        exporting.folder = last_folder() or exporting.folder
        exporting.ordered.connect(lambda order: self._writer(exporting).add(order))
        exporting.place_wanted.connect(lambda file: self._writer(exporting).look(file))
        exporting.cancel_wanted.connect(lambda: self._writer(exporting).cancel())
        exporting.folder_changed.connect(
            lambda folder: self._writer(exporting).keep(partial(keep_folder, folder))
        )

    def _writer(self, exporting: Exporting) -> Exports:
        """Who writes files, from the first on that is wanted."""
        if self._exports is None:
            # The charts are drawn sooner without it.
            from wodesk.exports import Exports  # noqa: PLC0415

            exports = self._exports = Exports(self.window.fetches, self)
            exports.looked.connect(exporting.show_place)
            exports.progressed.connect(exporting.show_progress)
            exports.ended.connect(exporting.show_end)
        return self._exports

    def ask(self, question: Question) -> None:
        """Put a question; the engine asks one at a time."""
        state = self.store.server(question.server)
        name = state.server.name if state is not None else question.server
        adding = self._adding.dialog
        parent = self.window if adding is None else adding
        if adding is not None and is_trial(question.server):
            name = adding.server_name
        # Most servers ask nothing.
        from wodesk.ui.question import QuestionDialog  # noqa: PLC0415

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
        """Stop the work, and finish what is being written; safe to call twice."""
        self._patience.stop()
        if self._paging is not None:
            self._paging.close()
        self._granting.close()
        if self._exports is not None:
            self._exports.close()
        self._core.close()
