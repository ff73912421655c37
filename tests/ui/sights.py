"""Charts as they are seen, for tests of what is taken out of them."""

from __future__ import annotations

from datetime import UTC, tzinfo

import numpy as np

from tests.ui.given import CPU, WEB, series
from wodesk.models.metric import Column, Series
from wodesk.models.page import ChartSpec
from wodesk.ui.picture import picture
from wodesk.ui.sight import Sight

NOON = 1795867200.0
"""2026-11-28 12:00:00 in UTC."""


def cpu(seconds: int = 300, *, names: tuple[str, ...] = ("user", "system")) -> Series:
    """A CPU that does a little more each second, and most of all a minute before noon."""
    times = np.arange(NOON - seconds + 1, NOON + 1)
    columns: dict[str | Column, list[float]] = {
        name: (10.0 * (place + 1) + np.linspace(0, 5, seconds)).tolist()
        for place, name in enumerate(names)
    }
    columns[names[0]][-61] = 70.0
    return series(columns, times=times)


def sight(
    samples: Series | None = None,
    spec: ChartSpec = CPU,
    *,
    zone: tzinfo | None = UTC,
    is_live: bool = True,
) -> Sight:
    """Five minutes until noon."""
    samples = cpu() if samples is None else samples
    shown = picture(spec, samples)
    return Sight(WEB.id, WEB.name, spec, samples, shown, NOON - 300, NOON, is_live, zone)
