"""How the charts of a window show their samples."""

from __future__ import annotations

from dataclasses import dataclass

from wodesk.models.earlier import Earlier
from wodesk.models.measures import USUAL, Measures
from wodesk.models.preferences import Preferences
from wodesk.models.zones import Zone


@dataclass(frozen=True, slots=True)
class Manner:
    """In which units and zone, with which bands and ribbons, and beside which earlier window."""

    measures: Measures = USUAL
    band: bool = True
    anomaly: bool = True
    earlier: Earlier = Earlier.NOTHING
    zone: Zone = Zone.LOCAL


AS_USUAL = Manner()


def manner_of(preferences: Preferences, earlier: Earlier) -> Manner:
    """What the user prefers, and compares with for now."""
    return Manner(
        preferences.measures, preferences.band, preferences.anomaly, earlier, preferences.zone
    )
