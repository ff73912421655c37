"""What a server means by a status other than 200, in sentences."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from wodesk.client.failures import IS_IT_NETDATA, peer_of
from wodesk.models.errors import AccessDenied, AgentStarting, BadAnswer, Hop, SourceError
from wodesk.models.secret import SecretKind

if TYPE_CHECKING:
    from wodesk.client.http import Reply

LONGEST_WAIT = 300.0
"""Seconds: a server that asks to be left alone for longer is asked again then."""

_WORDOPS_REALM = 'realm="restricted area"'
_SHELL_NOTE = (
    'A password with $ " \\ ` % ; or a space in it may have been altered by that command: set one '
    "of letters and digits."
)
_PROXIES = ("nginx", "apache", "caddy", "haproxy", "cloudflare", "litespeed", "openresty")
_DASHBOARD_FROM = "Its 'allow dashboard from' in the [web] section of netdata.conf decides."
_A_DAY = "Tokens of Netdata Cloud end after 24 hours."
_FOR_COMMANDS = "give it to a command in WODESK_TOKEN."
_START = "Start it on the server: systemctl start netdata"
_WAITING = {
    429: ("asks for fewer requests", "wodesk slows down by itself."),
    499: ("gave up on the question", "The machine may be overloaded."),
    502: ("is a proxy in front of a Netdata that is not running", _START),
    503: ("cannot answer yet", "The agent may be starting."),
    504: ("is a proxy in front of a Netdata that does not answer", "The agent may be overloaded."),
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308, 399})


def error_for(reply: Reply, base_url: str) -> SourceError:
    """The error that a reply stands for; never quotes the body, which may echo credentials."""
    peer = peer_of(base_url)
    status = reply.status
    denied = _denied(reply)
    if denied is not None:
        what, advice = denied
        return AccessDenied(f"{peer} {what} ({status}).", hop=Hop.LOGIN, advice=advice)
    if status in _WAITING:
        what, advice = _WAITING[status]
        return AgentStarting(
            f"{peer} {what} ({status}).",
            hop=Hop.AGENT,
            advice=advice,
            retry_after=retry_after(reply),
        )
    if status in _REDIRECTS:
        return _redirected(reply, base_url)
    if status == HTTPStatus.NOT_FOUND:
        return BadAnswer(
            f"{peer} answers, but there is no Netdata at {urlsplit(base_url).path or '/'} (404).",
            hop=Hop.AGENT,
            advice="Check the path: behind WordOps it is https://HOST:22222/netdata/",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AgentStarting(
            f"{peer} failed to answer (error {status}).",
            hop=Hop.AGENT,
            advice="Its own log says why.",
            retry_after=retry_after(reply),
        )
    return BadAnswer(f"{peer} answers with status {status}.", hop=Hop.AGENT, advice=IS_IT_NETDATA)


def dashboard_error_for(reply: Reply, base_url: str) -> SourceError:
    """The error of a status, in the words of a dashboard where they differ from an agent's."""
    peer = peer_of(base_url)
    match reply.status:
        case HTTPStatus.UNAUTHORIZED:
            return AccessDenied(
                f"{peer} does not accept the token that it gave for this login (401).",
                hop=Hop.LOGIN,
                advice="Does the dashboard run behind a proxy with a login of its own?",
            )
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return AgentStarting(
                f"{peer} is a dashboard whose Netdata does not answer (503).",
                hop=Hop.AGENT,
                advice=_START,
                retry_after=retry_after(reply),
            )
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED | HTTPStatus.UNPROCESSABLE_ENTITY:
            return BadAnswer(
                f"{peer} has no dashboard API of the kind that wodesk knows ({reply.status}).",
                hop=Hop.AGENT,
                advice="Check the path: dashboard+https://HOST is for HOST/api/v1/server/metrics",
            )
    return error_for(reply, base_url)


