"""Which hosts the user's own ssh_config names, for who adds servers."""

from __future__ import annotations

from wodesk.models.event import SSHHosts


def hosts_of_user() -> SSHHosts:
    """Read the configuration, which waits for the disk."""
    # Who adds a server wants them, and nobody else.
    from wodesk.access.ssh_hosts import list_hosts  # noqa: PLC0415

    return list_hosts()
