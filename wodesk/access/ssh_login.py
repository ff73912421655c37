"""One login to one SSH server: its host key judged, its questions answered or passed on.

A login gives each secret once.  A server that wants it again has refused it, and gets no other.
A passphrase, which stays on this computer, may be typed anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import asyncssh
from asyncssh.auth import KbdIntPrompts

from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.ssh_host_keys import HostKeys
from wodesk.access.ssh_keys import Offers, public_half
from wodesk.access.ssh_memory import Memory
from wodesk.access.ssh_patience import Ask
from wodesk.access.ssh_words import said
from wodesk.client import hops
from wodesk.models.errors import AccessDenied, Hop
from wodesk.models.question import Credentials, Filled, Prompt
from wodesk.models.secret import KeyringStatus, Lock, Secret, SecretKind

_MOST_PROMPTS = 8
_MOST_ROUNDS = 5
_MORE_TRIES = 2
"""For a passphrase, which no server is told: as many as ssh allows in all."""
_WRONG = "The passphrase does not open the key {}."
_PASSWORD_WORDS = ("password", "passwort", "passwd", "mot de passe", "contraseña")
_PASSWORD, _INTERACTIVE = "password", "keyboard-interactive"


class Login(asyncssh.SSHClient):
    """What asyncssh asks of its user during one login.

    `outcome` is the reason of ours why the login cannot succeed, if there is one; `is_asking`
    says that a person is asked at this moment.  What is filed for one hop is given to no other, and
    what a command was given only to the last.
    """

    def __init__(
        self,
        host_keys: HostKeys,
        memory: Memory,
        ask: Ask,
        secrets: ServerSecrets,
        agent: asyncssh.SSHAgentClient | None,
        *,
        is_last: bool,
    ) -> None:
        self.outcome: AccessDenied | None = None
        self.is_asking = False
        self.offered_keys = 0
        self.tried: list[str] = []
        self.means = "nothing at all"
        """What was given last, which is what let us in if the login succeeded."""
        self.on_lost: Callable[[], None] | None = None
        self._host_keys = host_keys
        self._leg = host_keys.leg
        self._memory = memory
        self._ask = ask
        self._secrets = secrets
        self._is_last = is_last
        self._lock = Lock(SecretKind.SSH, self._leg.account)
        self._has_given_password = False
        self._was_known = False
        """Whether the password that was given is one that nobody typed for this login."""
        self._connection: asyncssh.SSHClientConnection | None = None
        self._offers = Offers(self._leg.keys, agent, self._unlock)
        self._rounds = 0
        self._banner = ""
        self._is_refused = False
        self._may_ask_anew = False

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Called by asyncssh when the handshake starts."""
        self._connection = conn
        hops.found(Hop.TCP, f"port {self._leg.endpoint.port} accepts")

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncssh when the connection is gone, for whatever reason."""
        if self.on_lost is not None:
            self.on_lost()

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """Called by asyncssh before anything is sent that a stranger must not see."""
        return self._host_keys.trusts(key)

    def validate_host_ca_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Called by asyncssh for the authority of a certificate, which it then checks."""
        return self._host_keys.trusts_authority(key)

    def auth_banner_received(self, msg: str, lang: str) -> None:
        """Called by asyncssh with what the server says to whoever logs in."""
        self._banner = said(msg)

    async def public_key_auth_requested(self) -> Sequence[asyncssh.SSHKeyPair] | None:
        """Called by asyncssh until there are no more keys."""
        if self.outcome is not None:
            return None
        batch = await self._offers.next_batch()
        self.offered_keys += len(batch)
        self.means = "a key of the SSH agent" if batch else self.means
        return batch or None

    async def password_auth_requested(self) -> str | None:
        """Called by asyncssh until there are no more passwords; there is one."""
        if not self._may_give(_PASSWORD):
            return None
        return await self._give_password("Password")

    async def kbdint_auth_requested(self) -> str | None:
        """Called by asyncssh before the server may ask questions."""
        return "" if self._may_give(_INTERACTIVE) else None

    async def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: KbdIntPrompts
    ) -> list[str] | None:
        """Called by asyncssh with the server's questions; none at all is a message."""
        self._rounds += 1
        if self._rounds > _MOST_ROUNDS or len(prompts) > _MOST_PROMPTS:
            self.outcome = AccessDenied(
                f"{self._leg} asks more questions than any login needs.",
                hop=Hop.LOGIN,
                advice="Does ssh get in there? Its log, `ssh -v`, shows what is asked.",
            )
            return None
        self._banner = said(" ".join((self._banner, name, instructions)))
        if not prompts:
            return []
        if len(prompts) == 1 and not prompts[0][1] and _is_password(prompts[0][0]):
            password = await self._give_password(prompts[0][0])
            return None if password is None else [password]
        shown = tuple(Prompt(said(text), echo) for text, echo in prompts)
        filled = await self._asked(f"{self._account()} asks for a login.", shown)
        return None if filled is None else [answer.reveal() for answer in filled.answers]

    async def accept(self) -> None:
        """The login succeeded, so the password that was given is right."""
        if self._has_given_password:
            await self._secrets.accepted(self._lock)

    async def refuse(self) -> None:
        """The server let nobody in, so the password that was given is wrong."""
        if self._has_given_password and self.outcome is None:
            await self._secrets.refused(self._lock)
            self._may_ask_anew = self._was_known

    async def ask_anew(self, ask: Ask) -> bool:
        """Whether a person gives another password than the known one, which was refused.

        To be called while there is no connection.
        """
        if not self._may_ask_anew:
            return False
        purpose = f"The known password of {self._account()} was refused."
        subject = Credentials(purpose, (Prompt("Password"),), keyring=self._secrets.keyring)
        answer = await ask(subject)
        if not isinstance(answer, Filled) or len(answer.answers) != 1:
            return False
        self._secrets.typed(self._lock, answer.answers[0], keep=answer.keep)
        return True

    def _may_give(self, method: str) -> bool:
        """Whether a secret may be given: not after one was refused.

        After a first step that was right, the server offers other ways and this one no more.
        """
        offered = self._connection.get_server_auth_methods() if self._connection else ()
        if method in self.tried or any(one in offered for one in self.tried):
            self._is_refused = True
        if self._is_refused or self.outcome is not None:
            return False
        self.tried.append(method)
        self.means = method
        return True

    async def _give_password(self, prompt: str) -> str | None:
        """The password that is known, if it was not given yet, else the one that is typed."""
        password = None
        if not self._has_given_password:
            password = await self._secrets.known(self._lock, is_last=self._is_last)
        self._was_known = password is not None
        if password is None:
            filled = await self._asked(
                f"Password of {self._account()}", (Prompt(said(prompt)),), self._secrets.keyring
            )
            if filled is None:
                return None
            password = filled.answers[0]
            self._secrets.typed(self._lock, password, keep=filled.keep)
        self._has_given_password = True
        return password.reveal()

    async def _unlock(self, file: Path) -> asyncssh.SSHKey:
        """The private key in a file; a passphrase is asked for once it is needed."""
        self.means = f"the key {file}"
        key = self._memory.key(file)
        if key is None:
            key = await self._opened(file)
            self._memory.keep_key(file, key)
        return key

    async def _opened(self, file: Path) -> asyncssh.SSHKey:
        if self.outcome is not None:
            raise ValueError("the login is over")
        try:
            return await asyncio.to_thread(asyncssh.read_private_key, file)
        except asyncssh.KeyImportError as exc:
            if "assphrase" not in str(exc):
                raise
        except OSError as exc:
            raise ValueError(f"{file} cannot be read") from exc
        lock = Lock(SecretKind.PASSPHRASE, await asyncio.to_thread(_name_of, file))
        passphrase = await self._secrets.known(lock)
        for question in ("", "Passphrase of the key {}", *[_WRONG] * _MORE_TRIES):
            if question:
                passphrase = await self._typed_passphrase(question.format(file), lock)
            if passphrase is not None:
                with suppress(ValueError):
                    return await self._opened_with(passphrase, file, lock)
                await self._secrets.refused(lock)
        self.outcome = AccessDenied(
            _WRONG.format(file),
            hop=Hop.LOGIN,
            advice="Try again, or add the key to the SSH agent: ssh-add",
        )
        raise ValueError("wrong passphrase")

    async def _typed_passphrase(self, question: str, lock: Lock) -> Secret:
        """What a person types; raises ValueError, after which no key is opened, if that is none."""
        filled = await self._asked(
            question, (Prompt("Passphrase"),), self._secrets.keyring, opens=lock
        )
        if filled is None:
            raise ValueError("no passphrase")
        self._secrets.typed(lock, filled.answers[0], keep=filled.keep)
        return filled.answers[0]

    async def _opened_with(self, passphrase: Secret, file: Path, lock: Lock) -> asyncssh.SSHKey:
        """The key in a file; raises ValueError, as asyncssh does, if the passphrase is wrong."""
        key = await asyncio.to_thread(asyncssh.read_private_key, file, passphrase.reveal())
        await self._secrets.accepted(lock)
        return key

    async def _asked(
        self,
        purpose: str,
        prompts: tuple[Prompt, ...],
        keyring: KeyringStatus | None = None,
        *,
        opens: Lock | None = None,
    ) -> Filled | None:
        """What a person fills in; without an answer to everything the login is over."""
        self.is_asking = True
        answer = await self._ask(Credentials(purpose, prompts, self._banner, keyring, opens))
        # Not in a `finally`: who hangs up while the question is open must be known later.
        self.is_asking = False
        if isinstance(answer, Filled) and len(answer.answers) == len(prompts):
            return answer
        self.outcome = AccessDenied(
            f"{purpose.removesuffix('.')}: nobody gave an answer.",
            hop=Hop.LOGIN,
            advice="Try again, or let a key of yours log in without questions; a command takes a "
            "password from WODESK_PASSWORD, too.",
        )
        return None

    def _account(self) -> str:
        return f"{self._leg.user} at {self._leg}"


def _is_password(text: str) -> bool:
    return any(word in text.lower() for word in _PASSWORD_WORDS)


def _name_of(file: Path) -> str:
    """What a passphrase is filed by: the fingerprint of the key, or its file if that is hidden."""
    public = public_half(file)
    return str(file) if public is None else public.get_fingerprint()
