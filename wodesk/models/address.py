"""What all addresses have in common."""

from __future__ import annotations

from wodesk.models.errors import BadAnswer, Hop

NETDATA_PORT = 19999


class InvalidAddress(BadAnswer):
    """What was typed is no address; says why and shows one that works."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            hop=Hop.ADDRESS,
            advice="Examples: http://web1:19999, ssh://admin@web1, local:, web1",
        )
