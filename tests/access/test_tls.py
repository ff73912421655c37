"""What is seen of a server's certificate, and what is said of one that is not trusted."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.client.peers import PlainOnly
from tests.servers.faults import FaultServer
from tests.servers.loopback import Loopback
from tests.servers.nginx import Authority, KeyPair, self_signed_certificate, wordops_certificate
from wodesk.access import tls
from wodesk.access.tls import Certificate, look_at_certificate, read_certificate
from wodesk.access.trust import system_trust
from wodesk.client.http import Http
from wodesk.models.errors import Hop, HostUntrusted, SourceError, SourceTimeout, Unreachable

DAY = 86_400


class Listening(Loopback):
    """Shakes hands, and counts handshakes, connections and what it is told."""

    def __init__(self, pair: KeyPair) -> None:
        super().__init__()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pair.certificate, pair.key)
        self.heard = b""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Listen to the end."""
        try:
            await writer.start_tls(self._context, ssl_handshake_timeout=60)
        except OSError:
            return
        while chunk := await reader.read(1 << 16):
            self.heard += chunk


class Counting:
    """A budget without limit."""

    def __init__(self) -> None:
        self.asked = 0

    async def wait(self, host: str, port: int) -> None:
        """Count."""
        self.asked += 1


@pytest.fixture(scope="module")
def wordops(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return wordops_certificate(tmp_path_factory.mktemp("wordops"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that is in the system's store, as OpenSSL and so truststore finds it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    return authority


async def seen(pair: KeyPair, host: str = "127.0.0.1") -> tuple[Certificate, Listening]:
    """What is seen of a server with this certificate, and what it heard."""
    with Listening(pair) as server:
        certificate = await look_at_certificate(host, server.port)
    return certificate, server


def test_versions_before_1_2_are_not_spoken() -> None:
    assert tls.unchecked().minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.anyio
async def test_wordops_own_certificate_is_shown_with_all_there_is_to_compare(
    wordops: KeyPair,
) -> None:
    certificate, server = await seen(wordops)
    assert certificate.fingerprint == wordops.fingerprint
    assert (certificate.subject, certificate.issuer) == ("CN=localhost", "CN=localhost")
    assert certificate.names == ()
    assert certificate.self_signed
    assert certificate.valid_from == pytest.approx(time.time(), abs=DAY)
    assert certificate.valid_until == pytest.approx(time.time() + 3652 * DAY, abs=2 * DAY)
    assert not certificate.trusted
    assert certificate.reason == "nobody but itself has signed it"
    assert certificate.may_be_pinned
    assert "/var/www/22222/cert/22222.crt" in certificate.advice
    assert (server.connections, server.heard) == (2, b"")


@pytest.mark.anyio
async def test_another_self_signed_certificate_is_not_said_to_be_of_wordops(
    tmp_path: Path,
) -> None:
    certificate, _ = await seen(self_signed_certificate(tmp_path, "web1.example"))
    assert certificate.may_be_pinned
    assert "WordOps" not in certificate.advice
    assert "22222" not in certificate.advice
    assert "openssl x509 -noout -fingerprint -sha256 -in FILE" in certificate.advice


@pytest.mark.anyio
async def test_a_certificate_that_the_system_trusts_is_never_offered_for_pinning(
    trusted: Authority,
) -> None:
    pair = trusted.signed("localhost", "IP:127.0.0.1")
    for host in ("localhost", "127.0.0.1"):
        certificate, server = await seen(pair, host)
        assert certificate.trusted
        assert not certificate.may_be_pinned
        assert (certificate.reason, certificate.advice) == ("", "")
        assert certificate.names == ("localhost", "127.0.0.1")
        assert (server.connections, server.heard) == (1, b"")


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_certificate_for_another_name_says_which_name_to_use(
    trusted: Authority, host: str
) -> None:
    names = ("web1.example.org", "www.example.org", "*.example.net", "fourth.example.org")
    certificate, _ = await seen(trusted.signed(*names), host)
    assert not certificate.trusted
    assert not certificate.may_be_pinned
    assert "name" in certificate.reason
    assert certificate.advice == (
        "Use the name that it was made for: web1.example.org, www.example.org, *.example.net"
    )


@pytest.mark.anyio
async def test_an_expired_certificate_wants_a_renewal_and_no_pin(trusted: Authority) -> None:
    certificate, _ = await seen(trusted.expired("localhost"), "localhost")
    assert certificate.reason == "it has expired"
    assert not certificate.may_be_pinned
    assert "Renew" in certificate.advice


@pytest.mark.anyio
async def test_an_authority_of_ones_own_can_be_trusted_or_its_leaf_pinned(
    authority: Authority,
) -> None:
    certificate, _ = await seen(authority.signed("localhost"), "localhost")
    assert certificate.reason == "nobody that this computer trusts has signed it"
    assert certificate.may_be_pinned
    assert not certificate.self_signed
    assert "issuer" in certificate.advice


@pytest.mark.anyio
async def test_each_handshake_takes_of_the_budget(wordops: KeyPair) -> None:
    budget = Counting()
    with Listening(wordops) as server:
        await look_at_certificate("127.0.0.1", server.port, budget)
        assert budget.asked == server.connections == 2


@pytest.mark.anyio
async def test_the_client_refuses_what_is_not_offered_for_pinning_either(
    trusted: Authority,
) -> None:
    with Listening(trusted.signed("web1.example.org")) as server:
        http = Http(f"https://localhost:{server.port}", tls=system_trust())
        with pytest.raises(HostUntrusted):
            await http.get("/")
        await http.aclose()
        assert server.heard == b""


@pytest.mark.anyio
async def test_a_port_without_tls_is_told_as_such() -> None:
    with PlainOnly() as server, pytest.raises(Unreachable) as caught:
        await look_at_certificate("127.0.0.1", server.port)
    assert caught.value.hop is Hop.TLS
    with pytest.raises(Unreachable) as caught:
        await look_at_certificate("127.0.0.1", server.port)
    assert caught.value.hop is Hop.TCP


@pytest.mark.anyio
async def test_a_port_that_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "_PATIENCE", 0.2)
    with FaultServer("silence") as server, pytest.raises(SourceTimeout):
        await look_at_certificate("127.0.0.1", server.port)


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 64 + ".org"])
async def test_a_name_that_leads_nowhere_is_told(host: str) -> None:
    with pytest.raises(SourceError) as caught:
        await look_at_certificate(host, 22222)
    assert host in caught.value.message


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"not a certificate", b"\x30" * 5000])
def test_what_cannot_be_read_has_a_fingerprint_and_nothing_else(der: bytes) -> None:
    certificate = read_certificate(der)
    assert len(certificate.fingerprint) == 64
    assert (certificate.subject, certificate.names, certificate.valid_until) == ("", (), None)
    assert "unknown" in certificate.validity


