"""The contract of the API, asked in process."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.gateway.given import (
    KEY,
    LOGIN,
    METRICS,
    NAME,
    PASSWORD,
    ROOT,
    MadeUp,
    application,
    bearer,
    client_of,
    log_in,
    questions,
)
from tests.servers.faults import FaultServer
from tests.servers.replay import ReplayAgent
from wodesk.gateway.guards import SECURITY_HEADERS, SmallBodies
from wodesk.gateway.tokens import AUDIENCE, ISSUER
from wodesk.models.system import SystemMetrics, TimeRange


def made_up() -> Any:
    """A source that always has an answer."""
    source = MadeUp()
    return lambda: nullcontext(source)


# The metrics.


@pytest.mark.parametrize("time_range", TimeRange)
async def test_whoever_is_logged_in_gets_the_contract(
    tmp_path: Path, time_range: TimeRange
) -> None:
    with ReplayAgent() as agent:
        async with client_of(application(agent.url, tmp_path)) as client:
            answer = await client.get(
                METRICS, params={"range": time_range.value}, headers=await bearer(client)
            )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    metrics = SystemMetrics.model_validate_json(answer.content)
    assert set(answer.json()) == {"cpu", "ram", "disk", "network_in", "network_out"}
    assert time_range.points - 2 <= len(metrics.cpu.points) <= time_range.points
    assert metrics.network_in.unit == "kilobits/s"


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic YW5uYTp4", "bearer a.b.c", "Bearer \xe9"],
)
@pytest.mark.parametrize("query", ["?range=5m", "?range=9m", ""])
async def test_without_a_valid_bearer_nothing_is_told(
    tmp_path: Path, header: str | None, query: str
) -> None:
    headers = {} if header is None else {b"Authorization": header.encode("latin-1")}
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await client.get(METRICS + query, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"].endswith(".")


async def test_expired_and_forged_tokens_are_refused(tmp_path: Path) -> None:
    app = application(made_up(), tmp_path)
    async with client_of(app) as client:
        good = (await bearer(client))["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(good, options={"verify_signature": False})
        assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, AUDIENCE, NAME)
        old = claims | {"exp": int(time.time()) - 60}
        forged = [
            jwt.encode(claims, "", algorithm="none"),
            jwt.encode(claims, bytes(32), algorithm="HS256"),
            jwt.encode(claims | {"aud": "another"}, KEY, algorithm="HS256"),
            jwt.encode(claims | {"sub": "nobody"}, KEY, algorithm="HS256"),
            jwt.encode(old, KEY, algorithm="HS256"),
        ]
        statuses = [
            (
                await client.get(
                    METRICS + "?range=5m", headers={"Authorization": f"Bearer {token}"}
                )
            ).status_code
            for token in (*forged, good)
        ]
    assert statuses == [401] * len(forged) + [200]


@pytest.mark.parametrize("query", ["", "?range=", "?range=10m", "?range=5M", "?time_range=5m"])
async def test_another_range_or_none_is_422_with_a_reason(tmp_path: Path, query: str) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await client.get(METRICS + query, headers=await bearer(client))
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["query", "range"]
    assert set(problem) == {"type", "loc", "msg"}


async def test_a_netdata_that_dies_is_503_with_a_sentence_until_it_is_back(tmp_path: Path) -> None:
    agent = ReplayAgent().start()
    try:
        async with client_of(application(agent.url, tmp_path)) as client:
            headers = await bearer(client)

            async def ask(time_range: str = "5m") -> httpx.Response:
                return await client.get(METRICS, params={"range": time_range}, headers=headers)

            assert (await ask()).status_code == 200
            agent.stop()
            gone = await ask("1h")
            assert gone.status_code == 503
            assert "refused the connection" in gone.json()["detail"]
            assert gone.headers["retry-after"] == "1"
            agent.start()
            async with asyncio.timeout(60):
                while (await ask("1h")).status_code != 200:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            assert (await ask()).status_code == 200
    finally:
        agent.stop()


@pytest.mark.parametrize(
    "fault", ["status_403", "status_412", "status_502", "html", "half_json", "close"]
)
async def test_a_netdata_that_answers_with_an_error_is_503(tmp_path: Path, fault: str) -> None:
    with FaultServer(fault) as server:
        async with client_of(application(server.url, tmp_path)) as client:
            answer = await client.get(METRICS + "?range=5m", headers=await bearer(client))
    assert answer.status_code == 503
    assert re.match(r"127\.0\.0\.1:\d+ .*\.", answer.json()["detail"])


@pytest.fixture
def _one_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent whose next sample comes after the test."""

    async def interval(source: object) -> float:
        return 3600.0

    monkeypatch.setattr("wodesk.gateway.connection._interval", interval)


