"""The user's servers, kept in a TOML file that a person can read and edit; never a secret."""

from __future__ import annotations

import dataclasses
import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wodesk.atomic import locked, sweep, write_atomically
from wodesk.entries import servers_in
from wodesk.folders import config_folder
from wodesk.mistakes import Mistake, Place
from wodesk.models.server import Server, server_at

_LARGEST = 1 << 20
_BOM = "\ufeff"
_TRIES = 20
"""How often a change is made anew because somebody else was just writing."""

Known = tuple[Server, ...]
Change = Callable[[str, Known], tuple[str, Known]]
"""From a text and what it means to another text and what that is to mean."""


class BrokenSettings(Exception):
    """A settings file cannot be understood or written; it was left as it is.

    `path` is the file, `place` where in it the mistake is, if it is one and that is known.
    """

    def __init__(self, path: Path, sentence: str, place: Place | None = None) -> None:
        super().__init__(sentence)
        self.path = path
        self.place = place


@dataclass(frozen=True, slots=True)
class Servers:
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
        return self._understood((self._read() or "").removeprefix(_BOM))

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

            new = dataclasses.replace(server, id=_free(server.id, known))
            return with_added(text or START, [new]), (*known, new)

        return self._change(add)

    def replace(self, before: Server, after: Server) -> Known:
        """Change a server in what `after` differs from `before`; it stays the same entry.

        What somebody else changed in its other fields meanwhile stays.  Raises `BrokenSettings`
        too if the entry has gone.
        """
        changed = {
            field.name: getattr(after, field.name)
            for field in dataclasses.fields(Server)
            if getattr(after, field.name) != getattr(before, field.name) and field.name != "id"
        }

        def replace(text: str, known: Known) -> tuple[str, Known]:
            from wodesk.edits import with_replaced  # noqa: PLC0415

            number = _number_of(before.id, known)
            if number is None:
                raise BrokenSettings(self.path, f"{before.name} is not in {self.path} any more.")
            new = dataclasses.replace(known[number], **changed)
            if new == known[number]:
                return text, known
            expected = (*known[:number], new, *known[number + 1 :])
            return with_replaced(text, number, new), expected

        return self._change(replace)

    def pin(self, server_id: str, pin: str) -> Known:
        """Keep the pin of a certificate with its server, if that is in the file."""
        for server in self.load():
            if server.id == server_id:
                return self.replace(server, dataclasses.replace(server, pin=pin))
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
        with self._alone() as path:
            for _ in range(_TRIES):
                found = self._read()
                text = (found or "").removeprefix(_BOM)
                known = self._understood(text)
                new, expected = self._changed(change, text, known)
                if new == text:
                    return known
                mark = _BOM if (found or "").startswith(_BOM) else ""
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
        raise BrokenSettings(
            self.path,
            f"{self.path} is written in a way that wodesk cannot change without loss: change it in "
            "an editor. It was left as it is.",
        ) from cause

    @contextmanager
    def _alone(self) -> Iterator[Path]:
        """Keep other wodesks from the file that is meant, be it behind a link, and give it."""
        path = Path(os.path.realpath(self.path))
        # What cannot be read has a sentence of its own.
        self._read()
        try:
            if not self.path.is_symlink():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and not path.stat().st_mode & 0o222:
                raise PermissionError(errno.EPERM, "it is marked as read-only")
            with locked(path.parent) as is_alone:
                if is_alone:
                    sweep(path)
                yield path
        except OSError as exc:
            reason = exc.strerror
            if exc.errno in (errno.EACCES, errno.EROFS):
                reason = f"no file can be made in {path.parent} ({reason})"
            raise BrokenSettings(self.path, f"{self.path} cannot be written: {reason}.") from exc

    def _read(self) -> str | None:
        """The text of the file, or None if there is none."""
        place = None
        try:
            # Whatever else there may be would be waited for.
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise OSError(errno.EINVAL, "it is not a file")
            data = self.path.read_bytes()
            if len(data) > _LARGEST:
                raise OSError(errno.EFBIG, "it is far larger than a list of servers")
            return data.decode()
        except FileNotFoundError:
            if not self.path.is_symlink():
                return None
            reason = f"it is a link to {self.path.readlink()}, which is not there"
        except OSError as exc:
            reason = str(exc.strerror)
        except UnicodeDecodeError as exc:
            place = Place(exc.object.count(b"\n", 0, exc.start) + 1)
            reason = f"{place} is not UTF-8 text"
        raise BrokenSettings(self.path, f"{self.path} cannot be read: {reason}.", place)

    def _understood(self, text: str) -> Known:
        try:
            return servers_in(text)
        except Mistake as exc:
            where = f" in {exc.place}" if exc.place is not None else ""
            raise BrokenSettings(
                self.path,
                f"{self.path} has a mistake{where}: {exc.reason}. It was left as it is.",
                exc.place,
            ) from exc


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
    """The saved server of this name, or the only one at this address, else the server there."""
    known = tuple(servers)
    for server in known:
        if server.name == text:
            return server
    there = server_at(text)
    saved = [server for server in known if server.address == there.address]
    return saved[0] if len(saved) == 1 else there
