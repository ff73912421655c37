"""How wodesk behaves on the desktop of its user."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wodesk.models.measures import Measures, Prefixes, Traffic
from wodesk.models.zones import Zone


class CloseAction(StrEnum):
    """What the user wants closing the window to do, where it is possible."""

    TRAY = "tray"
    MINIMISE = "minimise"
    QUIT = "quit"


class Drag(StrEnum):
    """What dragging on a chart does; with Shift it pans, with Ctrl it selects in any case."""

    SELECT = "select"
    ZOOM = "zoom"
    PAN = "pan"


class Preferences(Struct, frozen=True):
    """What the user has chosen; a file may leave out any of it.

    Attributes:
        close: what closing the window does.
        notifications: whether notices of alerts are shown on the desktop.
        traffic: whether network traffic is in bits or in bytes.
        prefixes: whether bytes are counted in thousands or in 1024s.
        band: whether charts show the least and the greatest sample of what they average.
        anomaly: whether they show how unusual the agent finds it.
        zone: whose clock the times of charts are read from.
        drag: what dragging on a chart does.
    """

    close: CloseAction = CloseAction.TRAY
    notifications: bool = True
    traffic: Traffic = Traffic.BITS
    prefixes: Prefixes = Prefixes.USUAL
    band: bool = True
    anomaly: bool = True
    zone: Zone = Zone.LOCAL
    drag: Drag = Drag.SELECT

    @property
    def measures(self) -> Measures:
        """The units that numbers are shown in."""
        return Measures(self.traffic, self.prefixes)