@pytest.mark.usefixtures("_one_interval")
async def test_fifty_clients_are_one_question_for_each_range_and_interval(tmp_path: Path) -> None:
    with ReplayAgent() as agent:
        agent.latency = 0.02
        async with client_of(application(agent.url, tmp_path)) as client:
            headers = await bearer(client)
            answers = await asyncio.gather(
                *(
                    client.get(METRICS, params={"range": time_range.value}, headers=headers)
                    for _ in range(50)
                    for time_range in TimeRange
                )
            )
        assert {answer.status_code for answer in answers} == {200}
        # Netdata is asked for the mounts on their own, since they are grouped by a label.
        asked = questions(agent)
    assert len(answers) == 150
    assert sorted(asked) == sorted(
        f"{contexts} -{time_range.seconds}"
        for contexts in ("system.cpu|system.ram|system.net", "disk.space")
        for time_range in TimeRange
    )


@pytest.mark.usefixtures("_one_interval")
async def test_a_client_that_goes_away_cancels_nothing(tmp_path: Path) -> None:
    with ReplayAgent() as agent:
        async with client_of(application(agent.url, tmp_path)) as client:
            headers = await bearer(client)
            url = METRICS + "?range=5m"
            await client.get(METRICS + "?range=1h", headers=headers)
            agent.latency = 0.1
            first, *others = (
                asyncio.create_task(client.get(url, headers=headers)) for _ in range(5)
            )
            await asyncio.sleep(0.05)
            first.cancel()
            answers = await asyncio.gather(*others)
        assert [answer.status_code for answer in answers] == [200] * 4
        assert sum(question.endswith("-300") for question in questions(agent)) == 2


# Logging in.


