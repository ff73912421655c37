"""How far the value axis of a chart reaches; numbers only, no Qt."""

from __future__ import annotations

import numpy as np

from wodesk.ui.picture import Picture
from wodesk.ui.units import Units, shown_scale

_STEPS = (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0)
"""Ends of an axis whose quarters are round, too."""
_ABSURD = 1e100
"""No metric is as large as this; what is is not drawn."""
_ROOM = 1.04
_ROUNDING = 1.001
"""Parts may add up to a little more than their whole."""
_SHRINK_BELOW = 0.5


def top_of_axis(picture: Picture, current: float) -> float:
    """The upper end of the value axis, in Netdata's unit.

    It is the whole where the traces are parts of one; else it is round in the unit that is
    shown, grows at once, and shrinks only when half of it is empty.
    """
    low, high = picture.extent
    reach = max(high, -low)
    whole = picture.whole
    if whole is not None and 0 < whole < np.inf and reach <= whole * _ROUNDING:
        return whole
    wanted = nice_above(reach, picture.unit)
    return wanted if wanted > current or wanted < _SHRINK_BELOW * current else current


def nice_above(value: float, units: Units = "") -> float:
    """The next value that is round as it is shown and leaves a little room above `value`."""
    if not 0 < value < _ABSURD:
        return 1.0
    scale = shown_scale(value, units)
    magnitude = 10.0 ** np.floor(np.log10(value * scale))
    step = next(step for step in (*_STEPS, 12.0) if step * magnitude >= value * scale * _ROOM)
    return float(step * magnitude / scale)
