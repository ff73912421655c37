"""What it means that no answer came, or none that could be read, in sentences."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from wodesk.models.address import NETDATA_PORT
from wodesk.models.errors import (
    BadAnswer,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)

MIB = 1 << 20
IS_IT_UP = "Is this computer online, and is the machine up?"
IS_IT_NETDATA = "Is this address a Netdata agent?"
_GONE = (ssl.SSLEOFError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
"""What a peer that goes away in a handshake makes the TLS library or the system say."""


def peer_of(url: str) -> str:
    """Host and port of a URL, for sentences."""
    return urlsplit(url).netloc.rpartition("@")[2]


def hang_up(peer: str) -> SourceError:
    """The error for a peer that went away in the middle."""
    return Unreachable(
        f"{peer} closed the connection before it gave a whole answer.",
        hop=Hop.HTTP,
        advice="It may be restarting, speak another protocol, or its 'allow connections from' may "
        "not list this computer.",
    )


def explained(exc: BaseException, peer: str) -> SourceError | None:
    """The sentence for what the TLS library or the system said, if one of them said anything."""
    for cause in _causes(exc):
        error = _explained_cause(cause, peer)
        if error is not None:
            return error
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that led to it, groups opened; each once, since chains may be rings."""
    known: list[BaseException] = [error]
    for exc in known:
        yield exc
        members = exc.exceptions if isinstance(exc, BaseExceptionGroup) else ()
        for cause in (*members, exc.__cause__ or exc.__context__):
            if cause is not None and not any(cause is other for other in known):
                known.append(cause)


def was_accepted(exc: BaseException) -> bool:
    """Whether a connection that failed was made first: a port that takes none does not reset it."""
    return any(isinstance(cause, ConnectionResetError) for cause in _causes(exc))


def _explained_cause(cause: BaseException, peer: str) -> SourceError | None:
    match cause:
        case ssl.SSLError():
            return _tls_error(cause, peer)
        case ConnectionResetError():
            return hang_up(peer)
        case OSError():
            return _system_error(cause, peer)
    return None


def _tls_error(cause: ssl.SSLError, peer: str) -> SourceError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return HostUntrusted(
            f"The certificate of {peer} is not trusted: {cause.verify_message}.",
            hop=Hop.TLS,
            advice="Use the name that it was made for, trust its issuer, or look at it and pin it.",
        )
    return Unreachable(
        f"{peer} does not speak TLS as expected.",
        hop=Hop.TLS,
        advice="Does this port serve plain http:// instead?",
    )


def _system_error(cause: OSError, peer: str) -> SourceError | None:
    if isinstance(cause, socket.gaierror):
        return unknown_name(peer.rpartition(":")[0] or peer)
    if isinstance(cause, ConnectionRefusedError):
        return Unreachable(
            f"{peer} refused the connection: nothing listens there.",
            hop=Hop.TCP,
            advice=f"Is {_listener_at(peer)} running, and on this port?",
        )
    return None if cause.errno is None else out_of_reach(peer, cause.errno)


def _listener_at(peer: str) -> str:
    """Who should be there: at another port than Netdata's it may be a proxy or a dashboard."""
    return "Netdata" if peer.endswith(f":{NETDATA_PORT}") else "the server there"


def out_of_reach(peer: str, code: int) -> Unreachable:
    """The error for a peer to which the system has no way, by its own number for that."""
    # The text of the exception may be that of a call, not of what happened.
    return Unreachable(
        f"{peer} cannot be reached: {os.strerror(code)}.", hop=Hop.TCP, advice=IS_IT_UP
    )


def unknown_name(host: str) -> Unreachable:
    """The error for a name that nobody knows."""
    return Unreachable(
        f"The name {host} is not known.",
        hop=Hop.NAME,
        advice="Check the spelling, and whether this computer is online.",
    )


def unresolved(host: str, seconds: float) -> SourceTimeout:
    """The error for a name about which nobody says anything."""
    return SourceTimeout(
        f"The name {host} was not resolved within {seconds:g} s.",
        hop=Hop.NAME,
        advice="Is this computer online?",
    )


def held_back(peer: str) -> SourceError:
    """The error for a connection that has to wait for too long until it may be opened."""
    return SourceTimeout(
        f"wodesk holds back before it connects to {peer} once more.",
        hop=Hop.TCP,
        advice="It has opened as many connections as it may within half a minute: a firewall such "
        "as that of WordOps locks out whoever opens more.",
    )


def not_accepted(peer: str, seconds: float) -> SourceTimeout:
    """The error for a port at which nothing happens."""
    return SourceTimeout(
        f"{peer} did not accept a connection within {seconds:g} s.",
        hop=Hop.TCP,
        advice="Is the machine up, and does a firewall drop this port?",
    )


def no_handshake(peer: str, seconds: float) -> SourceTimeout:
    """The error for a port that accepts connections and does not answer in TLS."""
    return stalled(
        peer,
        f"and did not shake hands within {seconds:g} s",
        hop=Hop.TLS,
        advice="Does this port serve https, and is the machine overloaded?",
    )


def broken_handshake(exc: BaseException, peer: str) -> SourceError | None:
    """The error for a handshake in which the peer went away, if that is what happened."""
    if not any(isinstance(cause, _GONE) for cause in _causes(exc)):
        return None
    return Unreachable(
        f"{peer} closed the connection before the TLS handshake was done.",
        hop=Hop.TLS,
        advice="It may be restarting, serve plain http:// instead, or not let this computer in.",
    )


def silent(peer: str, seconds: float) -> SourceTimeout:
    """The error for an answer that does not begin, or stops."""
    return stalled(
        peer,
        f"and sent nothing for {seconds:g} s",
        hop=Hop.HTTP,
        advice="The agent may be starting or overloaded.",
    )


def stalled(peer: str, what: str, *, hop: Hop, advice: str) -> SourceTimeout:
    """The error for a peer that is there, and with which `what` goes on no further."""
    return SourceTimeout(f"{peer} accepted the connection {what}.", hop=hop, advice=advice)


def too_slow(peer: str, seconds: float) -> SourceTimeout:
    """The error for an answer that comes and does not end."""
    return SourceTimeout(
        f"{peer} did not finish its answer within {seconds:g} s.",
        hop=Hop.HTTP,
        advice="The machine or the line to it may be overloaded.",
    )


def too_large(peer: str, limit: int) -> BadAnswer:
    """The error for an answer of more than `limit` bytes."""
    return BadAnswer(
        f"{peer} sent more than {limit // MIB} MiB; wodesk stopped reading.",
        hop=Hop.HTTP,
        advice=IS_IT_NETDATA,
    )


def odd(peer: str, what: str) -> BadAnswer:
    """The error for an answer that was packed wrongly."""
    return BadAnswer(
        f"{peer} {what}.",
        hop=Hop.HTTP,
        advice="A proxy on the way may change what it passes on.",
    )


def not_http(peer: str) -> BadAnswer:
    """The error for an answer in another protocol."""
    return BadAnswer(f"{peer} gave an answer that is not HTTP.", hop=Hop.HTTP, advice=IS_IT_NETDATA)
