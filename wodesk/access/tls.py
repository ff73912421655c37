"""A look at whom wodesk might trust when it speaks TLS."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from msgspec import Struct
from msgspec.structs import replace

from wodesk.access.trust import system_trust
from wodesk.client import hops
from wodesk.client.failures import IS_IT_UP, broken_handshake
from wodesk.client.http import ConnectionBudget, explained
from wodesk.models.errors import Hop, SourceTimeout, Unreachable

_PATIENCE = 5.0
_MAX_TEXT = 200
_MAX_NAMES = 100
_NAMES_SHOWN = 3

_SELF_SIGNED = 18
_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME, _OTHER_ADDRESS = 62, 64
_REASONS = {
    _SELF_SIGNED: "nobody but itself has signed it",
    19: "nobody that this computer trusts has signed it",
    20: "nobody that this computer trusts has signed it",
    21: "nobody that this computer trusts has signed it",
    _NOT_YET: "it is not valid yet",
    _EXPIRED: "it has expired",
    _OTHER_NAME: "it was made for another name",
    _OTHER_ADDRESS: "it was made for names, not for this address",
}
"""What OpenSSL's codes mean, which truststore gives on Linux; elsewhere the system words it."""
_OF_WORDOPS = ("CN=localhost", ())
"""Subject and names of the certificate that WordOps makes for its backend."""
_WORDOPS_FILE = "/var/www/22222/cert/22222.crt"
_FOR_A_NAME_OR_TIME = frozenset({_OTHER_NAME, _OTHER_ADDRESS, _EXPIRED, _NOT_YET})


class Certificate(Struct, frozen=True):
    """What a server shows to prove who it is; its texts are the server's own, cut to length.

    `fingerprint` is the SHA-256 of the DER form in lower-case hex; the dates are epoch seconds;
    what could not be read is empty or None.  `reason` is why the system does not trust it, empty
    where it does or was not asked; `advice` is what to do about that.
    """

    fingerprint: str
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    valid_from: float | None = None
    valid_until: float | None = None
    self_signed: bool = False
    trusted: bool = False
    reason: str = ""
    advice: str = ""
    may_be_pinned: bool = False
    """Whether a pin is the remedy; it is not where a right name or a renewal would do."""

    @property
    def end(self) -> str:
        """Until when, as a date in UTC."""
        return _date(self.valid_until)

    @property
    def validity(self) -> str:
        """From when to when, as dates in UTC."""
        return f"{_date(self.valid_from)} to {_date(self.valid_until)}"


