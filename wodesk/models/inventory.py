"""Ansible's inventories in INI form: hosts in groups, with variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from wodesk.models.candidate import Draft
from wodesk.models.words import words_of

MOST_OF_A_RANGE = 1000
EVERYBODY = "all"
_SECTION = re.compile(r"\[([A-Za-z_][\w.-]*)(?::(vars|children|hosts))?\]")
_VARIABLE = re.compile(r"([A-Za-z_]\w*)\s*=\s*(.*)")
_RANGE = re.compile(r"\[(?:(\d{1,6}):(\d{1,6})(?::(\d{1,6}))?|([a-z]):([a-z])|([A-Z]):([A-Z]))\]")
_WITH_PORT = re.compile(r"^([\w.-]+):\d{1,5}$")
_HOST = ("ansible_host", "ansible_ssh_host")
_USER = ("ansible_user", "ansible_ssh_user")
_PORT = ("ansible_port", "ansible_ssh_port")
_PASSWORD = ("ansible_password", "ansible_ssh_pass", "ansible_pass")
_ARGUMENTS = ("ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args")
_BY_SSH = frozenset({"", "ssh", "smart", "paramiko", "paramiko_ssh", "ansible.builtin.ssh"})
_MOST_RANGES = 4


class Section(Struct, frozen=True):
    """What the lines below a `[group]` are: hosts, or `vars`, or `children`."""

    group: str = ""
    kind: str = ""


def section(text: str) -> Section | None:
    """The section that a line begins, if it begins one."""
    found = _SECTION.fullmatch(text)
    return Section(found[1], (found[2] or "").replace("hosts", "")) if found else None


def looks_like_host(text: str) -> bool:
    """Whether a line has what only inventories have: variables, or a range of names."""
    words = words_of(text)
    if not words or "://" in words[0]:
        return False
    has_variable = any(_VARIABLE.fullmatch(word) for word in words[1:])
    return _RANGE.search(words[0]) is not None or has_variable


@dataclass(slots=True)
class Variables:
    """What holds for groups of hosts."""

    _groups: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Variables:
        """Those of all `[group:vars]` of a list, which may come after the hosts."""
        found = cls()
        current = Section()
        for line in lines:
            begun = section(line)
            current = begun or current
            variable = _VARIABLE.fullmatch(line) if begun is None else None
            if current.kind == "vars" and variable is not None:
                value = " ".join(words_of(variable[2]))
                found._groups.setdefault(current.group, {})[variable[1]] = value
        return found

    def for_host(self, group: str, own: Mapping[str, str]) -> dict[str, str]:
        """All that holds for a host: what is nearer to it wins."""
        return {**self._groups.get(EVERYBODY, {}), **self._groups.get(group, {}), **own}


def drafts(text: str, group: str, variables: Variables) -> Iterator[Draft]:
    """The servers of one line of hosts."""
    words = words_of(text)
    pairs = (_VARIABLE.fullmatch(word) for word in words[1:])
    own = {pair[1]: pair[2] for pair in pairs if pair is not None}
    said = variables.for_host(group, own)
    tags = (group,) if group not in ("", EVERYBODY, "ungrouped") else ()
    for name in _expanded(words[0], _MOST_RANGES):
        yield _draft(name, said, tags)


def _draft(name: str, said: Mapping[str, str], tags: tuple[str, ...]) -> Draft:
    if said.get("ansible_connection") == "local":
        return Draft("local:", name, tags=tags)
    return Draft(
        address=_first(said, _HOST) or name,
        name=_WITH_PORT.sub(r"\1", name),
        user=_first(said, _USER),
        port=_first(said, _PORT),
        tags=tags,
        remark=_remark(said),
        is_login=True,
    )


def _remark(said: Mapping[str, str]) -> str:
    remarks = []
    connection = said.get("ansible_connection", "")
    if connection not in _BY_SSH:
        remarks.append(f"Ansible reaches it by {connection}, wodesk by SSH.")
    if _first(said, _PASSWORD):
        remarks.append("Its password was left out: wodesk asks for it.")
    if any(word in _first(said, _ARGUMENTS) for word in ("-J", "Proxy")):
        remarks.append("The way through its jump host belongs into ~/.ssh/config.")
    return " ".join(remarks)


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _expanded(name: str, ranges: int) -> Iterator[str]:
    """The names that `web[01:20].example` stands for; at most `MOST_OF_A_RANGE` for each range."""
    found = _RANGE.search(name) if ranges else None
    parts = _parts(found) if found is not None else []
    if found is None or not parts:
        yield name
        return
    before, after = name[: found.start()], name[found.end() :]
    for part in parts:
        yield from (f"{before}{part}{rest}" for rest in _expanded(after, ranges - 1))


def _parts(found: re.Match[str]) -> list[str]:
    if found[1]:
        width = len(found[1])
        numbers = range(int(found[1]), int(found[2]) + 1, int(found[3] or 1) or 1)
        return [str(number).zfill(width) for number in numbers[:MOST_OF_A_RANGE]]
    first, last = (found[4], found[5]) if found[4] else (found[6], found[7])
    return [chr(code) for code in range(ord(first), ord(last) + 1)]
