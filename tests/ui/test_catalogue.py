"""When servers are asked what they measure, and what is known of that."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.ui.given import DB, HOST, WEB, failure
from wodesk.models.catalogue import Catalogue
from wodesk.models.errand import Declined, Errand, ListContexts, Listed, Outcome
from wodesk.models.event import Brought, Connected
from wodesk.models.metric import Context
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.fetches import Fetches
from wodesk.ui.store import Store

CPU = Context("system.cpu", "percentage", "Total CPU utilization")
LIST = ListContexts(WEB.id)


class Desk:
    """Catalogues of two servers, what was asked of them, and of which there was news."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fetches = Fetches()
        self.catalogues = Catalogues(store, self.fetches)
        self.asked: list[Errand] = []
        self.dropped: list[Errand] = []
        self.listed: list[str] = []
        self.fetches.wanted.connect(self.asked.append)
        self.fetches.unwanted.connect(self.dropped.append)
        self.catalogues.listed.connect(self.listed.append)
        store.set_servers([WEB, DB])
        store.apply(Connected(WEB.id, HOST))

    def bring(self, outcome: Outcome) -> None:
        """Let the server answer."""
        self.fetches.take(Brought(WEB.id, LIST, outcome))


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_a_server_is_asked_once_and_what_it_told_is_kept(desk: Desk) -> None:
    assert desk.catalogues.contexts(WEB.id) is None
    desk.catalogues.wanted(WEB.id)
    desk.catalogues.wanted(WEB.id)
    assert desk.catalogues.is_waiting(WEB.id)
    desk.bring(Listed((CPU,)))
    desk.catalogues.wanted(WEB.id)
    assert desk.asked == [LIST]
    assert desk.listed == [WEB.id]
    assert desk.catalogues.contexts(WEB.id) == (CPU,)
    assert desk.catalogues.contexts(DB.id) is None


def test_a_server_that_declines_is_asked_again_on_demand_only(desk: Desk) -> None:
    why = Declined("It has no such thing.")
    desk.catalogues.wanted(WEB.id)
    desk.bring(why)
    desk.catalogues.wanted(WEB.id)
    assert desk.catalogues.failure(WEB.id) == why
    assert desk.asked == [LIST]
    desk.catalogues.ask(WEB.id)
    desk.bring(Listed((CPU,)))
    assert desk.catalogues.failure(WEB.id) is None
    assert desk.asked == [LIST, LIST]


def test_after_a_lost_connection_it_is_asked_anew_and_the_old_is_shown_meanwhile(
    desk: Desk,
) -> None:
    desk.catalogues.wanted(WEB.id)
    desk.bring(Listed((CPU,)))
    desk.store.apply(failure())
    desk.store.apply(Connected(WEB.id, HOST))
    assert desk.asked == [LIST]
    desk.catalogues.wanted(WEB.id)
    assert desk.asked == [LIST, LIST]
    assert desk.catalogues.contexts(WEB.id) == (CPU,)


def test_a_server_that_is_reached_in_another_way_is_another_one(desk: Desk) -> None:
    desk.catalogues.wanted(WEB.id)
    desk.bring(Listed((CPU,)))
    desk.store.set_servers([replace(WEB, address="http://web9:19999"), DB])
    assert desk.catalogues.contexts(WEB.id) is None
    assert desk.listed == [WEB.id, WEB.id]


def test_nobody_waits_for_a_server_that_has_gone(desk: Desk) -> None:
    desk.catalogues.wanted(WEB.id)
    desk.store.set_servers([DB])
    assert desk.dropped == [LIST]
    assert not desk.catalogues.is_waiting(WEB.id)
    desk.catalogues.wanted("nobody")
    assert desk.asked == [LIST]


def test_a_catalogue_finds_contexts_by_id_and_by_words() -> None:
    catalogue = Catalogue((CPU, Context("system.ram", "MiB", "System memory")))
    assert catalogue.get("system.cpu") == CPU
    assert catalogue.get("system.swap") is None
    assert catalogue.index().search("memroy")[0].context.id == "system.ram"
    assert catalogue.index() is catalogue.index()
