"""Whether a host key is known, by OpenSSH's own files and OpenSSH's own rules.

asyncssh's reader of these files vouches by IP address, loses a revocation that names no port,
and stops at a damaged line; here a key is known, unknown, changed or revoked, with the file and
the line that say so.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import stat
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Self

import asyncssh
from msgspec import Struct

from wodesk.access.ssh_host_lines import Entry, Marker, fingerprint, hashed, parse, parse_revoked

if sys.platform != "win32":
    import fcntl

SSH_PORT = 22
USER_FILES = (Path("~/.ssh/known_hosts"), Path("~/.ssh/known_hosts2"))
GLOBAL_FILES = (Path("/etc/ssh/ssh_known_hosts"), Path("/etc/ssh/ssh_known_hosts2"))

_LARGEST = 64 << 20
_KRL = b"SSHKRL\n\0"
"""How ssh-keygen begins a key revocation list, its binary form."""
_SALT_SIZE = 20
_NOT_IN_A_NAME = frozenset("@?*#[]|'\"\\,! ")
"""What OpenSSH never writes into a known_hosts file as part of a name, and what ends a name."""


class Known(Struct, frozen=True):
    """The very key is in a file."""

    file: Path
    line: int


class Unknown(Struct, frozen=True):
    """No file has any key of this host."""


class Changed(Struct, frozen=True):
    """The files know this host by another key, be it of another type."""

    file: Path
    line: int
    known: str
    """The fingerprint of the key in the file; `offered` is that of the key at hand."""
    offered: str


class Revoked(Struct, frozen=True):
    """A file says that this key must not be trusted any more."""

    file: Path
    line: int


class UnreadableRevocations(Exception):
    """Which keys are revoked cannot be known, so that none may be trusted; says why."""


Verdict = Known | Unknown | Changed | Revoked


class Store:
    """What known_hosts files say, as they were when they were read.

    `host` is the name that is looked up (HostName, or HostKeyAlias with port 22).  With another
    port than 22, lines for `[host]:port` decide, and if there are none those for the bare name;
    a revocation counts under either.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = tuple(entries)

    @classmethod
    def read(cls, files: Iterable[Path], revoked: Path | None = None) -> Self:
        """The store of these files, in this order; what cannot be read holds nothing.

        `revoked` is a file of keys that no host may have; raises `UnreadableRevocations`.
        """
        known = chain.from_iterable(parse(_content(file), file) for file in files)
        return cls(chain(known, _revocations(revoked) if revoked else ()))

    def verdict(self, host: str, port: int, key: asyncssh.SSHKey) -> Verdict:
        """What the files say of a key that a host offers."""
        blob = key.public_data
        for entry in self.revoked(host, port):
            if entry.blob == blob:
                return Revoked(entry.file, entry.line)
        exact, *bare = lookup_names(host, port)
        verdict = self._status(exact, blob)
        if isinstance(verdict, Unknown):
            for name in bare:
                # Only a matching key counts: another one may belong to another port.
                status = self._status(name, blob)
                if isinstance(status, Known):
                    return status
        return verdict

    def key_types(self, host: str, port: int) -> tuple[str, ...]:
        """The types of the keys known for a host: what it should be asked for first."""
        entries = self._found(Marker.NONE, lookup_names(host, port))
        return tuple(dict.fromkeys(entry.key_type for entry in entries))

    def authorities(self, host: str, port: int) -> tuple[bytes, ...]:
        """The keys, as on the wire, that may sign a certificate of this host."""
        entries = self._found(Marker.AUTHORITY, lookup_names(host, port))
        return tuple(entry.blob for entry in entries)

    def revoked(self, host: str, port: int) -> tuple[Entry, ...]:
        """The lines that revoke keys for this host."""
        return self._found(Marker.REVOKED, lookup_names(host, port))

    def _status(self, name: str, blob: bytes) -> Verdict:
        entries = self._found(Marker.NONE, (name,))
        for entry in entries:
            if entry.blob == blob:
                return Known(entry.file, entry.line)
        if not entries:
            return Unknown()
        key_type = blob[4 : 4 + int.from_bytes(blob[:4], "big")].decode("ascii", "replace")
        alike = [entry for entry in entries if entry.key_type == key_type]
        wrong = (alike or entries)[-1]
        return Changed(wrong.file, wrong.line, fingerprint(wrong.blob), fingerprint(blob))

    def _found(self, marker: Marker, names: Iterable[str]) -> tuple[Entry, ...]:
        names = tuple(names)
        return tuple(
            entry
            for entry in self._entries
            if entry.marker is marker and any(entry.is_for(name) for name in names)
        )


def lookup_names(host: str, port: int) -> tuple[str, ...]:
    """What a host is called in the files; the first name decides."""
    try:
        name = str(ipaddress.ip_address(host))
    except ValueError:
        name = host.lower()
    return (name,) if port == SSH_PORT else (f"[{name}]:{port}", name)


def remember(
    host: str, port: int, key: asyncssh.SSHKey, file: Path, *, hide_names: bool = False
) -> None:
    """Append a key to the user's `file` in OpenSSH's format; raises `OSError`.

    The name is hashed if `hide_names`, or if the file has hashed names already.  A file that
    is a symbolic link is refused: it may lead anywhere.  The file is on the disk when this
    returns.
    """
    if not host or any(letter in _NOT_IN_A_NAME or not letter.isprintable() for letter in host):
        raise OSError(errno.EINVAL, "not a name for known_hosts", host)
    name, file = lookup_names(host, port)[0], file.expanduser()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(file, flags | getattr(os, "O_CLOEXEC", 0), mode=0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        if sys.platform != "win32":
            fcntl.flock(stream, fcntl.LOCK_EX)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(file))
        present = stream.read(_LARGEST)
        if hide_names or any(entry.is_hashed for entry in parse(present, file)):
            name = hashed(name, os.urandom(_SALT_SIZE))
        start = "" if not present or present.endswith(b"\n") else "\n"
        written = key.export_public_key("openssh").split()[:2]
        stream.write(f"{start}{name} {b' '.join(written).decode('ascii')}\n".encode())
        stream.flush()
        os.fsync(descriptor)


def _revocations(file: Path) -> Iterable[Entry]:
    """The keys of a RevokedHostKeys file; with one that cannot be read, ssh trusts no key."""
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise UnreadableRevocations(f"{file} cannot be read: {exc.strerror}") from exc
    if content.startswith(_KRL):
        raise UnreadableRevocations(f"{file} is a binary list (KRL), which wodesk does not read")
    try:
        return tuple(parse_revoked(content, file))
    except ValueError as exc:
        raise UnreadableRevocations(f"{file} cannot be understood: {exc}") from exc


def _content(file: Path) -> bytes:
    """What is in a file; nothing if there is none, or if it is no file that could be read."""
    try:
        # Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        descriptor = os.open(file.expanduser(), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
