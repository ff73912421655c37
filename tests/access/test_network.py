"""The way out of this computer is told without sending anything."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from wodesk.access.network import way_out


def test_each_family_has_its_own_address_on_the_way_out_or_none() -> None:
    for text in way_out():
        network = ipaddress.ip_network(text)
        assert (network.version, network.prefixlen) in ((4, 32), (6, 64))
        assert not network.is_unspecified


class Routed(socket.socket):
    """A socket of a computer with these addresses of its own; nothing else is asked of it."""

    own: dict[int, str]

    def __init__(self, family: int, kind: int) -> None:
        assert kind == socket.SOCK_DGRAM
        super().__init__(family, kind)

    def connect(self, address: Any) -> None:
        if self.family not in self.own:
            raise OSError("Network is unreachable")

    def getsockname(self) -> Any:
        return (self.own[self.family], 40000)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, ()),
        ({socket.AF_INET: "192.168.1.7"}, ("192.168.1.7",)),
        (
            {socket.AF_INET: "10.0.0.2", socket.AF_INET6: "2001:db8:1:2:3:4:5:6"},
            ("10.0.0.2", "2001:db8:1:2::/64"),
        ),
        ({socket.AF_INET6: "fe80::1%eth0"}, ("fe80::/64",)),
    ],
)
def test_what_identifies_a_network_is_kept(
    own: dict[int, str], expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Routed, "own", own, raising=False)
    monkeypatch.setattr(socket, "socket", Routed)
    assert way_out() == expected


def test_an_address_that_changes_by_itself_is_no_other_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = []
    for address in ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::2"):
        monkeypatch.setattr(Routed, "own", {socket.AF_INET6: address}, raising=False)
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", Routed)
            told.append(way_out())
    assert told[0] == told[1]
