"""Whom wodesk trusts when it speaks TLS."""

from __future__ import annotations

import ssl

import truststore


def system_trust() -> ssl.SSLContext:
    """A context that checks certificates and names against the system's own trust store."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
