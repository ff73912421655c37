"""Changes to the file of servers, which leave the rest of it to the letter."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from wodesk.edits import START, with_added, with_order, with_removed, with_replaced
from wodesk.entries import servers_in
from wodesk.models.server import Server, server_at

LONG = """\
# My servers; do not lose this line.

# The shop.
[[server]]
address = "web1"      # the old one
# user = "me"
name = 'Shop "one"'

# --- at home ---

[[server]]
name = "NAS"
address = "http://nas:19999"
tags = [
    "home",   # mine
    "disks",
]
# below
[[server]]
address = "web3"
"""
SHORT = """\
server = [
  # The shop.
  { address = "web1", name = 'Shop "one"' },  # the old one
  { name = "NAS", address = "http://nas:19999", tags = ["home", "disks"] },
  { address = "web3" },
]
"""
TEXTS = {
    "long": LONG,
    "short": SHORT,
    "windows": LONG.replace("\n", "\r\n"),
    "no end": LONG.rstrip("\n"),
    "dense": LONG.replace("\n\n", "\n"),
}
NEW = Server("http://new:19999", "New", "http://new:19999", tags=("a", 'b"'), paused=True)


@pytest.fixture(params=TEXTS.values(), ids=list(TEXTS))
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lines_of(text: str) -> list[str]:
    return text.splitlines()


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    old, new = Counter(lines_of(before)), Counter(lines_of(after))
    return sorted((old - new).elements()), sorted((new - old).elements())


def test_what_is_added_is_at_the_end_and_the_rest_is_as_it_was(text: str) -> None:
    after = with_added(text, [NEW, server_at("admin@web9")])
    assert servers_in(after) == (*servers_in(text), NEW, server_at("admin@web9"))
    if text != SHORT:
        assert after.startswith(text)
        assert "\r\n" in after or "\r" not in text


@pytest.mark.parametrize("text", ["", "server = []\n", "# mine", START])
def test_a_first_server_is_added(text: str) -> None:
    after = with_added(text, [NEW])
    assert after.startswith(text.rstrip("]\n"))
    assert servers_in(after) == (NEW,)


def test_a_field_is_changed_and_nothing_else(text: str) -> None:
    shop = servers_in(text)[0]
    after = with_replaced(text, 0, replace(shop, name="Front"))
    assert [server.name for server in servers_in(after)] == ["Front", "NAS", "web3"]
    gone, came = changed(text, after)
    assert len(gone) == len(came) == 1
    assert came == [gone[0].replace("""'Shop "one"'""", '"Front"')]


def test_a_comment_behind_a_field_that_is_changed_stays(text: str) -> None:
    shop = servers_in(text)[0]
    after = with_replaced(text, 0, replace(shop, address="http://web2:1"))
    assert any("http://web2:1" in line and "# the old one" in line for line in lines_of(after))


def test_a_server_keeps_its_identity_when_its_address_changes(text: str) -> None:
    for number, server in enumerate(servers_in(text)):
        moved = replace(server, address="ssh://elsewhere")
        after = with_replaced(text, number, moved)
        assert servers_in(after)[number] == moved
        assert f'id = "{server.id}"' in after


def test_fields_come_and_go(text: str) -> None:
    nas = servers_in(text)[1]
    after = with_replaced(text, 1, replace(nas, tags=(), user="me", paused=True))
    assert servers_in(after)[1] == replace(nas, tags=(), user="me", paused=True)
    assert "tags" not in after
    back = with_replaced(after, 1, nas)
    assert servers_in(back) == servers_in(text)
    assert "user =" not in back.replace("# user =", "")
    assert "paused" not in back


def test_what_is_removed_takes_its_own_lines_along(text: str) -> None:
    for number in range(3):
        after = with_removed(text, number)
        known = servers_in(text)
        assert servers_in(after) == (*known[:number], *known[number + 1 :])
        gone, came = changed(text, after)
        assert [line for line in came if line.strip()] == []
        assert [line for line in gone if line.startswith("#") and "user" not in line] == []


def test_a_comment_above_what_is_removed_does_not_seem_to_be_about_the_next() -> None:
    text = "# File.\n\n# A.\n[[server]]\naddress = 'a'\n[[server]]\naddress = 'b'\n"
    after = with_removed(text, 0)
    assert after == "# File.\n\n# A.\n\n[[server]]\naddress = 'b'\n"


@pytest.mark.parametrize("text", ["# x\n", LONG], ids=["one", "four"])
def test_removing_what_was_added_gives_the_file_as_it_was(text: str) -> None:
    added = with_added(text, [NEW])
    assert with_removed(added, len(servers_in(text))) == text


def test_comments_above_an_entry_move_with_it_and_those_of_the_file_stay() -> None:
    after = with_order(LONG, [1, 2, 0])
    assert servers_in(after) == tuple(servers_in(LONG)[number] for number in (1, 2, 0))
    assert after.startswith("# My servers; do not lose this line.\n\n[[server]]\nname = ")
    assert '# The shop.\n[[server]]\naddress = "web1"' in after
    assert '# below\n[[server]]\naddress = "web3"' in after
    assert changed(LONG, after) == ([], [])


def test_an_order_that_is_undone_gives_the_file_as_it_was() -> None:
    assert with_order(with_order(LONG, [1, 2, 0]), [2, 0, 1]) == LONG


def test_an_order_keeps_every_line(text: str) -> None:
    after = with_order(text, [2, 0, 1])
    assert servers_in(after) == tuple(servers_in(text)[number] for number in (2, 0, 1))
    for comment in re.findall(r"#[^\r\n]*", text):
        assert comment in after


def test_a_header_within_a_text_of_several_lines_begins_no_entry() -> None:
    text = (
        "[[server]]\naddress = 'a'\nname = '''\n[[server]]\n# x\n'''\n[[server]]\naddress = 'b'\n"
    )
    assert servers_in(with_order(text, [1, 0])) == servers_in(text)[::-1]
    assert servers_in(with_removed(text, 0)) == servers_in(text)[1:]
    assert with_removed(text, 1) == text.removesuffix("[[server]]\naddress = 'b'\n")


# Any file, any changes.

_NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_GAPS = st.sampled_from(["", "\n", "\n\n", "\n# free {n}\n\n", "# above {n}\n", "\n# above {n}\n"])
_ENDS = st.sampled_from(["", "  # end {n}", "\n# within {n}", "\n  # below {n}\n"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as people write them."""
    text = draw(st.sampled_from(["", "# File.\n", "# File.\n\n"]))
    for n in range(draw(st.integers(0, 4))):
        text += draw(_GAPS).format(n=n)
        name = draw(st.sampled_from(["", "name = 'x'", 'name = """\nx\n[[server]]\n"""']))
        fields = [f'address = "web{n}"', *([name] if name else [])]
        if draw(st.booleans()):
            fields.append(draw(st.sampled_from(["tags = ['a',\n 'b'] # {n}", "paused = true"])))
        fields = draw(st.permutations(fields))
        text += "[[server]]\n" + "".join(
            f"{field.format(n=n)}{draw(_ENDS).format(n=f'{n}.{place}')}\n"
            for place, field in enumerate(fields)
        )
    text += draw(st.sampled_from(["", "\n", "\n# last\n"]))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def inside(text: str) -> set[str]:
    """The comments that go with an entry when it is removed: those between its values."""
    return set(re.findall(r"# (?:end|within|below|\d)[^\r\n]*", text))


