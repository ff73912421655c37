"""A Netdata agent as a source, whichever version of the API it speaks."""

from __future__ import annotations

import asyncio
import dataclasses
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

from msgspec.structs import replace

from wodesk.client.alert_readers import AlertReader, reader_for
from wodesk.client.dialect import Dialect, Request, TimeGroup, most_changed, time_groups
from wodesk.client.http import Http, Reply, peer_of
from wodesk.client.netdata_v1 import NetdataV1
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.client.statuses import error_for
from wodesk.client.together import together
from wodesk.models.alert import AlertReport
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.errors import AccessDenied, AgentStarting, BadAnswer, Hop
from wodesk.models.host import Host
from wodesk.models.metric import (
    Context,
    History,
    Metric,
    Newest,
    Query,
    Series,
    Window,
)

DIALECTS: tuple[Dialect, ...] = (NetdataV3("v3"), NetdataV3("v2"), NetdataV1())
"""Newest first: the order in which an unknown agent is asked."""

_UPTIME = Metric("system.uptime")

Told = TypeVar("Told")


class NetdataSource:
    """One agent behind a base URL.

    `connect` probes for the newest version of the API that the agent speaks; every later request
    uses that one.  A heartbeat of `connect` therefore notices an upgrade or a downgrade.
    `server` is the id that the keys of its alerts have.
    """

    def __init__(self, http: Http, server: str = "") -> None:
        self._http = http
        self._server = server
        self._dialect: Dialect | None = None
        self._host: Host | None = None
        self._alerts: AlertReader | None = None
        self._units: dict[str, str] = {}

    async def connect(self) -> Host:
        """Who answers; one cheap query of data proves that data are allowed, too."""
        dialect, reply = await self._probe()
        with self._decoding():
            told = dialect.decode_host(reply.body)
        host = replace(told, clock_offset=reply.clock_offset)
        booted_at = await self._booted_at(dialect, host)
        host = await self._as_node(dialect, host)
        host = replace(host, booted_at=booted_at)
        if self._host is None or _agent(host) != _agent(self._host):
            self._alerts = reader_for(host.api, self._server, self._told)
        self._dialect, self._host = dialect, host
        return host

    async def contexts(self) -> tuple[Context, ...]:
        """Everything that the agent has measured lately."""
        dialect, _ = self._connected()
        reply = await self._get(dialect.contexts_request())
        with self._decoding():
            return dialect.decode_contexts(reply.body)

    async def catalogue(self) -> tuple[Context, ...]:
        """Everything that the agent measures, with dimensions, instances and labels."""
        dialect, host = self._connected()
        reply = await self._get(dialect.catalogue_request(host))
        with self._decoding():
            return dialect.decode_catalogue(reply.body)

    async def history(self, query: Query) -> History:
        """Samples, by as few requests as the version of the API allows."""
        answer = await self._history(*self._connected(), query)
        return History(await self._with_units(answer.series), answer.now)

    async def newest(self, query: Query) -> Newest:
        """The newest sample of one plain metric."""
        return await self._newest(*self._connected(), query)

    async def _with_units(self, series: dict[Metric, Series]) -> dict[Metric, Series]:
        """The series with the units that answers of v1 do not tell: the contexts do, once."""
        bare = {metric for metric, one in series.items() if one.columns and not one.units}
        unknown = {metric.context for metric in bare} - set(self._units)
        if unknown:
            told = {context.id: context.units for context in await self.contexts()}
            self._units |= dict.fromkeys(unknown, "") | told
        return series | {
            metric: dataclasses.replace(series[metric], units=self._units[metric.context])
            for metric in bare
        }

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        """What changed, in one request; an agent older than 1.33 cannot say."""
        dialect, host = self._connected()
        reply = await self._http_get(dialect.changes_request(comparison, host))
        if reply.status == HTTPStatus.NOT_FOUND and b"no results" in reply.body:
            return ()
        if _is_unsupported(reply) or reply.status == HTTPStatus.BAD_REQUEST:
            raise _incomparable(peer_of(self._http.base_url), host, reply)
        body = self._accepted(reply).body
        with self._decoding():
            # Seconds for the largest of agents, in which others would not be asked.
            return await asyncio.to_thread(most_changed, dialect, body)

    async def alerts(self, cursor: int) -> AlertReport | None:
        """What the agent's own health engine has raised; None where it is off.

        A `cursor` of 0 begins at this moment: nothing from before it is a change.
        """
        _, host = self._connected()
        return None if self._alerts is None else await self._alerts.look(cursor, host)

    async def _history(self, dialect: Dialect, host: Host, query: Query) -> History:
        answers = await together(
            self._batch(dialect, host, batch, query) for batch in dialect.batches(query.metrics)
        )
        from wodesk.client.samples import empty  # noqa: PLC0415  brings numpy along

        series = {metric: empty(metric, query) for metric in query.metrics}
        offset = 0.0
        for reply, decoded in answers:
            series |= decoded
            offset = reply.clock_offset
        return History(series, now=time.time() + offset)

    async def _batch(
        self, dialect: Dialect, host: Host, batch: Sequence[Metric], query: Query
    ) -> tuple[Reply, dict[Metric, Series]]:
        from wodesk.client import bands  # noqa: PLC0415  brings numpy along, as every history

        if (fine := bands.samples_query(batch, query)) is not None:
            reply, samples = await self._grouped(dialect, host, batch, fine, TimeGroup.AVERAGE)
            return reply, {metric: bands.condensed(one, query) for metric, one in samples.items()}
        groups = time_groups(batch, query)
        answers = await together(
            self._grouped(dialect, host, batch, query, group) for group in groups
        )
        (reply, averages), *extremes = answers
        if not extremes:
            return reply, averages
        if rough := bands.outward(averages):
            extremes += await together(
                self._grouped(dialect, host, rough, query, group, of_samples=True)
                for group in groups[1:]
            )
        return reply, bands.banded(averages, [found for _, found in extremes])

    async def _grouped(
        self,
        dialect: Dialect,
        host: Host,
        batch: Sequence[Metric],
        query: Query,
        time_group: TimeGroup,
        *,
        of_samples: bool = False,
    ) -> tuple[Reply, dict[Metric, Series]]:
        request = dialect.data_request(batch, query, host, time_group, of_samples=of_samples)
        reply = await self._data(request)
        if reply.status == HTTPStatus.NOT_FOUND:
            return reply, {}
        with self._decoding():
            return reply, dialect.decode_data(reply.body, batch, query)

    async def _data(self, request: Request) -> Reply:
        """An answer with samples; one of status 404 where there is no such metric."""
        reply = await self._http_get(request)
        if reply.status == HTTPStatus.NOT_FOUND and b"No metrics" in reply.body:
            return reply
        if _is_unsupported(reply):
            raise AgentStarting(
                "The agent no longer speaks the API that it spoke before.",
                hop=Hop.AGENT,
                advice="wodesk asks again which one it speaks.",
            )
        return self._accepted(reply)

    async def _newest(self, dialect: Dialect, host: Host, query: Query) -> Newest:
        reply = await self._data(dialect.data_request(query.metrics, query, host))
        now = time.time() + reply.clock_offset
        if reply.status == HTTPStatus.NOT_FOUND:
            return Newest(None, math.nan, query.bucket, now)
        with self._decoding():
            return dialect.decode_newest(reply.body, now)

    async def _probe(self) -> tuple[Dialect, Reply]:
        """The newest dialect that the agent knows, with its answer to who it is."""
        for dialect in DIALECTS:
            reply = await self._http_get(dialect.host_request())
            if not _is_unsupported(reply):
                return dialect, self._accepted(reply)
        raise BadAnswer(
            "The agent knows none of Netdata's API versions 1 to 3.",
            hop=Hop.AGENT,
            advice="Is this a Netdata older than 1.23?",
        )

    async def _booted_at(self, dialect: Dialect, host: Host) -> float | None:
        """When the machine started, from the newest value of `system.uptime`."""
        query = Query((_UPTIME,), Window(10), 10)
        newest = await self._newest(dialect, host, query)
        return None if newest.time is None else newest.time - newest.value

    async def _as_node(self, dialect: Dialect, host: Host) -> Host:
        """The host with what the agent tells of it as one of its nodes."""
        request = dialect.node_request()
        if request is None:
            return host
        try:
            reply = await self._get(request)
        except AccessDenied:
            # It is no reason to show no charts, which are allowed.
            return host
        with self._decoding():
            return dialect.decode_node(reply.body, host)

    async def _told(self, request: Request, decode: Callable[[bytes, float], Told]) -> Told:
        reply = await self._get(request)
        with self._decoding():
            return decode(reply.body, reply.clock_offset)

    async def _get(self, request: Request) -> Reply:
        return self._accepted(await self._http_get(request))

    async def _http_get(self, request: Request) -> Reply:
        return await self._http.get(request.path, request.params)

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        """Let the error of a decoder name this agent."""
        try:
            yield
        except BadAnswer as error:
            sentence = f"{peer_of(self._http.base_url)} cannot be understood. {error.message}"
            raise BadAnswer(sentence, hop=error.hop, advice=error.advice) from error

    def _accepted(self, reply: Reply) -> Reply:
        """The reply if it can be an agent's answer, else the error that it stands for."""
        if reply.status != HTTPStatus.OK:
            raise error_for(reply, self._http.base_url)
        if not reply.body.strip() or reply.body.lstrip().startswith(b"<"):
            what = "a web page" if reply.body.strip() else "an empty answer"
            peer = peer_of(self._http.base_url)
            raise BadAnswer(
                f"{peer} gave {what} where Netdata's API should be.",
                hop=Hop.AGENT,
                advice="Check the port and the path of the address.",
            )
        return reply

    def _connected(self) -> tuple[Dialect, Host]:
        if self._dialect is None or self._host is None:
            raise RuntimeError("connect() comes first")
        return self._dialect, self._host


def _agent(host: Host) -> tuple[str, str, str]:
    """What an agent's log of alerts belongs to, and how it is read."""
    return host.machine_guid, host.api, host.agent


def _incomparable(peer: str, host: Host, reply: Reply) -> BadAnswer:
    """The error of an agent that does not compare windows, or not this one."""
    if _is_unsupported(reply):
        return BadAnswer(
            f"{peer} cannot tell what changed: its Netdata {host.agent} is too old for that.",
            hop=Hop.AGENT,
            advice="Netdata can from version 1.33 on.",
        )
    return BadAnswer(
        f"{peer} cannot tell what changed in this window.",
        hop=Hop.DATA,
        advice="Select a longer window, of which the agent has the time before, too.",
    )


def _is_unsupported(reply: Reply) -> bool:
    """Whether an agent says that it does not know this version of the API or this command."""
    return reply.status == HTTPStatus.NOT_FOUND and b"nsupported" in reply.body
