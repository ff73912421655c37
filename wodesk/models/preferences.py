"""How wodesk behaves on the desktop of its user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CloseAction(StrEnum):
    """What the user wants closing the window to do, where it is possible."""

    TRAY = "tray"
    MINIMISE = "minimise"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has chosen; a file may leave out any of it.

    Attributes:
        close: what closing the window does.
        notifications: whether notices of alerts are shown on the desktop.
    """

    close: CloseAction = CloseAction.TRAY
    notifications: bool = True
