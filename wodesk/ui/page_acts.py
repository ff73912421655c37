"""What can be done with the pages of a server: by menus, by keys and by the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from wodesk.models.page import ChartSpec, Page
from wodesk.models.page_edits import pinned, renamed
from wodesk.models.page_tabs import Tab, name_of
from wodesk.models.plain_text import plain
from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.page_book import PageBook
from wodesk.ui.page_tabs import PageTabs
from wodesk.ui.store import Store

_LONGEST = 60
_LONGEST_TITLE = 200
_FILES = "Pages of wodesk (*.toml)"


class PageActs(QObject):
    """Acts on the page on screen."""

    def __init__(
        self, book: PageBook, tabs: PageTabs, store: Store, actions: Actions, window: QWidget
    ) -> None:
        super().__init__(tabs)
        self._book = book
        self._tabs = tabs
        self._store = store
        self._window = window
        self._actions = actions
        self._menu: tuple[Action, ...] = self._entries()
        actions.add(*self._menu)
        tabs.new_wanted.connect(self.new)
        tabs.menu_wanted.connect(self._open_menu)
        tabs.undo_wanted.connect(self.undo)
        tabs.all_wanted.connect(self.give_to_all)

    def _entries(self) -> tuple[Action, ...]:
        step, reset = self._tabs.step, "Reset this page to what came with wodesk"
        undo = "Undo the last change of a page"

        def entry(
            id: str,
            words: str,
            act: Callable[[], object],
            key: str = "",
            can: Callable[[], bool] = self._is_there,
        ) -> Action:
            return Action(f"page.{id}", words, Section.PAGES, (key,) if key else (), act, can)

        return (
            entry("next", "Show the next page of the server", partial(step, 1), "Ctrl+PgDown"),
            entry("previous", "Show the page before", partial(step, -1), "Ctrl+PgUp"),
            entry("new", "Add a page", self.new, "Ctrl+T"),
            entry("rename", "Rename this page", self.rename),
            entry("duplicate", "Duplicate this page", self.duplicate),
            entry("all", "Show this page on all servers", self.give_to_all, can=self._can_all),
            entry("one", "Show this page on this server only", self.give_to_one, can=self._can_one),
            entry("reset", reset, self.remove, can=self._can_reset),
            entry("delete", "Delete this page", self.remove, can=self._can_delete),
            entry("export", "Save this page as a file", self.export),
            entry("import", "Open a page from a file", self.open_file),
            entry("undo", undo, self.undo, "Ctrl+Alt+Z", self._can_undo),
        )

    def pin(self, chart: ChartSpec, key: str = "") -> bool:
        """Put a chart at the end of this page, or of that on screen; whether it has room."""
        tab = self._book.tab(self._tabs.server, key) if key else self._tabs.current()
        if tab is None:
            return False
        words = f"Pinned {plain(chart.title, _LONGEST)} to {plain(tab.page.title, _LONGEST)}"
        return self._book.edit(self._tabs.server, tab.key, partial(pinned, chart=chart), words)

    def new(self) -> None:
        """Add an empty page, once it has a name."""
        self._ask("Add a page", "", partial(self._add, self._tabs.server))

    def rename(self) -> None:
        """Give the page another title."""
        tab = self._tabs.current()
        if tab is not None:
            named = partial(self._rename, self._tabs.server, tab)
            self._ask("Rename the page", tab.page.title, named)

    def duplicate(self) -> None:
        """Add a page of this server with the same charts."""
        tab = self._tabs.current()
        if tab is not None:
            title = f"{tab.page.title} copy"[:_LONGEST_TITLE]
            page = Page(tab.page.charts, "", title, self._tabs.server)
            self._book.add(page, f"Duplicated {plain(tab.page.title, _LONGEST)}")

    def remove(self) -> None:
        """Delete the page, so that one that came with wodesk is there again as it came."""
        tab = self._tabs.current()
        if tab is not None and (tab.shipped is None or tab.is_changed):
            verb = "Deleted" if tab.shipped is None else "Reset"
            self._book.remove(tab.page, f"{verb} {plain(tab.page.title, _LONGEST)}")

    def give_to_all(self) -> None:
        """Have the page on all servers."""
        self._give("", "on all servers")

    def give_to_one(self) -> None:
        """Have it on this server alone."""
        self._give(self._tabs.server, f"on {self._server_name()} only")

    def undo(self) -> None:
        """Take the last change of any page back."""
        if self._book.can_undo():
            words = self._book.undo()
            self._tabs.say(f"Undone: {words}" if words else "It was changed elsewhere meanwhile")

    def export(self) -> None:
        """Ask where to write the page."""
        from wodesk.ui.file_dialogs import ask_where_to  # noqa: PLC0415  seldom needed

        tab = self._tabs.current()
        if tab is not None:
            file = f"{name_of(tab.page.title, ())}.toml"
            write = partial(self._book.export_wanted.emit, tab.page)
            ask_where_to(self._window, "Save this page", file, _FILES, write)

    def open_file(self) -> None:
        """Ask for the file of a page."""
        from wodesk.ui.file_dialogs import ask_which  # noqa: PLC0415  seldom needed

        server = self._tabs.server

        def read(path: str) -> None:
            self._book.import_wanted.emit(path, server)

        ask_which(self._window, "Open a page", _FILES, read)

    def _add(self, server: str, title: str) -> None:
        page = Page((), "", title, server)
        self._book.add(page, f"Added {plain(title, _LONGEST)}")

    def _rename(self, server: str, tab: Tab, title: str) -> None:
        words = f"Renamed {plain(tab.page.title, _LONGEST)}"
        self._book.edit(server, tab.key, partial(renamed, title=title), words)

    def _give(self, to: str, where: str) -> None:
        tab = self._tabs.current()
        if tab is not None:
            words = f"{plain(tab.page.title, _LONGEST)} is {where}"
            self._book.give(self._tabs.server, tab.key, to, words)

    def _ask(self, title: str, text: str, named: Callable[[str], object]) -> None:
        """Ask for the name of a page."""
        from PySide6.QtWidgets import QInputDialog  # noqa: PLC0415  seldom needed

        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name of the page")
        dialog.setTextValue(text)
        field = dialog.findChild(QLineEdit)
        if isinstance(field, QLineEdit):
            field.setMaxLength(_LONGEST_TITLE)
        dialog.textValueSelected.connect(partial(_if_named, named))
        dialog.open()

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._menu[2:]:
            if action.id in ("page.all", "page.export", "page.undo"):
                menu.addSeparator()
            if action.is_enabled():
                entry = menu.addAction(f"{action.words}\t{''.join(action.keys[:1])}")
                entry.triggered.connect(action.act)
        menu.popup(at)

    def _tab(self) -> Tab | None:
        return self._tabs.current() if self._tabs.server else None

    def _is_there(self) -> bool:
        return self._tab() is not None

    def _can_all(self) -> bool:
        tab = self._tab()
        return tab is not None and bool(tab.page.server)

    def _can_one(self) -> bool:
        tab = self._tab()
        own = tab is not None and (tab.shipped is None or tab.is_changed)
        return own and tab is not None and not tab.page.server

    def _can_reset(self) -> bool:
        tab = self._tab()
        return tab is not None and tab.is_changed

    def _can_delete(self) -> bool:
        tab = self._tab()
        return tab is not None and tab.shipped is None

    def _can_undo(self) -> bool:
        return self._book.can_undo()

    def _server_name(self) -> str:
        state = self._store.server(self._tabs.server)
        return plain(state.server.name, _LONGEST) if state is not None else "this server"


def _if_named(named: Callable[[str], object], text: str) -> None:
    title = text.strip()
    if title:
        named(title)
