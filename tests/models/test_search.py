"""Contexts found by what a person types."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.asking import recorded
from wodesk.models.metric import Context
from wodesk.models.search import ContextIndex, tree_of
from wodesk.models.word_index import words_of

SPACE = Context(
    "disk.space",
    "GiB",
    "Disk Space Usage",
    "/",
    dimensions=("avail", "used", "reserved for root"),
    instances=("disk_space./", "disk_space./srv/données", "disk_space./mnt/backup"),
    labels=(("mount_point", ("/", "/mnt/backup")), ("filesystem", ("ext4",))),
    priority=2023,
)
CONTEXTS = (
    SPACE,
    *(
        Context(id, told["units"], told["title"], told["family"], priority=told["priority"])
        for id, told in json.loads(recorded("1.37.1/contexts.json"))["contexts"].items()
        if id != SPACE.id
    ),
)
INDEX = ContextIndex(CONTEXTS)


def first(text: str) -> str:
    return INDEX.search(text)[0].context.id


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.id)
def test_a_context_is_found_by_its_id_first_of_all(context: Context) -> None:
    assert first(context.id) == context.id
    assert first(context.id.upper()) == context.id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("sys cpu", "system.cpu"),
        ("cpu system", "system.cpu"),
        ("total cpu util", "system.cpu"),
        ("load average", "system.load"),
        ("disk spac", "disk.space"),
        ("reserved", "disk.space"),
        ("données", "disk.space"),
        ("backup reserved", "disk.space"),
        ("ext4", "disk.space"),
        ("uptime", "system.uptime"),
    ],
)
def test_words_of_any_field_in_any_order_find_it(text: str, id: str) -> None:
    assert first(text) == id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("systme.cpu", "system.cpu"),
        ("sytem cpu", "system.cpu"),
        ("uptiem", "system.uptime"),
        ("resreved", "disk.space"),
        ("reservd for root", "disk.space"),
        ("utilizatoin cpu total", "system.cpu"),
        ("utiliztaio total cpu", "system.cpu"),
    ],
)
def test_slips_are_forgiven_also_before_a_word_is_over(text: str, id: str) -> None:
    assert first(text) == id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("cpi", "system.cpu"),
        ("raam", "system.ram"),
        ("rma", "system.ram"),
        ("nte", "system.net"),
        ("sys cpi", "system.cpu"),
        ("dsk spac", "disk.space"),
        ("dik spac", "disk.space"),
    ],
)
def test_slips_are_forgiven_in_short_words_too(text: str, id: str) -> None:
    assert first(text) == id


def test_a_short_word_that_something_begins_with_is_no_slip() -> None:
    there = Context("web.ngin_requests", "requests/s"), Context("web.net", "kilobits/s")
    found = ContextIndex(there).search("ngi")
    assert [hit.context.id for hit in found] == ["web.ngin_requests"]


def test_a_hit_tells_which_dimensions_and_instances_it_is_for() -> None:
    hit = INDEX.search("backup avail")[0]
    assert hit.context.id == "disk.space"
    assert hit.dimensions == ("avail",)
    assert hit.instances == ("disk_space./mnt/backup",)


def test_what_has_all_words_hides_what_has_some() -> None:
    found = {hit.context.id for hit in INDEX.search("disk space reserved", limit=1000)}
    assert found == {"disk.space"}


def test_where_nothing_has_all_words_those_with_some_are_given() -> None:
    assert first("uptime xyzzyplugh") == "system.uptime"


def test_nothing_is_found_for_what_is_nowhere() -> None:
    assert INDEX.search("xyzzyplugh") == ()
    assert ContextIndex(()).search("cpu") == ()
    assert ContextIndex(()).search("") == ()


def test_no_text_is_all_in_the_order_of_a_page() -> None:
    for text in ("", "  ", "./-"):
        hits = INDEX.search(text, limit=3)
        assert [hit.context.priority for hit in hits] == sorted(
            context.priority for context in CONTEXTS
        )[:3]


def test_a_context_that_is_measured_no_more_comes_after_one_that_is() -> None:
    gone, there = Context("a.old", "x", is_live=False), Context("b.old", "x")
    hits = ContextIndex((gone, there)).search("old")
    assert [hit.context.id for hit in hits] == ["b.old", "a.old"]


@given(st.text(max_size=60), st.integers(1, 20))
def test_whatever_is_typed_the_best_come_first_and_each_once(text: str, limit: int) -> None:
    hits = INDEX.search(text, limit)
    assert len(hits) <= limit
    assert len({hit.context.id for hit in hits}) == len(hits)
    scores = [round(hit.score, 3) for hit in hits]
    assert scores == sorted(scores, reverse=True)


@given(st.sampled_from(CONTEXTS), st.data())
def test_each_letter_more_of_a_title_still_finds_it(context: Context, data: st.DataObject) -> None:
    words = [word for word in words_of(context.title) if len(word) > 1]
    text = " ".join(words)[: data.draw(st.integers(2, 60))].strip()
    found = {hit.context.id for hit in INDEX.search(text, limit=len(CONTEXTS))}
    assert context.id in found


def test_the_tree_has_every_context_below_the_first_part_of_its_id() -> None:
    tree = tree_of(CONTEXTS)
    assert sum(len(branch.contexts) for branch in tree) == len(CONTEXTS)
    for branch in tree:
        assert all(context.id.split(".")[0] == branch.name for context in branch.contexts)
        priorities = [context.priority for context in branch.contexts]
        assert priorities == sorted(priorities)
    firsts = [branch.contexts[0].priority for branch in tree]
    assert firsts == sorted(firsts)
