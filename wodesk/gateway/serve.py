"""The command `wodesk serve`.

Only this module is imported to show its options: the parts that need the extra `serve` are
imported when the command runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import ipaddress
import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from wodesk.gateway.errors import CannotServe
from wodesk.models.errors import SourceError
from wodesk.models.server import THIS_COMPUTER, Server, server_at

log = logging.getLogger(__name__)

DEFAULT_PORT = 8321
_NEEDED = ("argon2", "fastapi", "jwt", "python_multipart", "uvicorn")
_LONGEST_SESSION = 7 * 24 * 60
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wodesk serve`."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=DEFAULT_PORT, help="port (default: %(default)s)")
    add(
        "--address",
        metavar="ADDRESS",
        help="what to serve: local:, http://HOST[:PORT][/PREFIX], https://... or a host "
        "(default: Netdata on this machine, else the machine itself)",
    )
    add("--tls-cert", type=Path, metavar="FILE", help="certificate chain in PEM")
    add("--tls-key", type=Path, metavar="FILE", help="its key, if it is not in the same file")
    add(
        "--behind-proxy",
        action="store_true",
        help="listen beyond loopback without TLS, because a proxy before it does that",
    )
    add(
        "--trusted-proxy",
        action="append",
        type=_network,
        default=[],
        metavar="ADDRESS",
        help="proxy (address or network) whose X-Forwarded-For is believed; repeatable",
    )
    add(
        "--allowed-host",
        action="append",
        type=_host_name,
        default=[],
        metavar="NAME",
        help="name under which browsers and clients know this server; repeatable",
    )
    add("--users", type=Path, metavar="FILE", help="file of users (default: in the settings)")
    add("--add-user", metavar="NAME", help="add a user or change a password, and end")
    add(
        "--token-minutes",
        type=_minutes,
        default=60,
        metavar="N",
        help="how long a login lasts (default: %(default)s)",
    )


def run(chosen: argparse.Namespace, server: Server | None = None) -> int:
    """Serve until told to end, or add a user; the exit code is 0, or 1 with a sentence.

    `server` overrides `--address`: whoever knows the saved servers may look a name up in them.
    """
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return _complain('`wodesk serve` needs more packages: pip install "wodesk[serve]"')
    # A server has a journal: it says who logged in and when Netdata was gone without --verbose.
    logging.getLogger("wodesk.gateway").setLevel(logging.INFO)
    try:
        if chosen.add_user is not None:
            _add_user(chosen)
        else:
            _serve(chosen, server or _server(chosen.address))
    except CannotServe as error:
        return _complain(str(error))
    except SourceError as error:
        return _complain(f"{error.message} {error.advice}".rstrip())
    return 0


def _add_user(chosen: argparse.Namespace) -> None:
    # The extra `serve`: see above.
    from wodesk.gateway.accounts import add_user  # noqa: PLC0415
    from wodesk.gateway.users import Users  # noqa: PLC0415

    add_user(Users(_users_file(chosen)), chosen.add_user)


def _serve(chosen: argparse.Namespace, server: Server) -> None:
    # The extra `serve`: see above.
    from wodesk.gateway.app import create_app  # noqa: PLC0415
    from wodesk.gateway.connection import Opening  # noqa: PLC0415
    from wodesk.gateway.guards import LOOPBACK_NAMES  # noqa: PLC0415
    from wodesk.gateway.listening import (  # noqa: PLC0415
        is_loopback,
        listeners,
        load_certificate,
        resolved,
        tls_context,
    )
    from wodesk.gateway.running import run_server  # noqa: PLC0415
    from wodesk.gateway.tokens import Tokens, key_in  # noqa: PLC0415
    from wodesk.gateway.users import Users  # noqa: PLC0415

    certificate, key = chosen.tls_cert, chosen.tls_key
    if key is not None and certificate is None:
        raise CannotServe("--tls-key needs --tls-cert beside it.")
    places = resolved(chosen.host, chosen.port)
    if certificate is None and not chosen.behind_proxy and not is_loopback(places):
        raise CannotServe(
            f"On {chosen.host}, passwords would cross the network in clear: "
            "give --tls-cert and --tls-key, or --behind-proxy if a proxy adds TLS."
        )
    if chosen.behind_proxy and not chosen.trusted_proxy:
        log.warning("every failed login counts for the proxy; --trusted-proxy tells clients apart")
    users = Users(_users_file(chosen))
    if not users.known():
        raise CannotServe(
            f"There are no users in {users.path}: wodesk serve --users {users.path} --add-user NAME"
        )
    tls = None if certificate is None else tls_context(certificate, key)
    tokens = Tokens(key_in(_state_folder() / "serve.key"), minutes=chosen.token_minutes)
    app = create_app(
        Opening(server),
        users,
        tokens,
        allowed_hosts=(*LOOPBACK_NAMES, chosen.host, *chosen.allowed_host),
        trusted_proxies=chosen.trusted_proxy,
    )
    with listeners(places) as sockets:
        run_server(
            app,
            sockets,
            tls=tls,
            announce=_announcing(server, chosen.host, sockets[0].getsockname()[1], tls is not None),
            reload=lambda: None if tls is None else load_certificate(tls, certificate, key),
        )


def _announcing(server: Server, host: str, port: int, has_tls: bool) -> Callable[[], None]:
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if has_tls else 'http'}://{shown}:{port}"
    return lambda: print(f"wodesk serves {server.name} at {url}; Ctrl+C ends it.", flush=True)


def _server(address: str | None) -> Server:
    return THIS_COMPUTER if address is None else server_at(address)


def _users_file(chosen: argparse.Namespace) -> Path:
    if chosen.users is not None:
        return Path(chosen.users)
    return platformdirs.user_config_path("wodesk", appauthor=False) / "serve-users"


def _state_folder() -> Path:
    """What systemd gives a service, else the folder of the person who runs it."""
    given = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(given) if given else platformdirs.user_state_path("wodesk", appauthor=False)


def _complain(sentence: str) -> int:
    print(f"wodesk: {sentence}", file=sys.stderr)
    return 1


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) < 1 << 16):
        raise argparse.ArgumentTypeError("a port is a number from 0 (any) to 65535")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _LONGEST_SESSION):
        raise argparse.ArgumentTypeError(f"a login lasts 1 to {_LONGEST_SESSION} minutes")
    return int(text)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(
            "a proxy is an address or a network, such as 127.0.0.1 or 10.0.0.0/8"
        ) from exc


def _host_name(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        if not _HOST_NAME.fullmatch(text):
            raise argparse.ArgumentTypeError(
                "a host is a name without port, such as web3.example.org"
            ) from None
        return text
