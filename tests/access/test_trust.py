"""Whom wodesk trusts when it speaks TLS, and how often it reads whom the system does."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import truststore

from tests.access.test_tls import Listening
from tests.servers.nginx import Authority
from wodesk.access.trust import system_trust


class Readings:
    """Counts how often truststore reads the system's store."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._read = truststore.SSLContext.wrap_bio
        readings = self

        def counted(
            context: truststore.SSLContext, *args: ssl.MemoryBIO, **more: str
        ) -> ssl.SSLObject:
            readings.count += 1
            return readings._read(context, *args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(truststore.SSLContext, "wrap_bio", counted)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def store(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's file of authorities, as OpenSSL and so truststore finds it."""
    file = tmp_path / "authorities.crt"
    shutil.copy(authority.certificate, file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return file


@pytest.fixture
def readings(store: Path, monkeypatch: pytest.MonkeyPatch) -> Readings:
    return Readings(monkeypatch)


@pytest.fixture(scope="module")
def trusted(authority: Authority) -> Iterator[Listening]:
    with Listening(authority.signed("localhost")) as server:
        yield server


def install(authority: Authority, store: Path) -> None:
    """Put another authority into the system's file."""
    store.write_bytes(store.read_bytes() + authority.certificate.read_bytes())


async def shake(server: Listening, context: ssl.SSLContext) -> None:
    """A handshake, and no word."""
    _, writer = await asyncio.open_connection(
        "127.0.0.1", server.port, ssl=context, server_hostname="localhost"
    )
    writer.close()
    await writer.wait_closed()


@pytest.mark.usefixtures("store")
def test_certificates_and_names_are_checked() -> None:
    context = system_trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_versions_before_1_2_are_not_spoken() -> None:
    assert system_trust().minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.anyio
async def test_the_store_is_read_once_for_many_handshakes(
    trusted: Listening, readings: Readings
) -> None:
    context = system_trust()
    for _ in range(3):
        await shake(trusted, context)
    assert readings.count == 1


@pytest.mark.anyio
@pytest.mark.usefixtures("store")
async def test_what_is_not_trusted_is_refused_after_the_store_was_read_as_well(
    trusted: Listening, authority: Authority, tmp_path: Path
) -> None:
    context = system_trust()
    (tmp_path / "other").mkdir()
    refused = {
        "unable to get local issuer": Authority(tmp_path / "other").signed("localhost"),
        "Hostname mismatch": authority.signed("web1.example.org"),
        "certificate has expired": authority.expired("localhost"),
    }
    await shake(trusted, context)
    for reason, pair in refused.items():
        with Listening(pair) as server, pytest.raises(ssl.SSLCertVerificationError, match=reason):
            await shake(server, context)


@pytest.mark.anyio
async def test_an_authority_that_is_installed_is_believed_at_the_next_handshake(
    trusted: Listening, store: Path, readings: Readings, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    new = Authority(tmp_path / "new")
    context = system_trust()
    await shake(trusted, context)
    with Listening(new.signed("localhost")) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            await shake(server, context)
        install(new, store)
        for _ in range(2):
            await shake(server, context)
    assert readings.count == 2


@pytest.mark.anyio
async def test_a_store_that_openssl_has_no_file_of_is_read_each_time(
    trusted: Listening, readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = system_trust()
    await shake(trusted, context)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.crt")
    for _ in range(2):
        await shake(trusted, context)
    assert readings.count == 3
