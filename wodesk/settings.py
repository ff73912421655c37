"""The user's servers, kept in a TOML file that a person can read and edit; never a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from wodesk.atomic import write_atomically
from wodesk.entries import servers_in
from wodesk.folders import config_folder
from wodesk.mistakes import Mistake
from wodesk.models.server import Server, server_typed
from wodesk.text_files import (
    BOM,
    BrokenSettings,
    alone_with,
    misunderstood,
    read_text,
    unchangeable,
)

_TRIES = 20
"""How often a change is made anew because somebody else was just writing."""

Known = tuple[Server, ...]
Change = Callable[[str, Known], tuple[str, Known]]
"""From a text and what it means to another text and what that is to mean."""


class Servers(Struct, frozen=True):
    """The file of servers at `path`.

    Every change reads the file as it is then, changes in it what was asked for and nothing else,
    and gives the servers that are in it afterwards.  It raises `BrokenSettings`, and leaves the
    file alone, if that cannot be read, is not understood, or cannot be written.
    """

    path: Path

    @classmethod
    def of_user(cls) -> Servers:
        """The file of the person who runs wodesk."""
        return cls(config_folder() / "servers.toml")

    def load(self) -> Known:
        """The servers in the order of the file, none if there is no file.

        Raises `BrokenSettings` with the file, the place and the reason.
        """
        return self._understood((self._read() or "").removeprefix(BOM))

    def add(self, server: Server) -> Known:
        """Append a server, unless it is there; at the end if not.

        Whose identity is that of one that has moved gets another one.
        """
        kept = self.add_all([server])
        is_there = any((one.id, one.way) == (server.id, server.way) for one in kept)
        return kept if is_there else self.add_copy(server)

    def add_all(self, servers: Iterable[Server]) -> Known:
        """Append the servers whose identity is not there yet, all at once."""
        wanted = tuple(servers)

        def add(text: str, known: Known) -> tuple[str, Known]:
            # The first frame is there before anything is changed.
            from wodesk.edits import START, with_added  # noqa: PLC0415

            taken = {server.id for server in known}
            added: dict[str, Server] = {}
            for server in wanted:
                if server.id not in taken:
                    added.setdefault(server.id, server)
            new = tuple(added.values())
            return (with_added(text or START, new), (*known, *new)) if new else (text, known)

        return self._change(add)

    def add_copy(self, server: Server) -> Known:
        """Append a server, with another identity if its own is taken."""

        def add(text: str, known: Known) -> tuple[str, Known]:
            from wodesk.edits import START, with_added  # noqa: PLC0415

            new = replace(server, id=_free(server.id, known))
            return with_added(text or START, [new]), (*known, new)

        return self._change(add)

    def replace(self, before: Server, after: Server) -> Known:
        """Change a server in what `after` differs from `before`; it stays the same entry.

        What somebody else changed in its other fields meanwhile stays.  Raises `BrokenSettings`
        too if the entry has gone.
        """
        changed = {
            name: value
            for name, value in msgspec.structs.asdict(after).items()
            if value != getattr(before, name) and name != "id"
        }

        def exchange(text: str, known: Known) -> tuple[str, Known]:
            from wodesk.edits import with_replaced  # noqa: PLC0415

            number = _number_of(before.id, known)
            if number is None:
                raise BrokenSettings(self.path, f"{before.name} is not in {self.path} any more.")
            new = replace(known[number], **changed)
            if new == known[number]:
                return text, known
            expected = (*known[:number], new, *known[number + 1 :])
            return with_replaced(text, number, new), expected

        return self._change(exchange)

    def pin(self, server_id: str, pin: str) -> Known:
        """Keep the pin of a certificate with its server, if that is in the file."""
        for server in self.load():
            if server.id == server_id:
                return self.replace(server, replace(server, pin=pin))
        return self.load()

    def remove(self, server_id: str) -> Known:
        """Remove a server, if it is there."""

        def remove(text: str, known: Known) -> tuple[str, Known]:
            from wodesk.edits import with_removed  # noqa: PLC0415

            number = _number_of(server_id, known)
            if number is None:
                return text, known
            return with_removed(text, number), (*known[:number], *known[number + 1 :])

        return self._change(remove)

    def reorder(self, ids: Sequence[str]) -> Known:
        """Bring the servers of these identities into this order; others keep their places."""

        def reorder(text: str, known: Known) -> tuple[str, Known]:
            from wodesk.edits import with_order  # noqa: PLC0415

            places = {server.id: number for number, server in enumerate(known)}
            moved = iter([places[id] for id in dict.fromkeys(ids) if id in places])
            wanted = set(ids)
            order = [next(moved) if server.id in wanted else n for n, server in enumerate(known)]
            if order == sorted(order):
                return text, known
            return with_order(text, order), tuple(known[number] for number in order)

        return self._change(reorder)

    def _change(self, change: Change) -> Known:
        """Make a change, anew if somebody else writes the file in the meantime."""
        # What cannot be read has a sentence of its own.
        self._read()
        with alone_with(self.path) as path:
            for _ in range(_TRIES):
                found = self._read()
                text = (found or "").removeprefix(BOM)
                known = self._understood(text)
                new, expected = self._changed(change, text, known)
                if new == text:
                    return known
                mark = BOM if (found or "").startswith(BOM) else ""
                if self._read() == found:
                    write_atomically(path, mark + new)
                    return expected
        raise BrokenSettings(self.path, f"{self.path} is changed by another program all the time.")

    def _changed(self, change: Change, text: str, known: Known) -> tuple[str, Known]:
        """The text after a change, which means what it is to mean."""
        cause: Exception | None = None
        try:
            new, expected = change(text, known)
            if servers_in(new) == expected:
                return new, expected
        except UnicodeError as exc:
            sentence = "What was entered holds half a character, which no file can hold."
            raise BrokenSettings(self.path, sentence) from exc
        except Mistake as exc:
            cause = exc
        raise unchangeable(self.path) from cause

    def _read(self) -> str | None:
        return read_text(self.path, "a list of servers")

    def _understood(self, text: str) -> Known:
        try:
            return servers_in(text)
        except Mistake as exc:
            raise misunderstood(self.path, exc) from exc


def _number_of(server_id: str, known: Known) -> int | None:
    return next((n for n, server in enumerate(known) if server.id == server_id), None)


def _free(server_id: str, known: Known) -> str:
    """An identity that nobody has, this one if possible."""
    taken = {server.id for server in known}
    number = 2
    wanted = server_id
    while wanted in taken:
        wanted, number = f"{server_id}#{number}", number + 1
    return wanted


def find(servers: Iterable[Server], text: str) -> Server:
    """The saved server of this name, or the only one at this address, else the server there.

    Raises `InvalidAddress`.
    """
    known = tuple(servers)
    for server in known:
        if server.name == text:
            return server
    there = server_typed(text)
    users = {"", there.user} if there.user else {server.user for server in known}
    saved = [one for one in known if one.address == there.address and one.user in users]
    if len(saved) != 1:
        return there
    return saved[0] if saved[0].user or not there.user else replace(saved[0], user=there.user)
