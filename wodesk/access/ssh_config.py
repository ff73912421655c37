"""What ssh_config says of the way to a server.

This asks the config the questions that asyncssh does not: which known_hosts files count, which
keys are revoked, whether a person may be asked, and through which other servers the way leads.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import asyncssh
from msgspec import Struct

from wodesk.access.known_hosts import GLOBAL_FILES, SSH_PORT, USER_FILES
from wodesk.access.ssh_config_lines import CONFIG_FILES
from wodesk.access.ssh_config_notes import notes
from wodesk.access.ssh_config_reader import Config
from wodesk.access.ssh_tcp import Endpoint
from wodesk.models.errors import Hop, Unreachable
from wodesk.models.ssh_target import SSHTarget

__all__ = ["CONFIG_FILES", "Keys", "Leg", "route"]

_IDENTITIES = ("id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk")
_MOST_LEGS = 8
_CHECKING = frozenset({"yes", "true", "ask", "accept-new", "no", "false", "off"})


class Keys(Struct, frozen=True):
    """With which keys to log in: the files and the agent that ssh_config allows."""

    identities: tuple[Path, ...]
    certificates: tuple[Path, ...]
    only_these: bool
    agent: str
    """The agent's socket; empty if there is no agent."""


class Leg(Struct, frozen=True):
    """One SSH connection on the way; the first leads from here, each other one through the last.

    `known_as` and `known_port` are the name under which known_hosts has the key, `revoked` the file
    of keys that no host may have.  A leg that `is_strict` takes known keys alone, and nobody is
    asked; an RSA key has `least_rsa` bits.  `options` has all of ssh_config that asyncssh deals
    with itself, `notes` say what nobody does.
    """

    alias: str
    user: str
    endpoint: Endpoint
    known_as: str
    known_port: int
    known_hosts: tuple[Path, ...]
    revoked: Path | None
    is_strict: bool
    least_rsa: int
    saved_in: Path | None
    hides_names: bool
    keys: Keys
    has_proxy_command: bool
    chooses_host_keys: bool
    options: asyncssh.SSHClientConnectionOptions
    notes: tuple[str, ...]

    @property
    def account(self) -> str:
        """What a password opens here: `user@host:port`."""
        return f"{self.user}@{self.endpoint}"

    def __str__(self) -> str:
        """The server as a person knows it."""
        if self.endpoint.port == SSH_PORT:
            return self.alias
        return str(Endpoint(self.alias, self.endpoint.port))


def route(target: SSHTarget, files: Sequence[Path] = CONFIG_FILES) -> tuple[Leg, ...]:
    """The way to a server; reads files, and may run what a `Match exec` says.

    Raises `Unreachable` with the file and the line that cannot be understood.
    """
    paths = [path for file in files if os.access(path := file.expanduser(), os.R_OK)]
    try:
        return tuple(_legs(target, paths, 1))
    except (ValueError, OSError, asyncssh.Error, LookupError) as exc:
        raise Unreachable(
            f"The SSH configuration for {target.host} cannot be used: {exc}.",
            hop=Hop.ADDRESS,
            advice="`ssh -G HOST` shows what ssh itself makes of it.",
        ) from exc


def _legs(target: SSHTarget, paths: list[Path], count: int) -> list[Leg]:
    """The legs to a host, and before them those to the hosts that one has to pass."""
    if count > _MOST_LEGS:
        raise ValueError("ProxyJump leads in circles")
    config = _config(target, paths)
    jumps = [one for one in (target.jump or str(config.get("ProxyJump") or "")).split(",") if one]
    legs: list[Leg] = []
    for jump in jumps:
        place = _place(jump)
        if legs:
            # As with ssh, only the first one may itself be reached through another.
            legs.append(_leg(place.host, _config(place, paths)))
        else:
            legs = _legs(place, paths, count + len(jumps))
    return [*legs, _leg(target.host, config)]


def _place(jump: str) -> SSHTarget:
    return SSHTarget.parse(jump if jump.startswith("ssh://") else f"ssh://{jump}")


