"""The user's servers, kept in a TOML file that a person can read and edit; never a secret."""

from __future__ import annotations

import dataclasses
import os
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import platformdirs

from wodesk.models.errors import SourceError
from wodesk.models.server import Server, server_at

_HEADER = "# The servers that wodesk shows.  Each has an address and, if you like, a name.\n"


class BrokenSettings(Exception):
    """A settings file cannot be understood; it was left as it is."""


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    name: str = ""
    id: str = ""
    user: str = ""
    pin: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    server: list[_Entry] = []


def config_folder() -> Path:
    """Where wodesk keeps its settings."""
    return platformdirs.user_config_path("wodesk", appauthor=False)


@dataclass(frozen=True, slots=True)
class Servers:
    """The file of servers at `path`."""

    path: Path

    @classmethod
    def of_user(cls) -> Servers:
        """The file of the person who runs wodesk."""
        return cls(config_folder() / "servers.toml")

    def load(self) -> tuple[Server, ...]:
        """The servers in the order of the file, none if there is no file.

        Raises `BrokenSettings` with the file, the place and the reason.
        """
        try:
            text = self.path.read_bytes().decode()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as exc:
            raise BrokenSettings(f"{self.path} cannot be read: {exc}.") from exc
        return self._understood(text)

    def add(self, server: Server) -> None:
        """Append a server; what is in the file stays to the letter.

        Raises `BrokenSettings` rather than touch a file that it cannot read.
        """
        known = self.load()
        if any(server.id == other.id for other in known):
            return
        text = self.path.read_bytes().decode() if self.path.exists() else _HEADER
        if not text.endswith("\n"):
            text += "\n"
        fields = {"name": server.name, "address": server.address, "user": server.user}
        lines = (f"{field} = {_quoted(value)}\n" for field, value in fields.items() if value)
        text += "\n[[server]]\n" + "".join(lines)
        # Servers in the short form, `server = [...]`, cannot be added to in the long one.
        self._understood(text)
        self._write(text)

    def pin(self, server_id: str, pin: str) -> None:
        """Keep the pin of a certificate with its server; the rest of the file stays as it is."""
        ids = [server.id for server in self.load()]
        if server_id not in ids:
            return
        # Rarely needed, and not before the first frame.
        import tomlkit  # noqa: PLC0415

        document = tomlkit.parse(self.path.read_bytes().decode())
        servers = cast("list[dict[str, str]]", document["server"])
        servers[ids.index(server_id)]["pin"] = pin
        self._write(tomlkit.dumps(document))

    def _write(self, text: str) -> None:
        try:
            write_atomically(self.path, text)
        except OSError as exc:
            raise BrokenSettings(f"{self.path} cannot be written: {exc.strerror}.") from exc

    def _understood(self, text: str) -> tuple[Server, ...]:
        try:
            entries = msgspec.convert(tomllib.loads(text), _File).server
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
            raise self._mistake(f"{exc}.") from exc
        servers: dict[str, Server] = {}
        for place, entry in enumerate(entries, start=1):
            server = self._server(place, entry)
            if server.id in servers:
                raise self._mistake(f"server {place} is there already; give it an id of its own.")
            servers[server.id] = server
        return tuple(servers.values())

    def _server(self, place: int, entry: _Entry) -> Server:
        try:
            server = server_at(entry.address, entry.name)
        except SourceError as exc:
            raise self._mistake(f"server {place}: {exc.message}") from exc
        return dataclasses.replace(
            server,
            id=entry.id or server.id,
            name=entry.name or server.name,
            user=entry.user,
            pin=entry.pin,
        )

    def _mistake(self, sentence: str) -> BrokenSettings:
        return BrokenSettings(f"{self.path} has a mistake: {sentence} It was left as it is.")


def find(servers: Iterable[Server], text: str) -> Server:
    """The saved server of this name, else the server at this address."""
    for server in servers:
        if server.name == text:
            return server
    return server_at(text)


def write_atomically(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by its owner alone, or leave it as it was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
