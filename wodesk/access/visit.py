"""One server that is being opened over HTTP, and the questions of its login."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.session import Answers
from wodesk.access.ssh_patience import Ask
from wodesk.client.auth import BasicAuth, BearerAuth, origin_of, refuse_in_clear
from wodesk.models.errors import AccessDenied
from wodesk.models.question import Credentials, Filled, Prompt
from wodesk.models.secret import Lock, Secret, SecretKind
from wodesk.models.server import Access, Server

RememberUser = Callable[[Server, str], None]
_A_DAY = "Those of Netdata Cloud end after 24 hours."


class Visit(Struct, frozen=True):
    """A server at a URL, what is known of it, and the person to ask for what is not.

    `remember_user` is told of a user who was typed and let in; `tunnelled` is whether nobody can
    read on the way.
    """

    server: Server
    url: str
    secrets: ServerSecrets
    answers: Answers
    ask: Ask
    remember_user: RememberUser | None = None
    tunnelled: bool = False

    @property
    def user(self) -> str:
        """Whom to log in as; empty if nobody has said so."""
        return self.answers.user or self.server.user

    @property
    def login_lock(self) -> Lock:
        """What the password of the user opens."""
        return Lock(SecretKind.LOGIN, f"{origin_of(self.url)} {self.user}")

    @property
    def token_lock(self) -> Lock:
        """What a token opens; behind a tunnel the origin alone would be that of any server."""
        origin = self.server.address if self.tunnelled else origin_of(self.url)
        return Lock(SecretKind.TOKEN, origin)

    async def accept_login(self) -> None:
        """The user and the password were right."""
        is_news = await self.secrets.accepted(self.login_lock)
        is_another = self.answers.user not in ("", self.server.user)
        if is_news and is_another and self.remember_user is not None:
            self.remember_user(self.server, self.answers.user)

    async def refuse_login(self) -> None:
        """The user or the password was wrong."""
        await self.secrets.refused(self.login_lock)

    async def ask_for_login(self, likely: str = "") -> Secret | None:
        """The password that a person types, and with it the user where that is open.

        After a refusal the user is open too: it may be the one that is wrong.  Raises
        `AccessDenied` where what is typed could not be sent.
        """
        refuse_in_clear(self.url, tunnelled=self.tunnelled)
        name, user = self.server.name, self.user
        prompts: tuple[Prompt, ...] = (Prompt("Password"),)
        purpose = f"{name} asks for the password of {user}."
        was_refused = self.login_lock in self.answers.refused
        if was_refused or not user:
            prompts = (Prompt("User", echo=True, likely=user or likely), *prompts)
            purpose = f"{name} asks for a user name and a password."
        if was_refused and user:
            purpose = f"{name} does not accept the password of {user}."
        filled = await self._asked(Credentials(purpose, prompts, keyring=self.secrets.keyring))
        if filled is None:
            return None
        *typed, password = filled.answers
        before = self.answers.user
        if typed:
            self.answers.user = typed[0].reveal().strip()
        if not self.user:
            return None
        if self.server.access is Access.DIRECT:
            try:
                BasicAuth(self.url, self.user, password).value()
            except AccessDenied:
                # Else what cannot be sent would be tried again and again.
                self.answers.user = before
                raise
        self.secrets.typed(self.login_lock, password, keep=filled.keep)
        return password

    async def ask_for_token(self, *, of_netdata: bool, was_refused: bool) -> Secret | None:
        """The token that a person types, without the blanks that pasting brings along."""
        refuse_in_clear(self.url, tunnelled=self.tunnelled)
        verb = "does not accept this" if was_refused else "asks for a"
        kind = f"Netdata token. {_A_DAY}" if of_netdata else "token."
        purpose = f"{self.server.name} {verb} {kind}"
        subject = Credentials(purpose, (Prompt("Token"),), keyring=self.secrets.keyring)
        filled = await self._asked(subject)
        token = Secret(filled.answers[0].reveal().strip()) if filled is not None else Secret("")
        if filled is None or token == Secret(""):
            return None
        BearerAuth(self.url, token).value()
        self.secrets.typed(self.token_lock, token, keep=filled.keep)
        return token

    async def _asked(self, subject: Credentials) -> Filled | None:
        answer = await self.ask(subject)
        fits = isinstance(answer, Filled) and len(answer.answers) == len(subject.prompts)
        return answer if isinstance(answer, Filled) and fits else None