def retry_after(reply: Reply) -> float | None:
    """Seconds that the server asks to be left alone, from 0 to `LONGEST_WAIT`, if it says so."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        # A number with thousands of digits is refused by int().
        return LONGEST_WAIT if len(text) > len("300") else min(float(text), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).timestamp() - time.time() - reply.clock_offset
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def is_wordops(reply: Reply) -> bool:
    """Whether the nginx of WordOps gave this answer."""
    powered_by = reply.headers.get("x-powered-by", "").lower()
    return "wordops" in powered_by or _WORDOPS_REALM in reply.challenge


def wanted_secret(reply: Reply) -> SecretKind | None:
    """Which secret a refusal asks for; None for any other reply, which no login changes."""
    match reply.status:
        case 401:
            return SecretKind.TOKEN if reply.challenge.startswith("bearer") else SecretKind.LOGIN
        case 412 if not _is_for_cloud_alone(reply):
            return SecretKind.TOKEN
        case 403 if _has_few_rights(reply):
            return SecretKind.TOKEN
    return None


def _denied(reply: Reply) -> tuple[str, str] | None:
    """What a refusal says, and what helps; None if the status is no refusal."""
    match reply.status:
        case 401:
            return _unauthorized(reply)
        case 403:
            return _forbidden(reply)
        case 407:
            return "is behind a proxy that asks for a password", "wodesk uses no proxy by itself."
        case 412:
            return _without_token(reply)
        case 451:
            return "does not let this computer in", _DASHBOARD_FROM
    return None


def _unauthorized(reply: Reply) -> tuple[str, str]:
    if is_wordops(reply):
        if "basic" in reply.signed:
            return "is a WordOps host and does not accept this user name or password", (
                f"Those of `wo secure --auth` count. {_SHELL_NOTE}"
            )
        return "is a WordOps host and asks for a user name and a password", (
            "They were shown once by the installation; `wo secure --auth` sets new ones. "
            + _SHELL_NOTE
        )
    if reply.challenge.startswith("bearer"):
        if "bearer" in reply.signed:
            return "does not accept this token", "It may have ended: enter a new one."
        return "asks for a token", f"Enter it, or {_FOR_COMMANDS}"
    if "basic" in reply.signed:
        return "does not accept this user name or password", (
            "wodesk does not try them again by itself, as that could lock you out."
        )
    return "asks for a user name and a password", (
        "They are those of the web server before Netdata; on a WordOps host, those of "
        "`wo secure --auth`."
    )


def _without_token(reply: Reply) -> tuple[str, str]:
    if "bearer" in reply.signed:
        return "does not accept this Netdata bearer token", f"{_A_DAY} Enter a new one."
    advice = f"Its [web] 'bearer token protection' is on. {_A_DAY} Enter one, or {_FOR_COMMANDS}"
    return "asks for a Netdata bearer token", advice


def _forbidden(reply: Reply) -> tuple[str, str]:
    body = reply.body[:200].lower()
    if _has_few_rights(reply):
        return "gives this Netdata token too few rights", "Use the token of a member of its space."
    by_proxy = reply.headers.get("server", "").lower().startswith(_PROXIES)
    if by_proxy and b"not allowed to access this resource" not in body:
        return "is a web server that does not let this computer in", (
            "Its own list of addresses decides; on a WordOps host: `wo secure --ip`."
        )
    return "does not let this computer in", _DASHBOARD_FROM


def _is_for_cloud_alone(reply: Reply) -> bool:
    """Whether it is one of the functions that Netdata gives to nobody but its Cloud."""
    return b"via netdata cloud" in reply.body[:300].lower()


def _has_few_rights(reply: Reply) -> bool:
    """Whether Netdata says that it knows who asks, and that this is not for them."""
    return b"enough permissions" in reply.body[:200].lower()


def _redirected(reply: Reply, base_url: str) -> SourceError:
    advice = "wodesk follows no redirect by itself: use the address where it leads."
    # What comes behind the address of an agent is not the user's to type.
    place = _target(base_url, reply.headers.get("location", "")).partition("/api/v")[0]
    where = f"to {place[:120]}" if place else "elsewhere"
    if place and place.rstrip("/") == _target(base_url, "").rstrip("/"):
        where = "to itself"
        advice = "It would go in a circle: look into the settings of what answers there."
    message = f"{peer_of(base_url)} redirects {where} ({reply.status})."
    return BadAnswer(message, hop=Hop.HTTP, advice=advice)


def _target(base_url: str, location: str) -> str:
    """Where a redirect leads, without a login in it; empty if that is no web address."""
    try:
        target = urlsplit(urljoin(base_url, location))
        if target.scheme not in ("http", "https") or not target.hostname:
            return ""
    except ValueError:
        return ""
    return f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}"
