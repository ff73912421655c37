"""A test knows the secrets of the saved server only while it leads to the same place."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.models.server import server_at
from wodesk.models.trial import is_trial, trial_id

SAVED = replace(server_at("https://web1/netdata", "Shop"), id="shop", user="bob")


def test_a_saved_server_is_tested_as_itself_while_address_and_user_are_the_same() -> None:
    assert trial_id(replace(SAVED, name="Store"), SAVED) == "shop"
    assert not is_trial(trial_id(SAVED, SAVED))


def test_any_other_test_has_an_id_of_its_own_place() -> None:
    ids = {
        trial_id(SAVED),
        trial_id(replace(SAVED, user="eve"), SAVED),
        trial_id(replace(SAVED, address="https://web2/netdata"), SAVED),
    }
    assert len(ids) == 3
    assert all(is_trial(one) for one in ids)
