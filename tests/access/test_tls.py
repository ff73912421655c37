"""Whom wodesk trusts when it speaks TLS."""

from __future__ import annotations

import ssl

from wodesk.access.tls import system_trust


def test_certificates_and_names_are_checked() -> None:
    context = system_trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_versions_before_1_2_are_not_spoken() -> None:
    assert system_trust().minimum_version >= ssl.TLSVersion.TLSv1_2