async def test_a_login_gives_a_bearer_token_and_no_cookie(tmp_path: Path) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await log_in(client)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type"}
    assert answer.json()["token_type"] == "bearer"
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(tmp_path: Path) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        wrong = await log_in(client, "wrong password")
        unknown = await log_in(client, "wrong password", name="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.headers["www-authenticate"] == "Bearer"


async def test_after_five_failures_an_address_waits_and_another_does_not(tmp_path: Path) -> None:
    app = application(made_up(), tmp_path)
    async with client_of(app, peer="192.0.2.1") as client:
        answers = [await log_in(client, "wrong password") for _ in range(7)]
        blocked = await log_in(client)
        transport = httpx.ASGITransport(app, client=("192.0.2.2", 1))
        async with httpx.AsyncClient(transport=transport, base_url=client.base_url) as other:
            free = await log_in(other)
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert blocked.status_code == 429
    assert 1 <= int(blocked.headers["retry-after"]) <= 60
    assert blocked.json()["detail"].endswith(".")
    assert free.status_code == 200


async def test_guesses_made_at_the_same_time_count_each_other(tmp_path: Path) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answers = await asyncio.gather(*(log_in(client, "wrong password") for _ in range(20)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (5, 15)


async def test_a_trusted_proxy_tells_the_address_and_nobody_else(tmp_path: Path) -> None:
    app = application(made_up(), tmp_path, trusted_proxies=[ip_network("10.0.0.1")])
    for peer, expected in (("10.0.0.1", [401] * 8), ("10.0.0.2", [401] * 5 + [429] * 3)):
        async with client_of(app, peer=peer) as client:
            statuses = [
                (
                    await log_in(
                        client, "wrong password", headers={"X-Forwarded-For": f"192.0.2.{n}"}
                    )
                ).status_code
                for n in range(8)
            ]
        assert statuses == expected


@pytest.mark.parametrize(
    "form", [{}, {"username": NAME}, {"password": PASSWORD}, {"username": "", "password": ""}]
)
async def test_a_login_without_its_fields_is_422_and_is_not_repeated(
    tmp_path: Path, form: dict[str, str]
) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await client.post(LOGIN, data=form)
        as_json = await client.post(LOGIN, json={"username": NAME, "password": PASSWORD})
    for one in (answer, as_json):
        assert one.status_code == 422
        assert PASSWORD not in one.text


async def test_a_body_of_more_than_4_kb_is_413_whether_it_is_announced_or_not(
    tmp_path: Path,
) -> None:
    sent: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            sent.append(b"x" * 1000)
            yield sent[-1]

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with client_of(application(made_up(), tmp_path)) as client:
        for path in (LOGIN, METRICS, "/nowhere"):
            announced = await client.post(path, content=b"x" * 4097, headers=form)
            streamed = await client.post(path, content=endless(), headers=form)
            for answer in (announced, streamed):
                assert answer.status_code == 413
                assert answer.json() == {"detail": "The body is larger than 4096 bytes."}
        assert len(sent) < 20
        largest = await log_in(client, "x" * (4096 - len(f"username={NAME}&password=")))
    assert largest.status_code == 401


async def test_a_client_that_leaves_within_its_request_gets_no_answer() -> None:
    sent: list[object] = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    async def app(*_parts: object) -> None:
        raise AssertionError("asked without its body")

    await SmallBodies(app, limit=4096)({"type": "http", "headers": []}, receive, send)
    assert sent == []


async def test_a_broken_file_of_users_keeps_everybody_out_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        headers = await bearer(client)
        good = (tmp_path / "users").read_text()
        (tmp_path / "users").write_text("anna\n")
        answers = [await log_in(client) for _ in range(7)]
        answers += [await client.get(METRICS + "?range=5m", headers=headers)]
        assert {answer.status_code for answer in answers} == {503}
        assert str(tmp_path) not in answers[0].text
        assert caplog.text.count("line 1") == 1
        (tmp_path / "users").write_text(good)
        assert (await client.get(METRICS + "?range=5m", headers=headers)).status_code == 200


async def test_a_removed_user_and_an_old_password_end_their_sessions(tmp_path: Path) -> None:
    app = application(made_up(), tmp_path)
    async with client_of(app) as client:
        headers = await bearer(client)
        text = (tmp_path / "users").read_text()
        for change in (text.replace(f"{NAME}:", "bob:"), text.rstrip() + "0\n"):
            (tmp_path / "users").write_text(change)
            answer = await client.get(METRICS + "?range=5m", headers=headers)
            assert answer.status_code == 401
        (tmp_path / "users").write_text(text)
        assert (await client.get(METRICS + "?range=5m", headers=headers)).status_code == 200


# Every answer.


async def test_health_is_open_and_tells_nothing(tmp_path: Path) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/health", METRICS, "/nowhere", "/openapi.json", "/docs"])
async def test_every_answer_has_the_security_headers_and_lets_no_other_page_in(
    tmp_path: Path, path: str
) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        answer = await client.get(path, headers={"Origin": "https://evil.example"})
        preflight = await client.options(path, headers={"Origin": "https://evil.example"})
        refused = await client.get(path, headers={"Host": "evil.example"})
    for one in (answer, preflight, refused):
        assert {name: one.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert not [name for name in one.headers if name.startswith("access-control")]
        assert "set-cookie" not in one.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8321", 200),
        ("localhost", 200),
        ("LOCALHOST.:80", 200),
        ("[::1]:8321", 200),
        ("web3.example.org", 200),
        ("evil.example", 400),
        ("evil.example:8321", 400),
        ("localhost.evil.example", 400),
        ("evil.web3.example.org", 400),
        ("192.0.2.7", 400),
        ("[::1", 400),
        ("[::1]evil", 400),
        ("", 400),
        ("\xe9", 400),
    ],
)
async def test_a_host_name_that_is_not_ours_is_refused(
    tmp_path: Path, host: str, status: int
) -> None:
    hosts = ("localhost", "127.0.0.1", "::1", "web3.example.org")
    async with client_of(application(made_up(), tmp_path, allowed_hosts=hosts)) as client:
        for path in ("/health", LOGIN, METRICS):
            answer = await client.get(path, headers={b"Host": host.encode("latin-1")})
            assert (answer.status_code == 400) is (status == 400)
            if status == 400:
                assert "--allowed-host" in answer.json()["detail"]


async def test_the_address_that_was_called_is_a_known_host(tmp_path: Path) -> None:
    app = application(made_up(), tmp_path)
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app):
        for base, status in (("http://192.0.2.7:8321", 200), ("http://evil.example", 400)):
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                assert (await client.get("/health")).status_code == status


async def test_a_bug_is_500_without_its_details(tmp_path: Path) -> None:
    source = MadeUp()
    app = application(lambda: nullcontext(source), tmp_path)
    async with client_of(app) as client:
        headers = await bearer(client)
        await client.get(METRICS + "?range=1h", headers=headers)
        source.error = ZeroDivisionError("secret")
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=client.base_url) as other:
            answer = await other.get(METRICS + "?range=5m", headers=headers)
    assert answer.status_code == 500
    assert answer.json() == {"detail": "The gateway failed; its log says why."}
    assert answer.headers["cache-control"] == "no-store"


