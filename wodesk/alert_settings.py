"""How the user wants to be told of alerts, kept in a TOML file that a person can read and edit."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from wodesk.atomic import write_atomically
from wodesk.folders import config_folder
from wodesk.mistakes import Mistake
from wodesk.models.rule import AlertSettings
from wodesk.text_files import BOM, alone_with, misunderstood, read_text, unchangeable


class AlertsFile(Struct, frozen=True):
    """The file of alerts at `path`, which need not exist.

    Each method raises `BrokenSettings`, and leaves the file alone, if it cannot be read, is not
    understood, or cannot be written.
    """

    path: Path

    @classmethod
    def of_user(cls) -> AlertsFile:
        """The file of the person who runs wodesk."""
        return cls(config_folder() / "alerts.toml")

    def load(self) -> AlertSettings:
        """What the file says; all as it is by itself if there is none."""
        return self._understood(self._read())

    def save(self, settings: AlertSettings) -> None:
        """Change the file so that it says this, and keep what a person wrote beside it."""
        # What cannot be read has a sentence of its own.
        self._read()
        with alone_with(self.path) as path:
            text = self._read()
            if self._understood(text) != settings:
                write_atomically(path, self._changed(text, settings))

    def _changed(self, text: str, settings: AlertSettings) -> str:
        from wodesk.alert_edits import START, with_settings  # noqa: PLC0415  brings tomlkit along

        new = with_settings(text or START, settings)
        if self._understood(new) != settings:
            raise unchangeable(self.path)
        return new

    def _read(self) -> str:
        return (read_text(self.path, "a file of alerts") or "").removeprefix(BOM)

    def _understood(self, text: str) -> AlertSettings:
        if not text:
            return AlertSettings()
        # Most have no such file, and begin in the tray without what would read one.
        from wodesk.alert_entries import settings_in  # noqa: PLC0415

        try:
            return settings_in(text)
        except Mistake as exc:
            raise misunderstood(self.path, exc) from exc
