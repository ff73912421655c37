"""What a second start of wodesk asks of the first."""

from __future__ import annotations

from msgspec import Struct

from wodesk.models.server import Server


class Request(Struct, frozen=True):
    """Come to the front, with these servers.

    `token` is the reason that a desktop may want for a window to come to the front.
    """

    servers: tuple[Server, ...] = ()
    token: str = ""
