"""An agent of a chosen version, made of recorded answers.

`ReplayAgent` answers `/info`, `/nodes`, `/contexts`, `/data` and what is about alerts, of the API
versions that its version of Netdata has, in their wire form; everything else as unknown.  What it
does not know of `/data` it ignores, as an agent does: `format` and such.
"""

from __future__ import annotations

import asyncio
import html
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from email.utils import formatdate
from fnmatch import fnmatchcase

from tests.servers.catalogue import charts_of, has_labels, in_full
from tests.servers.data_v2 import Answer, Grouping, Node, nothing
from tests.servers.health import Health
from tests.servers.loopback import Loopback, Request, Response, read_request
from tests.servers.query import RELATIVE, Database, Grid, Value, grid, stored, uncut
from tests.servers.recorded import Context, Dimension, Instance, Json, contexts, load
from tests.servers.weights import document_v1, document_v2, moved

VERSIONS = ("2.11.0", "1.41", "1.37.1")
"""The versions that can be replayed: with API v3, with v2 but not v3, and with v1 alone."""

_APIS = {"2.11.0": ("v1", "v2", "v3"), "1.41": ("v1", "v2"), "1.37.1": ("v1",)}
_FULL_VERSIONS = {"2.11.0": "v2.11.0", "1.41": "v1.41.0", "1.37.1": "v1.37.1"}
_DAY = 86_400
_TIMINGS = {"prep_ms": 0.05, "query_ms": 0.4, "output_ms": 0.1, "total_ms": 0.55, "cloud_ms": 0.55}


