"""How charts show what they show."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox

from wodesk.models.measures import Prefixes, Traffic
from wodesk.models.preferences import Drag, Preferences
from wodesk.models.zones import Zone
from wodesk.ui.preferences.parts import Section, muted

_TRAFFIC = {
    Traffic.BITS: "Bits per second (Mbit/s)",
    Traffic.BYTES: "Bytes per second (MB/s)",
}
_PREFIXES = {
    Prefixes.USUAL: "Memory in GiB, rates in MB/s",
    Prefixes.IEC: "1024s everywhere (GiB, MiB/s)",
    Prefixes.SI: "Thousands everywhere (GB, MB/s)",
}
_ZONES = {
    Zone.LOCAL: "This computer's time",
    Zone.SERVER: "The server's time",
    Zone.UTC: "UTC",
}
_DRAGS = {
    Drag.SELECT: "Selects a stretch of time",
    Drag.ZOOM: "Zooms in on a stretch of time",
    Drag.PAN: "Moves through time",
}


class ChartsSection(Section):
    """Units, the time zone, what dragging does, the band around averages, and the ribbon of
    anomalies.

    Signals:
        changed(Preferences): as the user wants it.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, preferences: Preferences) -> None:
        super().__init__("Charts")
        self._preferences = preferences
        self._traffic = _choice(_TRAFFIC, preferences.traffic)
        self._prefixes = _choice(_PREFIXES, preferences.prefixes)
        self._zone = _choice(_ZONES, preferences.zone)
        self._drag = _choice(_DRAGS, preferences.drag)
        self._band = QCheckBox("Show the least and the greatest around an average")
        self._anomaly = QCheckBox("Show how unusual the agent finds the values")
        self._band.setChecked(preferences.band)
        self._anomaly.setChecked(preferences.anomaly)
        self._build()
        self._traffic.activated.connect(self._choose_traffic)
        self._prefixes.activated.connect(self._choose_prefixes)
        self._zone.activated.connect(self._choose_zone)
        self._drag.activated.connect(self._choose_drag)
        self._band.toggled.connect(self._choose_band)
        self._anomaly.toggled.connect(self._choose_anomaly)

    def _build(self) -> None:
        self.add("Network traffic", self._traffic, "Disks are always counted in bytes.")
        self.add("Prefixes of bytes", self._prefixes, "Bits are always counted in thousands.")
        self.add("Times", self._zone, "Of axes and ranges, where the agent tells its zone.")
        self.add("Dragging", self._drag, "With Ctrl it selects, with Shift it moves in any case.")
        self.column.addWidget(self._band)
        self.column.addWidget(
            muted(
                "Where a point of a chart stands for several samples. Without it a short spike "
                "goes under in the average; with it the agent is asked three times as much for "
                "long ranges."
            )
        )
        self.column.addWidget(self._anomaly)
        self.column.addWidget(
            muted("A ribbon below the chart, of agents that learn what is usual: Netdata 1.41 on.")
        )
        self.column.addStretch(1)

    def _choose_traffic(self, place: int) -> None:
        self._tell(replace(self._preferences, traffic=list(_TRAFFIC)[place]))

    def _choose_prefixes(self, place: int) -> None:
        self._tell(replace(self._preferences, prefixes=list(_PREFIXES)[place]))

    def _choose_zone(self, place: int) -> None:
        self._tell(replace(self._preferences, zone=list(_ZONES)[place]))

    def _choose_drag(self, place: int) -> None:
        self._tell(replace(self._preferences, drag=list(_DRAGS)[place]))

    def _choose_band(self, shown: bool) -> None:
        self._tell(replace(self._preferences, band=shown))

    def _choose_anomaly(self, shown: bool) -> None:
        self._tell(replace(self._preferences, anomaly=shown))

    def _tell(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.changed.emit(preferences)


def _choice(words: Mapping[Any, str], chosen: StrEnum) -> QComboBox:
    combo = QComboBox()
    for value, text in words.items():
        combo.addItem(text, value.value)
    combo.setCurrentIndex(combo.findData(chosen.value))
    return combo
