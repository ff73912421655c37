"""Which metrics are looked at, and what becomes of that when another server is."""

from __future__ import annotations

import dataclasses

from msgspec.structs import replace

from tests.ui.given import series
from wodesk.models.catalogue import Catalogue
from wodesk.models.exploration import MOST_SHOWN, Exploration
from wodesk.models.explored import BY_DIMENSION, BY_INSTANCE, NO_FILTERS, By, Filters, Grouping
from wodesk.models.metric import Context, Metric

CPU = Context("system.cpu", "percentage", dimensions=("user", "system"))
DISKS = Context(
    "disk.io",
    "KiB/s",
    dimensions=("reads", "writes"),
    instances=("sda", "sdb"),
    labels=(("device", ("sda", "sdb")),),
)


def test_a_metric_is_shown_alone_or_beside_others() -> None:
    both = Exploration().only(CPU).toggled(DISKS)
    assert [one.context for one in both.shown] == [CPU, DISKS]
    assert both.chosen is not None
    assert both.chosen.context == DISKS
    assert both.only(CPU).shown == both.shown[:1]


def test_what_is_shown_already_is_taken_away_and_another_one_is_told_of() -> None:
    both = Exploration().only(CPU).toggled(DISKS)
    assert both.toggled(DISKS).current == CPU.id
    assert both.without(CPU.id).current == DISKS.id
    assert both.without(CPU.id).without(DISKS.id) == Exploration()


def test_the_current_one_alone_is_grouped_in_another_way() -> None:
    both = Exploration().only(DISKS).toggled(CPU).at(DISKS.id)
    changed = both.regrouped(BY_INSTANCE, Filters(("reads",)))
    assert changed.shown[0].spec.metric.by_instance
    assert changed.shown[0].spec.only == ("reads",)
    assert changed.shown[1] == both.shown[1]
    assert changed.only(DISKS).shown[0] == changed.shown[0]
    assert both.at("nothing") == both


def test_there_is_room_for_a_dozen() -> None:
    here = Exploration()
    for number in range(MOST_SHOWN + 3):
        here = here.toggled(Context(f"x.{number}", "x"))
    assert here.is_full
    assert len(here.shown) == MOST_SHOWN
    assert not here.toggled(here.shown[0].context).is_full


def test_another_server_shows_what_it_has_of_it() -> None:
    by_device = Grouping(By.LABEL, "device")
    wanted = Filters(("reads",), ("sda",), (("device", "sda"), ("device", "sdb")))
    here = Exploration().only(CPU).toggled(DISKS).regrouped(by_device, wanted)
    other = replace(DISKS, instances=("sdb",), labels=(("device", ("sdb",)),))
    there = here.of(Catalogue((other,)))
    (disks,) = there.shown
    assert there.current == DISKS.id
    assert disks.grouping == by_device
    assert disks.filters == Filters(("reads",), (), (("device", "sdb"),))


def test_a_grouping_that_is_not_to_be_had_there_is_the_usual_one() -> None:
    here = Exploration().only(DISKS)
    assert here.shown[0].grouping == Grouping(By.LABEL, "device")
    there = here.of(Catalogue((replace(DISKS, instances=(), labels=()),)))
    assert (there.shown[0].grouping, there.shown[0].filters) == (BY_DIMENSION, NO_FILTERS)


def test_it_is_asked_for_no_finer_than_it_is_measured_once_that_is_known() -> None:
    metric, both = Metric(DISKS.id), {"reads": [1.0], "writes": [1.0]}
    answer = dataclasses.replace(series(both), cadence=5.0)
    here = Exploration().only(DISKS).toggled(CPU).learnt(metric, answer)
    assert [one.spec.every for one in here.shown] == [5, 1]
    assert here.learnt(metric, dataclasses.replace(answer, cadence=9.0)) == here
    assert here.chosen is not None
    assert here.current == CPU.id


def hidden(here: Exploration) -> list[tuple[str, ...] | None]:
    """The dimensions that are known to be left out where nobody names them."""
    return [one.context.hidden for one in here.shown]


def test_what_an_answer_leaves_out_is_hidden_until_one_has_it() -> None:
    cpu = replace(CPU, dimensions=("user", "system", "idle"))
    here, metric = Exploration().only(cpu), Metric(CPU.id)
    assert hidden(here) == [None]
    some = here.learnt(metric, series({"user": [1.0]}))
    assert hidden(some) == [("system", "idle")]
    more = some.learnt(metric, series({"user": [1.0], "system": [1.0]}))
    assert hidden(more) == [("idle",)]
    assert more.learnt(metric, series({"user": [1.0]})) == more


def test_nothing_is_learnt_from_an_answer_that_was_of_a_part_or_of_nothing() -> None:
    here = Exploration().only(CPU)
    part = series({"user": [1.0]})
    for metric in (
        Metric(CPU.id, dimensions=("user",)),
        Metric(CPU.id, instances=("a",)),
        Metric(CPU.id, labels=(("a", "b"),)),
    ):
        assert here.learnt(metric, part) == here
    for answer in (series({}), series({"another": [1.0]})):
        assert here.learnt(Metric(CPU.id), answer) == here


def test_what_it_has_nothing_of_is_told_of_no_more() -> None:
    here = Exploration().only(DISKS).toggled(CPU)
    assert here.of(Catalogue((DISKS,))).current == DISKS.id
    assert here.of(Catalogue(())) == Exploration()
