"""How the page of what changed is laid out: its words, over and under its charts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from wodesk.ui.notices import Notice
from wodesk.ui.pages.words import Saying
from wodesk.ui.text import ElidedLabel, PlainLabel, explain
from wodesk.ui.theme import GRID, Theme, scaled

_WEIGHT = "The weight is 1 for what changed most, and 0 for what did not."


class ChangedView(QWidget):
    """Charts, or a screen in place of them, with a head and a foot.

    Signals:
        back_wanted(): show what was shown before.
        more_wanted(): show more charts.
        cancelled(): wait for the answer no more.
        acted(): the button of another notice was pressed.
    """

    back_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    more_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    cancelled: SignalInstance = Signal()  # type: ignore[assignment]
    acted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, charts: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._charts = charts
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._title = PlainLabel("What changed?")
        self._when = ElidedLabel()
        self._remark = ElidedLabel()
        self._counted = PlainLabel()
        self._more = QPushButton()
        self._back = QPushButton("Back")
        self._banner = Notice(theme, large=False)
        self._screen = Notice(theme, large=True)
        self._waiting = Notice(theme, large=True, sign="clear")
        self._stack = QStackedLayout()
        self._build()
        self._more.clicked.connect(self.more_wanted)
        self._back.clicked.connect(self.back_wanted)
        self._waiting.acted.connect(self.cancelled)
        for notice in (self._banner, self._screen):
            notice.acted.connect(self.acted)

    def _build(self) -> None:
        self._title.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        for muted in (self._when, self._remark, self._counted):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        explain(self._back, "Show what was shown before (Esc, Alt+Left)")
        explain(self._counted, _WEIGHT)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(3 * GRID)
        head.addWidget(self._title)
        head.addWidget(self._when, 1)
        head.addWidget(self._back)
        foot.addWidget(self._counted)
        foot.addStretch(1)
        foot.addWidget(self._more)
        self._banner.setObjectName("banner")
        for part in (self._screen, self._waiting, self._charts):
            self._stack.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * GRID)
        whole.addLayout(head)
        whole.addWidget(self._remark)
        whole.addWidget(self._banner)
        whole.addLayout(self._stack, 1)
        whole.addLayout(foot)
        self._banner.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for notice in (self._banner, self._screen, self._waiting):
            notice.set_theme(theme)

    def text(self) -> str:
        """The words in place of the charts, or else what is said of them."""
        notice = self._stack.currentWidget()
        return notice.text() if isinstance(notice, Notice) else self._counted.text()

    def head(self) -> str:
        """The words over the charts."""
        return " ".join(part for part in (self._when.text(), self._remark.text()) if part)

    def show_head(self, when: str, remark: str) -> None:
        """Say what is compared, and what is special about that."""
        self._when.setText(when)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    def show_foot(self, counted: str, more: str) -> None:
        """Say how many there are, and offer more where there are any."""
        self._counted.setText(counted)
        self._counted.setVisible(bool(counted))
        self._more.setText(more)
        self._more.setVisible(bool(more))

    def show_charts(self, banner: Saying | None) -> None:
        """Show the charts, with a banner over them."""
        self._stack.setCurrentWidget(self._charts)
        self._banner.setVisible(banner is not None)
        if banner is not None:
            self._banner.say(*banner)

    def show_screen(self, screen: Saying, *, can_cancel: bool) -> None:
        """Say this in place of the charts."""
        notice = self._waiting if can_cancel else self._screen
        notice.say(*screen)
        self._stack.setCurrentWidget(notice)
        self._banner.hide()
