"""The certificate that is accepted for a server although no authority vouches for it."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wodesk.models.fingerprint import readable
from wodesk.models.plain_text import plain
from wodesk.ui.text import PlainLabel, folded
from wodesk.ui.theme import GRID

_LONGEST_PLACE = 60


class PinField(QWidget):
    """Shows the fingerprint, and takes the acceptance back.

    Signals:
        forgotten(): the certificate is not to be accepted any more.
    """

    forgotten: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._fingerprint = PlainLabel()
        self._fingerprint.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._note = PlainLabel()
        self._note.set_role(QPalette.ColorRole.PlaceholderText)
        self._forget = QPushButton("Forget this certificate")
        self._forget.setAutoDefault(False)
        self._forget.clicked.connect(self.forgotten)
        self.setFocusProxy(self._forget)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self._note, 1)
        row.addWidget(self._forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._fingerprint)
        column.addLayout(row)

    def show_pin(self, pin: str, place: str) -> None:
        """Show what is accepted for a host and port."""
        text = readable(pin)
        self._fingerprint.setText(folded(text))
        self._fingerprint.setAccessibleName(f"SHA-256 fingerprint {text}")
        self._note.setText(f"Accepted for {plain(place, _LONGEST_PLACE)} alone.")
        self._fingerprint.show()
        self._forget.show()

    def show_forgotten(self) -> None:
        """Say what happens at the next connection."""
        self._note.setText("Forgotten once you save; then it is looked at anew.")
        self._fingerprint.clear()
        self._fingerprint.hide()
        self._forget.hide()