async def test_the_schema_has_the_three_routes_with_their_answers(tmp_path: Path) -> None:
    async with client_of(application(made_up(), tmp_path)) as client:
        schema = (await client.get("/openapi.json")).json()
        pages = [(await client.get(path)).status_code for path in ("/docs", "/redoc")]
    assert pages == [404, 404]
    paths = schema["paths"]
    assert set(paths) == {LOGIN, METRICS, "/health"}
    assert set(paths[LOGIN]["post"]["responses"]) == {"200", "401", "413", "422", "429", "503"}
    assert set(paths[METRICS]["get"]["responses"]) == {"200", "401", "422", "503"}
    assert set(paths["/health"]["get"]["responses"]) == {"200"}
    (flow,) = schema["components"]["securitySchemes"].values()
    assert flow["flows"]["password"]["tokenUrl"] == LOGIN.lstrip("/")
    assert schema["components"]["schemas"]["TimeRange"]["enum"] == ["5m", "1h", "24h"]
    answer = paths[METRICS]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["$ref"].endswith("/SystemMetrics")
    for status in ("401", "503"):
        problem = paths[METRICS]["get"]["responses"][status]["content"]["application/json"]
        assert problem["schema"]["$ref"].endswith("/Problem")


async def test_no_secret_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with client_of(application(made_up(), tmp_path)) as client:
        headers = await bearer(client)
        await log_in(client, "another secret", name="a password in the wrong field")
        await client.get(METRICS + "?range=9m", headers=headers)
    assert caplog.text.count("login refused for 127.0.0.1") == 1
    token = headers["Authorization"].removeprefix("Bearer ")
    for secret in (PASSWORD, token, token.split(".")[2], "another secret", "wrong field"):
        assert secret not in caplog.text


def test_no_part_of_the_desktop_is_imported() -> None:
    code = (
        "import sys, wodesk.gateway.app, wodesk.gateway.running, wodesk.gateway.accounts\n"
        "print(*sorted(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    parts = ("PySide6", "shiboken6", "pyqtgraph", "wodesk.ui", "wodesk.app", "wodesk.worker")
    assert not [name for name in found if name.startswith(parts)]


def test_the_options_are_shown_without_the_extra() -> None:
    code = (
        "import argparse, sys\n"
        "from wodesk.gateway.serve import add_arguments\n"
        "add_arguments(argparse.ArgumentParser())\n"
        "print(*sorted(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    extra = ("fastapi", "uvicorn", "argon2", "jwt", "python_multipart", "numpy", "httpx")
    assert not set(extra) & set(found)
