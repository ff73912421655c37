"""The tokens of the look; little is imported here, since the first frame waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QGuiApplication

_DARK = 128
GRID = 4
"""Every distance is a multiple of this many pixels."""
SIDEBAR = 224
"""The width of the sidebar."""
ROOM_FOR_SIDEBAR = 760
"""The width from which on a window shows its sidebar by itself."""


class Mark(Enum):
    """A state as it is shown: its value is the name of its icon."""

    OK = "state-ok"
    WARNING = "state-warning"
    CRITICAL = "state-critical"
    UNREACHABLE = "state-unreachable"
    UNKNOWN = "state-unknown"
    SNOOZED = "state-snoozed"
    PAUSED = "state-paused"
    LIVE = "state-live"


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens of one appearance; colours are `#rrggbb`."""

    dark: bool
    window: str
    surface: str
    sidebar: str
    hover: str
    line: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    notice: str
    anomaly: str
    marks: dict[Mark, str]
    series: tuple[str, ...]


LIGHT = Theme(
    dark=False,
    window="#F3F4F6",
    surface="#FFFFFF",
    sidebar="#E9EBEF",
    hover="#DDE1E7",
    line="#D5D9DF",
    grid="#E8EAEE",
    text="#1A1F26",
    muted="#59626E",
    accent="#0067A6",
    on_accent="#FFFFFF",
    notice="#FFF4DB",
    anomaly="#8A3FB0",
    marks={
        Mark.OK: "#00875F",
        Mark.WARNING: "#A86A00",
        Mark.CRITICAL: "#C64F00",
        Mark.UNREACHABLE: "#B0517F",
        Mark.UNKNOWN: "#767C85",
        Mark.SNOOZED: "#1F7BB5",
        Mark.PAUSED: "#59626E",
        Mark.LIVE: "#0067A6",
    },
    series=(
        "#0072B2",
        "#C98500",
        "#008F68",
        "#B65C90",
        "#3A9BD6",
        "#CC5500",
        "#A39200",
        "#6B5BB5",
    ),
)

DARK = Theme(
    dark=True,
    window="#15181C",
    surface="#1C2026",
    sidebar="#191C21",
    hover="#282E36",
    line="#313842",
    grid="#272D35",
    text="#E4E7EB",
    muted="#9AA4B0",
    accent="#56B4E9",
    on_accent="#10151A",
    notice="#33290F",
    anomaly="#C08BEA",
    marks={
        Mark.OK: "#12B886",
        Mark.WARNING: "#E69F00",
        Mark.CRITICAL: "#F0702A",
        Mark.UNREACHABLE: "#D98AB4",
        Mark.UNKNOWN: "#8F98A3",
        Mark.SNOOZED: "#56B4E9",
        Mark.PAUSED: "#9AA4B0",
        Mark.LIVE: "#56B4E9",
    },
    series=(
        "#3D9BDC",
        "#E69F00",
        "#12B886",
        "#CC79A7",
        "#7CC8F2",
        "#E8702E",
        "#D9CC3C",
        "#9B8CE0",
    ),
)


def likely_theme() -> Theme:
    """The appearance that the palette speaks for, before anybody asks the desktop.

    Qt's own word for it takes a fifth of the time that a first frame has.
    """
    return DARK if QGuiApplication.palette().window().color().lightness() < _DARK else LIGHT
