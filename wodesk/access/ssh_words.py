"""What is said when SSH does not work: one sentence for each thing that goes wrong."""

from __future__ import annotations

import asyncssh

from wodesk.access.known_hosts import Changed, Revoked, UnreadableRevocations
from wodesk.access.ssh_config import Leg
from wodesk.client.failures import out_of_reach, stalled
from wodesk.models.errors import (
    AccessDenied,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)
from wodesk.models.plain_text import plain

_LONGEST = 500
_WAYS = {"password": "a password", "keyboard-interactive": "answers to its questions"}


def said(text: str, limit: int = _LONGEST) -> str:
    """Text of a server, made harmless, on one line without blanks around it."""
    return plain(text, limit).strip()


def unknown_key(leg: Leg, key: asyncssh.SSHKey) -> HostUntrusted:
    """A key that no file has, and that nobody accepted."""
    return HostUntrusted(
        f"The host key of {leg} is not known, and nobody accepted it: "
        f"{key.get_algorithm()} {key.get_fingerprint()}.",
        hop=Hop.HOST_KEY,
        advice="Compare it on the server: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    )


def strictly_unknown_key(leg: Leg, key: asyncssh.SSHKey) -> HostUntrusted:
    """A key that no file has, where nobody may be asked."""
    return HostUntrusted(
        f"The host key of {leg} is not known, and StrictHostKeyChecking is yes: "
        f"{key.get_algorithm()} {key.get_fingerprint()}.",
        hop=Hop.HOST_KEY,
        advice="Add the right key to known_hosts, or let ssh_config say `ask`.",
    )


def short_key(leg: Leg, key: asyncssh.SSHKey) -> HostUntrusted:
    """An RSA key that RequiredRSASize does not allow."""
    return HostUntrusted(
        f"The RSA host key of {leg} is shorter than the {leg.least_rsa} bits of RequiredRSASize: "
        f"{key.get_fingerprint()}.",
        hop=Hop.HOST_KEY,
        advice="Give the server a longer key, or one of another kind: ssh-keygen -A",
    )


def unknown_revocations(leg: Leg, exc: UnreadableRevocations) -> HostUntrusted:
    """RevokedHostKeys that cannot be read; nothing was sent."""
    return HostUntrusted(
        f"No host key of {leg} can be trusted, as RevokedHostKeys says nothing: {exc}.",
        hop=Hop.HOST_KEY,
        advice="The file may list public keys, one on a line.",
    )


def untrusted_key(leg: Leg, verdict: Changed | Revoked, key: asyncssh.SSHKey) -> HostUntrusted:
    """A key that must not be accepted; nothing was sent to whoever offered it."""
    place = f"{verdict.file}, line {verdict.line}"
    if isinstance(verdict, Revoked):
        return HostUntrusted(
            f"The host key of {leg} is marked as revoked in {place}: {key.get_fingerprint()}.",
            hop=Hop.HOST_KEY,
            advice="Whoever answers there must not be trusted.",
        )
    return HostUntrusted(
        f"The host key of {leg} has changed: known is {verdict.known} ({place}), and "
        f"{verdict.offered} was offered.",
        hop=Hop.HOST_KEY,
        advice="Was the server installed anew? If so, remove that line; if not, somebody may be "
        "listening in.",
    )


def two_keys(leg: Leg, accepted: asyncssh.SSHKey, offered: asyncssh.SSHKey) -> HostUntrusted:
    """Another key than the one that was just accepted."""
    return HostUntrusted(
        f"{leg} offered two host keys within moments: {accepted.get_fingerprint()}, "
        f"which was accepted, and {offered.get_fingerprint()}.",
        hop=Hop.HOST_KEY,
        advice="Somebody may be listening in, or several machines share this name.",
    )


def revoked_certificate(leg: Leg, places: str) -> HostUntrusted:
    """A certificate whose key or authority is revoked."""
    return HostUntrusted(
        f"The host key or certificate of {leg} is marked as revoked in {places}.",
        hop=Hop.HOST_KEY,
        advice="Whoever answers there must not be trusted.",
    )


def too_late(leg: Leg, seconds: float) -> SourceTimeout:
    """A server that accepted the connection and did not get through with the login."""
    return stalled(
        str(leg),
        f"and did not finish the SSH login within {seconds:g} s",
        hop=Hop.SSH,
        advice="Is this the SSH port, and is the machine overloaded?",
    )


def nobody_answered(leg: Leg) -> AccessDenied:
    """A login that ended while its question was open."""
    return AccessDenied(
        f"The login to {leg} ended before its question was answered.",
        hop=Hop.LOGIN,
        advice="Try again when you can answer at once.",
    )


def refused_login(leg: Leg, offered_keys: int, tried: list[str]) -> AccessDenied:
    """A login that the server does not let in."""
    ways = [f"{offered_keys} key{'' if offered_keys == 1 else 's'}"] if offered_keys else []
    ways += [_WAYS.get(one, one) for one in tried]
    how = f" It was given {' and '.join(ways)}." if ways else " There was nothing to log in with."
    advice = "Is the user right, and is your key in its ~/.ssh/authorized_keys?"
    if tried:
        advice = (
            "Is the user right? wodesk does not try what was typed again by itself, as that could "
            "lock you out."
        )
    return AccessDenied(
        f"{leg} refused the login of {leg.user}.{how}", hop=Hop.LOGIN, advice=advice
    )


def explained(exc: Exception, leg: Leg) -> SourceError:
    """The sentence for what asyncssh or the system reported on the way to a server.

    asyncssh passes on whatever its decoders raise when a peer sends nonsense, so nothing that
    comes out of a handshake is taken for a bug.
    """
    match exc:
        case SourceError():
            return exc
        case asyncssh.ChannelOpenError():
            return channel_refused(exc, str(leg), "the SSH server before it", Hop.TCP)
        case asyncssh.ConnectionLost() | ConnectionError() | EOFError():
            return Unreachable(
                f"{leg} closed the connection during the SSH login.",
                hop=Hop.SSH,
                advice="A firewall, fail2ban or MaxStartups of sshd may do that.",
            )
        case asyncssh.DisconnectError():
            return _ended(exc, leg)
        case OSError() if exc.errno:
            return out_of_reach(str(leg), exc.errno)
    return Unreachable(
        f"{leg} does not speak SSH as expected.", hop=Hop.SSH, advice="Is this the SSH port?"
    )


def _ended(exc: asyncssh.DisconnectError, leg: Leg) -> SourceError:
    """The sentence for a login that one of the two sides ended with a reason."""
    if "authentication failures" in exc.reason:
        return AccessDenied(
            f"{leg} refused the login of {leg.user} after too many keys.",
            hop=Hop.LOGIN,
            advice="Name the right key in ~/.ssh/config: IdentityFile and IdentitiesOnly yes.",
        )
    if isinstance(exc, asyncssh.KeyExchangeFailed):
        return Unreachable(
            f"{leg} and wodesk have no way of encryption in common.",
            hop=Hop.SSH,
            advice="The server may be very old, or hardened beyond what is known here.",
        )
    return Unreachable(
        f"{leg} ended the SSH login: {said(exc.reason, 200)}.",
        hop=Hop.SSH,
        advice="The log of sshd on the server says why.",
    )


def channel_refused(
    exc: asyncssh.ChannelOpenError, place: str, server: str, hop: Hop
) -> SourceError:
    """The sentence for a server that did not connect us to `place`."""
    if exc.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED:
        return AccessDenied(
            f"{server} does not let this login connect to {place}.",
            hop=hop,
            advice="AllowTcpForwarding and PermitOpen of sshd, or permitopen of the key, decide.",
        )
    return Unreachable(
        f"{server} found nobody at {place}: {said(exc.reason, 200)}.",
        hop=hop,
        advice="Is it running there, and on this port?",
    )
