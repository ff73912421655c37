"""What tests of alerts share: what is no answer about them, and what every alert promises."""

from __future__ import annotations

import math
from collections.abc import Iterable

from wodesk.client.alert_words import LONGEST
from wodesk.models.alert import Alert, Origin

ODD = (
    b"",
    b"null",
    b"7",
    b'"CLEAR"',
    b"<html></html>",
    b'{"alarms": {}',
    b"\xff\xfe",
    b"[" * 100_000,
    b'[{"unique_id": 1}]',
)
"""Bodies that no agent sends when it is asked about alerts."""


def assert_sound_alerts(alerts: Iterable[Alert], server: str) -> None:
    """What every alert promises, whatever it was made of."""
    for alert in alerts:
        assert (alert.key.server, alert.key.origin) == (server, Origin.AGENT)
        assert 0 <= alert.since < 4e9
        assert 0 <= alert.notify_at < 4e9
        assert alert.value is None or math.isfinite(alert.value)
        for text in (alert.key.name, alert.key.instance, alert.summary, alert.info, alert.units):
            assert len(text) <= LONGEST
