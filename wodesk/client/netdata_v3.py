"""API v3, and v2, which is the same under another number (agents from 1.41 on).

Sources: answers of 2.11.0 agents; the agent's swagger for `/api/v3/data`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from wodesk.client.catalogues import catalogue_of_contexts
from wodesk.client.dialect import (
    ZONE_LABEL,
    Request,
    TimeGroup,
    by_cadence,
    contexts_of,
    count_of,
    decoded,
    garbled,
    literal,
    of_samples_params,
    window_params,
)
from wodesk.client.newest import newest_v3
from wodesk.models.change import Change, Comparison
from wodesk.models.errors import Hop
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Context, Metric, Newest, Query, Series

_OPTIONS = "jsonwrap,minify,minimal-stats"
_IN_FULL = "minify,titles,family,units,priorities,retention,liveness,dimensions,labels,instances"


class _Package(msgspec.Struct):
    version: str = ""


class _System(msgspec.Struct):
    kernel: str = ""
    kernel_version: str = ""
    os: str = ""
    version: str = ""


class _Hardware(msgspec.Struct):
    cpu_cores: str = ""
    ram: str = ""
    cpu_architecture: str = ""
    virtualization: str = ""


class _Application(msgspec.Struct):
    package: _Package = msgspec.field(default_factory=_Package)
    os: _System = msgspec.field(default_factory=_System)
    hw: _Hardware = msgspec.field(default_factory=_Hardware)
    container: _System = msgspec.field(default_factory=_System)


class _Agent(msgspec.Struct):
    mg: str
    nm: str
    application: _Application = msgspec.field(default_factory=_Application)


class _Info(msgspec.Struct):
    agents: list[_Agent]


class _RaisedAlerts(msgspec.Struct):
    warning: int = 0
    critical: int = 0


class _Health(msgspec.Struct):
    alerts: _RaisedAlerts | None = None


class _Node(msgspec.Struct):
    mg: str
    labels: dict[str, str | None] = {}
    health: _Health = msgspec.field(default_factory=_Health)


class _Nodes(msgspec.Struct):
    nodes: list[_Node]


_info = msgspec.json.Decoder(_Info)
_nodes = msgspec.json.Decoder(_Nodes)


class NetdataV3(Struct, frozen=True):
    """The requests and decoders of `api`, which is `v3` or `v2`."""

    api: str = "v3"

    def host_request(self) -> Request:
        """`/info`, which is open even where data are not."""
        return Request(f"/api/{self.api}/info", {})

    def decode_host(self, body: bytes) -> Host:
        """The agent that answers, which of a parent's nodes is the parent itself."""
        agents = decoded(_info, body, "description of itself", Hop.AGENT).agents
        if not agents:
            raise garbled("description of itself", hop=Hop.AGENT)
        return _host(agents[0], self.api)

    def node_request(self) -> Request | None:
        """`/nodes`, which counts the raised alerts of each node and has its labels."""
        return Request(f"/api/{self.api}/nodes", {"options": "minify"})

    def decode_node(self, body: bytes, host: Host) -> Host:
        """The node that is `host`; no alerts where health is off."""
        nodes = decoded(_nodes, body, "list of nodes", Hop.AGENT).nodes
        node = next((node for node in nodes if node.mg == host.machine_guid), None)
        if node is None:
            return host
        raised = node.health.alerts
        alerts = None if raised is None else AlertCounts(raised.warning, raised.critical)
        return replace(host, alerts=alerts, timezone=_known(node.labels.get(ZONE_LABEL) or ""))

    def contexts_request(self) -> Request:
        """`/contexts` of all nodes."""
        return Request(f"/api/{self.api}/contexts", {"options": "minify,titles"})

    def decode_contexts(self, body: bytes) -> tuple[Context, ...]:
        """The contexts, in the agent's order."""
        return contexts_of(body)

    def catalogue_request(self, host: Host) -> Request:
        """`/contexts` of this one node; what an older agent does not know of it is left out."""
        params = {"scope_nodes": host.machine_guid, "options": _IN_FULL}
        return Request(f"/api/{self.api}/contexts", params)

    def decode_catalogue(self, body: bytes) -> tuple[Context, ...]:
        """The contexts with their dimensions, instances and labels."""
        return catalogue_of_contexts(body)

    def changes_request(self, comparison: Comparison, host: Host) -> Request:
        """`/weights` of this one node."""
        # Wanted by few, and weights bring numpy along.
        from wodesk.client.weights import params_of  # noqa: PLC0415

        params = params_of(comparison) | {"scope_nodes": host.machine_guid}
        return Request(f"/api/{self.api}/weights", params)

    def decode_changes(self, body: bytes) -> tuple[Change, ...]:
        """The changes, in the agent's order."""
        from wodesk.client.weights import changes_v3  # noqa: PLC0415  brings numpy along

        return changes_v3(body)

    def batches(self, metrics: Sequence[Metric]) -> list[tuple[Metric, ...]]:
        """Plain metrics of one cadence together; one that is split or filtered by itself."""
        plain = by_cadence(metric for metric in metrics if metric.is_plain)
        return plain + [(metric,) for metric in metrics if not metric.is_plain]

    def data_request(
        self,
        batch: Sequence[Metric],
        query: Query,
        host: Host,
        time_group: TimeGroup = TimeGroup.AVERAGE,
        *,
        of_samples: bool = False,
    ) -> Request:
        """`/data` of this one node.

        `scope_*` rather than the plain filters, which would still summarise everything; `sum`,
        since the default average of the dimensions of a whole means nothing.
        """
        params: dict[str, str | int] = {
            "scope_nodes": host.machine_guid,
            "scope_contexts": "|".join(metric.context for metric in batch),
            "group_by": "context,dimension",
            "aggregation": "sum",
            "format": "json2",
            "options": _OPTIONS,
        }
        if batch[0].label is not None:
            params |= {"group_by": "context,dimension,label", "group_by_label": batch[0].label}
        elif batch[0].by_instance:
            params["group_by"] = "context,dimension,instance"
        params |= _filters(batch[0])
        if of_samples:
            params |= of_samples_params(batch)
        if time_group is not TimeGroup.AVERAGE:
            params["time_group"] = time_group.value
        return Request(f"/api/{self.api}/data", params | window_params(query))

    def decode_data(
        self, body: bytes, batch: Sequence[Metric], query: Query
    ) -> dict[Metric, Series]:
        """One series for each metric of `batch` that the answer has columns of."""
        # Brings numpy along, which nobody needs before there are charts.
        from wodesk.client.netdata_v3_samples import samples_of  # noqa: PLC0415

        return samples_of(body, batch, query)

    def decode_newest(self, body: bytes, now: float) -> Newest:
        """The newest row with a number."""
        return newest_v3(body, now)


def _filters(metric: Metric) -> dict[str, str]:
    """What is wanted of a context, as patterns that mean nothing but themselves."""
    wanted = {
        "dimensions": metric.dimensions,
        "instances": metric.instances,
        "labels": [f"{key}:{value}" for key, value in metric.labels],
    }
    return {name: "|".join(map(literal, of)) for name, of in wanted.items() if of}


def _host(agent: _Agent, api: str) -> Host:
    application = agent.application
    return Host(
        hostname=agent.nm,
        machine_guid=agent.mg,
        agent=application.package.version,
        api=api,
        os=_os_name(application.os) or _os_name(application.container),
        kernel=f"{_known(application.os.kernel)} {_known(application.os.kernel_version)}".strip(),
        architecture=_known(application.hw.cpu_architecture),
        virtualization=_known(application.hw.virtualization),
        cores=count_of(application.hw.cpu_cores),
        memory=count_of(application.hw.ram),
    )


def _os_name(system: _System) -> str:
    return f"{_known(system.os)} {_known(system.version)}".strip()


def _known(text: str) -> str:
    return "" if text in ("unknown", "none") else text
