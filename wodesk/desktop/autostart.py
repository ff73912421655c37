"""Starting wodesk with the session, as freedesktop.org specifies it."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
from msgspec import Struct

from wodesk.atomic import write_atomically
from wodesk.models.own_command import own_command

_OFF = ("hidden=true", "x-gnome-autostart-enabled=false")
_SPECIAL = str.maketrans({character: f"\\{character}" for character in '"`$\\'})


class Autostart(Struct, frozen=True):
    """The switch; the file at `path` is the truth, which the desktop may change as well."""

    path: Path

    @classmethod
    def of_user(cls, app_id: str) -> Autostart:
        """The switch of the person who runs wodesk."""
        return cls(platformdirs.user_config_path() / "autostart" / f"{app_id}.desktop")

    @staticmethod
    def is_possible() -> bool:
        """Whether the desktop looks for such files."""
        return sys.platform == "linux"

    def is_on(self) -> bool:
        """Whether wodesk starts with the session."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return not any(line.replace(" ", "").lower() in _OFF for line in lines)

    def set_on(self, on: bool) -> None:
        """Start with the session, hidden in the tray, or do not; raises `OSError`."""
        if on:
            # Others have to find the folder as they expect it.
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, _entry())
        else:
            self.path.unlink(missing_ok=True)


def _entry() -> str:
    command = " ".join(map(_quoted, own_command("--tray")))
    return f"""\
[Desktop Entry]
Type=Application
Name=wodesk
Comment=Watches your servers from the tray
Exec={command}
Icon=io.github.wodesk.wodesk
Terminal=false
X-GNOME-Autostart-enabled=true
"""


def _quoted(word: str) -> str:
    """A word of a command line; its backslashes are those of a string in a string."""
    if word.isascii() and word.replace("/", "").replace(".", "").replace("-", "").isalnum():
        return word
    quoted = f'"{word.translate(_SPECIAL)}"'
    return quoted.replace("\\", "\\\\").replace("%", "%%")
