"""Under which id a server is tested before it is saved."""

from __future__ import annotations

from wodesk.models.server import Server

_PREFIX = "trial "


def trial_id(server: Server, saved: Server | None = None) -> str:
    """The id for a test: the own one of a `saved` server whose address and user are the same.

    Any other test has an id for its address and user alone, so that no secret that was meant for
    one server is known at another.
    """
    if saved is not None and saved.way == server.way:
        return saved.id
    return f"{_PREFIX}{server.address} {server.user}"


def is_trial(server_id: str) -> bool:
    """Whether this is the id of a test, and of no saved server."""
    return server_id.startswith(_PREFIX)
