"""What works without a window: the servers, what is known of them, and who sees to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.roster import Roster
from wodesk.settings import Known, Servers
from wodesk.shelf import Shelf
from wodesk.ui.store import Store
from wodesk.work import open_work
from wodesk.worker import Worker, stop_and_wait

if TYPE_CHECKING:
    from wodesk.access.ssh_patience import Ask


class Core(QObject):
    """The servers at work; a window may be put on it, at any time.

    `saved` is the file of servers, and `in_file` those that were read from it, shown or not;
    `given` are those that the program was asked for.

    Attributes:
        store: what is known of the servers.
        worker: where everything happens.
        shelf: the file of servers, if there is one.
        roster: which servers there are.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        *,
        saved: Servers | None = None,
        in_file: Known = (),
        given: Known = (),
        on_secret: Callable[[Secret], None] | None = None,
        journal: Path | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__()
        self._in_file = in_file
        self._has_begun = False
        self.store = Store(self)
        self.worker = Worker(
            partial(open_work, on_secret=on_secret, journal=journal, given=given, ask=ask)
        )
        self.worker.published.connect(self.store.apply)
        self.shelf = Shelf(saved, self) if saved is not None else None
        self.roster = Roster(self.store, self.worker, servers, self.shelf, self)

    @property
    def has_begun(self) -> bool:
        """Whether the work has started."""
        return self._has_begun

    def begin(self) -> None:
        """Start the work; once only."""
        if not self._has_begun:
            self._has_begun = True
            self.roster.begin(self._in_file)
            self.worker.start()
            if self.shelf is not None:
                self.shelf.look()

    def close(self) -> None:
        """Stop the work; safe to call twice."""
        if self.shelf is not None:
            self.shelf.close()
        stop_and_wait(self.worker)
