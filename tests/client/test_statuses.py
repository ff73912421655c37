"""What a status other than 200 means."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wodesk.client.http import Reply
from wodesk.client.statuses import error_for
from wodesk.models.errors import (
    AccessDenied,
    AgentStarting,
    BadAnswer,
    Hop,
    SourceError,
)

URL = "https://web1.example.org:22222/netdata"
PEER = "web1.example.org:22222"


def error(status: int, location: str | None = None, body: bytes = b"hunter2") -> SourceError:
    headers = {} if location is None else {"location": location}
    return error_for(Reply(status, headers, body, 0.01, 0.0), URL)


@pytest.mark.parametrize(
    ("status", "kind", "hop"),
    [
        (401, AccessDenied, Hop.LOGIN),
        (403, AccessDenied, Hop.LOGIN),
        (407, AccessDenied, Hop.LOGIN),
        (412, AccessDenied, Hop.LOGIN),
        (451, AccessDenied, Hop.LOGIN),
        (429, AgentStarting, Hop.AGENT),
        (499, AgentStarting, Hop.AGENT),
        (500, AgentStarting, Hop.AGENT),
        (502, AgentStarting, Hop.AGENT),
        (503, AgentStarting, Hop.AGENT),
        (504, AgentStarting, Hop.AGENT),
        (599, AgentStarting, Hop.AGENT),
        (301, BadAnswer, Hop.HTTP),
        (308, BadAnswer, Hop.HTTP),
        (399, BadAnswer, Hop.HTTP),
        (404, BadAnswer, Hop.AGENT),
        (204, BadAnswer, Hop.AGENT),
        (400, BadAnswer, Hop.AGENT),
    ],
)
def test_a_status_is_an_error_of_its_kind_at_its_hop(
    status: int, kind: type[SourceError], hop: Hop
) -> None:
    assert (type(error(status)), error(status).hop) == (kind, hop)


@given(st.integers(100, 599).filter(lambda status: status != 200))
@settings(deadline=None)
def test_every_status_is_told_in_a_sentence_that_names_the_peer_and_quotes_no_body(
    status: int,
) -> None:
    failure = error(status)
    assert PEER in failure.message
    assert str(status) in failure.message
    assert failure.message.endswith(".")
    assert "hunter2" not in failure.message + failure.advice


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_without_its_agent_is_told_from_the_agent_itself(status: int) -> None:
    assert "proxy" in error(status).message


def test_a_missing_page_names_the_path_that_was_asked() -> None:
    assert "/netdata" in error(404).message


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://elsewhere.invalid:19999/x", "https://elsewhere.invalid:19999"),
        ("https://admin:hunter2@elsewhere.invalid/", "https://elsewhere.invalid"),
        ("/login", "https://web1.example.org:22222/login"),
    ],
)
def test_a_redirect_names_where_it_leads_and_no_secret(location: str, place: str) -> None:
    failure = error(302, location)
    assert place in failure.message
    assert "hunter2" not in failure.message


def test_a_redirect_does_not_repeat_a_token_in_its_query() -> None:
    assert "hunter2" not in error(302, "https://login.invalid/x?token=hunter2").message


@given(st.text(max_size=300))
@example("http://[bad")
@example("http://[::1")
@example("//[")
@example("http://℀.invalid/")
@example("https://web1/" + "x" * 5000)
@settings(deadline=None)
def test_a_redirect_to_anything_is_a_short_sentence(location: str) -> None:
    failure = error(302, location)
    assert isinstance(failure, BadAnswer)
    assert len(failure.message) < 250
