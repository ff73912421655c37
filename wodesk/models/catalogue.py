"""All that a server measures, with an index of it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from wodesk.models.metric import Context

if TYPE_CHECKING:
    from wodesk.models.search import Branch, ContextIndex


class Catalogue:
    """The contexts of a server as it listed them at one time.

    Its index is made once, by the first thread that asks for it; that takes a tenth of a second
    where there are thousands of contexts, and more where numpy has yet to be loaded.
    """

    def __init__(self, contexts: tuple[Context, ...]) -> None:
        self.contexts = contexts
        self._by_id = {context.id: context for context in contexts}
        self._by_title: dict[str, list[Context]] | None = None
        self._lock = Lock()
        self._index: ContextIndex | None = None
        self._branches: tuple[Branch, ...] | None = None

    def get(self, context: str) -> Context | None:
        """The context of this id."""
        return self._by_id.get(context)

    def titled(self, title: str) -> tuple[Context, ...]:
        """The contexts of this title, of which there may be several."""
        if self._by_title is None:
            self._by_title = {}
            for context in self.contexts:
                self._by_title.setdefault(context.title, []).append(context)
        return tuple(self._by_title.get(title, ()))

    def branches(self) -> tuple[Branch, ...]:
        """The contexts in the sections of a page."""
        from wodesk.models.search import tree_of  # noqa: PLC0415  numpy and rapidfuzz

        if self._branches is None:
            self._branches = tree_of(self.contexts)
        return self._branches

    def index(self) -> ContextIndex:
        """What finds contexts by what is typed."""
        from wodesk.models.search import ContextIndex  # noqa: PLC0415  numpy and rapidfuzz

        with self._lock:
            if self._index is None:
                self._index = ContextIndex(self.contexts)
            return self._index
