"""What is asked of a server once, and what may come of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from wodesk.models.change import Comparison, ContextChange
from wodesk.models.metric import Context, Metric, Series


class Stretch(Struct, frozen=True):
    """What is wanted of a metric: from `after` to `before` (epoch seconds), or up to now if None.

    `points` is the number of rows at most, None being all that the source has.  `band` asks for
    the extremes in each row besides, where it stands for several samples.
    """

    metric: Metric
    after: float
    before: float | None = None
    points: int | None = None
    band: bool = False


class ListContexts(Struct, frozen=True):
    """List all that a server measures, with dimensions, instances and labels."""

    server: str


class Compare(Struct, frozen=True):
    """Tell what changed in a window on a server."""

    server: str
    comparison: Comparison


class Gather(Struct, frozen=True):
    """Get a stretch of history of a server, however long, to be exported."""

    server: str
    stretch: Stretch


Errand = ListContexts | Compare | Gather


@dataclass(frozen=True, slots=True)
class Listed:
    """The contexts, in the source's order."""

    contexts: tuple[Context, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed, the most changed first."""

    contexts: tuple[ContextChange, ...] = field(repr=False)


class Gathering(Struct, frozen=True):
    """How many rows are there, of how many; more comes."""

    done: int
    rows: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """The whole stretch."""

    series: Series = field(repr=False)


class Declined(Struct, frozen=True):
    """It was not to be had: a sentence, and what to try next, which may be empty."""

    message: str
    advice: str = ""


Outcome = Listed | Compared | Gathering | Gathered | Declined
