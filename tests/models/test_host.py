"""Who answers."""

from __future__ import annotations

import pytest

from wodesk.models.host import AlertCounts, Host


def test_what_a_source_does_not_tell_is_empty_and_not_made_up() -> None:
    host = Host("web1", "guid", "v2.11.0", "v3")
    assert (host.cores, host.memory, host.booted_at, host.alerts) == (None, None, None, None)
    assert (host.os, host.kernel, host.architecture, host.virtualization) == ("", "", "", "")


def test_a_host_is_frozen() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Host("web1", "guid", "v2.11.0", "v3").alerts = AlertCounts(0, 0)  # type: ignore[misc]
