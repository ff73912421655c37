"""What the button beside a failure does: another try, or what has to come before one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.ui.pages.words import has_another_certificate
from wodesk.ui.store import Store


class Remedies(QObject):
    """Takes the user to what helps a server that cannot be watched.

    Signals:
        retry_wanted(str): try this server at once.
        certificate_wanted(str): show which certificate is accepted for it, where that can be
            forgotten: the server shows another one.
    """

    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    certificate_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(self, store: Store, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store

    def take(self, server: str) -> None:
        """Do for a server what its button says."""
        state = self._store.server(server)
        if state is not None and has_another_certificate(state):
            self.certificate_wanted.emit(server)
        else:
            self.retry_wanted.emit(server)
