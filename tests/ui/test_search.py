"""What is typed finds servers by anything that is known of them, and by their tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui.given import HOST, WEB, failure
from wodesk.models.server import Server
from wodesk.ui.search import Search, asks_for, with_tag_toggled
from wodesk.ui.store import Link, ServerState

SHOP = Server("a", "Front", "ssh://root@web1.example:2222", tags=("Shop", "front end"))
STATES = {
    "front": ServerState(SHOP, Link.CONNECTED, replace(HOST, hostname="vps-77")),
    "down": ServerState(replace(WEB, name="Back", tags=("shop2",)), Link.FAILED, failure=failure()),
    "paused": ServerState(replace(WEB, name="Tokyo", user="admin", paused=True), Link.PAUSED),
}
TAGS = ("Shop", "front end", "shop2")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "front down paused"),
        ("   ", "front down paused"),
        ('"', "front down paused"),
        ("front", "front"),
        ("FRO", "front"),
        ("web1", "front down paused"),
        ("web1.example", "front"),
        ("vps-77", "front"),
        ("admin", "paused"),
        ("unreach", "down"),
        ("unreachable", "down"),
        ("paused", "paused"),
        ("back unreachable", "down"),
        ("front unreachable", ""),
        ("tag:shop", "front"),
        ("TAG:SHOP", "front"),
        ("tag:sho", "front down"),
        ("tag:shop2", "down"),
        ("tag:", "front down"),
        ('tag:"front end"', "front"),
        ('tag:"front e', "front"),
        ("tag:shop unreachable", ""),
        ("tag:sho unreachable", "down"),
        ("shop", "front down"),
        ("nosuch", ""),
        ("tag:nosuch", ""),
    ],
)
def test_a_search_finds(text: str, found: str) -> None:
    search = Search.of(text, TAGS)
    assert " ".join(name for name, state in STATES.items() if search.finds(state)) == found
    assert bool(search) is bool(text.strip(' "'))


@given(st.text(max_size=40))
def test_nothing_that_is_typed_is_too_odd(text: str) -> None:
    search = Search.of(text, TAGS)
    assert isinstance(search.finds(STATES["front"]), bool)


@given(st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=20))
def test_a_tag_is_looked_for_when_it_is_pressed_and_no_more_when_pressed_again(tag: str) -> None:
    tag = " ".join(tag.split()) or "x"
    state = ServerState(replace(WEB, tags=(tag,)))
    other = ServerState(replace(WEB, tags=(tag + "2",)))
    text = with_tag_toggled("web1", tag)
    search = Search.of(text, [tag])
    assert asks_for(text, tag)
    assert search.finds(state)
    assert not search.finds(other)
    assert with_tag_toggled(text, tag) == "web1"


@pytest.mark.parametrize(
    ("text", "tag", "toggled"),
    [
        ("", "shop", "tag:shop"),
        ("unreach", "front end", 'unreach tag:"front end"'),
        ("tag:shop unreach", "shop", "unreach"),
        ('TAG:"Shop" unreach', "shop", "unreach"),
        ("tag:shop", "shop2", "tag:shop tag:shop2"),
        ("tag:shop2", "shop", "tag:shop2 tag:shop"),
        ("tag:sho", "shop", "tag:sho tag:shop"),
        ('tag:"front e', "front end", 'tag:"front e tag:"front end"'),
    ],
)
def test_a_pressed_tag_leaves_the_rest_of_what_is_typed(text: str, tag: str, toggled: str) -> None:
    assert with_tag_toggled(text, tag) == toggled
