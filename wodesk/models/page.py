"""Pages as data: which charts there are and how each shows its metric."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

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
    GREATEST = "greatest"
    LEAST = "least"


class ChartSpec(Struct, frozen=True):
    """One chart of a page.

    `dimensions` come in this order, and any other after them; those in `unfilled` are named in
    the legend only.  `short_names` stand before the numbers of `Reading.BOTH`.  `top` fixes the
    upper end of the value axis.

    `only`, `instances` and `labels` choose what of the context is read, and `label` or
    `by_instance` what has a line of its own, as in `Metric`.  The chart is `columns` of the page
    wide, as far as there are so many, and `rows` high.
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
    by_instance: bool = False
    only: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    columns: int = 1
    rows: int = 1

    @property
    def metric(self) -> Metric:
        """What the chart reads."""
        return Metric(
            self.context,
            self.label,
            self.every,
            self.by_instance,
            self.only,
            self.instances,
            self.labels,
        )


class Page(Struct, frozen=True):
    """Charts in reading order, with the tab that shows them.

    `name` is what files and commands call it, `title` what people read.  `server` is the id of the
    one server that has it; all have it if that is empty.  `instead_of` names a page that comes with
    wodesk and whose place this one takes.
    """

    charts: tuple[ChartSpec, ...]
    name: str = ""
    title: str = ""
    server: str = ""
    instead_of: str = ""
