"""An agent that asks for a token of its own, or for the login of a web server before it."""

from __future__ import annotations

import base64

from tests.servers.loopback import Request, Response
from tests.servers.replay import ReplayAgent

_OPEN = ("/api/v1/info", "/api/v3/info")
"""What Netdata answers to anybody, be the token right, wrong or missing."""


class GuardedAgent(ReplayAgent):
    """Asks for what is set of its attributes, which may be changed while it runs.

    `login` and `proxy_token` are asked for by a web server before Netdata (401), `token` by Netdata
    (412), which has too few rights with `few_rights` (403).  With `hides_login` the web server does
    not tell that it asks for a login (403).  `redirects_to` is a URL to which all requests are sent
    instead.
    """

    def __init__(
        self, *, login: tuple[str, str] | None = None, token: str = "", proxy_token: str = ""
    ) -> None:
        super().__init__()
        self.login = login
        self.token = token
        self.proxy_token = proxy_token
        self.few_rights = False
        self.hides_login = False
        self.redirects_to = ""
        self.realm = "Restricted Area"
        self.heads: list[dict[str, str]] = []
        """The headers of all requests."""
        self.wrong: list[int] = []
        """The statuses given to who sent something that was wrong."""
        self.refusals: list[int] = []
        """All that were no 200."""

    def response(self, request: Request) -> Response:
        """The answer, unless something is asked for first."""
        self.heads.append(request.headers)
        refusal = self._refusal(request)
        if refusal is None:
            return super().response(request)
        self.refusals.append(refusal.status)
        return refusal

    def _refusal(self, request: Request) -> Response | None:
        if self.redirects_to:
            return Response(302, b"", "text/html", {"Location": self.redirects_to + request.path})
        signature = request.headers.get("authorization", "")
        return self._before_netdata(signature) or self._by_netdata(request, signature)

    def _before_netdata(self, signature: str) -> Response | None:
        wanted = challenge = ""
        if self.login is not None:
            pair = base64.b64encode(":".join(self.login).encode()).decode()
            wanted, challenge = f"Basic {pair}", f'Basic realm="{self.realm}"'
        elif self.proxy_token:
            wanted = f"Bearer {self.proxy_token}"
            challenge = "Bearer"
        if signature == wanted or not wanted:
            return None
        if signature.startswith(challenge.partition(" ")[0]):
            self.wrong.append(401)
        if self.hides_login:
            return _asked(403, "Forbidden")
        return _asked(401, "Unauthorized", challenge)

    def _by_netdata(self, request: Request, signature: str) -> Response | None:
        if not self.token or request.path in _OPEN:
            return None
        given = {request.headers.get("x-netdata-auth", ""), signature}
        if f"Bearer {self.token}" not in given:
            if any(one.startswith("Bearer ") for one in given):
                self.wrong.append(412)
            return _asked(412, "You need to be authorized to access this resource")
        if self.few_rights:
            return _asked(403, "You don't have enough permissions to access this resource")
        return None


def _asked(status: int, words: str, challenge: str = "") -> Response:
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    return Response(status, words.encode(), "text/plain", headers)
