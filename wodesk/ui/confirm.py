"""One calm question before something that cannot be undone, or one sentence about what failed."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Signal, SignalInstance
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import scaled
from wodesk.ui.tokens import GRID

_WIDTH = 420


class Confirm(QDialog):
    """Says what is about to happen; Enter and Escape do nothing of it.

    Without the name of an `action` there is nothing to agree to, and it is a mere message.

    Signals:
        agreed(): the user wants it; the dialog stays until it is accepted.
    """

    agreed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, headline: str, text: str, action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(action or "wodesk")
        self._complaint = PlainLabel(wrap=True)
        title, words = PlainLabel(headline, wrap=True), PlainLabel(text, wrap=True)
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self._complaint.hide()
        self.setAccessibleDescription(text)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        if action:
            agree = QPushButton(action)
            agree.setAutoDefault(False)
            agree.clicked.connect(self.agreed)
            buttons.addButton(agree, role.DestructiveRole)
        leave = buttons.addButton("Cancel" if action else "Close", role.RejectRole)
        leave.setDefault(True)
        leave.setFocus()
        leave.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(QMargins(4, 4, 4, 4) * GRID)
        for widget in (title, words, self._complaint, buttons):
            column.addWidget(widget)
        self.setFixedWidth(_WIDTH)
        self._fit()

    def complain(self, sentence: str) -> None:
        """Show why it could not be done."""
        self._complaint.setText(sentence)
        self._complaint.show()
        self._fit()

    def _fit(self) -> None:
        """Be as high as the text needs, of which Qt guesses too much."""
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))
