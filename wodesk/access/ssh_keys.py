"""The keys to log in with: from the agent and from files, an encrypted one opened when needed."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path

import asyncssh
from msgspec import Struct

from wodesk.access.ssh_config import Keys

log = logging.getLogger(__name__)

Unlock = Callable[[Path], Awaitable[asyncssh.SSHKey]]
"""Open an encrypted key file; raises ValueError if nobody can."""
_Certificates = list[asyncssh.SSHCertificate]
_PRIVATE = b"PRIVATE KEY-----"


class _Identity(Struct, frozen=True):
    """An IdentityFile; its public half is None if it cannot be read without the passphrase."""

    file: Path
    has_private_half: bool
    public: asyncssh.SSHKey | None


class FileKey(asyncssh.SSHKeyPair):
    """A key in a file, whose private half is read when the server has said that it wants it.

    The public half of an encrypted key is readable, so no passphrase is asked for in vain.
    """

    _key_type = "local"

    def __init__(
        self,
        file: Path,
        public: asyncssh.SSHKey,
        certificate: asyncssh.SSHCertificate | None,
        unlock: Unlock,
    ) -> None:
        super().__init__(
            public.algorithm,
            public.algorithm,
            public.sig_algorithms,
            public.sig_algorithms,
            public.public_data,
            None,
            certificate,
        )
        self.file = file
        self._unlock = unlock

    async def sign_async(self, data: bytes) -> bytes:
        """Sign; called by asyncssh, which goes on to the next key at a ValueError."""
        key = await self._unlock(self.file)
        if key.public_data != self.key_public_data:
            raise ValueError("the private key is not that of the public one")
        return await asyncio.to_thread(key.sign, data, self.sig_algorithm)


class Offers:
    """What to offer, in the order of OpenSSH: agent keys of the files, other agent keys, files.

    Each has its certificate before it.  A file whose public half cannot be read without the
    passphrase is opened last, and alone.
    """

    def __init__(self, keys: Keys, agent: asyncssh.SSHAgentClient | None, unlock: Unlock) -> None:
        self._keys = keys
        self._agent = agent
        self._unlock = unlock
        self._certificates: _Certificates = []
        self._locked: list[Path] | None = None

    async def next_batch(self) -> list[asyncssh.SSHKeyPair]:
        """The keys to offer next; empty when there are no more."""
        if self._locked is None:
            identities = await asyncio.to_thread(_identities, self._keys.identities)
            self._certificates = await asyncio.to_thread(_certificates, self._keys)
            self._locked = [one.file for one in identities if one.public is None]
            batch = self._readable(identities, await _held(self._agent))
            if batch:
                return batch
        while self._locked:
            file = self._locked.pop(0)
            with suppress(ValueError):
                return self._from_file(file, await self._unlock(file))
        return []

    def _readable(
        self, identities: list[_Identity], held: list[asyncssh.SSHKeyPair]
    ) -> list[asyncssh.SSHKeyPair]:
        wanted = {one.public.public_data for one in identities if one.public is not None}
        wanted |= {certificate.public_data for certificate in self._certificates}
        agent_keys = [pair for pair in held if pair.public_data in wanted]
        if not self._keys.only_these:
            agent_keys += [pair for pair in held if pair.public_data not in wanted]
        batch = [one for pair in agent_keys for one in self._from_agent(pair)]
        offered = {pair.key_public_data for pair in agent_keys}
        for one in identities:
            key = one.public
            if one.has_private_half and key is not None and key.public_data not in offered:
                batch += self._from_file(one.file, key)
        return batch

    def _from_agent(self, pair: asyncssh.SSHKeyPair) -> list[asyncssh.SSHKeyPair]:
        pairs = []
        for certificate in _of(pair.public_data, self._certificates):
            certified = copy.copy(pair)
            certified.set_certificate(certificate)
            pairs.append(certified)
        return [*pairs, pair]

    def _from_file(self, file: Path, key: asyncssh.SSHKey) -> list[asyncssh.SSHKeyPair]:
        certificates = (*_of(key.public_data, self._certificates), None)
        return [FileKey(file, key, certificate, self._unlock) for certificate in certificates]


async def _held(agent: asyncssh.SSHAgentClient | None) -> list[asyncssh.SSHKeyPair]:
    if agent is None:
        return []
    try:
        return list(await agent.get_keys())
    except ValueError as exc:  # asyncssh's word for an agent that is not there, too
        log.debug("the SSH agent gives no keys: %s", exc)
        return []


def _identities(files: Iterable[Path]) -> list[_Identity]:
    return [one for one in map(_identity, files) if one.has_private_half or one.public]


def _identity(file: Path) -> _Identity:
    """What an IdentityFile holds; with an agent, the public half may be all there is."""
    content = b""
    with suppress(OSError):
        content = file.read_bytes()
    return _Identity(file, _PRIVATE in content, public_half(file))


def public_half(file: Path) -> asyncssh.SSHKey | None:
    """The public key of an IdentityFile, if it can be read without the passphrase."""
    for readable in (file, file.with_name(file.name + ".pub")):
        with suppress(OSError, ValueError):
            return asyncssh.read_public_key(readable)
    with suppress(OSError, ValueError):
        return asyncssh.read_private_key(file).convert_to_public()
    return None


def _certificates(keys: Keys) -> _Certificates:
    beside = (file.with_name(file.name + "-cert.pub") for file in keys.identities)
    found: _Certificates = []
    for file in (*keys.certificates, *beside):
        with suppress(OSError, ValueError):
            found.append(asyncssh.read_certificate(file))
    return found


def _of(public_data: bytes, certificates: _Certificates) -> _Certificates:
    return [one for one in certificates if one.key.public_data == public_data]
