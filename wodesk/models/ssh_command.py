"""A command line of ssh, as people keep it in their notes."""

from __future__ import annotations

import shlex
from pathlib import PurePath

from msgspec import Struct

from wodesk.models.address import NETDATA_PORT, InvalidAddress, is_ipv6, is_loopback
from wodesk.models.ssh_target import SSHTarget

_PROGRAMS = frozenset({"ssh", "autossh", "slogin", "mosh", "sftp", "ssh-copy-id"})
_BEFORE = frozenset({"$", "#", "%", ">", "sudo", "exec"})
"""What stands before a command in notes: a prompt, or how it is run."""
_WITH_VALUE = "BbcDEeFIiJLlmOoPpQRSWw"
_MATTERS = "bBFiIo"
"""Options that change the way to the server, and that an address has no place for."""
_SETTINGS = {"port": "p", "user": "l", "proxyjump": "J"}


class SSHCommand(Struct, frozen=True):
    """Where a command leads, and the options of it that an address cannot hold."""

    target: SSHTarget
    left_out: tuple[str, ...] = ()


def is_ssh_command(text: str) -> bool:
    """Whether this looks like a command rather than an address."""
    words = _words(text)
    named = bool(words) and PurePath(words[0]).name in _PROGRAMS
    return len(words) > 1 and (named or any(word.startswith("-") for word in words))


def parse_ssh_command(text: str) -> SSHCommand:
    """What `ssh -J jump admin@web3 -p 2222` leads to; the word `ssh` may be missing.

    A forwarding (`-L 19999:db:19999`) tells where the agent is.  Raises `InvalidAddress`.
    """
    words = _words(text)
    if words and PurePath(words[0]).name in _PROGRAMS:
        del words[0]
    options, destination = _taken_apart(words)
    if not destination:
        raise InvalidAddress("This command names no server.")
    known, left_out = _settings(options)
    if is_ipv6(destination):
        destination = f"[{destination}]"
    given = SSHTarget.parse(destination if "://" in destination else f"ssh://{destination}")
    user, port = given.user or known.get("l"), given.port or known.get("p")
    address = "".join(
        (
            f"ssh://{user}@" if user else "ssh://",
            str(SSHTarget(given.host)).removeprefix("ssh://"),
            f":{port}" if port else "",
            _agent(options),
            f"?jump={known['J']}" if known.get("J", "none") != "none" else "",
        )
    )
    return SSHCommand(SSHTarget.parse(address), left_out)


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError:
        return text.split()
    while words and words[0] in _BEFORE:
        del words[0]
    return words


def _taken_apart(words: list[str]) -> tuple[list[tuple[str, str]], str]:
    """The options with their values, and the destination; what follows it is run there."""
    options: list[tuple[str, str]] = []
    destination = ""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            if destination:
                break
            destination = word
            continue
        flags = word[1:]
        while flags:
            flag, flags = flags[0], flags[1:]
            if flag in _WITH_VALUE:
                options.append((flag, flags or (rest.pop(0) if rest else "")))
                break
    return options, destination


def _settings(options: list[tuple[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The user, the port and the jump that options name, the first of each; and what is left."""
    known: dict[str, str] = {}
    left_out: list[str] = []
    for flag, value in options:
        shown = f"-{flag}"
        if flag == "o":
            name, _, value = value.replace("=", " ", 1).partition(" ")  # noqa: PLW2901
            flag = _SETTINGS.get(name.lower(), "o")  # noqa: PLW2901
            shown = f"-o {name}"
        if flag in "plJ":
            known.setdefault(flag, value.strip())
        elif flag in _MATTERS:
            left_out.append(shown)
    return known, tuple(dict.fromkeys(left_out))


def _agent(options: list[tuple[str, str]]) -> str:
    """The agent that a forwarding to Netdata's port leads to, where the default is none."""
    for flag, value in options:
        before, _, port = value.rpartition(":")
        _, colon, host = before.rpartition(":")
        forwards = flag == "L" and port == str(NETDATA_PORT) and bool(colon)
        if forwards and "]" not in host and not is_loopback(host):
            return f"/{host}:{port}"
    return ""
