"""What instances are called."""

from __future__ import annotations

import pytest

from wodesk.models.instances import short_names


@pytest.mark.parametrize(
    ("context", "names"),
    [
        ("net.net", {"net.eth0": "eth0", "net.lo": "lo"}),
        ("net.packets", {"net_packets.eth0": "eth0"}),
        ("disk.space", {"disk_space./": "/", "disk_space./boot": "/boot"}),
        ("phpfpm.performance", {"phpfpm_a.performance": "a", "phpfpm_b.performance": "b"}),
        ("cgroup.cpu", {"cgroup_db.cpu": "db"}),
        ("redis.keyspace_lookup_hit_rate", {"redis_local.key_lookup_hit_rate": "local"}),
        ("a.b", {"a_x.b": "x.b", "a_y.c": "y.c"}),
        ("a.b", {"c_x.b": "c_x.b", "a_y.c": "a_y.c"}),
        ("odd", {"odd": "odd", "": ""}),
        ("a.b", {}),
    ],
)
def test_they_are_called_by_what_tells_them_apart(context: str, names: dict[str, str]) -> None:
    assert short_names(context, tuple(names)) == names
