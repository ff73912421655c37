"""What is asked of a server once, and what may come of it."""

from __future__ import annotations

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


class Listed(Struct, frozen=True):
    """The contexts, in the source's order."""

    contexts: tuple[Context, ...]

    def __repr__(self) -> str:
        return f"Listed({len(self.contexts)} contexts)"


class Compared(Struct, frozen=True):
    """What changed, the most changed first."""

    contexts: tuple[ContextChange, ...]

    def __repr__(self) -> str:
        return f"Compared({len(self.contexts)} contexts)"


class Gathering(Struct, frozen=True):
    """How many rows are there, of how many; more comes."""

    done: int
    rows: int


class Gathered(Struct, frozen=True):
    """The whole stretch."""

    series: Series

    def __repr__(self) -> str:
        return f"Gathered({len(self.series)} rows)"


class Declined(Struct, frozen=True):
    """It was not to be had: a sentence, and what to try next, which may be empty."""

    message: str
    advice: str = ""


Outcome = Listed | Compared | Gathering | Gathered | Declined
