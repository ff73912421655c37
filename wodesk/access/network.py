"""The way by which packets leave this computer, to notice that it is in another network."""

from __future__ import annotations

import ipaddress
import socket

_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of documentation, which are no machine's: nothing is ever sent to them."""
_DISCARD = 9


def way_out() -> tuple[str, ...]:
    """This computer's own address on the way to the internet, for each family that has one.

    Of IPv6 it is the network alone, as the rest of such an address changes by itself.  Asks the
    routing table only, so that it is quick and quiet; empty while there is no way out.
    """
    found = (_own_address(family, address) for family, address in _FAR_AWAY)
    return tuple(address for address in found if address)


def _own_address(family: int, address: str) -> str:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _DISCARD))
            own = str(probe.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""
    if family == socket.AF_INET6:
        return str(ipaddress.ip_network(f"{own}/64", strict=False))
    return own
