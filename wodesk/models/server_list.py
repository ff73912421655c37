"""Lists of servers as people have them, read without ever giving up.

One server a line: `name address tags` with blanks, commas, semicolons or tabs between them, a
bare address, a CSV table with a header, a line of /etc/hosts, a command line of ssh, or a host of
an Ansible inventory.  Comments and empty lines are passed over.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from wodesk.models.candidate import Candidate, Draft, candidate
from wodesk.models.inventory import Section, Variables, drafts, looks_like_host, section
from wodesk.models.ssh_command import is_ssh_command
from wodesk.models.table import Columns, columns_of
from wodesk.models.words import cells_of, delimiter_of, tidied, words_of

MOST_LINES = 10_000
LONGEST = 1_000_000
"""Characters."""
_LONGEST_LINE = 2_000
_MARKS = ".!?"
"""What ends a word of a sentence, and no name or tag."""
_PROSE = "There is no address in it. If there is, put a comma after the name before it."
_MOST_WORDS = 6
"""Of a line without anything that looks like an address: a name, a host, and some tags."""
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")


class ServerList(Iterator[Candidate]):
    """The servers of a list, and its lines that are none, one after the other; never raises.

    `remark` tells what of the list was too much; it is complete when everything is read.
    """

    def __init__(self, text: str) -> None:
        self.remark = ""
        self._count = 0
        if len(text) > LONGEST:
            text = text[:LONGEST].rpartition("\n")[0]
            self.remark = "This list is longer than 1 MB: what comes after that was left out."
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if len(lines) > MOST_LINES:
            self.remark = f"This list has {len(lines):,} lines: the first {MOST_LINES:,} were read."
            del lines[MOST_LINES:]
        self._candidates = _candidates(lines)

    def __next__(self) -> Candidate:
        """The next one."""
        found = next(self._candidates)
        self._count += 1
        if self._count > MOST_LINES:
            self.remark = f"This list means more than {MOST_LINES:,} servers: the first were taken."
            raise StopIteration
        return found


def _candidates(lines: list[str]) -> Iterator[Candidate]:
    tidy = [tidied(line[:_LONGEST_LINE]) for line in lines]
    variables = Variables.of(tidy)
    current, columns, is_first = Section(), None, True
    for number, text in enumerate(tidy, start=1):
        # In an inventory a semicolon begins a comment, in a table it is an empty cell.
        if not text or (text.startswith(";") and (columns is None or columns.delimiter != ";")):
            continue
        begun = section(text)
        if begun is not None:
            current = begun
        elif is_first and (columns := columns_of(text)) is not None:
            pass
        elif len(lines[number - 1]) > _LONGEST_LINE:
            yield Candidate(number, text, None, "This line is far too long.", is_wanted=False)
        elif not current.kind:
            yield from _of_line(number, text, current.group, columns, variables)
        is_first = False


def _of_line(
    number: int, text: str, group: str, columns: Columns | None, variables: Variables
) -> Iterator[Candidate]:
    """What one line means; a line of an inventory may be many servers."""
    if is_ssh_command(text):
        yield candidate(number, text, Draft(text, tags=(group,)))
    elif columns is not None:
        yield candidate(number, text, columns.draft(text))
    elif looks_like_host(text):
        for draft in drafts(text, group, variables):
            yield candidate(number, text, draft)
    else:
        yield _plain(number, text, group, variables)


def _plain(number: int, text: str, group: str, variables: Variables) -> Candidate:
    """A line of words or cells: name, address, tags."""
    delimiter = delimiter_of(text)
    cells = cells_of(text, delimiter) if delimiter else words_of(text)
    if delimiter and len(cells) > 1 and _is_in_words(cells):
        delimiter, cells = "", words_of(text)
    cells = [cell for cell in cells if cell]
    if not cells:
        return Candidate(number, text, None, "There is no address in it.", is_wanted=False)
    if delimiter in ("", "\t") and len(cells) > 1 and _ip(cells[0]) is not None:
        return _of_hosts_file(number, text, cells)
    if group and len(cells) == 1:
        (draft,) = drafts(cells[0], group, variables)
        return candidate(number, text, draft)
    if not delimiter and _is_prose(cells):
        return Candidate(number, text, None, _PROSE, is_wanted=False)
    place = 1 if len(cells) > 1 and _likeness(cells[1]) >= _likeness(cells[0]) else 0
    tags = [group, *(tag for cell in cells[2:] for tag in re.split(r"[\s,;]+", cell))]
    name = cells[1 - place] if len(cells) > 1 else ""
    return candidate(number, text, Draft(cells[place], name, tags=tuple(tags)))


def _is_in_words(cells: list[str]) -> bool:
    """Whether the commas are between tags alone, as in `web1 10.0.0.1 shop,blog`."""
    return (
        " " in cells[0]
        and not _likeness(cells[1])
        and any(_likeness(word) for word in cells[0].split()[:2])
    )


def _is_prose(words: list[str]) -> bool:
    """Whether words are a sentence, none of which looks like an address, rather than a server.

    A name that is one, and a host that has no digit either, are told apart by commas or quotes.
    """
    if len(words) == 1 or any(map(_likeness, words)):
        return False
    bare = [word for word in words if " " not in word]
    if all(map(str.isalpha, words)):
        return True
    marked = any(word[-1] in _MARKS or not any(map(str.isalnum, word)) for word in bare)
    return marked or len(words) > _MOST_WORDS


def _of_hosts_file(number: int, text: str, cells: list[str]) -> Candidate:
    """A line of /etc/hosts: an address, and the names that it has."""
    address = _ip(cells[0])
    if address is not None and (address.is_loopback or address.is_unspecified):
        return Candidate(number, text, None, "This is the computer itself.", is_wanted=False)
    if address is not None and (address.is_multicast or str(address) == "255.255.255.255"):
        return Candidate(number, text, None, "No single server has this address.", is_wanted=False)
    short = cells[1].partition(".")[0]
    others = " ".join(cells[2:]).split()
    tags = tuple(name for name in others if name.partition(".")[0] != short)
    return candidate(number, text, Draft(cells[0], cells[1], tags=tags))


def _likeness(cell: str) -> int:
    """How much a cell looks like an address rather than a name: 0 to 3."""
    if "://" in cell or "@" in cell or cell == "local:":
        return 3
    if _HOST_AND_PORT.fullmatch(cell) or _ip(cell) is not None:
        return 2
    return 1 if "." in cell.strip(".") and " " not in cell else 0


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
