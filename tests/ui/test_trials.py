"""What tests brought stays with the server that they were of."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.models.server import Server
from wodesk.ui.trials import Trials

SHOP = Server("shop", "Shop", "https://web3:22222/netdata", pin="ab" * 32)


def of_shop() -> Trials:
    trials = Trials()
    trials.origin = SHOP
    trials.take_pin("shop", SHOP.pin)
    return trials


def test_a_saved_server_is_tested_as_itself_and_with_its_certificate() -> None:
    trials = of_shop()
    assert trials.id_of(SHOP) == "shop"
    assert trials.pinned(replace(SHOP, pin="")) == SHOP


def test_at_another_address_it_is_a_stranger_without_a_certificate() -> None:
    trials, moved = of_shop(), replace(SHOP, address="https://web4:22222/netdata")
    assert trials.id_of(moved) not in ("shop", trials.id_of(SHOP))
    assert trials.pinned(moved).pin == ""


def test_a_certificate_that_is_forgotten_makes_it_a_stranger_until_a_test_brings_one() -> None:
    trials = of_shop()
    trials.forget_pin()
    stranger = trials.id_of(SHOP)
    assert stranger != "shop"
    assert trials.pinned(SHOP).pin == ""
    trials.take_pin(stranger, "cd" * 32)
    assert trials.pinned(SHOP).pin == "cd" * 32


def test_a_user_who_was_let_in_leaves_the_test_what_it_was() -> None:
    new, trials = Server("x", "web4", "https://web4"), Trials()
    tested = trials.id_of(new)
    trials.take_pin(tested, "cd" * 32)
    trials.take_user(tested, new, "anna")
    assert trials.id_of(replace(new, user="anna")) == tested
    assert trials.pinned(replace(new, user="anna")).pin == "cd" * 32
    assert trials.id_of(replace(new, user="bob")) != tested


def test_a_user_who_was_let_in_by_a_saved_server_is_its_own() -> None:
    trials = of_shop()
    trials.take_user("shop", SHOP, "anna")
    assert trials.id_of(replace(SHOP, user="anna")) == "shop"
    assert trials.id_of(SHOP) != "shop"
