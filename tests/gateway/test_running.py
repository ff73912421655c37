"""The real server in a process of its own, over real sockets, TLS and nginx."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from uvicorn.server import ServerState

from tests.clocks import Clock
from tests.gateway.given import (
    LOGIN,
    METRICS,
    NAME,
    PASSWORD,
    ROOT,
    Command,
    bearer,
    log_in,
    questions,
    until,
    users_in,
)
from tests.servers.program import require
from tests.servers.replay import ReplayAgent
from wodesk.gateway import protocol
from wodesk.gateway.listening import load_certificate, tls_context
from wodesk.gateway.protocol import PromptProtocol
from wodesk.models.system import SystemMetrics

_NGINX = """
daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; server_tokens off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    satisfy any; auth_basic "Restricted Area"; auth_basic_user_file {folder}/nobody;
    allow 192.0.2.1; deny all;
    location ~* \\.(json|txt)$ {{ return 404; }}
    location / {{ root {folder}/nowhere; }}
    include {folder}/wodesk-serve.conf;
  }}
}}
"""


def certificate(folder: Path, password: bytes | None = None) -> tuple[Path, Path]:
    """A certificate for localhost made here, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    locked = NoEncryption() if password is None else BestAvailableEncryption(password)
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    return files


@asynccontextmanager
async def client_at(
    url: str, verify: ssl.SSLContext | bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(
        base_url=url, verify=verify, trust_env=False, timeout=60.0, limits=limits
    ) as client:
        yield client


async def until_it_says(
    status: int, client: httpx.AsyncClient, headers: dict[str, str]
) -> httpx.Response:
    """The first answer of that status, after others while it is not known yet."""
    async with asyncio.timeout(60):
        while True:
            answer = await client.get(METRICS + "?range=5m", headers=headers)
            if answer.status_code == status:
                return answer
            await asyncio.sleep(0.05)


async def test_a_day_in_the_life_of_the_server(tmp_path: Path) -> None:
    users_in(tmp_path)
    words = ("--users", "users", "--trusted-proxy", "127.0.0.1", "--token-minutes", "5")
    with ReplayAgent() as agent, Command(tmp_path, "--address", agent.url, *words) as command:
        async with client_at(await command.url()) as client:
            assert (await client.get("/health")).json() == {"status": "ok"}
            answer = await client.get(METRICS + "?range=5m")
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert "server" not in answer.headers
            headers = await bearer(client)
            assert (await client.get(METRICS + "?range=2h", headers=headers)).status_code == 422
            assert (
                await client.get("/health", headers={"Host": "evil.example"})
            ).status_code == 400
            assert (await client.post(LOGIN, content=b"x" * 5000)).status_code == 413

            before, started = len(questions(agent)), time.monotonic()
            answers = await asyncio.gather(
                *(client.get(METRICS + "?range=5m", headers=headers) for _ in range(50))
            )
            answers += [await client.get(METRICS + "?range=5m", headers=headers) for _ in range(50)]
            taken = time.monotonic() - started
            asked = len(questions(agent)) - before
            assert {one.status_code for one in answers} == {200}
            SystemMetrics.model_validate_json(answers[-1].content)
            # Two requests to Netdata for each interval that began.
            assert asked <= 2 * (taken + 1)

            from_elsewhere = {"X-Forwarded-For": "192.0.2.1"}
            refused = await asyncio.gather(
                *(log_in(client, "a wrong secret", headers=from_elsewhere) for _ in range(6))
            )
            statuses = sorted(answer.status_code for answer in refused)
            assert statuses == [401] * 5 + [429]
            assert (await log_in(client)).status_code == 200

            agent.stop()
            gone = await until_it_says(503, client, headers)
            assert gone.json()["detail"].startswith(f"127.0.0.1:{agent.port} ")
            agent.start()
            await until_it_says(200, client, headers)
        assert command.stop() == 0
    said = command.output
    token = headers["Authorization"].removeprefix("Bearer ")
    stored = (tmp_path / "users").read_text().splitlines()[-1].split(":")[1]
    for secret in (PASSWORD, "a wrong secret", token, token.split(".")[2], stored):
        assert secret not in said
    assert (tmp_path / "serve.key").read_bytes().hex() not in said
    assert f"{NAME} logged in from 127.0.0.1" in said
    assert "login refused for 192.0.2.1" in said
    assert said.count("no metrics: ") == 1
    assert "Traceback" not in said


async def test_a_restart_keeps_the_sessions_and_ctrl_c_is_an_ordinary_end(tmp_path: Path) -> None:
    users_in(tmp_path)
    with ReplayAgent() as agent:
        words = ("--address", agent.url, "--users", "users")
        headers: dict[str, str] = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            with Command(tmp_path, *words) as command:
                async with client_at(await command.url()) as client:
                    headers = headers or await bearer(client)
                    answer = await client.get(METRICS + "?range=1h", headers=headers)
                    assert answer.status_code == 200
                    # With a client still connected.
                    assert command.stop(number) == 0
            assert "Traceback" not in command.output


async def test_tls_is_served_by_the_certificate_and_read_again_when_told(tmp_path: Path) -> None:
    users_in(tmp_path)
    cert, key = certificate(tmp_path)
    words = ("--tls-cert", str(cert), "--tls-key", str(key), "--host", "localhost")
    with Command(tmp_path, "--users", "users", "--address", "local:", *words) as command:
        url = await command.url()
        assert url.startswith("https://localhost:")
        trust = ssl.create_default_context(cafile=cert)
        async with client_at(url, trust) as client:
            headers = await bearer(client)
            assert (await client.get(METRICS + "?range=5m", headers=headers)).status_code == 200
        certificate(tmp_path)
        command.tell(signal.SIGHUP)
        renewed = ssl.create_default_context(cafile=cert)
        async with asyncio.timeout(60):
            while True:
                try:
                    async with client_at(url, renewed) as client:
                        assert (await client.get("/health")).status_code == 200
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
        # A key that does not fit, as in the middle of a renewal.
        (tmp_path / "other").mkdir()
        certificate(tmp_path / "other")[1].replace(key)
        command.tell(signal.SIGHUP)
        await until(lambda: "the certificate stays the one before" in command.output)
        async with client_at(url, renewed) as client:
            assert (await client.get("/health")).status_code == 200
            plain = url.replace("https:", "http:")
            with pytest.raises(httpx.TransportError):
                await client.get(f"{plain}/health")
        assert command.stop() == 0
    assert "Traceback" not in command.output


def test_old_tls_is_refused_and_an_encrypted_key_is_a_sentence(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    context = tls_context(cert, key)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    (tmp_path / "both.pem").write_text(cert.read_text() + key.read_text())
    load_certificate(context, tmp_path / "both.pem", None)
    certificate(tmp_path, b"secret")
    with pytest.raises(Exception, match="asks for a passphrase"):
        tls_context(cert, key)


async def test_behind_nginx_of_a_wordops_host_it_has_the_prefix_and_the_address(
    tmp_path: Path,
) -> None:
    program = require("nginx", "nginx")
    users_in(tmp_path)
    cert, _ = certificate(tmp_path)
    (tmp_path / "nobody").write_text("")
    with ReplayAgent() as agent:
        words = ("--address", agent.url, "--users", "users", "--trusted-proxy", "127.0.0.1")
        with Command(tmp_path, *words) as command:
            backend = (await command.url()).removeprefix("http://")
            snippet = (ROOT / "resources/gateway/wodesk-serve.conf").read_text()
            assert snippet.count("127.0.0.1:8321") == 2
            (tmp_path / "wodesk-serve.conf").write_text(snippet.replace("127.0.0.1:8321", backend))
            with _nginx(program, tmp_path) as url:
                trust = ssl.create_default_context(cafile=cert)
                async with client_at(url, trust) as client:
                    await _until_it_answers(client)
                    outside = await client.get(url.replace("/wodesk/", "/"))
                    assert outside.status_code in (401, 403)
                    assert (await client.get("openapi.json")).status_code == 200
                    answer = await client.post(
                        LOGIN.lstrip("/"),
                        data={"username": NAME, "password": PASSWORD},
                        headers={"X-Forwarded-For": "192.0.2.1"},
                    )
                    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
                    metrics = await client.get(METRICS.lstrip("/") + "?range=24h", headers=headers)
                    assert metrics.status_code == 200
                    assert (
                        await client.post(LOGIN.lstrip("/"), content=b"x" * 5000)
                    ).status_code == 413
            assert command.stop() == 0
        assert f"{NAME} logged in from 127.0.0.1" in command.output


@contextmanager
def _nginx(program: str, folder: Path) -> Iterator[str]:
    """nginx with the snippet in a vhost like that of port 22222; the URL below the prefix."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port))
    folder.chmod(0o755)
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"https://localhost:{port}/wodesk/"
    finally:
        process.terminate()
        process.wait(60)


async def _until_it_answers(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                answer = await client.get("health")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                assert answer.json() == {"status": "ok"}
                return


# The deadline of a request.


@asynccontextmanager
async def dawdling() -> AsyncIterator[int]:
    """A server whose requests have to come in within a time; its port."""

    async def app(scope: object, receive: object, send: object) -> None:
        await receive()  # type: ignore[operator]
        head = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"0")],
        }
        await send(head)  # type: ignore[operator]
        await send({"type": "http.response.body"})  # type: ignore[operator]

    patient = 100 * protocol.DEADLINE
    config = uvicorn.Config(
        app, log_config=None, proxy_headers=False, timeout_keep_alive=round(patient)
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: PromptProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def to_its_end(reader: asyncio.StreamReader, clock: Clock) -> bytes:
    """What comes until the server hangs up, while the time of a request passes again and again."""
    reading = asyncio.create_task(reader.read())
    while not reading.done():
        clock.leap(protocol.DEADLINE)
        await asyncio.sleep(0.01)
    return reading.result()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx",
    ],
)
async def test_a_request_that_does_not_come_in_is_hung_up_on(sent: bytes) -> None:
    clock = Clock()
    async with dawdling() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        await to_its_end(reader, clock)
        writer.close()
        await writer.wait_closed()


async def test_a_connection_that_is_only_idle_between_requests_is_kept() -> None:
    request, clock = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Clock()
    async with dawdling() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(request)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            clock.leap(2 * protocol.DEADLINE)
            await asyncio.sleep(0.02)
        writer.write(request[:10])
        assert await to_its_end(reader, clock) == b""
        writer.close()
        await writer.wait_closed()
