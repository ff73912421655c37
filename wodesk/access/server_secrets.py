"""The secrets of one server on their way: known or typed, tried, then kept or forgotten."""

from __future__ import annotations

from wodesk.access.keyring import UNTRIED
from wodesk.access.passphrases import Passphrases
from wodesk.access.secrets import Secrets
from wodesk.access.session import Answers, Held
from wodesk.models.secret import KeyringStatus, Lock, Secret


class ServerSecrets:
    """What is given to one server, each secret for its own lock alone.

    Whoever opens a lock asks for what is `known`, has a person type what is not, and tells whether
    it was `accepted` or `refused`.  Only what was accepted is kept, and what was refused is
    forgotten wherever it was: at the next start it would be one failed login more.

    `takes_given` lets the environment of a command give secrets; a server that is only `tried_out`
    has nothing kept in the keyring until `keep_all`.  Without `secrets` nothing outlives `answers`.
    `passphrases` are what other servers may have been given, too.
    """

    def __init__(
        self,
        server_id: str = "",
        secrets: Secrets | None = None,
        answers: Answers | None = None,
        *,
        passphrases: Passphrases | None = None,
        takes_given: bool = False,
        tried_out: bool = False,
    ) -> None:
        self._server_id = server_id
        self._secrets = secrets
        self._answers = answers or Answers()
        self._passphrases = passphrases or Passphrases()
        self._takes_given = takes_given
        self._tried_out = tried_out

    @property
    def keyring(self) -> KeyringStatus:
        """How the keyring does that a typed secret may be offered to."""
        return UNTRIED if self._secrets is None else self._secrets.status()

    def tell(self, secret: Secret) -> None:
        """Let who listens know of a secret that is kept nowhere."""
        if self._secrets is not None:
            self._secrets.tell(secret)

    def at_hand(self, lock: Lock, *, is_last: bool = True) -> Secret | None:
        """A secret for which no keyring is asked; what a command was given opens no jump host."""
        held = self._answers.held.get(lock)
        if held is not None:
            return held.secret
        may_be_given = self._takes_given and is_last and lock not in self._answers.refused
        if self._secrets is None or not may_be_given:
            return None
        return self._secrets.from_environment(lock.kind)

    async def known(self, lock: Lock, *, is_last: bool = True) -> Secret | None:
        """A secret that need not be asked for; None after one was refused."""
        at_hand = self.at_hand(lock, is_last=is_last)
        if at_hand is not None or self._secrets is None or lock in self._answers.refused:
            return at_hand
        kept = await self._secrets.get(self._server_id, lock)
        if kept is not None:
            self._answers.held.setdefault(lock, Held(kept, in_keyring=True))
        return kept

    def typed(self, lock: Lock, secret: Secret, *, keep: bool) -> None:
        """A person typed this, and ticked whether it is to be kept."""
        self._answers.held[lock] = Held(secret, keep)
        self._answers.refused.discard(lock)

    async def accepted(self, lock: Lock) -> bool:
        """What was given opened the lock: the keyring gets it, if a person wants that.

        Whether that is news.
        """
        held = self._answers.held.get(lock)
        if held is None or held.was_right:
            return False
        held.was_right = True
        if not self._tried_out:
            await self._keep(lock, held)
        return True

    async def refused(self, lock: Lock) -> None:
        """What was given did not open the lock: nobody gives it again."""
        self._answers.refused.add(lock)
        held = self._answers.held.pop(lock, None)
        if held is not None:
            self._passphrases.forget(lock, held.secret)
        if held is not None and held.in_keyring and self._secrets is not None:
            await self._secrets.forget(self._server_id, lock)

    async def keep_all(self) -> None:
        """Keep what opened its lock while the server was tried out."""
        for lock, held in list(self._answers.held.items()):
            if held.was_right:
                await self._keep(lock, held)

    async def _keep(self, lock: Lock, held: Held) -> None:
        if held.keep and not held.in_keyring and self._secrets is not None:
            status = await self._secrets.keep(self._server_id, lock, held.secret)
            held.in_keyring = not status.session_only
