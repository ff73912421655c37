"""What every source of metrics can do, whatever it speaks."""

from __future__ import annotations

from typing import Protocol

from wodesk.models.alert import AlertReport
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.host import Host
from wodesk.models.metric import Context, History, Newest, Query


class Source(Protocol):
    """One server's metrics.

    Every method raises only `SourceError`.  A source is opened and closed by the context
    manager that gives it out; it is used from one asyncio loop.
    """

    async def connect(self) -> Host:
        """Find out who answers and in which version; safe to repeat, and cheap."""
        ...

    async def contexts(self) -> tuple[Context, ...]:
        """Everything that the source has measured lately."""
        ...

    async def catalogue(self) -> tuple[Context, ...]:
        """The same with what can be chosen of each: dimensions, instances, labels; not cheap."""
        ...

    async def history(self, query: Query) -> History:
        """Samples of all metrics of `query`; an unknown metric has a series without columns."""
        ...

    async def newest(self, query: Query) -> Newest:
        """The newest sample of the one metric of `query`; cheaper than its history."""
        ...

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        """What changed in a window against the time before it, the most changed first."""
        ...

    async def alerts(self, cursor: int) -> AlertReport | None:
        """What is raised, and what has changed after `cursor`: that of the report before, or 0.

        None from a source that evaluates no alerts.  Cheap while nothing changes.
        """
        ...
