"""The dashboard API as an ASGI application.

There is no /docs page: FastAPI's loads its script from a CDN, which would run beside a login.
/openapi.json has the same content for any viewer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Form, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from wodesk.gateway.answers import Answers
from wodesk.gateway.connection import Connection, SourceFactory
from wodesk.gateway.errors import BrokenFile
from wodesk.gateway.guards import (
    LOOPBACK_NAMES,
    SECURITY_HEADERS,
    KnownHosts,
    SecurityHeaders,
    SmallBodies,
)
from wodesk.gateway.peers import Network, client_address
from wodesk.gateway.throttle import Throttle, TooManyFailures
from wodesk.gateway.tokens import InvalidToken, Tokens
from wodesk.gateway.users import Users
from wodesk.models.errors import SourceError
from wodesk.models.system import SystemMetrics, TimeRange

log = logging.getLogger(__name__)

MAX_BODY = 4096
"""Bytes of a request's body; a login is the only one that has a body."""

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_BEARER = OAuth2PasswordBearer(
    # Relative, so that it holds below the prefix of a proxy, too.
    tokenUrl="api/v1/auth/login",
    auto_error=False,
)


class Problem(BaseModel):
    """Why there is no answer, in a sentence."""

    detail: str


class Token(BaseModel):
    """What a login gives."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


class Health(BaseModel):
    """The gateway runs; whether Netdata does is told by the metrics."""

    status: Literal["ok"] = "ok"


def create_app(
    source: SourceFactory,
    users: Users,
    tokens: Tokens,
    *,
    throttle: Throttle | None = None,
    allowed_hosts: Iterable[str] = LOOPBACK_NAMES,
    trusted_proxies: Sequence[Network] = (),
) -> FastAPI:
    """The API over one source, which is open as long as the application's lifespan.

    `source` opens it, again after each failure; `lambda: nullcontext(it)` serves one that is
    open already.  `trusted_proxies` are the peers whose X-Forwarded-For is believed.
    """
    throttle = Throttle() if throttle is None else throttle
    gateway = _Gateway(Connection(source), users, tokens, throttle, trusted_proxies)
    app = FastAPI(
        title="wodesk dashboard API",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=gateway.lifespan,
        exception_handlers={RequestValidationError: _invalid, Exception: _bug},
    )
    app.add_middleware(SmallBodies, limit=MAX_BODY)
    app.add_middleware(KnownHosts, names=tuple(allowed_hosts))
    app.add_middleware(SecurityHeaders)
    app.add_api_route(
        "/api/v1/auth/login",
        gateway.login,
        methods=["POST"],
        summary="Log in",
        responses=_problems(
            {
                401: "The name or the password is wrong",
                413: "The body is larger than 4 KB",
                429: "Too many failed logins; Retry-After says for how many seconds",
                503: "Nobody can log in now",
            }
        ),
    )
    app.add_api_route(
        "/api/v1/server/metrics",
        gateway.metrics,
        methods=["GET"],
        summary="The server at a glance",
        response_model=SystemMetrics,
        dependencies=[Depends(gateway.authorize)],
        responses=_problems(
            {
                401: "No valid bearer token",
                503: "Netdata is unreachable or answers with an error",
            }
        ),
    )
    app.add_api_route("/health", gateway.health, methods=["GET"], summary="Whether it runs")
    return app


class _Gateway:
    """The routes, and what they share."""

    def __init__(
        self,
        connection: Connection,
        users: Users,
        tokens: Tokens,
        throttle: Throttle,
        trusted_proxies: Sequence[Network],
    ) -> None:
        self._connection = connection
        self._answers = Answers(connection)
        self._users = users
        self._tokens = tokens
        self._throttle = throttle
        self._trusted_proxies = trusted_proxies
        self._complaint = ""

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        async with self._connection.kept_open():
            try:
                yield
            finally:
                await self._answers.aclose()

    async def login(
        self,
        request: Request,
        username: Annotated[str, Form()],
        password: Annotated[str, Form(json_schema_extra={"format": "password"})],
    ) -> Token:
        """Exchange a name and a password for a bearer token."""
        address = self._address(request)
        try:
            delay = self._throttle.admit(address)
        except TooManyFailures as exc:
            raise HTTPException(
                429,
                "Too many failed logins; wait before the next.",
                headers={"Retry-After": str(exc.retry_after)},
            ) from exc
        await asyncio.sleep(delay)
        try:
            with self._reading_users():
                user = await self._users.verified(username, password)
        except HTTPException:
            self._throttle.take_back(address)
            raise
        if user is None:
            # The name is not logged: now and then it is a password in the wrong field.
            log.warning("login refused for %s", address)
            raise HTTPException(401, "The user name or the password is wrong.", headers=_CHALLENGE)
        self._throttle.take_back(address)
        log.info("%s logged in from %s", user.name, address)
        return Token(access_token=self._tokens.issue(user.name, user.changed))

    async def authorize(self, token: Annotated[str | None, Depends(_BEARER)]) -> None:
        """Let pass only who has a token that is valid and a name that still is."""
        try:
            session = self._tokens.read(token or "")
            with self._reading_users():
                known = self._users.holds(session.user, session.changed)
        except InvalidToken:
            known = False
        if not known:
            raise HTTPException(
                401, "The token is missing, expired or not valid; log in.", headers=_CHALLENGE
            )

    async def metrics(self, time_range: Annotated[TimeRange, Query(alias="range")]) -> Response:
        """CPU, memory, fullest disk and network of the server over the range."""
        try:
            body = await self._answers.get(time_range)
        except SourceError as error:
            sentence = f"{error.message} {error.advice}".rstrip()
            raise HTTPException(503, sentence, headers={"Retry-After": "1"}) from error
        return Response(body, media_type="application/json")

    async def health(self) -> Health:
        """Answers as long as the gateway runs."""
        return Health()

    @contextmanager
    def _reading_users(self) -> Iterator[None]:
        """Answer 503 while the file of users has a mistake, and log it once."""
        try:
            yield
        except BrokenFile as exc:
            if str(exc) != self._complaint:
                log.error("%s", exc)
            self._complaint = str(exc)
            detail = "The server's list of users cannot be read; its log says why."
            raise HTTPException(503, detail) from exc
        self._complaint = ""

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        forwarded = request.headers.getlist("x-forwarded-for")
        return client_address(peer, forwarded, self._trusted_proxies)


def _problems(reasons: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem, "description": text} for status, text in reasons.items()}


async def _invalid(_request: Request, exc: Exception) -> JSONResponse:
    """A 422 that does not repeat what was sent: it may be a password."""
    errors = exc.errors() if isinstance(exc, RequestValidationError) else ()
    shown = [{key: error[key] for key in ("type", "loc", "msg")} for error in errors]
    return JSONResponse({"detail": shown}, status_code=422)


async def _bug(_request: Request, _exc: Exception) -> JSONResponse:
    """The answer to a bug, which the server logs; no middleware touches it any more."""
    return JSONResponse(
        {"detail": "The gateway failed; its log says why."},
        status_code=500,
        headers=SECURITY_HEADERS,
    )