def test_the_texts_of_a_certificate_are_one_short_line_each(tmp_path: Path) -> None:
    subject = "/CN=" + "a\u202eb\u0007" + "/O=" + "<b>x</b>" * 7 + "/OU=" + "y" * 60
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -days 1"
    subprocess.run(
        [*("openssl", *command.split()), "-subj", subject, "-keyout", "k", "-out", "c"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    pem = (tmp_path / "c").read_text("ascii")
    certificate = read_certificate(ssl.PEM_cert_to_DER_cert(pem))
    for text in (certificate.subject, certificate.issuer):
        assert text.isprintable()
        assert 0 < len(text) <= 200


@pytest.mark.parametrize(
    ("name", "host", "covers"),
    [
        ("web1.example.org", "WEB1.example.org.", True),
        ("*.example.org", "web1.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "a.b.example.org", False),
        ("*.0.0.1", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", True),
    ],
)
def test_a_name_covers_a_host_as_a_certificate_means_it(name: str, host: str, covers: bool) -> None:
    assert tls._covers(name, host) is covers


def test_cryptography_is_not_loaded_until_a_certificate_is_read() -> None:
    code = "import sys, wodesk.access.tls; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["close", "reset"])
async def test_a_peer_that_goes_away_before_it_shows_a_certificate_fails_at_tls(fault: str) -> None:
    with (
        FaultServer(fault) as server,
        pytest.raises(Unreachable, match="closed the connection before the TLS") as caught,
    ):
        await look_at_certificate("127.0.0.1", server.port)
    assert caught.value.hop is Hop.TLS
