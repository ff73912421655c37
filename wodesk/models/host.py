"""Who answers: the agent and the machine it runs on."""

from __future__ import annotations

from msgspec import Struct


class AlertCounts(Struct, frozen=True):
    """How many of the agent's alerts are raised."""

    warning: int
    critical: int


class Host(Struct, frozen=True):
    """What a source tells of itself when it connects; what it did not tell is empty or None.

    `machine_guid` is the identity of the machine, whatever its address; `api` is `v1`, `v2`,
    `v3` or `embedded`; `memory` is in bytes; `booted_at` is epoch seconds; `clock_offset` is
    the source's clock less this computer's, in seconds; `timezone` is a name such as
    `Europe/Paris`.
    """

    hostname: str
    machine_guid: str
    agent: str
    api: str
    os: str = ""
    kernel: str = ""
    architecture: str = ""
    virtualization: str = ""
    cores: int | None = None
    memory: int | None = None
    booted_at: float | None = None
    clock_offset: float = 0.0
    alerts: AlertCounts | None = None
    timezone: str = ""
