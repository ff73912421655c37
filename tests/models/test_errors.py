"""The one exception tree."""

from __future__ import annotations

import pytest

from wodesk.models.errors import (
    AccessDenied,
    AgentStarting,
    BadAnswer,
    FailureKind,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)

KINDS = {
    Unreachable: FailureKind.UNREACHABLE,
    SourceTimeout: FailureKind.TIMEOUT,
    AgentStarting: FailureKind.STARTING,
    AccessDenied: FailureKind.DENIED,
    HostUntrusted: FailureKind.UNTRUSTED,
    BadAnswer: FailureKind.BAD_ANSWER,
}


@pytest.mark.parametrize("failure", KINDS)
def test_a_failure_tells_its_kind_hop_sentence_and_advice(failure: type[SourceError]) -> None:
    error = failure("It rains.", hop=Hop.TCP, advice="Wait.")
    assert isinstance(error, SourceError)
    assert (error.kind, error.hop, error.message, error.advice, str(error)) == (
        KINDS[failure],
        Hop.TCP,
        "It rains.",
        "Wait.",
        "It rains.",
    )


def test_advice_may_be_missing() -> None:
    assert BadAnswer("It rains.", hop=Hop.DATA).advice == ""


def test_each_kind_has_an_error_of_its_own() -> None:
    assert set(KINDS.values()) == set(FailureKind)


def test_hops_are_in_the_order_in_which_a_connection_takes_them() -> None:
    words = ["address", "name", "TCP", "TLS", "HTTP", "login", "agent", "charts", "data"]
    assert [hop.value for hop in Hop if hop.value in words] == words
