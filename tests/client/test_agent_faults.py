"""What a Netdata source makes of each wrong thing that a peer can do."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import cache

import pytest

from tests.client.asking import CPU, HASTY, SECONDLY, http_to, keep_to, netdata_at
from tests.servers.faults import ENDLESS, FAULTS, FaultServer
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Limits
from wodesk.models.errors import (
    AccessDenied,
    AgentStarting,
    BadAnswer,
    Hop,
    SourceError,
    SourceTimeout,
    Unreachable,
)
from wodesk.models.metric import Query, Window

TICK = Query(SECONDLY, Window(5), 5)


@dataclass(frozen=True)
class Met:
    """What came of a fault."""

    error: BaseException | None
    seconds: float
    peer: str
    connections: int


def limits_for(fault: str) -> Limits:
    """How long to wait for what a fault leads to."""
    return HASTY if fault in ENDLESS else Limits()


@cache
def met_connecting(fault: str) -> Met:
    """What `connect` makes of a fault that is there from the start."""

    async def meet(url: str) -> BaseException | None:
        async with netdata_at(url, limits_for(fault)) as source:
            try:
                await source.connect()
            except Exception as error:
                return error
        return None

    with FaultServer(fault) as server:
        started = time.monotonic()
        error = asyncio.run(meet(server.url))
        seconds = time.monotonic() - started
        return Met(error, seconds, f"127.0.0.1:{server.port}", server.connections)


@cache
def met_asking(fault: str) -> Met:
    """What `history` makes of a fault that comes when the source is connected."""

    async def meet(server: FaultServer) -> tuple[BaseException | None, float]:
        async with http_to(server.url) as http:
            source = NetdataSource(http)
            await source.connect()
            keep_to(http, limits_for(fault))
            server.fault = fault
            started = time.monotonic()
            try:
                await source.history(TICK)
            except Exception as error:
                return error, time.monotonic() - started
        return None, 0.0

    with FaultServer(None) as server:
        error, seconds = asyncio.run(meet(server))
        return Met(error, seconds, f"127.0.0.1:{server.port}", server.connections)


CLASSES: dict[str, type[SourceError]] = {
    "status_500": AgentStarting,
    "status_401": AccessDenied,
    "status_403": AccessDenied,
    "status_404_html": BadAnswer,
    "status_412": AccessDenied,
    "status_451": AccessDenied,
    "status_502": AgentStarting,
    "status_503_echo": AgentStarting,
    "status_399": BadAnswer,
    "redirect_elsewhere": BadAnswer,
    "redirect_loop": BadAnswer,
    "html": BadAnswer,
    "empty": BadAnswer,
    "wrong_json": BadAnswer,
    "json_array": BadAnswer,
    "half_json": BadAnswer,
    "nan": BadAnswer,
    "deep_json": BadAnswer,
    "deep_object": BadAnswer,
    "huge": BadAnswer,
    "gzip_bomb": BadAnswer,
    "garbled_gzip": BadAnswer,
    "cut": Unreachable,
    "close": Unreachable,
    "reset": Unreachable,
    "silence": SourceTimeout,
    "drip": SourceTimeout,
    "not_http": Unreachable,
    "many_headers": BadAnswer,
}
HOPS = {
    Hop.LOGIN: "status_401 status_403 status_412 status_451",
    Hop.AGENT: (
        "status_500 status_404_html status_502 status_503_echo html empty wrong_json json_array "
        "half_json nan deep_json deep_object"
    ),
    Hop.HTTP: (
        "status_399 redirect_elsewhere redirect_loop huge gzip_bomb garbled_gzip cut close reset "
        "silence drip not_http many_headers"
    ),
}
HOP_OF = {fault: hop for hop, faults in HOPS.items() for fault in faults.split()}


def test_every_fault_has_its_class_and_hop_here() -> None:
    assert set(CLASSES) == set(HOP_OF) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_connecting_is_an_error_of_its_kind(fault: str) -> None:
    assert type(met_connecting(fault).error) is CLASSES[fault]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_connecting_names_the_hop_that_failed(fault: str) -> None:
    error = met_connecting(fault).error
    assert isinstance(error, SourceError)
    assert error.hop is HOP_OF[fault]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_connecting_is_one_sentence_that_names_the_peer(fault: str) -> None:
    met = met_connecting(fault)
    assert isinstance(met.error, SourceError)
    assert met.peer in met.error.message
    assert met.error.message.endswith(".")
    assert "\n" not in met.error.message
    assert len(met.error.message) < 250


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_asking_for_samples_is_an_error_of_its_kind(fault: str) -> None:
    assert type(met_asking(fault).error) is CLASSES[fault]


@pytest.mark.parametrize(
    "fault", ["wrong_json", "json_array", "half_json", "nan", "deep_json", "deep_object"]
)
def test_garbled_samples_fail_at_the_data(fault: str) -> None:
    error = met_asking(fault).error
    assert isinstance(error, SourceError)
    assert error.hop is Hop.DATA


@pytest.mark.parametrize("fault", ENDLESS)
def test_a_fault_that_has_no_end_is_over_within_the_limits(fault: str) -> None:
    """Each of the others is found out, as what it is, before any limit is reached."""
    assert met_connecting(fault).seconds < 10 * HASTY.total
    assert met_asking(fault).seconds < 10 * HASTY.total


@pytest.mark.parametrize("fault", FAULTS)
def test_no_sentence_quotes_what_the_peer_said(fault: str) -> None:
    """The 503 of an agent echoes the request with its headers; others may hold anything."""
    for met in (met_connecting(fault), met_asking(fault)):
        assert isinstance(met.error, SourceError)
        said = (met.error.message + met.error.advice).lower()
        for quoted in ("user-agent", "accept-encoding", "welcome to nginx", "<h", "invalid ssh"):
            assert quoted not in said


@pytest.mark.parametrize("fault", ["redirect_loop", "redirect_elsewhere", "status_399"])
def test_a_redirect_is_told_and_not_followed(fault: str) -> None:
    met = met_connecting(fault)
    assert met.connections == 1
    assert "redirects" in str(met.error)


def test_a_redirect_tells_the_address_where_it_leads() -> None:
    error = met_connecting("redirect_elsewhere").error
    assert "redirects to https://elsewhere.invalid:19999 (302)" in str(error)
    assert isinstance(error, SourceError)
    assert "use the address where it leads" in error.advice


def test_nobody_is_sent_where_a_redirect_leads_in_a_circle() -> None:
    error = met_connecting("redirect_loop").error
    assert isinstance(error, SourceError)
    assert "redirects to itself" in error.message
    assert "address where it leads" not in error.advice


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["silence", "half_json", "status_503_echo", "reset", "nan"])
async def test_a_source_works_again_when_the_fault_is_over(fault: str) -> None:
    with FaultServer(None) as server:
        async with http_to(server.url) as http:
            source = NetdataSource(http)
            await source.connect()
            keep_to(http, limits_for(fault))
            server.fault = fault
            with pytest.raises(SourceError):
                await source.history(TICK)
            keep_to(http, Limits())
            server.fault = None
            assert len((await source.history(TICK)).series[CPU]) == 5
            assert (await source.connect()).api == "v3"


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["status_412", "status_451"])
async def test_an_open_description_does_not_prove_that_samples_are_allowed(fault: str) -> None:
    """`/info` stays open on a protected 2.x."""
    with FaultServer(fault, after=1) as server:
        async with netdata_at(server.url) as source:
            with pytest.raises(AccessDenied):
                await source.connect()
