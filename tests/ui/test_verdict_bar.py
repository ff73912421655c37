"""The sentences above the charts of a web server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.given import HOST, NAN, NOTHING, WEB, failure, frame, series
from tests.ui.test_hostile_text import EVERY_TEXT
from tests.ui.walking import complaints
from wodesk.models.event import Connected
from wodesk.models.metric import Column, Watch
from wodesk.resources import load_page
from wodesk.ui.looking import Looking
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.pages.server import ServerPage
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT, Mark
from wodesk.ui.verdict_bar import VerdictBar


class Site:
    """The page of a web server that has told nothing yet."""

    def __init__(self, store: Store) -> None:
        looking = Looking(store, 300)
        looking.server = WEB.id
        store.apply(Connected(WEB.id, HOST))
        self.store = store
        self.looking = looking
        self.page = ServerPage(load_page("wordpress"), store, looking, LIGHT)
        self.page.resize(1000, 700)
        self.page.show_server(WEB.id)

    @property
    def bar(self) -> VerdictBar:
        bar = self.page.findChild(VerdictBar)
        assert isinstance(bar, VerdictBar)
        return bar

    @property
    def grid(self) -> ChartGrid:
        return self.page.grid

    def watch(self, context: str) -> Watch:
        return next(one for one in self.page.watches() if one.metric.context == context)


@pytest.fixture
def site(qtbot: QtBot, store: Store) -> Iterator[Site]:
    site = Site(store)
    qtbot.addWidget(site.page)
    site.page.show()
    yield site
    site.looking.deleteLater()


def test_what_is_judged_is_asked_for_though_it_is_scrolled_away(site: Site) -> None:
    contexts = {watch.metric.context for watch in site.page.watches()}
    assert {"nginx.requests", "systemd.service_unit_state", "fail2ban.jail_banned_ips"} <= contexts


def test_the_worst_is_said_first_and_what_is_missing_is_named(site: Site) -> None:
    assert not site.bar.isVisible()
    failed = series({Column("failed", "php8.3-fpm.service"): [1.0]})
    site.store.apply(frame(site.watch("nginx.requests"), series({"requests": [12.0]})))
    site.store.apply(frame(site.watch("systemd.service_unit_state"), failed))
    site.store.apply(frame(site.watch("redis.memory"), NOTHING))
    assert site.bar.isVisible()
    assert site.bar.words() == [
        "systemd: php8.3-fpm.service failed.",
        "nginx answers 12 requests/s.",
        "Not measured, see below: Redis.",
    ]


def test_what_is_mended_is_fine_again(site: Site) -> None:
    watch = site.watch("systemd.service_unit_state")
    for value, words in ((1.0, "failed."), (0.0, "no unit has failed.")):
        column = Column("failed", "nginx.service")
        site.store.apply(frame(watch, series({column: [value]})))
        (line,) = site.bar.words()
        assert line.endswith(words)


def test_what_is_old_is_not_called_fine(site: Site) -> None:
    watch = site.watch("nginx.requests")
    old = series({"requests": [12.0]}, times=[time.time() - 120])
    site.store.apply(frame(watch, old))
    assert site.bar.marks() == [Mark.UNKNOWN]
    assert site.bar.words() == ["nginx answers 12 requests/s. (2\N{NARROW NO-BREAK SPACE}min old)"]
    site.store.apply(frame(watch, series({"requests": [13.0]})))
    assert site.bar.marks() == [Mark.OK]
    site.store.apply(failure())
    site.page.refresh_age()
    assert site.bar.marks() == [Mark.UNKNOWN]
    assert site.bar.words()[0].startswith("nginx answers 13 requests/s. (")


def test_what_has_no_values_is_named(site: Site) -> None:
    site.store.apply(frame(site.watch("redis.memory"), series({"used": [NAN], "max": [NAN]})))
    site.store.apply(frame(site.watch("nginx.requests"), NOTHING))
    site.store.apply(frame(site.watch("mysql.queries"), NOTHING))
    assert site.bar.words() == [
        "Nothing to go by: Redis.",
        "Not measured, see below: nginx, MariaDB.",
    ]
    assert set(site.bar.marks()) == {Mark.UNKNOWN}


def test_a_list_of_names_is_not_cut_off_where_sentences_are_beside_each_other(site: Site) -> None:
    for context in ("phpfpm.performance", "mysql.queries", "redis.memory", "web_log.type_requests"):
        site.store.apply(frame(site.watch(context), NOTHING))
    without = site.bar.height()
    site.store.apply(frame(site.watch("nginx.requests"), series({"requests": [12.0]})))
    failed = series({Column("failed", "cron"): [0.0]})
    site.store.apply(frame(site.watch("systemd.service_unit_state"), failed))
    assert len(site.bar.words()) == 3
    assert site.bar.height() > without, "one row more, of two sentences"
    site.page.resize(600, 700)
    assert site.bar.height() > 2 * without


def test_a_slow_collector_is_not_old_before_its_time(site: Site) -> None:
    watch = site.watch("x509check.time_until_expiration")
    left = series({"expiry": [90 * 86_400.0]}, times=[time.time() - 100])
    site.store.apply(frame(watch, replace(left, every=1.0, cadence=60.0)))
    assert site.bar.marks() == [Mark.OK]
    site.store.apply(frame(watch, replace(left, every=1.0, cadence=10.0)))
    assert site.bar.marks() == [Mark.UNKNOWN]


def test_another_page_has_none_of_it(site: Site) -> None:
    site.store.apply(frame(site.watch("nginx.requests"), series({"requests": [12.0]})))
    site.page.show_page(load_page("server"))
    assert site.bar.words() == []
    assert not site.bar.isVisible()


def test_a_collector_that_is_missing_is_explained_in_its_card(site: Site) -> None:
    site.store.apply(frame(site.watch("phpfpm.performance"), NOTHING))
    card = next(one for one in site.grid.cards() if one.spec.context == "phpfpm.performance")
    card.refresh()
    words = " ".join(label.text() for label in card.findChildren(PlainLabel))
    assert "pm.status_path" in words
    assert "go.d/phpfpm.conf" in words


@EVERY_TEXT
def test_hostile_names_are_said_plainly(site: Site, text: str) -> None:
    for context, dimension in (
        ("systemd.service_unit_state", "failed"),
        ("x509check.time_until_expiration", "expiry"),
    ):
        samples = series({Column(dimension, f"{text}{n}"): [1.0] for n in range(3)})
        site.store.apply(frame(site.watch(context), samples))
    assert complaints(site.bar, text) == []
