"""What an HTTP status other than 200 means between wodesk and a Netdata agent."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from wodesk.client.http import Reply
from wodesk.models.errors import AccessDenied, AgentStarting, BadAnswer, Hop, SourceError

_DENIED = {
    401: (
        "asks for a user name and a password",
        "On a WordOps host they are those of `wo secure --auth`.",
    ),
    403: (
        "does not let this computer in",
        "Its 'allow dashboard from' in the [web] section of netdata.conf decides.",
    ),
    407: ("is behind a proxy that asks for a password", "wodesk uses no proxy by itself."),
    412: ("asks for a Netdata bearer token", "Its [web] 'bearer token protection' is on."),
    451: (
        "does not let this computer in",
        "Its 'allow dashboard from' in the [web] section of netdata.conf decides.",
    ),
}
_WAITING = {
    429: ("asks for fewer requests", "wodesk slows down by itself."),
    499: ("gave up on the question", "The machine may be overloaded."),
    502: (
        "is a proxy in front of a Netdata that is not running",
        "Start it: systemctl start netdata",
    ),
    503: ("cannot answer yet", "The agent may be starting."),
    504: ("is a proxy in front of a Netdata that does not answer", "The agent may be overloaded."),
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308, 399})


def error_for(reply: Reply, base_url: str) -> SourceError:
    """The error that a reply stands for; never quotes the body, which may echo credentials."""
    peer = urlsplit(base_url).netloc
    status = reply.status
    if status in _DENIED:
        what, advice = _DENIED[status]
        return AccessDenied(f"{peer} {what} ({status}).", hop=Hop.LOGIN, advice=advice)
    if status in _WAITING:
        what, advice = _WAITING[status]
        return AgentStarting(f"{peer} {what} ({status}).", hop=Hop.AGENT, advice=advice)
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
        )
    return BadAnswer(f"{peer} answers with status {status}.", hop=Hop.AGENT)


def _redirected(reply: Reply, base_url: str) -> SourceError:
    target = urlsplit(urljoin(base_url, reply.headers.get("location", "")))
    peer = urlsplit(base_url).netloc
    advice = "wodesk follows no redirect by itself: use the address where it leads."
    if target.scheme in ("http", "https") and target.hostname:
        place = f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}"
        return BadAnswer(
            f"{peer} redirects to {place[:120]} ({reply.status}).", hop=Hop.HTTP, advice=advice
        )
    return BadAnswer(f"{peer} redirects elsewhere ({reply.status}).", hop=Hop.HTTP, advice=advice)