def unchecked() -> ssl.SSLContext:
    """A context that checks nothing, for those who compare the certificate before they speak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def look_at_certificate(
    host: str,
    port: int,
    budget: ConnectionBudget | None = None,
    trust: ssl.SSLContext | None = None,
) -> Certificate:
    """Shake hands with a server to see its certificate, and leave without a word.

    Takes one connection where the system trusts it, and two where it does not, as no certificate
    is given out by a handshake that failed.  `trust` is a `system_trust` that is there already.
    Raises `SourceError` if there is none to see.
    """
    refusal: ssl.SSLCertVerificationError | None = None
    try:
        der = await _shown(host, port, trust or system_trust(), budget)
    except ssl.SSLCertVerificationError as exc:
        refusal = exc
        der = await _shown(host, port, unchecked(), budget)
    certificate = read_certificate(der)
    if refusal is None:
        return replace(certificate, trusted=True)
    return _judged(certificate, host, refusal)


def read_certificate(der: bytes) -> Certificate:
    """What a certificate says; of one that cannot be read, the fingerprint alone."""
    certificate = Certificate(fingerprint=hashlib.sha256(der).hexdigest())
    with suppress(ImportError, ValueError):
        return _read(der, certificate)
    return certificate


def _read(der: bytes, certificate: Certificate) -> Certificate:
    # It comes with asyncssh, takes 30 ms to load, and is needed at no certificate that is trusted.
    from cryptography import x509  # noqa: PLC0415

    parsed = x509.load_der_x509_certificate(der)
    names: list[str] = []
    with suppress(x509.ExtensionNotFound):
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names += extension.get_values_for_type(x509.DNSName)
        names += map(str, extension.get_values_for_type(x509.IPAddress))
    return replace(
        certificate,
        subject=_plain(parsed.subject.rfc4514_string()),
        issuer=_plain(parsed.issuer.rfc4514_string()),
        names=tuple(map(_plain, names[:_MAX_NAMES])),
        valid_from=parsed.not_valid_before_utc.timestamp(),
        valid_until=parsed.not_valid_after_utc.timestamp(),
        self_signed=parsed.subject == parsed.issuer,
    )


def _judged(
    certificate: Certificate, host: str, refusal: ssl.SSLCertVerificationError
) -> Certificate:
    code = refusal.verify_code
    reason = _REASONS.get(code, _plain(refusal.verify_message.strip().rstrip(".")))
    lasting = certificate.self_signed or code not in _FOR_A_NAME_OR_TIME
    return replace(
        certificate,
        reason=reason,
        advice=_advice(certificate, host, code),
        may_be_pinned=lasting,
    )


def _advice(certificate: Certificate, host: str, code: int) -> str:
    if certificate.self_signed:
        maker, file = "The server vouches for itself.", "FILE, the certificate of its web server"
        if (certificate.subject, certificate.names) == _OF_WORDOPS:
            maker, file = "WordOps makes such a certificate by itself.", _WORDOPS_FILE
        return (
            f"{maker} Compare the fingerprint with what this prints on the server: "
            f"openssl x509 -noout -fingerprint -sha256 -in {file}"
        )
    others = [name for name in certificate.names if not _covers(name, host)]
    if others and len(others) == len(certificate.names):
        shown = ", ".join(others[:_NAMES_SHOWN])
        return f"Use the name that it was made for: {shown}"
    if code in (_EXPIRED, _NOT_YET):
        return "Renew it on the server, or set the clocks right."
    return "Have this computer trust its issuer, or pin it after you compared its fingerprint."


def _covers(name: str, host: str) -> bool:
    """Whether a name of a certificate stands for `host`; a star is one label."""
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:] and not _is_address(host)
    return name == host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _shown(
    host: str, port: int, context: ssl.SSLContext, budget: ConnectionBudget | None
) -> bytes:
    """The certificate, in DER; raises `SSLCertVerificationError` if `context` refuses it."""
    if budget is not None:
        await budget.wait(host, port)
    hops.starting()
    loop = asyncio.get_running_loop()
    async with _named(f"{host}:{port}"), asyncio.timeout(_PATIENCE):
        transport, peer = await loop.create_connection(asyncio.Protocol, host, port)
        hops.found(Hop.TCP, f"port {port} accepts")
        try:
            secured = await loop.start_tls(transport, peer, context, server_hostname=host)
            tls = secured.get_extra_info("ssl_object") if secured is not None else None
            shown = tls.getpeercert(binary_form=True) if tls is not None else None
        finally:
            transport.abort()
            # The socket of an aborted connection is closed in the loop's next turn.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    if not shown:
        raise Unreachable(
            f"{host}:{port} shows no certificate.",
            hop=Hop.TLS,
            advice="Does this port serve https?",
        )
    return bytes(shown)


@asynccontextmanager
async def _named(peer: str) -> AsyncIterator[None]:
    """Every failure of a handshake as a `SourceError`, but that of the certificate itself."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise
    except TimeoutError as exc:
        raise SourceTimeout(
            f"{peer} did not shake hands within {_PATIENCE:g} s.",
            hop=Hop.TLS,
            advice="Is the machine up, and does this port serve https?",
        ) from exc
    except (OSError, ValueError) as exc:
        error = broken_handshake(exc, peer) or explained(exc, peer)
        unknown = Unreachable(f"{peer} cannot be reached.", hop=Hop.TLS, advice=IS_IT_UP)
        raise error or unknown from exc


def _plain(text: str) -> str:
    """A text of the server's as one short line, without characters that hide or turn others."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:_MAX_TEXT])


def _date(seconds: float | None) -> str:
    if seconds is None:
        return "an unknown date"
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
