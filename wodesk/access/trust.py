"""Whom wodesk trusts when it speaks TLS: the system's store, read once while it is the same."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import truststore


class _KeptStore(truststore.SSLContext):
    """truststore's context, which reads the file of certificates once and not at each handshake.

    Reading costs 20 ms, and a handshake one.  The file is read again when it is another one, so
    that an authority that was installed meanwhile is believed; a folder of certificates is looked
    into by OpenSSL itself, at each handshake.  Not for Windows and macOS, whose stores are no files
    of OpenSSL's.
    """

    def __init__(self, protocol: int) -> None:
        super().__init__(protocol)
        self._read: tuple[object, ...] | None = None
        self._filled: ssl.SSLContext | None = None

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """Begin a handshake that checks the certificate and its name as truststore's does."""
        store = _state_of_store()
        if store is None or store != self._read or self._filled is None:
            # The state is of before the reading: what changes during it is read once more.
            wrapped = super().wrap_bio(incoming, outgoing, server_side, server_hostname, session)
            self._read, self._filled = store, wrapped.context
            return wrapped
        return self._filled.wrap_bio(incoming, outgoing, server_side, server_hostname, session)


def _state_of_store() -> tuple[object, ...] | None:
    """What differs once OpenSSL's file of certificates does; None if it has none, or not known."""
    paths = ssl.get_default_verify_paths()
    if not paths.cafile:
        return None
    try:
        file = Path(paths.cafile).stat()
    except OSError:
        return None
    return paths.cafile, paths.capath, file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns


def system_trust() -> ssl.SSLContext:
    """A context that checks certificates and names against the system's own trust store."""
    has_files = sys.platform not in ("darwin", "win32")
    context = (_KeptStore if has_files else truststore.SSLContext)(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
