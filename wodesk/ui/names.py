"""What servers are called."""

from __future__ import annotations

from wodesk.ui.store import Store


def server_name(store: Store, server_id: str) -> str:
    """The name of a server; one that is not in the list any more is called by its id.

    What has none is about the computer in front of the user.
    """
    if not server_id:
        return "this computer"
    state = store.server(server_id)
    return state.server.name if state is not None else server_id
