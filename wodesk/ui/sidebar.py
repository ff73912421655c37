"""The sidebar: pages, the list of servers, what can be done with them, and the ways to add some."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.page_list import PageList
from wodesk.ui.server_filter import ServerFilter
from wodesk.ui.server_menu import ServerMenu
from wodesk.ui.servers import ServerView
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.tokens import GRID, SIDEBAR, Theme

_TITLE = "  SERVERS"
_SHOWN = 60
"""Characters of what is looked for, where it is repeated."""


class Sidebar(QWidget):
    """The pages, the servers, and two buttons below them.

    Attributes:
        pages: what there is beside the servers.
        servers: the list.
        filter: what narrows it.
        menu: what the user wants done with one of them.

    Signals:
        add_wanted(): the user wants to add a server.
        add_several_wanted(): or many at once.
    """

    add_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    add_several_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        # Else Qt leaves out the ground that the style sheet gives it.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(SIDEBAR)
        self.pages = PageList(theme)
        self.servers = ServerView(store, theme)
        self.filter = ServerFilter(store, theme)
        self.menu = ServerMenu(store, self.servers)
        self._store = store
        self._title = PlainLabel(_TITLE)
        self._title.set_role(QPalette.ColorRole.PlaceholderText)
        add, several = QPushButton("Add server…"), QPushButton("Several…")
        several.setAccessibleName("Add several servers…")
        add.clicked.connect(self.add_wanted)
        several.clicked.connect(self.add_several_wanted)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(3 * GRID, 0, 3 * GRID, 0)
        buttons.setSpacing(2 * GRID)
        buttons.addWidget(add, 1)
        buttons.addWidget(several)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3 * GRID, 0, 3 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.pages)
        column.addWidget(self._title)
        column.addWidget(self.filter)
        column.addWidget(self.servers, 1)
        column.addLayout(buttons)
        self._connect()

    def _connect(self) -> None:
        self.filter.changed.connect(self.servers.set_search)
        self.filter.found.connect(self._go_to_first)
        self.filter.left.connect(self._go_to_list)
        self.servers.move_refused.connect(self.filter.remark)
        self.servers.rows_changed.connect(self._tell)
        self.filter.changed.connect(self._tell)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for part in (self.pages, self.filter, self.servers):
            part.set_theme(theme)

    def reveal(self, server: str) -> None:
        """Have a server in the list, whatever is looked for."""
        if self.servers.is_filtered and not self.servers.shows(server):
            self.filter.clear()

    def refresh(self) -> None:
        """Let what is shown grow older."""
        self.servers.refresh()
        self.filter.refresh()

    def _go_to_first(self) -> None:
        self.servers.choose_first()
        self._go_to_list()

    def _go_to_list(self) -> None:
        if not self.servers.chosen_server():
            self.servers.choose_first()
        self.servers.setFocus()

    def _tell(self) -> None:
        """Say how many there are of all, and why there is none."""
        shown, total = self.servers.count(), len(self._store.servers())
        is_filtered = self.servers.is_filtered
        self._title.setText(f"{_TITLE}   {shown} of {total}" if is_filtered else _TITLE)
        if is_filtered and not shown:
            looked_for = plain(self.filter.field.text().strip(), _SHOWN)
            self.filter.say(f"No server matches “{looked_for}”. Esc shows all of them again.")
        elif is_filtered and shown:
            self.filter.say("")
