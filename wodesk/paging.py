"""Keeps the pages of the window and their files together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from wodesk.models.page import Page
from wodesk.models.page_edits import Edit
from wodesk.models.plain_text import plain
from wodesk.page_files import Found, PagesFolder, read_page, write_page
from wodesk.page_shelf import PageShelf
from wodesk.ui.tokens import Mark
from wodesk.ui.window import MainWindow

if TYPE_CHECKING:
    from wodesk.ui.notices import Notice

_LONGEST = 60


class Paging(QObject):
    """Has done with files what is done with pages, and shows what others do with those.

    `close` comes before it is dropped, and lets what is to be written be written.
    """

    def __init__(self, window: MainWindow, folder: PagesFolder, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._book = window.pages
        self._notice: Notice | None = None
        self._shelf = PageShelf(folder, self)
        self._shelf.found.connect(self._take)
        self._shelf.failed.connect(window.say)
        self._book.change_wanted.connect(self._change)
        self._book.add_wanted.connect(self._add)
        self._book.remove_wanted.connect(self._remove)
        self._book.export_wanted.connect(self._export)
        self._book.import_wanted.connect(self._import)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._state_changed)

    def begin(self) -> None:
        """Read the pages, and follow their files."""
        self._shelf.look()

    def close(self) -> None:
        """Look no more; safe to call twice."""
        self._shelf.close()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Whoever comes back from an editor sees what it saved, whatever has been watched."""
        if state is Qt.ApplicationState.ApplicationActive:
            self._shelf.look()

    def _take(self, found: Found) -> None:
        self._book.take(found.pages, found.names)
        self._show_broken(found.broken)

    def _show_broken(self, broken: tuple[str, ...]) -> None:
        if self._notice is None and broken:
            # Most files are never broken.
            from wodesk.ui.notices import Notice  # noqa: PLC0415

            self._notice = Notice(self._window.theme(), large=False)
            self._notice.acted.connect(self._shelf.look)
            self._window.add_notice(self._notice)
        if self._notice is not None:
            self._notice.setVisible(bool(broken))
        if self._notice is not None and broken:
            more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
            headline = f"A page of yours cannot be read{more}"
            self._notice.say(Mark.WARNING, headline, "\n".join(broken[:3]), "Try again")

    def _change(self, page: Page, edit: Edit) -> None:
        self._shelf.do(partial(PagesFolder.change, page=page, edit=edit))

    def _add(self, page: Page) -> None:
        self._shelf.do(partial(PagesFolder.add, page=page))

    def _remove(self, name: str) -> None:
        self._shelf.do(partial(PagesFolder.remove, name=name))

    def _export(self, page: Page, path: str) -> None:
        # To whom it is given it is a page as any other: of no server, and in no place.
        given = Page(page.charts, "", page.title)
        self._shelf.do(partial(_written, path, given), self._say_written)

    def _say_written(self, path: object) -> None:
        self._window.say(f"The page is in {path}.")

    def _import(self, path: str, server: str) -> None:
        self._shelf.do(partial(_read, path), partial(self._take_in, server))

    def _take_in(self, server: str, page: object) -> None:
        if isinstance(page, Page):
            title = plain(page.title, _LONGEST)
            self._book.add(Page(page.charts, "", page.title, server), f"Added {title}")


def _written(path: str, page: Page, _folder: PagesFolder) -> str:
    write_page(Path(path), page)
    return path


def _read(path: str, _folder: PagesFolder) -> Page:
    return read_page(Path(path))
