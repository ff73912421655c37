"""What the text of the file of servers means, and where a mistake in it is."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wodesk.entries import Entry, entry_starts, server_of, servers_in
from wodesk.mistakes import Mistake, Place, place_of
from wodesk.models.server import Server

WEB = '[[server]]\naddress = "web1"\n'


def mistake_in(text: str) -> Mistake:
    with pytest.raises(Mistake) as caught:
        servers_in(text)
    return caught.value


def test_every_field_has_its_meaning() -> None:
    text = (
        '[[server]]\naddress = "https://web1/netdata"\nname = "Shop"\nid = "shop"\n'
        'user = "admin"\npin = "AB"\ntags = ["prod", " eu  west ", "PROD", ""]\npaused = true\n'
    )
    address = "https://web1/netdata"
    assert servers_in(text) == (
        Server("shop", "Shop", address, "admin", "AB", ("prod", "eu west"), True),
    )


def test_an_address_is_enough() -> None:
    assert servers_in(WEB) == (Server("ssh://web1", "web1", "ssh://web1"),)
    assert server_of(Entry(address="web1")) == servers_in(WEB)[0]


@pytest.mark.parametrize("text", ["", "# nothing\n", "server = []\n", "\r\n"])
def test_a_text_may_have_no_servers(text: str) -> None:
    assert servers_in(text) == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (WEB + "[[server]]\nname = 'x'\n", Place(3, 1)),
        (WEB + "[[server]]\n  adress = 'x'\n", Place(4, 3)),
        (WEB + "\n\n[[ 'server' ]] # x\naddress = 'x'\n\"user\" = 1\n", Place(7, 1)),
        (WEB + WEB, Place(4, 1)),
        (WEB + WEB.replace("web1", "web2") + "id = 'ssh://web1'\n", Place(5, 1)),
        ("[[server]]\nname = '''\n[[server]]\n'''\naddress = 1\n", Place(5, 1)),
        ("server = [{address = 'a'}, {address = 'b', user = 1}]", Place(1, 44)),
        ("server = [{address = 'a{'}, {address = 'b', user = 1}]", None),
        ("server = [{address = 'a'}, 1]", None),
    ],
)
def test_a_mistake_is_in_the_line_and_column_of_the_field_or_the_entry(
    text: str, place: Place | None
) -> None:
    assert mistake_in(text).place == place


def test_the_fields_that_there_are_are_named_where_one_is_not_known() -> None:
    reason = mistake_in(WEB + "port = 1\n").reason
    assert reason.startswith("server 1: there is no field `port`; ")
    for field in Entry.__struct_fields__:
        assert field in reason


def test_deep_nesting_is_a_mistake() -> None:
    assert mistake_in("server = " + "[" * 100_000)


@given(st.text())
def test_any_text_is_understood_or_a_mistake(text: str) -> None:
    mistake = None
    try:
        servers_in(text)
    except Mistake as exc:
        mistake = exc
    if mistake is not None:
        assert mistake.reason
        assert mistake.place is None or mistake.place.line <= text.count("\n") + 1


@given(
    st.lists(
        st.sampled_from(
            [
                *("[[server]]", "[[server]] # x", "address = 'a'", "address = 1", "name = '''"),
                *("'''", "", "# [[server]]", 'tags = ["""', '"""]', "paused = true", "user = ''"),
                *("server = [{address = 'a'}]", "id = '[[server]]'"),
            ]
        )
    )
)
@example(["server = [{address = 'a'}]", "name = '''", "[[server]]", "name = '''"])
@example(['tags = ["""', "server = [{address = 'a'}]", '"""]', "[[server]]"])
def test_entries_begin_where_toml_begins_them_or_it_is_left_open(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        count = len(tomllib.loads(text).get("server", []))
    except tomllib.TOMLDecodeError:
        return
    for start in entry_starts(text, count):
        assert text[start:].startswith(("[[server]]", "{"))
        before = text[:start]
        if text.startswith("{", start):
            before = before.rpartition("server =")[0]
        assert tomllib.loads(before) is not None


def test_a_place_is_counted_from_one_and_says_what_it_is() -> None:
    assert place_of("ab\ncd", 0) == Place(1, 1)
    assert place_of("ab\ncd", 4) == Place(2, 2)
    assert str(Place(3, 7)) == "line 3, column 7"
    assert str(Place(3)) == "line 3"
