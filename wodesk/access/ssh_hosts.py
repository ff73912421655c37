"""Which hosts the user's ssh_config names, for a person to choose from.

Nothing is run and nobody is asked: what a `Match` says depends on more than the name, and is left
to the moment of the connection.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from wodesk.access.ssh_config_lines import (
    CONFIG_FILES,
    DEEPEST_INCLUDE,
    BadLine,
    Line,
    included,
    lines_of,
    shown,
)
from wodesk.models.event import SSHHosts
from wodesk.models.ssh_hosts import SSH_PORT, SSHHost

MOST_HOSTS = 10_000
_MOST_FILES = 500
_MOST_PROBLEMS = 20
_SHOWN = frozenset({"hostname", "user", "port", "proxyjump", "proxycommand"})
_PORT = re.compile(r"[0-9]{1,5}")
_TOKEN = re.compile(r"%([%hn])")


@dataclass(frozen=True)
class _Names:
    """The patterns of a `Host` line."""

    patterns: tuple[str, ...]

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(self.concrete)

    @cached_property
    def _open(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(text) for text in self.patterns if _is_pattern(text))

    @cached_property
    def _refused(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(text[1:]) for text in self.patterns if text.startswith("!"))

    @property
    def is_exact(self) -> bool:
        """Whether it holds for hosts that it names, and no others."""
        return not self._open

    @property
    def concrete(self) -> tuple[str, ...]:
        """Those that are names of hosts."""
        return tuple(t for t in self.patterns if t and not t.startswith("!") and not _is_pattern(t))

    def match(self, alias: str) -> bool:
        """Whether the lines below are for this host."""
        if alias not in self._exact and not any(one.fullmatch(alias) for one in self._open):
            return False
        return not any(one.fullmatch(alias) for one in self._refused)


@dataclass
class _Block:
    """Settings, and what must hold for them; `number` counts from the first line."""

    number: int
    conditions: tuple[_Names, ...]
    settings: dict[str, str] = field(default_factory=dict)


def list_hosts(files: Sequence[Path] = CONFIG_FILES) -> SSHHosts:
    """Every host that the files name, in their order; reads files."""
    reading = _Reading()
    for file in files:
        reading.read(file.expanduser(), (), 0)
    return SSHHosts(
        hosts=tuple(reading.host(alias) for alias in reading.places),
        files=tuple(shown(file) for file in reading.files),
        problems=tuple(reading.problems[:_MOST_PROBLEMS]),
    )


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.files: list[Path] = []
        self.problems: list[str] = []
        self._count = 0
        self._open: list[_Block] = []
        self._exact: dict[str, list[_Block]] = {}

    def read(self, file: Path, conditions: tuple[_Names, ...], depth: int) -> None:
        """Read a file and what it includes, all of it under conditions."""
        if depth > DEEPEST_INCLUDE or len(self.files) >= _MOST_FILES:
            self.problems.append(f"{shown(file)} is included too deeply; it was left out.")
            return
        try:
            lines = list(lines_of(file))
        except FileNotFoundError:
            return
        except OSError as exc:
            self.problems.append(f"{shown(file)} cannot be read: {exc.strerror}.")
            return
        except BadLine as exc:
            self.problems.append(f"{exc}; it was left out.")
            return
        self.files.append(file)
        block: _Block | None = self._block(conditions)
        for line in lines:
            try:
                block = self._take(line, block, conditions, depth)
            except BadLine as exc:
                self.problems.append(f"{exc}.")

    def host(self, alias: str) -> SSHHost:
        """What the config says of one of its hosts: what is said first holds."""
        said: dict[str, str] = {}
        # Thousands of hosts are common where a tool writes the file: each looks at its own blocks.
        own = self._exact.get(alias, ())
        for block in heapq.merge(own, self._open, key=attrgetter("number")):
            if block.settings and all(names.match(alias) for names in block.conditions):
                said = block.settings | said
        host = _TOKEN.sub(lambda t: "%" if t[1] == "%" else alias, said.get("hostname", alias))
        jump = said.get("proxyjump", "")
        command = said.get("proxycommand", "")
        if not jump and command and command.lower() != "none":
            jump = "a command"
        return SSHHost(
            alias=alias,
            host=host,
            user=said.get("user", ""),
            port=int(said.get("port", SSH_PORT)),
            jump="" if jump.lower() == "none" else jump,
            place=self.places[alias],
        )

    def _take(
        self, line: Line, block: _Block | None, outer: tuple[_Names, ...], depth: int
    ) -> _Block | None:
        """Take in a line; the block for the lines below, None while they are not looked at."""
        match line.keyword:
            case "host":
                names = _Names(line.words)
                for alias in names.concrete:
                    if len(self.places) < MOST_HOSTS:
                        self.places.setdefault(alias, line.place)
                return self._block((*outer, names))
            case "match":
                is_always = [word.lower() for word in line.words] == ["all"]
                return self._block(outer) if is_always else None
            case "include" if block is not None:
                for pattern in line.words:
                    for file in included(pattern, line.file):
                        self.read(file, block.conditions, depth + 1)
                # What follows comes after what was included.
                return self._block(block.conditions)
            case keyword if keyword in _SHOWN and block is not None:
                self._set(line, block)
        return block

    def _block(self, conditions: tuple[_Names, ...]) -> _Block:
        block = _Block(self._count, conditions)
        self._count += 1
        names = next((names for names in conditions if names.is_exact), None)
        if names is None:
            self._open.append(block)
        else:
            for alias in set(names.concrete):
                self._exact.setdefault(alias, []).append(block)
        return block

    def _set(self, line: Line, block: _Block) -> None:
        words = line.words
        if not words:
            raise BadLine(f"{line.place}: {line.keyword} has no value")
        if line.keyword == "port" and not _PORT.fullmatch(words[0]):
            raise BadLine(f"{line.place}: the port is no number from 1 to 65535")
        value = line.rest if line.keyword == "proxycommand" else words[0]
        block.settings.setdefault(line.keyword, value)


def _is_pattern(text: str) -> bool:
    return not text.startswith("!") and ("*" in text or "?" in text)


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of ssh, which knows * and ? alone."""
    # Neighbouring stars mean what one does, and would take for ever on a long name.
    text = re.sub(r"\*+", "*", text)
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text),
        re.DOTALL,
    )
