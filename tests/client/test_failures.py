"""What it means that no answer came."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Callable

import pytest

from wodesk.client import failures
from wodesk.client.failures import explained, peer_of, was_accepted
from wodesk.models.errors import Hop, SourceError

PEER = "web1:19999"


def broken_handshake() -> SourceError:
    """The error of a peer that went away."""
    error = failures.broken_handshake(ssl.SSLEOFError(8, "EOF"), PEER)
    assert error is not None
    return error


MAKERS: tuple[Callable[[], SourceError], ...] = (
    lambda: failures.hang_up(PEER),
    lambda: failures.held_back(PEER),
    lambda: failures.not_accepted(PEER, 5.0),
    lambda: failures.no_handshake(PEER, 5.0),
    lambda: failures.silent(PEER, 5.0),
    broken_handshake,
    lambda: failures.too_slow(PEER, 10.0),
    lambda: failures.too_large(PEER, 4 << 20),
    lambda: failures.odd(PEER, "sent a garbled gzip answer"),
    lambda: failures.not_http(PEER),
)


@pytest.mark.parametrize(
    ("peer", "advice"),
    [
        ("web1:19999", "Is Netdata running, and on this port?"),
        ("web1:8000", "Is the server there running, and on this port?"),
        ("web1", "Is the server there running, and on this port?"),
    ],
)
def test_who_refuses_is_called_netdata_at_its_own_port_alone(peer: str, advice: str) -> None:
    error = explained(ConnectionRefusedError(errno.ECONNREFUSED, "refused"), peer)
    assert error is not None
    assert error.advice == advice


@pytest.mark.parametrize("error", [TimeoutError(), ValueError("x"), OSError("no number")])
def test_what_nobody_explained_has_no_sentence(error: Exception) -> None:
    assert explained(error, "web1") is None


@pytest.mark.parametrize(
    ("cause", "is_broken"),
    [
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), True),
        (ConnectionResetError(errno.ECONNRESET, "reset"), True),
        (BrokenPipeError(errno.EPIPE, "broken"), True),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), False),
        (ssl.SSLError(1, "wrong version number"), False),
        (ssl.SSLCertVerificationError(1, "self-signed"), False),
    ],
)
def test_a_peer_that_goes_away_in_the_handshake_is_told_from_one_that_is_no_good_at_it(
    cause: OSError, is_broken: bool
) -> None:
    wrapped = OSError("all attempts failed")
    wrapped.__cause__ = cause
    error = failures.broken_handshake(wrapped, PEER)
    assert (error is not None) is is_broken
    assert error is None or error.hop is Hop.TLS


def test_the_cause_within_a_group_is_found() -> None:
    group = ExceptionGroup("several", [ValueError("x"), ConnectionRefusedError(111, "refused")])
    wrapped = OSError("all attempts failed")
    wrapped.__cause__ = group
    error = explained(wrapped, PEER)
    assert error is not None
    assert "web1:19999 refused the connection" in error.message


def test_a_name_is_told_without_the_port_behind_it() -> None:
    for peer in ("web3", "web3:22222"):
        error = explained(socket.gaierror(socket.EAI_NONAME, "unknown"), peer)
        assert error is not None
        assert error.message == "The name web3 is not known."


@pytest.mark.parametrize(
    ("cause", "hop"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Hop.NAME),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Hop.TCP),
        (OSError(errno.EHOSTUNREACH, "no route"), Hop.TCP),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Hop.HTTP),
        (ssl.SSLError(1, "wrong version number"), Hop.TLS),
        (ssl.SSLCertVerificationError(1, "self-signed"), Hop.TLS),
    ],
)
def test_what_the_system_reports_is_told_with_its_hop_and_an_advice(
    cause: OSError, hop: Hop
) -> None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        cause.verify_message = "self-signed certificate"
    error = explained(cause, PEER)
    assert error is not None
    assert error.hop is hop
    assert (PEER.partition(":")[0] if hop is Hop.NAME else PEER) in error.message
    assert error.message.endswith(".")
    assert error.advice


def test_a_number_of_the_system_is_told_in_words() -> None:
    error = explained(OSError(errno.EHOSTUNREACH, "x"), PEER)
    assert error is not None
    assert os.strerror(errno.EHOSTUNREACH) in error.message


@pytest.mark.parametrize("make", MAKERS)
def test_every_failure_is_a_sentence_that_names_the_peer_and_has_an_advice(
    make: Callable[[], SourceError],
) -> None:
    error = make()
    assert PEER in error.message
    assert error.message.endswith(".")
    assert error.advice.endswith((".", "?"))


def test_a_peer_is_host_and_port_without_a_login() -> None:
    assert peer_of("https://me:hunter2@web1:22222/netdata") == "web1:22222"


def test_a_reset_while_connecting_means_that_the_port_had_accepted() -> None:
    reset = ExceptionGroup("attempts", [ConnectionResetError(104, "reset")])
    assert was_accepted(OSError("All connection attempts failed")) is False
    assert was_accepted(ConnectionRefusedError(111, "refused")) is False
    assert was_accepted(_because(OSError("All connection attempts failed"), reset)) is True


def _because(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_causes_that_lead_in_a_circle_come_to_an_end() -> None:
    first, second = OSError("first"), ConnectionResetError("second")
    first.__context__, second.__context__ = second, first
    assert was_accepted(first)
