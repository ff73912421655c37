"""The SystemMetrics contract: what the dashboard API and `wodesk metrics` speak."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class TimeRange(StrEnum):
    """The windows of the contract, by the names of its `range` parameter."""

    FIVE_MIN = "5m"
    ONE_HOUR = "1h"
    ONE_DAY = "24h"

    @property
    def seconds(self) -> int:
        """The length of the window."""
        return {"5m": 300, "1h": 3600, "24h": 86400}[self.value]

    @property
    def points(self) -> int:
        """How many points the window is divided into."""
        return 144 if self is TimeRange.ONE_DAY else 60


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MetricPoint(_Frozen):
    """One value at the end of its bucket; `timestamp` is epoch seconds."""

    timestamp: int
    value: float


class MetricData(_Frozen):
    """One metric over a window: oldest point first, gaps left out."""

    name: str
    current: float
    unit: str
    points: tuple[MetricPoint, ...]


class SystemMetrics(_Frozen):
    """A server at a glance.

    `cpu` is % of all cores; `ram` is % used; `disk` is % used of the fullest real file system;
    the networks are kilobits/s, both positive.
    """

    cpu: MetricData
    ram: MetricData
    disk: MetricData
    network_in: MetricData
    network_out: MetricData
