"""API v1, which every agent has and agents up to 1.38 have alone.

Source: answers of 1.37.1 and 2.11.0 agents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from wodesk.client.catalogues import catalogue_of_charts
from wodesk.client.dialect import (
    ZONE_LABEL,
    Request,
    TimeGroup,
    by_cadence,
    contexts_of,
    count_of,
    decoded,
    of_samples_params,
    window_params,
)
from wodesk.client.newest import newest_v1
from wodesk.models.change import Change, Comparison
from wodesk.models.errors import Hop
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Context, Metric, Newest, Query, Series


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


_info = msgspec.json.Decoder(_Info)


class NetdataV1(Struct, frozen=True):
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
        # Wanted by few, and weights bring numpy along.
        from wodesk.client.weights import params_of  # noqa: PLC0415

        return Request("/api/v1/weights", params_of(comparison))

    def decode_changes(self, body: bytes) -> tuple[Change, ...]:
        """The changes, in the agent's order."""
        from wodesk.client.weights import changes_v1  # noqa: PLC0415  brings numpy along

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
        *,
        of_samples: bool = False,
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
        if of_samples:
            params |= of_samples_params(batch)
        window = window_params(query)
        if _lacks_its_last(batch, query):
            window |= {"before": int(window["before"]) + query.bucket, "points": query.points + 1}
        return Request("/api/v1/data", params | window)

    def decode_data(
        self, body: bytes, batch: Sequence[Metric], query: Query
    ) -> dict[Metric, Series]:
        """One series for each metric of `batch` that the answer has columns of."""
        # Brings numpy along, which nobody needs before there are charts.
        from wodesk.client.netdata_v1_samples import samples_of  # noqa: PLC0415

        until = window_params(query)["before"] if _lacks_its_last(batch, query) else math.inf
        return samples_of(body, batch, float(until))

    def decode_newest(self, body: bytes, now: float) -> Newest:
        """The newest row with a number."""
        return newest_v1(body, now)


def _lacks_its_last(batch: Sequence[Metric], query: Query) -> bool:
    """Whether an agent of 1.37 leaves the last sample of a window out, where it has a later one.

    It does so where what is collected each few seconds is not at their multiples, as `system.load`.
    """
    return query.window.before is not None and query.bucket == batch[0].every > 1


def _is_its_own_chart(metric: Metric) -> bool:
    return metric.context.startswith("system.") and metric.is_plain


def _hostname(info: _Info) -> str:
    """The name of the agent itself among the hosts that it mirrors."""
    for host in info.mirrored_hosts_status:
        if host.guid == info.uid:
            return host.hostname
    return info.mirrored_hosts[0] if info.mirrored_hosts else info.uid


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part not in ("", "unknown", "none"))
