"""The file of preferences: TOML, which a person can read and edit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from wodesk.atomic import write_atomically
from wodesk.folders import config_folder
from wodesk.models.preferences import Preferences

_LARGEST = 1 << 20


class BrokenPreferences(Exception):
    """The file cannot be understood or written; the sentence says which and why."""


class PreferencesFile(Struct, frozen=True):
    """The file at `path`, which need not exist."""

    path: Path

    @classmethod
    def of_user(cls) -> PreferencesFile:
        """The file of the person who runs wodesk."""
        return cls(config_folder() / "preferences.toml")

    def load(self) -> Preferences:
        """What is chosen; raises `BrokenPreferences`."""
        try:
            return msgspec.convert(tomllib.loads(self._text()), Preferences)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
            raise BrokenPreferences(f"{self.path} cannot be understood: {exc}.") from exc

    def save(self, preferences: Preferences) -> None:
        """Write what is chosen, and keep whatever else is in the file.

        A file that is not understood is kept aside.  Raises `BrokenPreferences`.
        """
        import tomlkit  # noqa: PLC0415  for what changes files alone

        try:
            document = tomlkit.parse(self._text())
        except tomlkit.exceptions.ParseError:
            document = tomlkit.document()
            self._keep_aside()
        document.update(asdict(preferences))
        try:
            write_atomically(self.path, tomlkit.dumps(document))
        except OSError as exc:
            raise BrokenPreferences(f"{self.path} cannot be written: {exc.strerror}.") from exc

    def _text(self) -> str:
        try:
            with self.path.open(encoding="utf-8") as file:
                return file.read(_LARGEST)
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as exc:
            raise BrokenPreferences(f"{self.path} cannot be read: {exc}.") from exc

    def _keep_aside(self) -> None:
        aside = self.path.with_suffix(".broken.toml")
        try:
            self.path.replace(aside)
        except OSError as exc:
            raise BrokenPreferences(f"{self.path} cannot be kept aside: {exc.strerror}.") from exc
