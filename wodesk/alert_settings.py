"""How the user wants to be told of alerts, kept in a TOML file that a person can read and edit."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from wodesk.alert_entries import settings_in
from wodesk.atomic import locked, sweep, write_atomically
from wodesk.folders import config_folder
from wodesk.mistakes import Mistake
from wodesk.models.rule import AlertSettings
from wodesk.settings import BrokenSettings

_LARGEST = 1 << 20
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class AlertsFile:
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
        path = Path(os.path.realpath(self.path))
        text = self._read()
        if self._understood(text) == settings:
            return
        from wodesk.alert_edits import START, with_settings  # noqa: PLC0415  brings tomlkit along

        new = with_settings(text or START, settings)
        if self._understood(new) != settings:
            raise BrokenSettings(
                self.path,
                f"{self.path} is written in a way that wodesk cannot change without loss: change "
                "it in an editor. It was left as it is.",
            )
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(path.parent) as is_alone:
                if is_alone:
                    sweep(path)
                write_atomically(path, new)
        except OSError as exc:
            sentence = f"{self.path} cannot be written: {exc.strerror}."
            raise BrokenSettings(self.path, sentence) from exc

    def _read(self) -> str:
        try:
            # Whatever else there may be would be waited for.
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise OSError(errno.EINVAL, "it is not a file")
            data = self.path.read_bytes()
            if len(data) > _LARGEST:
                raise OSError(errno.EFBIG, "it is far larger than a file of alerts")
            return data.decode().removeprefix(_BOM)
        except FileNotFoundError:
            return ""
        except OSError as exc:
            sentence = f"{self.path} cannot be read: {exc.strerror}."
            raise BrokenSettings(self.path, sentence) from exc
        except UnicodeDecodeError as exc:
            line = exc.object.count(b"\n", 0, exc.start) + 1
            sentence = f"{self.path} cannot be read: line {line} is not UTF-8 text."
            raise BrokenSettings(self.path, sentence) from exc

    def _understood(self, text: str) -> AlertSettings:
        try:
            return settings_in(text)
        except Mistake as exc:
            where = f" in {exc.place}" if exc.place is not None else ""
            raise BrokenSettings(
                self.path,
                f"{self.path} has a mistake{where}: {exc.reason}. It was left as it is.",
                exc.place,
            ) from exc
