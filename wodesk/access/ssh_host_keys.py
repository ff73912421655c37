"""The host key of a server: which kinds are asked for, what is trusted, who is asked."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress

import asyncssh
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from wodesk.access.known_hosts import Changed, Known, Revoked, Store, Unknown, Verdict, remember
from wodesk.access.ssh_config import Leg
from wodesk.access.ssh_host_lines import Entry
from wodesk.access.ssh_memory import Memory
from wodesk.access.ssh_patience import Patience
from wodesk.access.ssh_words import (
    revoked_certificate,
    short_key,
    strictly_unknown_key,
    two_keys,
    unknown_key,
    untrusted_key,
)
from wodesk.client import hops
from wodesk.models.errors import Hop
from wodesk.models.question import UnknownHostKey
from wodesk.models.question import Verdict as Answered

log = logging.getLogger(__name__)

_CERTIFIED = "-cert-v01@openssh.com"
_HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""In the order in which they are asked for; RSA with SHA-1 is not among them."""
_RSA = "ssh-rsa"


class HostKeys:
    """What is known of one server's keys, and what it offers on the way to a login.

    `takes_certificates` is whether the next handshake asks for a certificate, too.
    """

    def __init__(self, leg: Leg, store: Store, memory: Memory) -> None:
        self.leg = leg
        self.refused: asyncssh.SSHKey | None = None
        """The key because of which the last handshake ended, and what is known of it."""
        self.verdict: Verdict | None = None
        self.accepted: asyncssh.SSHKey | None = None
        """The key that a person has accepted just now."""
        self._store = store
        self._memory = memory
        self._place = (leg.known_as, leg.known_port)
        self.takes_certificates = leg.chooses_host_keys or bool(store.authorities(*self._place))

    def trusts(self, key: asyncssh.SSHKey) -> bool:
        """Judge the key that the server offers; a changed or a revoked one is never trusted."""
        self.verdict = self._store.verdict(*self._place, key)
        trusted = not self._is_too_short(key) and (
            isinstance(self.verdict, Known) or self._is_accepted(key)
        )
        self.refused = None if trusted else key
        if trusted:
            hops.found(Hop.HOST_KEY, f"{key.get_algorithm()} {key.get_fingerprint()}, {self._why}")
        return trusted

    def _is_accepted(self, key: asyncssh.SSHKey) -> bool:
        is_unknown = isinstance(self.verdict, Unknown) and not self.leg.is_strict
        return is_unknown and self._memory.accepts(*self._place, key)

    def _is_too_short(self, key: asyncssh.SSHKey) -> bool:
        """Whether RequiredRSASize refuses the key."""
        pyca_key = key.pyca_key
        return isinstance(pyca_key, RSAPublicKey) and pyca_key.key_size < self.leg.least_rsa

    @property
    def _why(self) -> str:
        """Why a key is trusted."""
        if isinstance(self.verdict, Known):
            return f"known from {self.verdict.file} line {self.verdict.line}"
        return "accepted by you"

    def trusts_authority(self, key: asyncssh.SSHKey) -> bool:
        """Whether this key may sign certificates of the server."""
        known = key.public_data in self._store.authorities(*self._place)
        if known:
            signer = key.get_fingerprint()
            hops.found(Hop.HOST_KEY, f"certificate of the known authority {signer}")
        return known

    @property
    def algorithms(self) -> Sequence[str]:
        """Kinds of which a key is known come first, so that a known key is the one offered."""
        if self.takes_certificates and self.leg.chooses_host_keys:
            return ()
        known = self._store.key_types(*self._place)
        if self.accepted is not None:
            known = (self.accepted.get_algorithm(),)
        plain = sorted(_HOST_KEYS, key=lambda name: _type_of(name) not in known)
        # How long the key in a certificate is, asyncssh does not tell.
        left_out = _RSA if self.leg.least_rsa else ""
        certified = [name + _CERTIFIED for name in _HOST_KEYS if _type_of(name) != left_out]
        return (*certified, *plain) if self.takes_certificates else plain

    def trust(
        self, host: str, address: str, port: int | None
    ) -> tuple[list[asyncssh.SSHKey], list[asyncssh.SSHKey], list[asyncssh.SSHKey]]:
        """No key is trusted here: `trusts` judges each, and has to see a revoked one to name it.

        Only the parts of a certificate never reach it.
        """
        revoked: list[asyncssh.SSHKey] = []
        if self.takes_certificates:
            revoked += _keys(self._store.revoked(*self._place))
        return [], [], revoked

    def give_up_certificate(self, exc: asyncssh.HostKeyNotVerifiable) -> bool:
        """Whether the plain key is left to try after a certificate that proves nothing.

        That is so with ssh, too, unless a part of the certificate is revoked.
        """
        entries = self._store.revoked(*self._place)
        if entries and "revoked" in exc.reason:
            places = " or ".join(f"{entry.file}, line {entry.line}" for entry in entries)
            raise revoked_certificate(self.leg, places) from exc
        took_certificates, self.takes_certificates = self.takes_certificates, False
        return took_certificates

    async def settle(self, patience: Patience) -> None:
        """Have a person accept the refused key, if it is for a person to decide.

        To be called while there is no connection; raises `HostUntrusted`.
        """
        leg, key = self.leg, self.refused
        if key is None:
            raise RuntimeError("no key was refused")
        if isinstance(self.verdict, Changed | Revoked):
            raise untrusted_key(leg, self.verdict, key)
        if self._is_too_short(key):
            raise short_key(leg, key)
        if leg.is_strict:
            raise strictly_unknown_key(leg, key)
        if self.accepted is not None:
            raise two_keys(leg, self.accepted, key)
        question = UnknownHostKey(
            leg.endpoint.host, leg.endpoint.port, key.get_algorithm(), key.get_fingerprint()
        )
        answer = await patience.ask_in_between(question)
        if answer not in (Answered.ONCE, Answered.SAVE):
            raise unknown_key(leg, key)
        self._memory.accept(leg.known_as, leg.known_port, key)
        if answer is Answered.SAVE:
            await _save(leg, key)
        self.accepted = key


def _type_of(algorithm: str) -> str:
    return _RSA if algorithm.startswith("rsa-") else algorithm


def _keys(entries: Iterable[Entry]) -> list[asyncssh.SSHKey]:
    keys = []
    for entry in entries:
        with suppress(ValueError):
            line = f"{entry.key_type} {b64encode(entry.blob).decode()}"
            keys.append(asyncssh.import_public_key(line))
    return keys


async def _save(leg: Leg, key: asyncssh.SSHKey) -> None:
    """Save an accepted key; if that fails it holds for this run, and is asked about in the next."""
    if leg.saved_in is None:
        log.warning("the key of %s is not saved: UserKnownHostsFile is none", leg)
        return
    try:
        await asyncio.to_thread(
            remember, leg.known_as, leg.known_port, key, leg.saved_in, hide_names=leg.hides_names
        )
    except OSError as exc:
        log.warning("the key of %s is not saved in %s: %s", leg, leg.saved_in, exc.strerror)
