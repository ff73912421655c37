"""What the worker does: the engine with its real sources, and the desk that its words pass over.

The network libraries load in the worker's thread, after the first frame.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wodesk.models.event import Event, LoggedIn, Pinned
from wodesk.models.metric import Watch
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.settings import Known
from wodesk.worker import Work

if TYPE_CHECKING:
    from wodesk.access.ssh_patience import Ask
    from wodesk.client.source import Source


@asynccontextmanager
async def open_work(
    publish: Callable[[Event], None],
    on_secret: Callable[[Secret], None] | None = None,
    journal: Path | None = None,
    given: Known = (),
    ask: Ask | None = None,
) -> AsyncIterator[Work]:
    """The engine with its real sources, and the desk that all it says passes over.

    Loads the network libraries, in the worker's thread.  `journal` is the file of what happened to
    alerts; without one that lasts for the session.  Secrets in the environment are for the server
    that was `given` to the command, if it is one; `ask` is who is asked instead of the window.
    """
    from wodesk.access.network import way_out  # noqa: PLC0415
    from wodesk.access.opening import Opener  # noqa: PLC0415
    from wodesk.access.secrets import Secrets  # noqa: PLC0415
    from wodesk.alerts.desk import AlertDesk  # noqa: PLC0415
    from wodesk.sampling.engine import Engine  # noqa: PLC0415

    def remember_pin(server: Server, pin: str) -> None:
        engine.take_pin(server.id, pin)
        publish(Pinned(server.id, pin))

    def remember_user(server: Server, user: str) -> None:
        engine.take_user(server.id, user)
        publish(LoggedIn(server.id, user))

    def open_source(server: Server, by_window: Ask) -> AbstractAsyncContextManager[Source]:
        return opener.open(server, ask or by_window)

    def tell(event: Event) -> None:
        publish(event)
        alerts.take(event)

    def has_network() -> bool:
        return bool(way_out())

    def watch(watches: tuple[Watch, ...]) -> None:
        engine.set_rule_watches(watches)

    desk = AlertDesk(publish, journal, watch=watch, has_network=has_network)
    async with Secrets(on_secret=on_secret) as secrets, desk as alerts:
        given_to = [server.id for server in given] if len(given) == 1 else []
        opener = Opener(secrets, remember_pin, remember_user, given_to=given_to)
        engine = Engine(
            open_source,
            tell,
            settle=opener.adopt,
            forget=opener.forget,
            keeper=opener,
            alert_cursor=alerts.cursor,
        )
        yield Work(engine, alerts)
