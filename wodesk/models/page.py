"""Pages as data: which charts there are and how each shows its metric."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wodesk.models.metric import Metric


class Style(StrEnum):
    """How a chart draws its columns."""

    STACKED = "stacked"
    LINES = "lines"
    MIRRORED = "mirrored"


class Reading(StrEnum):
    """What the large number of a chart is."""

    TOTAL = "total"
    USED = "used"
    FULLEST = "fullest"
    BOTH = "both"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """One chart of a page.

    `dimensions` come in this order, and any other after them; those in `unfilled` are named in
    the legend only.  `short_names` stand before the numbers of `Reading.BOTH`.  `top` fixes the
    upper end of the value axis.
    """

    id: str
    title: str
    context: str
    style: Style
    reading: Reading
    label: str | None = None
    every: int = 1
    dimensions: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    top: float | None = None

    @property
    def metric(self) -> Metric:
        """What the chart reads."""
        return Metric(self.context, self.label, self.every)


@dataclass(frozen=True, slots=True)
class Page:
    """Charts in reading order."""

    charts: tuple[ChartSpec, ...]
