"""Logging in to a dashboard, where a user and a password are posted once for a token."""

from __future__ import annotations

from collections.abc import Callable, Generator

import httpx

from wodesk.access.http_login import needs_password
from wodesk.access.visit import Visit
from wodesk.client.auth import refuse_in_clear
from wodesk.client.dashboard_auth import HEALTH, DashboardLogin
from wodesk.client.http import Http
from wodesk.models.errors import AccessDenied
from wodesk.models.secret import Secret


class _Door(httpx.Auth):
    """Signs with the login that was let in, and with nothing before there is one.

    So the connections that led to a question serve whatever is answered, too.
    """

    def __init__(self) -> None:
        self.login = httpx.Auth()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the request, and send it once."""
        yield from self.login.auth_flow(request)


async def log_in(
    visit: Visit, connect: Callable[[httpx.Auth], Http]
) -> tuple[Http, DashboardLogin]:
    """The login that the dashboard let in, and the connections it uses, which the caller closes.

    A password that is known and is refused is asked for once; one that was typed is not.  Nobody
    is asked for one before something has answered there.  Raises `SourceError`.
    """
    refuse_in_clear(visit.url)
    door = _Door()
    http = connect(door)
    try:
        door.login = login = await _logged_in(visit, http)
    except BaseException:
        await http.aclose()
        raise
    return http, login


async def _logged_in(visit: Visit, http: Http) -> DashboardLogin:
    token = None if visit.user else await visit.secrets.known(visit.token_lock)
    if token is not None:
        return DashboardLogin(visit.url, token=token, on_token=visit.secrets.tell)
    known = await visit.secrets.known(visit.login_lock) if visit.user else None
    if known is None:
        # Whatever this is answered: it is the way there that counts.
        await http.get(HEALTH)
        return await _tried(visit, await _typed(visit), http)
    try:
        return await _tried(visit, known, http)
    except AccessDenied:
        password = await visit.ask_for_login()
        if password is None:
            raise
    return await _tried(visit, password, http)


async def _typed(visit: Visit) -> Secret:
    password = await visit.ask_for_login()
    if password is None:
        raise needs_password(visit)
    return password


async def _tried(visit: Visit, password: Secret, http: Http) -> DashboardLogin:
    login = DashboardLogin(visit.url, visit.user, password, on_token=visit.secrets.tell)
    try:
        await login.renew(http)
    except AccessDenied:
        if login.was_refused:
            await visit.refuse_login()
        raise
    await visit.accept_login()
    return login
