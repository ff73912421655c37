"""The lines of known_hosts files, understood as OpenSSH understands them.

Pure: bytes in, entries out.  Whatever the bytes, nothing is raised; a line that OpenSSH would
skip is skipped.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import asyncssh
from msgspec import Struct

_LONGEST_PATTERN = 1022
_LONGEST_MARKER = 31
_SALT_SIZE = 20
_LINE = re.compile(rb"([^ \t]+)[ \t]+([^ \t#][^ \t]*)[ \t]+([^ \t]+)")
_HASHED = re.compile(rb"\|1\|([^|]+)\|([^|]+)")
_REVOKED = re.compile(rb"@revoked[ \t]+")

_CHECKED_TYPES = frozenset(
    {
        b"ssh-ed25519",
        b"ecdsa-sha2-nistp256",
        b"ecdsa-sha2-nistp384",
        b"ecdsa-sha2-nistp521",
        b"ssh-rsa",
    }
)
"""Keys of these types are decoded before they count; OpenSSH skips damaged ones, too."""
_OTHER_TYPES = frozenset(
    {
        b"ssh-dss",
        b"sk-ssh-ed25519@openssh.com",
        b"sk-ecdsa-sha2-nistp256@openssh.com",
        *(
            name + b"-cert-v01@openssh.com"
            for name in (*_CHECKED_TYPES, b"ssh-dss", b"sk-ssh-ed25519", b"sk-ecdsa-sha2-nistp256")
        ),
    }
)
_SIGNATURE_NAMES = {b"rsa-sha2-256": b"ssh-rsa", b"rsa-sha2-512": b"ssh-rsa"}


class Marker(Enum):
    """What a line says of its key."""

    NONE = ""
    AUTHORITY = "@cert-authority"
    REVOKED = "@revoked"


class Entry(Struct, frozen=True):
    """One line with a key: `hosts` as written, `blob` the key in the form of the wire."""

    file: Path
    line: int
    marker: Marker
    hosts: bytes
    key_type: str
    blob: bytes

    @property
    def is_hashed(self) -> bool:
        """Whether the name is hidden."""
        return self.hosts.startswith(b"|")

    def is_for(self, name: str) -> bool:
        """Whether the line speaks of `name`: a host in lower case, or `[host]:port`."""
        if self.is_hashed:
            return _is_hash_of(name.encode(), self.hosts)
        return _is_listed(name.encode(), self.hosts)


def parse(data: bytes, file: Path) -> Iterator[Entry]:
    """The entries of a file, in order; damaged lines are left out."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        entry = _entry(line.partition(b"\0")[0].lstrip(b" \t"), file, number)
        if entry is not None:
            yield entry


def parse_revoked(data: bytes, file: Path) -> Iterator[Entry]:
    """The entries of a RevokedHostKeys file, in which keys stand alone: each for every host.

    Raises `ValueError` at a line that holds no key, as ssh does: it may be one that is revoked.
    """
    for number, line in enumerate(data.split(b"\n"), start=1):
        text = line.strip(b" \t\r")
        if not text or text.startswith(b"#"):
            continue
        entry = _entry(b"@revoked * " + text, file, number)
        if entry is None or "-cert-" in entry.key_type:
            raise ValueError(f"line {number} is no public key")
        yield entry


def fingerprint(blob: bytes) -> str:
    """`SHA256:` and base64, as `ssh-keygen -l` prints it."""
    digest = b64encode(hashlib.sha256(blob).digest())
    return f"SHA256:{digest.rstrip(b'=').decode()}"


def hashed(name: str, salt: bytes) -> str:
    """The hidden form of a name, with a salt of 20 bytes."""
    digest = hmac.new(salt, name.encode(), "sha1").digest()
    return f"|1|{b64encode(salt).decode()}|{b64encode(digest).decode()}"


def _entry(text: bytes, file: Path, number: int) -> Entry | None:
    if not text or text.startswith(b"#"):
        return None
    marked = _marked(text)
    if marked is None:
        return None
    marker, rest = marked
    found = _LINE.match(rest)
    if found is None:
        return None
    hosts, key_type, encoded = found.groups()
    blob = _key(_SIGNATURE_NAMES.get(key_type, key_type), encoded)
    if blob is None:
        return None
    return Entry(file, number, marker, hosts, _type_of(blob).decode("ascii"), blob)


def _marked(text: bytes) -> tuple[Marker, bytes] | None:
    """The marker of a line and what follows; None if it is one that OpenSSH would not know."""
    if not text.startswith(b"@"):
        return Marker.NONE, text
    revoked = _REVOKED.match(text)
    if revoked is not None:
        # OpenSSH looks for a space first, and so skips a revocation that has a tab there and a
        # space later on.  A revocation is meant, whatever follows it.
        marker, rest = Marker.REVOKED, text[revoked.end() :]
    else:
        end = text.find(b" ")
        end = text.find(b"\t") if end < 0 else end
        if not 0 < end <= _LONGEST_MARKER or text[:end] != Marker.AUTHORITY.value.encode():
            return None
        marker, rest = Marker.AUTHORITY, text[end:].lstrip(b" \t")
    return None if rest.startswith(b"@") else (marker, rest)


def _key(key_type: bytes, encoded: bytes) -> bytes | None:
    """The key in the form of the wire, if it is whole and of the type that the line says."""
    encoded = encoded.translate(None, delete=b"\t\n\v\f\r")
    try:
        blob = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    if b64encode(blob) != encoded or _type_of(blob) != key_type:
        return None
    if key_type in _OTHER_TYPES:
        return blob
    if key_type not in _CHECKED_TYPES:
        return None
    try:
        key = asyncssh.import_public_key(key_type + b" " + encoded)
    except Exception:
        # What a damaged key makes the decoders raise is not documented, and asyncssh's own
        # error is only one of them.
        return None
    return blob if key.public_data == blob else None


def _type_of(blob: bytes) -> bytes:
    size = int.from_bytes(blob[:4], "big")
    return blob[4 : 4 + size]


def _is_hash_of(name: bytes, hosts: bytes) -> bool:
    found = _HASHED.fullmatch(hosts)
    if found is None:
        return False
    try:
        salt = binascii.a2b_base64(found.group(1), strict_mode=True)
    except ValueError:
        return False
    return len(salt) == _SALT_SIZE and hashed(name.decode(), salt).encode() == hosts


def _is_listed(name: bytes, hosts: bytes) -> bool:
    """Whether a list of patterns has the name; one that excludes it outweighs all others."""
    listed = False
    for written in hosts.split(b","):
        negated = written.startswith(b"!")
        pattern = written[1:] if negated else written
        if len(pattern) > _LONGEST_PATTERN:
            return False
        if _matches(name, pattern.lower()):
            if negated:
                return False
            listed = True
    return listed


def _matches(name: bytes, pattern: bytes) -> bool:
    """Whether `name` fits a pattern with `*` and `?`, and no other wildcards."""
    at = place = 0
    star, resume = -1, 0
    while at < len(name):
        if place < len(pattern) and pattern[place] == ord("*"):
            star, resume, place = place, at, place + 1
        elif place < len(pattern) and pattern[place] in (ord("?"), name[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = resume, star + 1
        else:
            return False
    return not pattern[place:].strip(b"*")
