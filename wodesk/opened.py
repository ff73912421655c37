"""The sources of a command, whose person sits at a terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from msgspec.structs import replace

from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_patience import Ask
from wodesk.asking import ask_on_terminal, say
from wodesk.client.source import Source
from wodesk.models.plain_text import plain
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.settings import Servers
from wodesk.text_files import BrokenSettings


@asynccontextmanager
async def opened(
    on_secret: Callable[[Secret], None], server: Server, ask: Ask = ask_on_terminal
) -> AsyncIterator[Source]:
    """The source of a server; what a person wants kept with it goes into the file of servers.

    `on_secret` hears of every secret first, so as to keep it out of what is printed.
    """
    async with opener_for((server,), on_secret) as opener, opener.open(server, ask) as source:
        yield source


@asynccontextmanager
async def opener_for(
    servers: Iterable[Server], on_secret: Callable[[Secret], None]
) -> AsyncIterator[Opener]:
    """What opens the sources of these servers for a command: what is typed for one may serve all.

    The environment gives its secrets to each of them.
    """
    notes, ids = Notes(Servers.of_user()), [server.id for server in servers]
    async with Secrets(on_secret=on_secret) as secrets:
        yield Opener(secrets, notes.remember_pin, notes.remember_user, given_to=ids)


class Notes:
    """Writes into the file of servers what a command was told to remember, and says so."""

    def __init__(self, saved: Servers) -> None:
        self._saved = saved

    def remember_pin(self, server: Server, pin: str) -> None:
        """Accept this certificate of a saved server from now on."""
        self._remember(server, pin=pin, what="The certificate is accepted")

    def remember_user(self, server: Server, user: str) -> None:
        """Log in to a saved server as this user from now on."""
        self._remember(server, user=user, what=f"The user {plain(user)} is used")

    def _remember(self, server: Server, *, what: str, pin: str = "", user: str = "") -> None:
        try:
            known = {one.id: one for one in self._saved.load()}
            if server.id in known:
                before = known[server.id]
                after = replace(before, pin=pin or before.pin, user=user or before.user)
                self._saved.replace(before, after)
                say(f"{what} for {plain(server.name)} from now on: {self._saved.path}")
                return
            say(f"{what} for this run only, as {plain(server.name)} is not a saved server.")
        except BrokenSettings as exc:
            say(f"{what} for this run only: {plain(str(exc))}")