class ReplayAgent(Loopback):
    """An agent on a loopback port.

    Its attributes may be changed while it runs; the next answer is made with them.  The mount
    with a non-ASCII name is missing in 1.37.1, as it was in the recordings.
    """

    def __init__(self, version: str = "2.11.0") -> None:
        super().__init__()
        self.version = version
        """One of `VERSIONS`; changing it is an upgrade or a downgrade."""
        self.hostname = "wodesk-replay"
        self.machine_guid = "5f1c2e64-7d0b-4b1e-9a63-0b6f7c0ffee5"
        self.alerts = (2, 1)
        """How many alerts are raised: (warning, critical)."""
        self.health = Health()
        """The alerts themselves."""
        self.denied: set[str] = set()
        """Commands that are refused."""
        self.clock_offset = 0.0
        """Seconds that the agent's clock is ahead."""
        self.more: tuple[Context, ...] = ()
        """Contexts that are measured besides those that were recorded."""
        self.missing: set[str] = set()
        """Contexts that have disappeared."""
        self.gap: tuple[float, float] | None = None
        """First and last second, in the agent's time, of which nothing was stored."""
        self.stopped_at: float | None = None
        """Since when, in the agent's time, nothing is measured though it answers."""
        self.retention = 8.0 * _DAY
        """For how many seconds samples are kept."""
        self.anomaly = 0.0
        """The anomaly rate of every point of v2 and v3, in %."""
        self.latency = 0.0
        """Seconds before each answer."""
        self.requests: list[tuple[str, dict[str, str]]] = []
        """Path and parameters of every request, in order."""

    @property
    def now(self) -> float:
        """The agent's clock."""
        return time.time() + self.clock_offset

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        while True:
            request = await read_request(reader)
            if self.latency > 0:
                await asyncio.sleep(self.latency)
            await self.send(writer, self.answer(request))
            if not request.keeps_alive:
                return

    def answer(self, request: Request) -> bytes:
        """The bytes of the answer to a request, which is noted in `requests`."""
        self.requests.append((request.path, request.params))
        return self.response(request).encoded(request)

    def response(self, request: Request) -> Response:
        """The answer to a request, with the headers that every answer of an agent has."""
        now = self.now
        response = self._response(request, now)
        public = response.status == 200 and _whole(request.params.get("before")) >= RELATIVE
        headers = {
            "Server": f"Netdata Embedded HTTP Server {_FULL_VERSIONS[self.version]}",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Credentials": "true",
            "Date": formatdate(now, usegmt=True),
            "Cache-Control": "public" if public else "no-cache, no-store, must-revalidate",
            "Expires": formatdate(now + (_DAY if public else 1), usegmt=True),
        }
        return Response(response.status, response.body, response.content_type, headers)

    def _response(self, request: Request, now: float) -> Response:
        if request.method != "GET":
            return _text(400, "HTTP method requested is not supported...")
        path = request.path
        if path.startswith("/host/"):
            host, _, rest = path.removeprefix("/host/").partition("/")
            if host not in (self.hostname, self.machine_guid):
                return _page(f"This netdata does not maintain a database for host: {host}")
            path = "/" + rest
        words = path.strip("/").split("/")
        if words[0] != "api":
            shown = html.escape(path.strip("/")).replace("/", "&#x2F;")
            return _page(f"File does not exist, or is not accessible: {shown}")
        if len(words) != 3:
            return _text(400, "Which API version and command?")
        return self._api(words[1], words[2], request, now)

    def _api(self, api: str, command: str, request: Request, now: float) -> Response:
        if api not in _APIS[self.version]:
            return _page(f"Unsupported API version: {api}")
        answers: dict[str, Callable[[str, Request, float], Response]] = {
            "info": self._info,
            "contexts": self._contexts,
            "data": self._data_v1 if api == "v1" else self._data,
            "weights": self._weights,
        }
        if command in self.denied:
            return _text(403, "You are not allowed to access this resource.")
        if api == "v1":
            answers |= {
                "alarms": self._alarms,
                "alarm_log": self._alarm_log,
                "charts": self._charts_v1,
                "chart": self._chart_v1,
            }
        else:
            answers |= {
                "nodes": self._nodes,
                "alerts": self._alerts,
                "alert_transitions": self._transitions,
            }
        if command not in answers:
            kind = "v1 API" if self._is_old() else "API"
            return _text(404, f"Unsupported {kind} command: {command}")
        return answers[command](api, request, now)

    def _is_old(self) -> bool:
        return self.version == "1.37.1"

    def _measured(self) -> list[Context]:
        every = (*contexts(), *self.more)
        return [context for context in every if context.id not in self.missing]

    def _database(
        self, now: float, time_group: str | None = None, tier: str | None = None
    ) -> Database:
        stopped_at = now if self.stopped_at is None else min(now, self.stopped_at)
        group, chosen = time_group or "average", None if tier is None else int(tier)
        return Database(stopped_at, self.retention, self.gap, group, chosen)

    def _reaches_back(self, request: Request, now: float) -> bool:
        """Whether a window that counts from now reaches what is stored.

        One that does not is answered with nothing; one that does ends with the newest sample.
        """
        after = _whole(request.params.get("after"))
        has_ended = self.stopped_at is not None and -RELATIVE < after < 0
        return not has_ended or now + after < self._database(now).newest

    # What the agent tells of itself.

    def _info(self, api: str, request: Request, now: float) -> Response:
        if api == "v1":
            return _json(self._info_v1(), indent="\t" if self._is_old() else 4)
        info = load("2.11.0/standalone/info.json")
        agent = info["agents"][0]
        agent |= {"mg": self.machine_guid, "nm": self.hostname, "now": math.floor(now)}
        agent["application"]["package"]["version"] = _FULL_VERSIONS[self.version]
        return _json(info, indent=4)

    def _info_v1(self) -> Json:
        info = load("1.37.1/info.json" if self._is_old() else "2.11.0/standalone/info_v1.json")
        own = info["mirrored_hosts_status"][0]
        own |= {"guid": self.machine_guid, "hostname": self.hostname}
        warning, critical = self.alerts
        return info | {
            "version": _FULL_VERSIONS[self.version],
            "uid": self.machine_guid,
            "mirrored_hosts": [self.hostname],
            "mirrored_hosts_status": [own],
            "alarms": info["alarms"] | {"warning": warning, "critical": critical},
        }

    def _alarms(self, api: str, request: Request, now: float) -> Response:
        return _json(self.health.alarms_v1(now), indent="\t")

    def _alarm_log(self, api: str, request: Request, now: float) -> Response:
        if not self._is_old():
            return Response(200, b"", "application/json; charset=utf-8")
        return _json(self.health.log_v1(_whole(request.params.get("after"))), indent="\t")

    def _alerts(self, api: str, request: Request, now: float) -> Response:
        scope = request.params.get("scope_nodes", "")
        return _json(self.health.alerts_v3(self.machine_guid, scope), indent=None)

    def _transitions(self, api: str, request: Request, now: float) -> Response:
        params = request.params
        after, anchor, last = (_whole(params.get(n)) for n in ("after", "anchor_gi", "last"))
        scope = params.get("scope_nodes", "")
        answer = self.health.transitions_v3(self.machine_guid, scope, after, anchor, last or 1)
        return _json(answer, indent=None)

    def _nodes(self, api: str, request: Request, now: float) -> Response:
        answer = load("2.11.0/standalone/nodes.json")
        node = answer["nodes"][0]
        node |= {
            "mg": self.machine_guid,
            "nm": self.hostname,
            "v": _FULL_VERSIONS[self.version],
        }
        node["labels"]["_hostname"] = self.hostname
        warning, critical = self.alerts
        node["health"]["alerts"] |= {"warning": warning, "critical": critical}
        if not self.health.is_on:
            node["health"] = {"status": "disabled"}
        return _json(answer, indent=_indent(request))

    def _contexts(self, api: str, request: Request, now: float) -> Response:
        first, last = self._database(now).first(1), math.floor(now)
        answer = load("1.37.1/contexts.json")
        titles = {id: context["title"] for id, context in answer["contexts"].items()}
        titles |= {one.id: one.title for one in self.more}
        entries = {one.id: {"title": one.title, "units": one.units} for one in self.more}
        if api == "v1":
            answer |= {"hostname": self.hostname, "machine_guid": self.machine_guid}
            answer["contexts"] |= entries
            times = {"first_time_t": first, "last_time_t": last}
            indent: str | int | None = "\t"
        else:
            answer = load("2.11.0/standalone/contexts.json")
            answer["nodes"][0] |= {"mg": self.machine_guid, "nm": self.hostname}
            answer["agents"][0] |= {"mg": self.machine_guid, "nm": self.hostname, "now": last}
            times = {"first_entry": first, "last_entry": last}
            indent = _indent(request)
            answer["contexts"] |= entries
            if "titles" in _options(request):
                for id, context in answer["contexts"].items():
                    answer["contexts"][id] = {"title": titles.get(id, id), **context}
            for context in (*contexts(), *self.more):
                if context.id in answer["contexts"]:
                    answer["contexts"][context.id] |= in_full(context, _options(request))
        answer["contexts"] = {
            id: context | times
            for id, context in answer["contexts"].items()
            if id not in self.missing
        }
        return _json(answer, indent=indent)

    def _charts_v1(self, api: str, request: Request, now: float) -> Response:
        first, last = self._database(now).first(1), math.floor(now)
        charts: Json = {}
        for context in self._measured():
            charts |= charts_of(context, first, last, is_old=self._is_old())
        listed = {"hostname": self.hostname, "update_every": 1, "timezone": "Etc/UTC"}
        return _json(listed | {"charts_count": len(charts), "charts": charts}, indent="\t")

    def _chart_v1(self, api: str, request: Request, now: float) -> Response:
        wanted, first, last = request.params.get("chart", ""), 0, math.floor(now)
        for context in self._measured():
            charts = charts_of(context, first, last, is_old=self._is_old())
            if wanted in charts:
                return _json(charts[wanted], indent="\t")
        return _text(404, f"Chart is not found: {wanted}")

    def _weights(self, api: str, request: Request, now: float) -> Response:
        params = request.params
        if _whole(params.get("before")) - _whole(params.get("after")) < 2:
            body = b'{"error": "Too few points available, at least 15 are needed." }'
            return Response(400, body)
        moves = moved(self._database(now), self._measured(), params)
        if api != "v1":
            return _json(document_v2(moves), indent=_indent(request))
        if not moves:
            return Response(404, b'{"error": "no results produced." }')
        return _json(document_v1(moves, is_old=self._is_old()), indent="\t")

    # Samples.

    def _data(self, api: str, request: Request, now: float) -> Response:
        params, options = request.params, _options(request)
        database = self._database(now, params.get("time_group"), params.get("tier"))
        node = Node(self.hostname, self.machine_guid, math.floor(now))
        grouping = replace(Grouping.asked(params, options), anomaly=self.anomaly)
        found = [
            context
            for context in self._measured()
            if _matches(params.get("scope_contexts"), context.id)
            and _matches(params.get("contexts"), context.id)
            and _matches(params.get("scope_nodes"), self.hostname, self.machine_guid)
            and _matches(params.get("nodes"), self.hostname, self.machine_guid)
        ]
        frame = _frame(request, database, found, step=1)
        found = stored(database, found, frame.asked)
        columns = grouping.columns(
            found,
            node,
            lambda one: (
                _matches(params.get("dimensions"), one.id, one.name)
                and _matches(params.get("instances"), one.instance.id)
                and has_labels(params.get("labels"), one.instance)
            ),
        )
        number = int(api[1:])
        if not columns or not self._reaches_back(request, now):
            return _json(nothing(number, grouping, frame), indent=_indent(request))
        answer = Answer(
            uncut(database, found, frame),
            columns,
            grouping=grouping,
            database=database,
            node=node,
        )
        brief = "minimal-stats" in options and self.version == "2.11.0"
        document = answer.document(number, brief=brief, flip="flip" in options)
        return _json(document, indent=_indent(request))

    def _data_v1(self, api: str, request: Request, now: float) -> Response:
        params, options = request.params, _options(request)
        if "chart" not in params and "context" not in params:
            return _text(400, "No chart or context is given.")
        database = self._database(now, params.get("group"), params.get("tier"))
        parts = self._charts(params)
        found = list(dict.fromkeys(context for context, _ in parts))
        step = min((context.every for context in found), default=1)
        frame = _frame(request, database, found, step=step)
        kept = stored(database, found, frame.asked)
        parts = [part for part in parts if part[0] in kept]
        if not parts or not self._reaches_back(request, now):
            return _text(404, "No metrics where matched to query.")
        sign = _abs if "absolute" in options else _same
        rows: list[list[Value]] = [
            [end, *(sign(database.point(*part, end, frame.bucket)) for part in parts)]
            for end in frame.ends
        ]
        shown = rows[::-1] if "flip" in options else rows
        names = [dimension.name for _, dimension in parts]
        result: Json = {"labels": ["time", *names], "data": shown}
        if "jsonwrap" in options:
            result = {
                **self._wrapping(request, parts, frame, database),
                "view_latest_values": rows[0][1:],
                "dimensions": len(parts),
                "points": len(rows),
                "format": "json",
                "db_points_per_tier": [len(rows) * len(parts) * frame.bucket // step, 0, 0],
                "result": result,
                **_extremes([value for row in rows for value in row[1:]]),
                **({} if self._is_old() else {"timings": _TIMINGS}),
            }
        return _json(result, indent=3 if self._is_old() else 4)

    def _charts(self, params: Mapping[str, str]) -> list[tuple[Context, Dimension]]:
        """What a query of v1 names, each chart under the id that this version gives it."""
        return [
            (context, dimension)
            for context in self._measured()
            for dimension in context.dimensions
            if (chart := self._chart_id(dimension.instance)) is not None
            and (
                chart == params["chart"]
                if "chart" in params
                else _matches(params["context"], context.id)
            )
            and _matches(params.get("dimensions"), dimension.id, dimension.name)
        ]

    def _chart_id(self, instance: Instance) -> str | None:
        return instance.old_id if self._is_old() else instance.id

    def _wrapping(
        self,
        request: Request,
        parts: Sequence[tuple[Context, Dimension]],
        frame: Grid,
        database: Database,
    ) -> Json:
        """What `jsonwrap` puts before the rows."""
        params, options = request.params, [*_options(request), "natural-points"]
        cadences = [context.every for context, _ in parts]
        id = self._query_id(request)
        wrapping: Json = {
            "api": 1,
            "id": id,
            "name": id,
            "view_update_every": frame.bucket,
            "update_every": min(cadences),
            "first_entry": database.first(max(cadences)),
            "last_entry": database.last_entry(min(cadences)),
            "before": frame.before,
            "after": frame.after,
            "group": database.time_group,
            "options": ",".join(options) if self._is_old() else options,
            "dimension_names": [dimension.name for _, dimension in parts],
            "dimension_ids": [dimension.id for _, dimension in parts],
            "functions": [],
        }
        instances = [dimension.instance for _, dimension in parts]
        if "chart" not in params:
            wrapping["chart_ids"] = [self._chart_id(instance) for instance in instances]
        key = params.get("chart_label_key")
        if key is not None and "chart" not in params:
            wrapping["chart_labels"] = {
                one: [instance.labels.get(one) for instance in instances] for one in key.split(",")
            }
        wrapping["latest_values"] = [database.latest(*part) for part in parts]
        return wrapping

    def _query_id(self, request: Request) -> str:
        params = request.params
        hosts = f"{'host' if self._is_old() else 'hosts'}:{self.hostname}"
        what = (
            f"chart://{hosts}/instance:{params['chart']}"
            if "chart" in params
            else f"context://{hosts}/contexts:{params['context']}/instances:*"
        )
        window = "/".join(f"{name}:{params.get(name, 0)}" for name in ("after", "before", "points"))
        options = ",".join(_options(request))
        return f"{what}/dimensions:*/{window}/group:average/options:{options}"


def _frame(request: Request, database: Database, found: Sequence[Context], *, step: int) -> Grid:
    params = request.params
    newest = max((database.last(context.every) for context in found), default=database.newest)
    return grid(
        (_whole(params.get("after")), _whole(params.get("before"))),
        _whole(params.get("points")),
        newest=(database.newest, newest),
        step=step,
        aligned="unaligned" not in _options(request),
    )


def _matches(patterns: str | None, *names: str) -> bool:
    """Whether any name fits a list of patterns, of which the first that fits decides."""
    if not patterns:
        return True
    for pattern in patterns.replace(",", "|").split("|"):
        if any(fnmatchcase(name, pattern.removeprefix("!")) for name in names):
            return not pattern.startswith("!")
    return False


def _options(request: Request) -> list[str]:
    given = request.params.get("options", "").replace("|", ",")
    return [option for option in given.split(",") if option]


def _indent(request: Request) -> int | None:
    return None if "minify" in _options(request) else 4


def _whole(text: str | None) -> int:
    """A number as the agent reads it: what is none is 0."""
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError):
        return 0


def _same(value: Value) -> Value:
    return value


def _abs(value: Value) -> Value:
    return None if value is None else abs(value)


def _extremes(values: Sequence[Value]) -> Json:
    numbers = [value for value in values if value is not None]
    return {"min": min(numbers, default=0), "max": max(numbers, default=0)}


def _json(document: Json, *, indent: int | str | None) -> Response:
    separators = (",", ":") if indent is None else None
    text = json.dumps(document, ensure_ascii=False, indent=indent, separators=separators)
    return Response(200, text.encode())


def _text(status: int, text: str) -> Response:
    return Response(status, text.encode(), "text/plain")


def _page(text: str) -> Response:
    return Response(404, text.encode(), "text/html")
