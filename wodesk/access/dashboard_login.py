"""Logging in to a dashboard, where a user and a password are posted once for a token."""

from __future__ import annotations

from collections.abc import Callable

from wodesk.access.http_login import needs_password
from wodesk.access.visit import Visit
from wodesk.client.auth import refuse_in_clear
from wodesk.client.dashboard_auth import DashboardLogin
from wodesk.client.http import Http
from wodesk.models.errors import AccessDenied
from wodesk.models.secret import Secret


async def log_in(
    visit: Visit, connect: Callable[[DashboardLogin], Http]
) -> tuple[Http, DashboardLogin]:
    """The login that the dashboard let in, and the connections it uses, which the caller closes.

    A password that is known and is refused is asked for once; one that was typed is not.  Raises
    `SourceError`.
    """
    refuse_in_clear(visit.url)
    token = None if visit.user else await visit.secrets.known(visit.token_lock)
    if token is not None:
        login = DashboardLogin(visit.url, token=token, on_token=visit.secrets.tell)
        return connect(login), login
    known = await visit.secrets.known(visit.login_lock) if visit.user else None
    if known is None:
        return await _tried(visit, await _typed(visit), connect)
    try:
        return await _tried(visit, known, connect)
    except AccessDenied:
        password = await visit.ask_for_login()
        if password is None:
            raise
    return await _tried(visit, password, connect)


async def _typed(visit: Visit) -> Secret:
    password = await visit.ask_for_login()
    if password is None:
        raise needs_password(visit)
    return password


async def _tried(
    visit: Visit, password: Secret, connect: Callable[[DashboardLogin], Http]
) -> tuple[Http, DashboardLogin]:
    login = DashboardLogin(visit.url, visit.user, password, on_token=visit.secrets.tell)
    http = connect(login)
    try:
        await login.renew(http)
    except BaseException:
        await http.aclose()
        if login.was_refused:
            await visit.refuse_login()
        raise
    await visit.accept_login()
    return http, login
