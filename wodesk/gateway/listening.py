"""Where the gateway listens, and with which certificate."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from wodesk.gateway.errors import CannotServe

_BACKLOG = 256
_Where = tuple[socket.AddressFamily, tuple[str, int]]


def resolved(host: str, port: int) -> list[_Where]:
    """The addresses that a host stands for; raises `CannotServe`."""
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
        )
    except (OSError, UnicodeError) as exc:
        raise CannotServe(f"The host {host!r} to listen on is not known here.") from exc
    return list(dict.fromkeys((entry[0], (str(entry[4][0]), port)) for entry in found))


def is_loopback(places: list[_Where]) -> bool:
    """Whether nobody but this machine can reach them."""
    return all(ipaddress.ip_address(place[0].split("%")[0]).is_loopback for _, place in places)


@contextmanager
def listeners(places: list[_Where]) -> Iterator[list[socket.socket]]:
    """A listening socket for each place; port 0 is one free port for all of them.

    Raises `CannotServe` if one place cannot be had.
    """
    with ExitStack() as opened:
        made: list[socket.socket] = []
        for family, (address, wanted) in places:
            port = wanted or (made[0].getsockname()[1] if made else 0)
            made.append(opened.enter_context(_listener(family, address, port)))
        yield made


def _listener(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            # There, it would let another program take the port as well.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(_BACKLOG)
    except OSError as exc:
        listener.close()
        raise CannotServe(
            f"wodesk cannot listen on port {port} of {address}: {exc.strerror}."
        ) from exc
    return listener


def tls_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """What the server shows; the key may be in the file of the certificate.

    Raises `CannotServe` with the file that is missing, unreadable or not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load_certificate(context, certificate, key)
    return context


def load_certificate(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Read the files into `context`, also into one in use; new connections then show them."""
    for path in (certificate, key or certificate):
        try:
            path.open("rb").close()
        except OSError as exc:
            raise CannotServe(f"{path} cannot be read: {exc.strerror}.") from exc
    try:
        # First into one that nobody uses: a key that does not fit would leave `context` with half.
        for loading in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), context):
            loading.load_cert_chain(certificate, key, password=_refuse)
    except _Locked as exc:
        raise CannotServe(f"The key in {key or certificate} asks for a passphrase.") from exc
    except (ssl.SSLError, OSError) as exc:
        raise CannotServe(
            f"{certificate} and {key or 'the key in it'} are no certificate in PEM with its key."
        ) from exc


class _Locked(Exception):
    """OpenSSL wants a passphrase; left alone, it would ask the terminal."""


def _refuse() -> str:
    raise _Locked
