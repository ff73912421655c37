"""Notices that somebody has changed a file while wodesk runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

_SETTLE_MS = 300
"""How long nothing is to happen to the file: editors write in several steps."""


class Edited(QObject):
    """Watches one file, which need not exist; editors may write in it or put another in its place.

    Signals:
        stirred(): the file may be another one.
    """

    stirred: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._watcher.fileChanged.connect(self._settled.start)
        self._watcher.directoryChanged.connect(self._settled.start)
        self._settled.timeout.connect(self._tell)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._state_changed)
        self._watch()

    def _tell(self) -> None:
        self._watch()
        self.stirred.emit()

    def _watch(self) -> None:
        """Watch what is there; a file that another one has replaced is watched no more."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = {str(self._path), str(self._path.parent)} - watched
        there = [place for place in sorted(wanted) if Path(place).exists()]
        if there:
            self._watcher.addPaths(there)

    def _state_changed(self) -> None:
        """Whoever comes back from an editor sees what it saved, whatever has been watched."""
        # Told with the signal, the state has PySide make `Qt` with its 93 enums: 2 MB in the tray.
        if QApplication.applicationState().name == "ApplicationActive":
            self._settled.start()
