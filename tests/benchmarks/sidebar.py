"""The list of servers with 10, 200 and 1,000 of them: as fast as one types, whatever their number.

CPU in the window's thread up to the painted pixels, off screen, where a frame lasts 16 ms.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from contextlib import ExitStack

from PySide6.QtWidgets import QApplication

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    cpu_of,
    interleaved,
    ratio,
    replies,
)
from tests.ui.given import HOST, failure, frame
from wodesk.models.event import Connected
from wodesk.models.server import Server
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme

_COUNTS = (10, 200, 1000)
_FRAME = 16.0
_SIZE = (224, 780)
_TYPED = ("w", "we", "web", "web1", "web17", "unreach", "tag:t3", "")
_ACTIONS = {
    "type": "a letter typed",
    "frame": "one row with new samples",
    "state": "one server that comes or goes",
    "second": "all of it, a second older",
    "order": "a server moved",
}


def measure(*, quick: bool = False) -> Table:
    """Each action with each number of servers, in turn."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        env = {"QT_QPA_PLATFORM": "offscreen"}
        children = {
            count: stack.enter_context(Child("sidebar:serve", str(count), env=env))
            for count in _COUNTS
        }

        def case(child: Child, action: str) -> Callable[[], float]:
            return lambda: child.ask(action)["cpu"]

        for action, words in _ACTIONS.items():
            cases = {str(count): case(child, action) for count, child in children.items()}
            taken = interleaved(cases, rounds=3 if quick else 40)
            figures += [
                Figure(
                    f"{words}: {count:,} servers",
                    taken[str(count)],
                    "ms",
                    _FRAME if count == _COUNTS[1] else None,
                )
                for count in _COUNTS
            ]
            few, many = (taken[str(count)] for count in _COUNTS[:2])
            figures.append(ratio(f"{words}: {_COUNTS[1]} servers : {_COUNTS[0]}", many, few))
    return Table("the list of servers in the sidebar", tuple(figures))


def serve(count: str) -> None:
    """Show so many servers, and do with them what each line that is read names."""
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    apply_theme(app, LIGHT)
    replies(Listed(app, int(count)).answer)


class Listed:
    """A sidebar of many servers."""

    def __init__(self, app: QApplication, count: int) -> None:
        self._app = app
        self._servers = [
            Server(f"web{n}", f"web{n}", f"http://web{n}:19999", tags=(f"t{n % 12}", "shop"))
            for n in range(count)
        ]
        self._store = Store()
        self._store.set_servers(self._servers)
        self._sidebar = Sidebar(self._store, LIGHT)
        self._sidebar.resize(*_SIZE)
        self._sidebar.show()
        for number, server in enumerate(self._servers):
            self._store.apply(failure(server=server) if number % 5 == 3 else self._back(server))
            for watch in sparkline_watches(server.id):
                self._store.apply(frame(watch))
        self._typed, self._turns = itertools.cycle(_TYPED), itertools.cycle(range(10))
        self._sidebar.filter.begin()
        self._app.processEvents()

    def answer(self, action: str) -> dict[str, float]:
        """What the action costs."""
        prepared = getattr(self, f"_{action}")()

        def work() -> None:
            prepared()
            self._app.processEvents()

        return {"cpu": cpu_of(work)}

    def _back(self, server: Server) -> Connected:
        return Connected(server.id, HOST)

    def _type(self) -> Callable[[], object]:
        text = next(self._typed)
        return lambda: self._sidebar.filter.field.setText(text)

    def _frame(self) -> Callable[[], object]:
        newer = frame(sparkline_watches(self._servers[next(self._turns)].id)[0])
        return lambda: self._store.apply(newer)

    def _state(self) -> Callable[[], object]:
        turn = next(self._turns)
        server = self._servers[turn // 2]
        event = failure(server=server) if turn % 2 else self._back(server)
        return lambda: self._store.apply(event)

    def _second(self) -> Callable[[], object]:
        return self._sidebar.refresh

    def _order(self) -> Callable[[], object]:
        self._sidebar.filter.clear()
        self._app.processEvents()
        self._servers.append(self._servers.pop(0))
        return lambda: self._store.set_servers(self._servers)
