"""The pages of a server as tabs, with what was changed last and a way back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QTabBar, QToolButton, QWidget

from wodesk.models.page_tabs import Tab
from wodesk.models.plain_text import plain
from wodesk.ui.icons import icon
from wodesk.ui.page_book import PageBook
from wodesk.ui.text import ElidedLabel, explain
from wodesk.ui.theme import GRID, Theme

_LONGEST = 32
_STAYS_MS = 15_000
"""How long a way back is offered beside the tabs; by key it is there for longer."""


class _Bar(QTabBar):
    """Tabs that take no more room than they need, though there may be arrows to scroll them."""

    def minimumSizeHint(self) -> QSize:
        """No more than all tabs take."""
        return super().minimumSizeHint().boundedTo(self.sizeHint())


class PageTabs(QWidget):
    """Chooses one of the pages that the server on screen has; each server keeps its own choice.

    Attributes:
        server: the id of the server whose pages they are.

    Signals:
        chosen(): another page is to be shown, or the same one with other charts.
        new_wanted(): the user wants another page.
        menu_wanted(QPoint): the menu of the current page, at a place of the screen.
        undo_wanted(): take the last change back.
        all_wanted(): have it on all servers.
    """

    chosen: SignalInstance = Signal()  # type: ignore[assignment]
    new_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(QPoint)  # type: ignore[assignment]
    undo_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    all_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, book: PageBook, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.server = ""
        self._book = book
        self._theme = theme
        self._tabs: tuple[Tab, ...] = ()
        self._bar = _Bar()
        self._new = QToolButton()
        self._more = QToolButton()
        self._said = ElidedLabel(Qt.AlignmentFlag.AlignRight)
        self._undo = QPushButton("Undo")
        self._all = QPushButton("On all servers")
        self._passing = QTimer(self, singleShot=True, interval=_STAYS_MS)
        self._build()
        self._connect()
        self.set_theme(theme)
        self._show_step("")

    def _build(self) -> None:
        self.setFocusProxy(self._bar)
        self._bar.setAccessibleName("Pages of this server")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._bar.setUsesScrollButtons(True)
        self._bar.setElideMode(Qt.TextElideMode.ElideRight)
        self._bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._said.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for button, words in ((self._new, "Add a page"), (self._more, "What to do with this page")):
            button.setObjectName("flat")
            button.setAccessibleName(words)
            explain(button, words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for part in (self._bar, self._new, self._more):
            row.addWidget(part)
        row.addWidget(self._said, 1)
        row.addWidget(self._undo)
        row.addWidget(self._all)

    def _connect(self) -> None:
        self._bar.currentChanged.connect(self._choose)
        self._bar.customContextMenuRequested.connect(self._open_menu)
        self._new.clicked.connect(self.new_wanted)
        self._more.clicked.connect(self._open_menu_below)
        self._undo.clicked.connect(self.undo_wanted)
        self._all.clicked.connect(self.all_wanted)
        self._book.changed.connect(self.refresh)
        self._book.did.connect(self._show_step)
        self._book.opened.connect(self.select)
        self._book.looked.connect(self._turn)
        self._passing.timeout.connect(self._forget_step)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._new.setIcon(icon("add", theme.muted))
        self._more.setIcon(icon("more", theme.muted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._fit_words()

    def show_server(self, server: str) -> None:
        """Show the pages of a server, with the one that was looked at last."""
        if server != self.server:
            self.server, self._tabs = server, ()
            self._show_step("")
            self.refresh()

    def all(self) -> tuple[Tab, ...]:
        """The tabs from left to right."""
        return self._tabs

    def current(self) -> Tab | None:
        """The tab whose page is to be shown."""
        place = self._bar.currentIndex()
        return self._tabs[place] if 0 <= place < len(self._tabs) else None

    def select(self, key: str) -> bool:
        """Show a page of the server; whether it has it."""
        keys = [tab.key for tab in self._tabs]
        if key in keys:
            self._bar.setCurrentIndex(keys.index(key))
        return key in keys

    def step(self, by: int) -> None:
        """Show the page so many places further on, round at the end."""
        if self._tabs:
            self._bar.setCurrentIndex((self._bar.currentIndex() + by) % len(self._tabs))

    def refresh(self) -> None:
        """Show the tabs as they are, and stay on the page that is shown if it is still there."""
        before, self._tabs = self._tabs, self._book.tabs(self.server)
        if before == self._tabs:
            return
        self._bar.blockSignals(True)
        while self._bar.count() > len(self._tabs):
            self._bar.removeTab(self._bar.count() - 1)
        while self._bar.count() < len(self._tabs):
            self._bar.addTab("")
        for place, tab in enumerate(self._tabs):
            name = plain(tab.page.title, _LONGEST)
            self._bar.setTabText(place, name.replace("&", "&&"))
            self._bar.setAccessibleTabName(place, f"{name}, changed" if tab.is_changed else name)
        keys = [tab.key for tab in self._tabs]
        wanted = self._book.page_of(self.server)
        self._bar.setCurrentIndex(keys.index(wanted) if wanted in keys else 0)
        self._bar.blockSignals(False)
        self.chosen.emit()

    def say(self, words: str) -> None:
        """Say something beside the tabs for a while."""
        self._show_step("")
        self._said.setText(words)
        self._fit_words()
        self._passing.start()

    def _choose(self, _place: int) -> None:
        tab = self.current()
        if tab is not None:
            self._book.look(self.server, tab.key)
            self._offer_all()
            self.chosen.emit()

    def _turn(self, server: str, key: str) -> None:
        if server == self.server:
            self.select(key)

    def _open_menu(self, at: QPoint) -> None:
        place = self._bar.tabAt(at)
        if place >= 0:
            self._bar.setCurrentIndex(place)
            self.menu_wanted.emit(self._bar.mapToGlobal(at))

    def _open_menu_below(self) -> None:
        self.menu_wanted.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _show_step(self, words: str) -> None:
        """Say what was changed, and offer a way back, or to have it everywhere."""
        self._said.setText(words)
        self._undo.setVisible(bool(words))
        self._offer_all()
        if words:
            self._passing.start()

    def _offer_all(self) -> None:
        """Offer to have it everywhere where it was a change of what other servers have as well."""
        tab = self.current()
        is_here = tab is not None and tab.is_changed and tab.page.server == self.server
        self._all.setVisible(is_here and not self._undo.isHidden())
        self._fit_words()

    def _fit_words(self) -> None:
        """Have what was done read whole as long as it is there: tabs can be scrolled meanwhile."""
        others = (self._new, self._more, self._undo, self._all)
        taken = [part.sizeHint().width() + GRID for part in others if not part.isHidden()]
        room = self.width() - sum(taken) - GRID - self._bar.minimumSizeHint().width()
        words = self._said.fontMetrics().horizontalAdvance(self._said.text()) + 1
        self._said.setMinimumWidth(max(0, min(words, room)))

    def _forget_step(self) -> None:
        self._show_step("")