def _config(target: SSHTarget, paths: list[Path]) -> Config:
    given: tuple[Any, ...] = (
        getpass.getuser(),
        () if target.user is None else target.user,
        target.host,
        () if target.port is None else target.port,
    )
    return Config.read(paths, *given)


def _refuse(config: Config) -> None:
    """Refuse what asks for another connection than could be made."""
    if (line := config.said.get("refuseconnection")) is not None:
        raise ValueError(f"{line.place}: RefuseConnection {line.rest}")
    line = config.said.get("proxyusefdpass")
    if line is not None and line.words != ("no",) and config.get("ProxyCommand") is not None:
        raise ValueError(f"{line.place}: ProxyUseFdpass is not supported")


def _leg(alias: str, config: Config) -> Leg:
    _refuse(config)
    host = str(config.get("Hostname", alias))
    port = int(str(config.get("Port", SSH_PORT)))
    source = config.get("BindAddress")
    key_alias = config.get("HostKeyAlias")
    user_files = _paths(config.get("UserKnownHostsFile", USER_FILES))
    return Leg(
        alias=alias,
        user=str(config.get("User") or getpass.getuser()),
        endpoint=Endpoint(
            host,
            port,
            int(str(config.get("AddressFamily", int(socket.AF_UNSPEC)))),
            str(source) if source else None,
        ),
        known_as=str(key_alias or host),
        known_port=SSH_PORT if key_alias else port,
        known_hosts=user_files + _paths(config.get("GlobalKnownHostsFile", GLOBAL_FILES)),
        revoked=_revoked(config),
        is_strict=_is_strict(config),
        least_rsa=int(str(config.get("RequiredRSASize", 0))),
        saved_in=user_files[0] if user_files else None,
        hides_names=config.get("HashKnownHosts") is True,
        keys=_keys(config),
        has_proxy_command=config.get("ProxyCommand") is not None,
        chooses_host_keys=config.get("HostKeyAlgorithms") is not None,
        options=_options(config),
        notes=notes(config.said),
    )


def _revoked(config: Config) -> Path | None:
    file = config.get("RevokedHostKeys")
    return Path(str(file)).expanduser() if file else None


def _is_strict(config: Config) -> bool:
    """Whether unknown host keys are refused; any other setting has a person asked."""
    setting = str(config.get("StrictHostKeyChecking", "ask")).lower()
    if setting not in _CHECKING:
        raise ValueError(f"{config.said['stricthostkeychecking'].place}: {setting} is no setting")
    return setting in ("yes", "true")


def _keys(config: Config) -> Keys:
    defaults = tuple(Path("~/.ssh", name) for name in _IDENTITIES)
    return Keys(
        identities=_paths(config.get("IdentityFile", defaults)),
        certificates=_paths(config.get("CertificateFile", ())),
        only_these=config.get("IdentitiesOnly") is True,
        agent=_agent(config.get("IdentityAgent", "SSH_AUTH_SOCK")),
    )


def _agent(setting: object) -> str:
    """Where the agent listens; `none` has become None, and a variable may be named."""
    text = str(setting or "")
    if text == "SSH_AUTH_SOCK" or text.startswith("$"):
        text = os.environ.get(text.lstrip("$"), "")
    return str(Path(text).expanduser()) if text else ""


def _options(config: Config) -> asyncssh.SSHClientConnectionOptions:
    """What asyncssh needs to know beside the file: nothing that it would look for by itself.

    Keys, agent and known hosts are ours to choose; X.509, GSSAPI and host based logins would
    bring in trust that nobody has looked at, and forwarding has no use here.
    """
    options = asyncssh.SSHClientConnectionOptions(
        config=None,
        client_keys=None,
        x509_trusted_certs=None,
        x509_trusted_cert_paths=[],
        gss_host=None,
        gss_kex=False,
        gss_auth=False,
        host_based_auth=False,
        agent_forwarding=False,
        x11_forwarding=False,
        canonicalize_hostname=False,
        connect_timeout=None,
        login_timeout=0,
    )
    options.config = config
    return options


def _paths(setting: object) -> tuple[Path, ...]:
    entries = dict.fromkeys(cast("Iterable[str | Path]", setting))
    return tuple(Path(entry).expanduser() for entry in entries)
