"""What each server measures, asked for when somebody first wants to know."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.catalogue import Catalogue
from wodesk.models.errand import Declined, ListContexts, Listed
from wodesk.models.event import Brought
from wodesk.models.metric import Context
from wodesk.ui.fetches import Fetches
from wodesk.ui.store import Link, Store

_HELD = frozenset({Link.CONNECTED, Link.IDLE})
"""Where a server cannot have become another one behind our back."""


class Catalogues(QObject):
    """The catalogue of each server.

    One is asked for once, and kept.  When a connection was lost in between, the server is asked
    anew by the next that wants its catalogue; the one that is known is shown meanwhile.

    Signals:
        listed(str): what is known of the catalogue of this server is something else: there it is,
            or there is a reason why it is not.
    """

    listed: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(self, store: Store, fetches: Fetches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._fetches = fetches
        self._known: dict[str, Catalogue] = {}
        self._failures: dict[str, Declined] = {}
        self._old: set[str] = set()
        self._asked: set[str] = set()
        self._ways: dict[str, object] = {}
        fetches.brought.connect(self._take)
        store.servers_changed.connect(self._forget_others)
        store.server_changed.connect(self._look_at_link)

    def catalogue(self, server: str) -> Catalogue | None:
        """What this server measures, if it has told; `listed` tells when that changes."""
        return self._known.get(server)

    def contexts(self, server: str) -> tuple[Context, ...] | None:
        """The contexts of this server in its own order, if it has told."""
        known = self._known.get(server)
        return None if known is None else known.contexts

    def failure(self, server: str) -> Declined | None:
        """Why the server did not tell when it was last asked."""
        return self._failures.get(server)

    def is_waiting(self, server: str) -> bool:
        """Whether it has been asked and has not answered."""
        return server in self._asked

    def wanted(self, server: str) -> None:
        """Have the server asked, if there is a reason to."""
        is_known = server in self._known or server in self._failures
        if not is_known or server in self._old:
            self.ask(server)

    def ask(self, server: str) -> None:
        """Have the server asked anew, whatever is known."""
        if self._store.server(server) is not None and server not in self._asked:
            self._asked.add(server)
            self._fetches.send(ListContexts(server))

    def _take(self, brought: Brought) -> None:
        if not isinstance(brought.errand, ListContexts):
            return
        server = brought.server
        self._asked.discard(server)
        self._old.discard(server)
        self._failures.pop(server, None)
        match brought.outcome:
            case Listed(contexts):
                self._known[server] = Catalogue(contexts)
            case Declined() as why:
                self._failures[server] = why
            case _:
                raise TypeError(f"{type(brought.outcome).__name__} for a list of contexts")
        self.listed.emit(server)

    def _look_at_link(self, server: str) -> None:
        """What was told before a connection was lost may not be true after it."""
        state = self._store.server(server)
        if state is not None and state.link not in _HELD:
            self._old.add(server)

    def _forget_others(self) -> None:
        """Forget servers that have gone, or that are others now, being reached in another way."""
        ways = {state.server.id: state.server.way for state in self._store.servers()}
        for server in [one for one, way in self._ways.items() if ways.get(one) != way]:
            self._known.pop(server, None)
            self._failures.pop(server, None)
            self._old.discard(server)
            if server in self._asked:
                self._asked.discard(server)
                self._fetches.drop(ListContexts(server))
            if server in ways:
                self.listed.emit(server)
        self._ways = dict(ways)
