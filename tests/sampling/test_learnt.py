"""What a person answers about a server that is open is no reason to leave it."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.models.server import Server
from wodesk.sampling.learnt import Learnt

WEB1 = Server("web1", "web1", "https://web1", user="anna")


def test_a_user_who_was_let_in_is_not_another_way() -> None:
    learnt = Learnt()
    learnt.users["web1"] = "bob"
    assert learnt.is_same(WEB1, WEB1)
    assert learnt.is_same(replace(WEB1, user="bob"), WEB1)
    assert not learnt.is_same(replace(WEB1, user="eve"), WEB1)
    assert not learnt.is_same(replace(WEB1, user="bob", address="https://web2"), WEB1)
    learnt.forget("web1")
    assert not learnt.is_same(replace(WEB1, user="bob"), WEB1)


def test_a_pin_that_was_accepted_is_that_of_the_open_source() -> None:
    learnt = Learnt()
    learnt.pins["web1"] = "ab"
    assert learnt.has_pin(replace(WEB1, pin="ab"), WEB1)
    assert not learnt.has_pin(replace(WEB1, pin="cd"), WEB1)
    learnt.forget("web1")
    assert not learnt.has_pin(replace(WEB1, pin="ab"), WEB1)
