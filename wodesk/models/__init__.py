"""Values that travel through every floor of the house: no Qt, no I/O, nothing mutable.

Those of the `SystemMetrics` contract are had from here; who asks for none of them loads none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wodesk.models.system import MetricData, MetricPoint, SystemMetrics, TimeRange

__all__ = ["MetricData", "MetricPoint", "SystemMetrics", "TimeRange"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Brings pydantic along, which the first frame does without.
    from wodesk.models import system  # noqa: PLC0415

    return getattr(system, name)
