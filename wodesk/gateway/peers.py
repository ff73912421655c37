"""Whose request it is, also behind a proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_IPV6_SITE = 64
"""Bits: what one customer of a provider has at the least, and can change addresses within."""


def client_address(peer: str, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The address that a request counts for; that of a site in IPv6.

    `forwarded` are the X-Forwarded-For headers.  They are believed only if the peer is a trusted
    proxy, and only as far back as the trusted proxies themselves wrote them.
    """
    nearest = _parsed(peer)
    if nearest is None:
        return peer
    chain = [part.strip() for header in forwarded for part in header.split(",")]
    while chain and _within(nearest, trusted):
        before = _parsed(chain.pop())
        if before is None:
            break
        nearest = before
    return _site(nearest)


def _parsed(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _within(address: _Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _site(address: _Address) -> str:
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    return str(ipaddress.ip_network((int(address), _IPV6_SITE), strict=False))
