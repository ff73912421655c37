"""The sidebar: pages, the list of servers, what can be done with them, and the ways to add some."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wodesk.ui.page_list import PageList
from wodesk.ui.server_menu import ServerMenu
from wodesk.ui.servers import ServerView
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.tokens import GRID, SIDEBAR, Theme


class Sidebar(QWidget):
    """The pages, the servers, and two buttons below them.

    Attributes:
        pages: what there is beside the servers.
        servers: the list.
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
        self.menu = ServerMenu(store, self.servers)
        title = PlainLabel("  SERVERS")
        title.set_role(QPalette.ColorRole.PlaceholderText)
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
        self.pages.hide()
        column.addWidget(title)
        column.addWidget(self.servers, 1)
        column.addLayout(buttons)
