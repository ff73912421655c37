"""What comes out of the machine of alerts."""

from __future__ import annotations

from msgspec import Struct

from wodesk.alerts.book import Entries
from wodesk.alerts.state import Keep
from wodesk.models.alert import AlertKey
from wodesk.models.notice import AlertBoard, Notice


class Outcome(Struct, frozen=True):
    """What is to be done at a moment, in this order: written down, told, shown.

    `told` are the alerts that the notices tell of in a way that disturbs.  `keep` is None if it is
    what it was.  `wake` is the seconds until something may be due.
    """

    entries: Entries
    told: tuple[AlertKey, ...]
    keep: Keep | None
    notices: tuple[Notice, ...]
    board: AlertBoard
    wake: float
