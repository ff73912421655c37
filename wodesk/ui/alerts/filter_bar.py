"""The bar that chooses which alerts are listed."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from wodesk.models.alert import Level
from wodesk.models.plain_text import plain
from wodesk.ui.alerts.sieve import Sieve
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID

_REST_MS = 120
_NAME_LIMIT = 40
_LEAST_LETTERS = 12
_FIELD = 216
_LEVELS = {"All levels": Level.CLEAR, "Warning or worse": Level.WARNING, "Critical": Level.CRITICAL}


class FilterBar(QWidget):
    """Words to look for, a server and a level.

    Signals:
        changed(): the sieve is another one.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._words = QLineEdit(placeholderText="Filter by text (Ctrl+F)", clearButtonEnabled=True)
        self._server = QComboBox()
        self._level = QComboBox()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._build()
        self._list_servers()
        store.servers_changed.connect(self._list_servers)

    def _build(self) -> None:
        self._words.setAccessibleName("Filter alerts by text")
        self._words.setMinimumWidth(_FIELD // 2)
        self._words.setMaximumWidth(_FIELD)
        self._server.setAccessibleName("Filter alerts by server")
        self._level.setAccessibleName("Filter alerts by level")
        for text, level in _LEVELS.items():
            self._level.addItem(text, level)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self._server.setSizeAdjustPolicy(policy)
        self._server.setMinimumContentsLength(_LEAST_LETTERS)
        self._words.textChanged.connect(self._rest.start)
        self._rest.timeout.connect(self.changed)
        for combo in (self._server, self._level):
            combo.setMinimumHeight(self._words.sizeHint().height())
            combo.currentIndexChanged.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self._words, 1)
        row.addWidget(self._server)
        row.addWidget(self._level)

    def sieve(self) -> Sieve:
        """What is to be listed."""
        return Sieve(
            self._words.text().strip(),
            str(self._server.currentData() or ""),
            Level(self._level.currentData()),
        )

    def reset(self) -> None:
        """List everything."""
        self._words.clear()
        self._server.setCurrentIndex(0)
        self._level.setCurrentIndex(0)
        self._rest.stop()
        self.changed.emit()

    def focus_words(self) -> None:
        """Let the user type what to look for."""
        self._words.setFocus()
        self._words.selectAll()

    def _list_servers(self) -> None:
        """Offer the servers that there are; the one that is chosen stays so."""
        chosen = self._server.currentData()
        self._server.blockSignals(True)
        self._server.clear()
        self._server.addItem("All servers", "")
        for state in self._store.servers():
            self._server.addItem(plain(state.server.name, _NAME_LIMIT), state.server.id)
        place = max(0, self._server.findData(chosen))
        self._server.setCurrentIndex(place)
        self._server.blockSignals(False)
        if chosen and not place:
            self.changed.emit()
