"""How the charts of a window show their samples, and are handled."""

from __future__ import annotations

from msgspec import Struct

from wodesk.models.earlier import Earlier
from wodesk.models.measures import USUAL, Measures
from wodesk.models.preferences import Drag, Preferences
from wodesk.models.zones import Zone


class Manner(Struct, frozen=True):
    """In which units and zone, with which bands and ribbons, beside which earlier window; and what
    dragging on them does.
    """

    measures: Measures = USUAL
    band: bool = True
    anomaly: bool = True
    earlier: Earlier = Earlier.NOTHING
    zone: Zone = Zone.LOCAL
    drag: Drag = Drag.SELECT


AS_USUAL = Manner()


def manner_of(preferences: Preferences, earlier: Earlier) -> Manner:
    """What the user prefers, and compares with for now."""
    return Manner(
        preferences.measures,
        preferences.band,
        preferences.anomaly,
        earlier,
        preferences.zone,
        preferences.drag,
    )
