"""Samples in the units that the user wishes for, to be written into files and tables."""

from __future__ import annotations

from dataclasses import replace

from wodesk.models.measures import Measures
from wodesk.models.metric import Series
from wodesk.ui.units import unit_of


def measured(series: Series, measures: Measures) -> Series:
    """The series in the unit without a prefix that its chart shows: `B/s`, `bit/s`, `B`.

    What has no such unit is as Netdata has it; anomaly rates stay in %.
    """
    unit = unit_of(series.units, measures)
    if not unit.step:
        return series
    layers = {
        name: layer if name == "anomaly" else layer * unit.factor
        for name, layer in series.layers().items()
    }
    return replace(series.of(series.times, layers), units=unit.base)
