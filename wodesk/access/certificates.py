"""Which certificates of servers are believed: by the system, or by a person."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlsplit

import httpx

from wodesk.access import trust
from wodesk.access.pins import not_accepted, pinned_transport
from wodesk.access.session import Session
from wodesk.access.ssh_patience import Ask
from wodesk.access.ssh_tcp import Budget
from wodesk.access.tls import Certificate, look_at_certificate
from wodesk.models.fingerprint import readable
from wodesk.models.question import UnknownCertificate, Verdict
from wodesk.models.server import Server

RememberPin = Callable[[Server, str], None]


class Trust:
    """Looks at the certificates of servers, and has a person asked about the others.

    What was answered is kept in the `session`; `remember_pin` is told of a certificate that is to
    be accepted from now on.
    """

    def __init__(
        self, session: Session, budget: Budget, remember_pin: RememberPin | None = None
    ) -> None:
        self._session = session
        self._budget = budget
        self._remember_pin = remember_pin

    @cached_property
    def of_system(self) -> ssl.SSLContext:
        """The system's trust store, one for all servers: each would hold a megabyte by itself."""
        return trust.system_trust()

    def transport(self, pin: str) -> httpx.AsyncBaseTransport:
        """The way to the one server that has this certificate."""
        return pinned_transport(pin)

    async def pin_of(self, server: Server, url: str, ask: Ask) -> str:
        """The pin of an https URL; empty where the system's own trust is enough.

        The certificate is looked at, and a person asked, before any credential is sent.
        """
        answers = self._session.of(server.id)
        pin = server.pin or answers.pin
        if pin or answers.is_trusted:
            return pin
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        certificate = await look_at_certificate(host, port, self._budget, self.of_system)
        answers.is_trusted = certificate.trusted
        return "" if certificate.trusted else await self._pin(server, certificate, host, port, ask)

    async def _pin(
        self, server: Server, certificate: Certificate, host: str, port: int, ask: Ask
    ) -> str:
        """The pin that a person gives; raises `HostUntrusted` without one."""
        verdict = None
        if certificate.may_be_pinned:
            verdict = await ask(
                UnknownCertificate(
                    host=host,
                    port=port,
                    fingerprint=readable(certificate.fingerprint),
                    subject=certificate.subject,
                    valid_until=certificate.validity.rpartition(" to ")[2],
                    reason=certificate.reason,
                    advice=certificate.advice,
                )
            )
        if verdict not in (Verdict.ONCE, Verdict.SAVE):
            raise not_accepted(certificate, f"{host}:{port}")
        self._session.of(server.id).pin = certificate.fingerprint
        if verdict is Verdict.SAVE and self._remember_pin is not None:
            self._remember_pin(server, certificate.fingerprint)
        return certificate.fingerprint
