"""What is typed to find servers."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Self

from msgspec import Struct

from wodesk.ui.health import health
from wodesk.ui.store import ServerState

_TAG = "tag:"
_TEXT = r'(?:"([^"]*)"?|([^\s"]\S*))'
_WORD = re.compile(rf"({_TAG}){_TEXT}?|{_TEXT}", re.IGNORECASE)


class Search(Struct, frozen=True):
    """Words that all have to be somewhere in what is known of a server, and tags that it must have.

    A tag counts as a whole if somebody has it (`whole`), else as the beginning of one (`begun`).
    """

    words: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, tags: Collection[str] = ()) -> Self:
        """What `unreach tag:shop tag:"front end"` asks for, where there are these tags."""
        known = {tag.casefold() for tag in tags}
        words: list[str] = []
        whole: list[str] = []
        begun: list[str] = []
        for found in _WORD.finditer(text):
            _, quoted_tag, tag, quoted, word = (part or "" for part in found.groups())
            if found[1] is None:
                words += [one.casefold() for one in (quoted, word) if one]
            else:
                wanted = (quoted_tag or tag).casefold()
                (whole if wanted in known else begun).append(wanted)
        return cls(tuple(words), tuple(whole), tuple(begun))

    def __bool__(self) -> bool:
        return bool(self.words or self.whole or self.begun)

    def finds(self, state: ServerState) -> bool:
        """Whether the server is one of those that are looked for."""
        tags = [tag.casefold() for tag in state.server.tags]
        return (
            all(tag in tags for tag in self.whole)
            and all(any(tag.startswith(start) for tag in tags) for start in self.begun)
            and (not self.words or self._has_words(state))
        )

    def _has_words(self, state: ServerState) -> bool:
        server, (mark, word) = state.server, health(state)
        hostname = state.host.hostname if state.host is not None else ""
        parts = (server.name, server.address, server.user, hostname, *server.tags, word, mark.name)
        text = "\n".join(parts).casefold()
        return all(word in text for word in self.words)


def asks_for(text: str, tag: str) -> bool:
    """Whether what is typed asks for this tag."""
    return tag.casefold() in Search.of(text, [tag]).whole


def with_tag_toggled(text: str, tag: str) -> str:
    """What is typed, with this tag if it did not ask for it, else without."""
    if asks_for(text, tag):
        name = re.escape(tag)
        spelled = re.compile(rf'(?<!\S){_TAG}(?:"{name}"?|{name})(?!\S)\s*', re.IGNORECASE)
        return spelled.sub("", text).strip()
    wanted = f'{_TAG}"{tag}"' if re.search(r"\s", tag) else _TAG + tag
    return f"{text.strip()} {wanted}".strip()
