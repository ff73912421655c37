"""The servers on screen after their file is another one; a pure function."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wodesk.models.server import Server
from wodesk.settings import Known


def followed(shown: Sequence[Server], before: Collection[str], now: Known) -> Known:
    """The servers to show when the file held those of the ids `before` and holds `now`.

    Those in the file come first, in its order.  What is on screen and was never in it stays below;
    what is in it and not on screen, because other servers were asked for, stays away.
    """
    on_screen = {server.id for server in shown}
    kept = {server.id: server for server in now}
    wanted = [server for id, server in kept.items() if id in on_screen or id not in before]
    return (*wanted, *(one for one in shown if one.id not in kept and one.id not in before))
