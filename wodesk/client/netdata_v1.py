"""API v1, which every agent has and agents up to 1.38 have alone.

Source: answers of 1.37.1 and 2.11.0 agents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import msgspec
import numpy as np

from wodesk.client.catalogues import catalogue_of_charts
from wodesk.client.dialect import (
    MAX_COLUMNS,
    MAX_ROWS,
    ZONE_LABEL,
    Request,
    TimeGroup,
    by_cadence,
    canonical,
    collector_paused,
    contexts_of,
    count_of,
    decoded,
    garbled,
    series_of,
    window_params,
)
from wodesk.client.weights import changes_v1, params_of
from wodesk.models.arrays import Floats
from wodesk.models.change import Change, Comparison
from wodesk.models.errors import Hop
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Column, Context, Metric, Query, Series

_UNITS = {
    "system.cpu": "percentage",
    "system.ram": "MiB",
    "system.io": "KiB/s",
    "system.net": "kilobits/s",
    "system.load": "load",
    "system.uptime": "seconds",
    "disk.space": "GiB",
}
"""A v1 data answer does not say its units; these contexts have had theirs unchanged since 1.33."""


class _Result(msgspec.Struct):
    data: list[list[float | None]]


class _Data(msgspec.Struct):
    result: _Result
    dimension_names: list[str]
    view_update_every: float = 1
    update_every: float = 1
    first_entry: float = 0
    chart_ids: list[str] = []
    chart_labels: dict[str, list[str | None]] = {}


class _Alarms(msgspec.Struct):
    warning: int = 0
    critical: int = 0


class _MirroredHost(msgspec.Struct):
    guid: str = ""
    hostname: str = ""


class _Info(msgspec.Struct):
    version: str
    uid: str
    mirrored_hosts: list[str] = []
    mirrored_hosts_status: list[_MirroredHost] = []
    host_labels: dict[str, str | None] = {}
    alarms: _Alarms | None = None
    os_name: str = ""
    os_version: str = ""
    container_os_name: str = ""
    container_os_version: str = ""
    kernel_name: str = ""
    kernel_version: str = ""
    architecture: str = ""
    virtualization: str = ""
    cores_total: str = ""
    ram_total: str = ""


_data = msgspec.json.Decoder(_Data)
_info = msgspec.json.Decoder(_Info)


@dataclass(frozen=True, slots=True)
class NetdataV1:
    """The requests and decoders of API v1."""

    api: str = "v1"

    def host_request(self) -> Request:
        """`/info`."""
        return Request("/api/v1/info", {})

    def decode_host(self, body: bytes) -> Host:
        """The agent that answers, with its raised alarms."""
        info = decoded(_info, body, "description of itself", Hop.AGENT)
        return Host(
            hostname=_hostname(info),
            machine_guid=info.uid,
            agent=info.version,
            api=self.api,
            os=_joined(info.os_name, info.os_version)
            or _joined(info.container_os_name, info.container_os_version),
            kernel=_joined(info.kernel_name, info.kernel_version),
            architecture=_joined(info.architecture),
            virtualization=_joined(info.virtualization),
            cores=count_of(info.cores_total),
            memory=count_of(info.ram_total),
            alerts=AlertCounts(info.alarms.warning, info.alarms.critical) if info.alarms else None,
            timezone=_joined(info.host_labels.get(ZONE_LABEL) or ""),
        )

    def node_request(self) -> Request | None:
        """Nothing: `/info` has all that there is."""
        return None

    def decode_node(self, body: bytes, host: Host) -> Host:
        """The host as it is."""
        return host

    def contexts_request(self) -> Request:
        """`/contexts`."""
        return Request("/api/v1/contexts", {})

    def decode_contexts(self, body: bytes) -> tuple[Context, ...]:
        """The contexts, in the agent's order."""
        return contexts_of(body)

    def catalogue_request(self, host: Host) -> Request:
        """`/charts`, from which the contexts are put together."""
        return Request("/api/v1/charts", {})

    def decode_catalogue(self, body: bytes) -> tuple[Context, ...]:
        """The contexts with their dimensions, instances and labels."""
        return catalogue_of_charts(body)

    def changes_request(self, comparison: Comparison, host: Host) -> Request:
        """`/weights`, by context."""
        return Request("/api/v1/weights", params_of(comparison))

    def decode_changes(self, body: bytes) -> tuple[Change, ...]:
        """The changes, in the agent's order."""
        return changes_v1(body)

    def batches(self, metrics: Sequence[Metric]) -> list[tuple[Metric, ...]]:
        """The `system.` charts of one cadence together, each other context by itself.

        An answer names the charts of its columns but not their contexts, and only a `system.`
        chart has its context for a name.
        """
        together = by_cadence(metric for metric in metrics if _is_its_own_chart(metric))
        return together + [(metric,) for metric in metrics if not _is_its_own_chart(metric)]

    def data_request(
        self,
        batch: Sequence[Metric],
        query: Query,
        host: Host,
        time_group: TimeGroup = TimeGroup.AVERAGE,
    ) -> Request:
        """`/data` of whole contexts."""
        params: dict[str, str | int] = {
            "context": "|".join(metric.context for metric in batch),
            "format": "json",
            "options": "jsonwrap",
        }
        keys = [batch[0].label, *(key for key, _ in batch[0].labels)]
        if any(keys):
            params["chart_label_key"] = ",".join(dict.fromkeys(key for key in keys if key))
        if time_group is not TimeGroup.AVERAGE:
            params["group"] = time_group.value
        return Request("/api/v1/data", params | window_params(query))

    def decode_data(
        self, body: bytes, batch: Sequence[Metric], query: Query
    ) -> dict[Metric, Series]:
        """One series for each metric of `batch` that the answer has columns of."""
        with collector_paused():
            data = decoded(_data, body, "samples")
            try:
                rows = _numbers(data)
            except (ValueError, TypeError) as exc:
                raise garbled("samples") from exc
            data.result.data.clear()
        return {
            metric: series_of(
                metric,
                times=rows[:, 0],
                values=rows[:, [place + 1 for place, _ in columns]],
                columns=[column for _, column in columns],
                units=_UNITS.get(metric.context, ""),
                every=max(data.view_update_every, 1),
                first_entry=data.first_entry or None,
                cadence=max(data.update_every, 1),
            )
            for metric in batch
            if (columns := _columns_of(metric, data, alone=len(batch) == 1))
        }


