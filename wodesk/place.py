"""Where the window was when it was closed, and what it has explained once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QWidget

from wodesk.folders import config_folder

DEFAULT_SIZE = (1280, 800)


_FRAME = QSize(0, 48)
"""Room for what the desktop draws above and below a window, which it tells nobody before."""


def first_size(room: QSize) -> QSize:
    """How large a window is that nobody has sized, with its frame within the room of a screen."""
    return QSize(*DEFAULT_SIZE).boundedTo(room - _FRAME)


def restore_place(window: QWidget) -> None:
    """Put a window where it was, or let the desktop place one of the usual size."""
    window.resize(first_size(window.screen().availableSize()))
    place = _settings().value("geometry")
    if isinstance(place, QByteArray):
        window.restoreGeometry(place)


def keep_place(window: QWidget) -> None:
    """Remember where a window is."""
    _settings().setValue("geometry", window.saveGeometry())


def last_view() -> str:
    """What the window showed, as it was kept; nothing if it never was."""
    view = _settings().value("view")
    return view if isinstance(view, str) else ""


def keep_view(view: str) -> None:
    """Remember what the window shows; may be called in any thread."""
    _settings().setValue("view", view)


def was_dark() -> bool:
    """Whether the window was dark when it was closed."""
    return bool(_settings().value("theme") == "dark")


def keep_theme(*, dark: bool) -> None:
    """Remember that for pictures, which are taken where no desktop tells."""
    _settings().setValue("theme", "dark" if dark else "light")


def was_told(what: str) -> bool:
    """Whether something was explained before."""
    return _settings().value(f"told/{what}") is not None


def keep_told(what: str) -> None:
    """Remember that something was explained."""
    _settings().setValue(f"told/{what}", "yes")


def last_folder() -> Path | None:
    """Where the last file went that was exported."""
    folder = _settings().value("export/folder")
    return Path(folder) if isinstance(folder, str) and folder else None


def keep_folder(folder: Path) -> None:
    """Remember where files go."""
    _settings().setValue("export/folder", str(folder))


def last_choices() -> list[str]:
    """What was chosen lately in the command palette, the newest last."""
    found = _settings().value("palette/recent")
    return [one for one in found if isinstance(one, str) and one] if isinstance(found, list) else []


def keep_choices(keys: Sequence[str]) -> None:
    """Remember what was chosen there."""
    # A list of one is read as a text, and one of none as nothing.
    _settings().setValue("palette/recent", ["", "", *keys])


def _settings() -> QSettings:
    return QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)
