"""What a second start of wodesk asks of the first."""

from __future__ import annotations

from dataclasses import dataclass

from wodesk.models.server import Server


@dataclass(frozen=True, slots=True)
class Request:
    """Come to the front, with these servers.

    `token` is the reason that a desktop may want for a window to come to the front.
    """

    servers: tuple[Server, ...] = ()
    token: str = ""
