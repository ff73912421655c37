"""ssh_config as ssh reads it, where asyncssh's own reader does not.

asyncssh knows what most options mean; the lines, the order of included files, who may have
written them, and the moment at which %h and the like are replaced are dealt with here.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from asyncssh.config import SSHClientConfig

from wodesk.access.ssh_config_lines import (
    DEEPEST_INCLUDE,
    SYSTEM_FOLDER,
    BadLine,
    Line,
    included,
    lines_of,
    shown,
)

if sys.platform != "win32":
    import grp
    import pwd

_ROOT = 0
_WITHOUT_ARGUMENT = frozenset({"all", "canonical", "final"})
_RIVALS = {"proxycommand": "ProxyJump", "proxyjump": "ProxyCommand"}
"""Of these two, the one that is said first holds, be it `none`."""
_QUIETLY = 'exec 9>&2 2>/dev/null; exec "$0" -c "$1"'
"""asyncssh takes what a command writes on stderr for the server's, and its end for the end of the
connection: that pipe has to be open, and empty."""
_TOKEN = re.compile(r"%(.)")


class Config(SSHClientConfig):
    """What the files say of one host."""

    _handlers = {  # noqa: RUF012
        **SSHClientConfig._handlers,
        "hashknownhosts": ("HashKnownHosts", SSHClientConfig._set_bool),
        "requiredrsasize": ("RequiredRSASize", SSHClientConfig._set_int),
        "revokedhostkeys": ("RevokedHostKeys", SSHClientConfig._set_string),
        "stricthostkeychecking": ("StrictHostKeyChecking", SSHClientConfig._set_string),
    }
    _expanded = (
        "CertificateFile",
        "IdentityAgent",
        "IdentityFile",
        "RevokedHostKeys",
        "UserKnownHostsFile",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.said: dict[str, Line] = {}
        """The line of each option that holds, by its name in lower case."""

    @classmethod
    def read(cls, files: Iterable[Path], *given: object) -> Self:
        """What these files say; `given` is the own user, and user, host and port of the address.

        Raises `ValueError` with the file and the line, and `OSError`.
        """
        files = list(files)
        config = cls(None, False, False, False, *given)
        config._take(files)
        if config.has_match_final():
            # As with ssh, what the first pass found holds in the second.
            first, config = config, cls(config, False, False, True, *given)
            config.said = first.said
            config._take(files)
        config._replace_tokens()
        return config

    def _take(self, files: Iterable[Path]) -> None:
        self._tokens = {"%": "%"}
        for file in files:
            self._take_file(file, 0, is_users=not file.is_relative_to(SYSTEM_FOLDER))
        self.loaded = True

    def _take_file(self, file: Path, depth: int, *, is_users: bool) -> None:
        if depth > DEEPEST_INCLUDE:
            raise BadLine(f"{shown(file)} is included too deeply")
        if is_users:
            _refuse_of_others(file)
        self._matching = True
        for line in lines_of(file):
            self._path, self._line_no = Path(shown(file)), line.number
            if line.keyword == "include" and self._matching:
                for pattern in line.words:
                    for found in included(pattern, file):
                        self._take_file(found, depth + 1, is_users=is_users)
                self._matching = True
            elif self._matching or line.keyword in self._conditionals:
                self._take_line(line)

    def _take_line(self, line: Line) -> None:
        keyword = line.keyword
        if keyword not in self._conditionals:
            self.said.setdefault(keyword, line)
        if keyword not in self._handlers or self.get(_RIVALS.get(keyword, ""), "") != "":
            return
        option, handler = self._handlers[keyword]
        arguments = [line.rest] if keyword in self._no_split else list(line.words)
        if keyword == "match":
            arguments = list(self._conditions(line.words))
        if not arguments:
            self._error(f"Missing {option} value")
        handler(self, option, arguments)
        if arguments:
            self._error(f"Extra data at end: {' '.join(arguments)}")

    def _conditions(self, words: Iterable[str]) -> Iterator[str]:
        """The words of a `Match`, where `user=me` is two; commands have their tokens replaced."""
        rest = iter(words)
        for word in rest:
            name, equals, value = word.partition("=")
            yield name
            if name.lower().lstrip("!") in _WITHOUT_ARGUMENT:
                continue
            argument = value if equals else next(rest, None)
            if argument is not None:
                is_command = name.lower().lstrip("!") == "exec"
                yield self._with_tokens(argument) if is_command else argument

    def _with_tokens(self, text: str) -> str:
        """A command with its tokens replaced; what is a variable is left to the shell."""
        self._set_tokens()
        return _TOKEN.sub(self._expand_token, text)

    def _set_tokens(self) -> None:
        super()._set_tokens()
        self._tokens["k"] = str(self._options.get("HostKeyAlias") or self._orig_host)

    def _replace_tokens(self) -> None:
        self._set_tokens()
        for option in self._expanded:
            value = self._options.get(option)
            if isinstance(value, list):
                self._options[option] = [self._expand_val(item) for item in value]
            elif isinstance(value, str):
                self._options[option] = self._expand_val(value)
        command = self._options.get("ProxyCommand")
        if isinstance(command, str):
            self._options["ProxyCommand"] = _in_shell(self._with_tokens(command))


def _in_shell(command: str) -> str | list[str]:
    """What asyncssh is to run, which by itself splits a command and uses no shell."""
    if sys.platform == "win32":
        return command
    shell = os.environ.get("SHELL") or "/bin/sh"
    return ["/bin/sh", "-c", _QUIETLY, shell, f"exec {command}"]


def _refuse_of_others(file: Path) -> None:
    """Refuse what somebody else can have written: commands stand in it, as ssh knows."""
    if sys.platform == "win32":
        return
    found = file.stat()
    is_own = found.st_uid in (_ROOT, os.getuid()) and not found.st_mode & stat.S_IWOTH
    if not is_own or (found.st_mode & stat.S_IWGRP and not _is_alone(found.st_uid, found.st_gid)):
        raise BadLine(f"{shown(file)} belongs to somebody else, or others can write to it")


def _is_alone(user: int, group: int) -> bool:
    """Whether a group has this user and nobody else, as those have that Debian makes for users."""
    if sys.platform == "win32":
        return False
    users = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_gid == group}
    try:
        # A member without an account is somebody else, too.
        names = set(grp.getgrgid(group).gr_mem)
        return users | {pwd.getpwnam(name).pw_uid for name in names} == {user}
    except KeyError:
        return False