@settings(max_examples=150)
@given(files(), st.data())
@example("# File.\n[[server]]\naddress = 'web0'\n# above 1\n[[server]]\naddress = 'web1'", None)
def test_after_any_changes_the_servers_are_as_wanted_and_no_comment_is_lost(
    text: str, data: st.DataObject | None
) -> None:
    known = servers_in(text)
    comments = set(re.findall(r"#[^\r\n]*", text))
    steps = data.draw(st.lists(st.sampled_from("arcmo"), max_size=6)) if data else list("omcra")
    for step, kind in enumerate(steps):
        number = data.draw(st.integers(0, len(known) - 1)) if data and known else 0
        if kind == "a":
            new = Server(f"id{step}", data.draw(_NAMES) if data else "\x7f", "local:")
            text, known = with_added(text, [new]), (*known, new)
        elif known and kind == "c":
            name = data.draw(_NAMES) if data else '"'
            new = replace(known[number], name=name, user="me" * (number % 2))
            text = with_replaced(text, number, new)
            known = (*known[:number], new, *known[number + 1 :])
        elif known and kind == "m":
            new = replace(known[number], address=f"http://moved{step}:1", tags=("t",))
            text = with_replaced(text, number, new)
            known = (*known[:number], new, *known[number + 1 :])
        elif known and kind == "r":
            comments -= inside(text) - inside(with_removed(text, number))
            text, known = with_removed(text, number), (*known[:number], *known[number + 1 :])
        elif known:
            places = list(range(len(known)))
            order = data.draw(st.permutations(places)) if data else places[::-1]
            text, known = with_order(text, order), tuple(known[place] for place in order)
        assert servers_in(text) == known
        # A value that is written anew takes the comments within it along.
        comments -= {c for c in comments if re.match(r"# \d", c) and kind == "m"}
        assert {comment for comment in comments if comment not in text} == set()
