"""The doorbell where Python has no sockets of a user, as on Windows: one of QtNetwork's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from wodesk.doorbell import Take

_PATIENCE_MS = 1000
_LONGEST = 1 << 16


class Doorbell(QObject):
    """Listens at a named pipe as `wodesk.doorbell.Doorbell` does at a socket."""

    def __init__(self, name: str, take: Take) -> None:
        super().__init__()
        self._name = name
        self._take = take
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def listen(self) -> None:
        """Hear from now on; raises `OSError`, with a reason, where that cannot be."""
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            raise OSError(self._server.errorString())

    def close(self) -> None:
        """Hear no more; safe to call twice."""
        self._server.close()
        for link in self._server.findChildren(QLocalSocket):
            link.abort()

    def _accept(self) -> None:
        while link := self._server.nextPendingConnection():
            link.readyRead.connect(self._read)
            link.disconnected.connect(link.deleteLater)

    def _read(self) -> None:
        link: QLocalSocket = self.sender()  # type: ignore[assignment]
        if link.bytesAvailable() > _LONGEST:
            link.abort()
        elif link.canReadLine():
            taken = self._take(bytes(link.readLine().data()).removesuffix(b"\n"))
            if taken is None:
                link.abort()
                return
            answer, act = taken
            link.write(answer)
            link.flush()
            act()


def ring(name: str, line: bytes) -> bytes:
    """Leave a line for who listens there; the answer, which is empty if there is none."""
    link = QLocalSocket()
    link.connectToServer(name)
    if not link.waitForConnected(_PATIENCE_MS):
        return b""
    link.write(line + b"\n")
    answer = bytes(link.readAll().data()) if link.waitForReadyRead(_PATIENCE_MS) else b""
    link.abort()
    return answer