def _is_its_own_chart(metric: Metric) -> bool:
    return metric.context.startswith("system.") and metric.is_plain


def _numbers(data: _Data) -> Floats:
    """Rows of (time, value, ...) with NaN for null; raises `ValueError` unless all are as long."""
    width, rows = len(data.dimension_names) + 1, data.result.data
    if width > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise ValueError("too many columns or rows")
    if any(length != width for length in set(map(len, rows))):
        raise ValueError("rows of another length than the labels")
    try:
        numbers = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
    except TypeError:  # null, which only the slower way takes
        numbers = np.array(rows, dtype=np.float64)
    return numbers.reshape(len(rows), width)


def _columns_of(metric: Metric, data: _Data, *, alone: bool) -> list[tuple[int, Column]]:
    """The columns of a metric by their place; labels repeat, so they are paired by position.

    What is not wanted of the context is left out here: this version cannot be asked for less.
    """
    names = data.dimension_names
    charts = data.chart_ids if len(data.chart_ids) == len(names) else [metric.context] * len(names)
    wanted: dict[str, set[str]] = {}
    for key, value in metric.labels:
        wanted.setdefault(key, set()).add(value)
    columns = []
    for place, name in enumerate(names):
        chart, dimension = charts[place], canonical(metric.context, name)
        if (
            (alone or chart == metric.context)
            and dimension in (metric.dimensions or (dimension,))
            and chart in (metric.instances or (chart,))
            and all(_label(data, key, place) in values for key, values in wanted.items())
        ):
            instance = chart if metric.is_split else ""
            if metric.label is not None:
                instance = _label(data, metric.label, place) or chart
            columns.append((place, Column(dimension, instance)))
    return columns


def _label(data: _Data, key: str, place: int) -> str | None:
    """The value of a label of the instance that a column is of."""
    values = data.chart_labels.get(key, [])
    return values[place] if len(values) == len(data.dimension_names) else None


def _hostname(info: _Info) -> str:
    """The name of the agent itself among the hosts that it mirrors."""
    for host in info.mirrored_hosts_status:
        if host.guid == info.uid:
            return host.hostname
    return info.mirrored_hosts[0] if info.mirrored_hosts else info.uid


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part not in ("", "unknown", "none"))
