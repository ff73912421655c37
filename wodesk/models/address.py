"""What all addresses have in common."""

from __future__ import annotations

import ipaddress

from wodesk.models.errors import BadAnswer, Hop

NETDATA_PORT = 19999
WORDOPS_PORT = 22222
"""Where nginx shows the backend of WordOps, with Netdata below /netdata."""
WORDOPS_USER = "WordOps"
"""The user that the installer of WordOps makes for the backend."""
_SHOWN = 60
_SSH_PORTS = ("", "22", "2222")
_HTTPS_PORTS = ("443", str(WORDOPS_PORT))


class InvalidAddress(BadAnswer):
    """What was typed is no address; says why and shows one that works."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            hop=Hop.ADDRESS,
            advice="Examples: https://web1:22222/netdata, http://web1:19999, local:, "
            "admin@web1, web1",
        )


def spelled_out(text: str) -> str:
    """What a person wrote without a scheme, as the URL that it means; a URL stays as it is.

    A bare host is one to log in to by SSH, since a Netdata that is set up well listens to its own
    machine alone; one with a path is a web server, over https.  A port decides by what belongs to
    it: SSH at 22 and 2222, https at 443 and 22222 (where WordOps has Netdata below /netdata), and
    plain HTTP everywhere else.  This computer is plain HTTP at Netdata's own port.  Raises
    `InvalidAddress` for several words.
    """
    if len(text.split()) > 1:
        shown = " ".join(text.split())
        shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
        raise InvalidAddress(f'"{shown}" is no address, as there is a space in it.')
    if "://" in text:
        return text
    if is_ipv6(text):
        text = f"[{text}]"
    netloc, slash, path = text.partition("/")
    if "@" in netloc and (not path or netloc.endswith(":")):
        # The second is the form of scp, whose path is of no use here.
        return f"ssh://{netloc.removesuffix(':')}"
    host, colon, port = netloc.rpartition(":")
    if not colon or netloc.endswith("]"):
        host, port = netloc, ""
    if is_loopback(host):
        return f"http://{host}:{port or NETDATA_PORT}{slash}{path}"
    if port == str(WORDOPS_PORT) and not path:
        return f"https://{netloc}/netdata"
    return f"{_scheme(netloc, port, path)}://{netloc}{slash}{path}"


def _scheme(netloc: str, port: str, path: str) -> str:
    if port in _HTTPS_PORTS or (path and not port):
        return "https"
    return "ssh" if netloc and port in _SSH_PORTS else "http"


def is_loopback(host: str) -> bool:
    """Whether a host, an IPv6 address in brackets or not, is this computer and nothing else."""
    host = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "ip6-localhost") or host.endswith(".localhost")


def is_ipv6(text: str) -> bool:
    """Whether this is an IPv6 address as people write it, without brackets."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
