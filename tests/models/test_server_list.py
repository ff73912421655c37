"""Lists of servers are read as people have them, and nothing in them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.candidate import Candidate
from wodesk.models.server import Server
from wodesk.models.server_list import LONGEST, MOST_LINES, ServerList

Found = tuple[str, str, tuple[str, ...]]


def read(text: str) -> list[Candidate]:
    """All that a list comes to."""
    return list(ServerList(text))


def servers_of(text: str) -> list[Server]:
    """The servers of a list, every line of which means one."""
    found = [one.server for one in read(text)]
    assert None not in found
    return [server for server in found if server is not None]


def shown(text: str) -> list[Found]:
    """Names, addresses and tags."""
    return [(server.name, server.address, server.tags) for server in servers_of(text)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        # A bare address.
        ("web1", ("web1", "ssh://web1", ())),
        ("admin@web1", ("web1", "ssh://admin@web1", ())),
        ("10.0.0.7", ("10.0.0.7", "ssh://10.0.0.7", ())),
        ("2001:db8::7", ("2001:db8::7", "ssh://[2001:db8::7]", ())),
        ("web1:22222", ("web1", "https://web1:22222/netdata", ())),
        ("web1:19999", ("web1", "http://web1:19999", ())),
        ("dashboard+https://d.example", ("d.example", "dashboard+https://d.example", ())),
        ("local:", ("This computer", "local:", ())),
        # Name, address and tags, whatever is between them.
        ("web1 10.0.0.7", ("web1", "ssh://10.0.0.7", ())),
        ("web1 10.0.0.7 shop blog", ("web1", "ssh://10.0.0.7", ("shop", "blog"))),
        ("web1 10.0.0.7 shop,blog", ("web1", "ssh://10.0.0.7", ("shop", "blog"))),
        ("web1,10.0.0.7,shop,blog", ("web1", "ssh://10.0.0.7", ("shop", "blog"))),
        ("web1, 10.0.0.7, shop blog", ("web1", "ssh://10.0.0.7", ("shop", "blog"))),
        ("web1;10.0.0.7;;", ("web1", "ssh://10.0.0.7", ())),
        ("Web one\tadmin@web1\tshop", ("Web one", "ssh://admin@web1", ("shop",))),
        ('"Web, one", 10.0.0.7', ("Web, one", "ssh://10.0.0.7", ())),
        ("'Web one' 10.0.0.7", ("Web one", "ssh://10.0.0.7", ())),
        ("shop web1.example.com", ("shop", "ssh://web1.example.com", ())),
        ("shop web1", ("shop", "ssh://web1", ())),
        # The address first, where there is no doubt which one it is.
        ("admin@web1 shop x", ("shop", "ssh://admin@web1", ("x",))),
        ("https://web1:22222/netdata/, shop", ("shop", "https://web1:22222/netdata", ())),
        ("web1.example.com shop", ("shop", "ssh://web1.example.com", ())),
        # /etc/hosts.
        ("10.0.0.7\tweb1\tweb1.example shop", ("web1", "ssh://10.0.0.7", ("shop",))),
        ("10.0.0.7  web1 web1.example", ("web1", "ssh://10.0.0.7", ())),
        # Command lines.
        ("ssh -p 2222 admin@web1", ("web1", "ssh://admin@web1:2222", ())),
        ("$ ssh -J bastion web1 uptime", ("web1", "ssh://web1?jump=bastion", ())),
        # What surrounds it.
        ("- web1", ("web1", "ssh://web1", ())),
        ("  12. web1", ("web1", "ssh://web1", ())),
        ("web1   # the shop", ("web1", "ssh://web1", ())),
        ("\ufeffweb1\r", ("web1", "ssh://web1", ())),
        ("\x1b[32mexample.com\x1b[0m", ("example.com", "ssh://example.com", ())),
    ],
)
def test_a_line_is_a_server(line: str, found: Found) -> None:
    assert shown(line) == [found]


@pytest.mark.parametrize("line", ["", "   ", "# web1", "; web1", ";web1", "// web1", "\x1b[0m"])
def test_comments_and_empty_lines_are_passed_over(line: str) -> None:
    assert read(line) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("http://", "names no host"),
        ("ftp://web1", "scheme ftp"),
        ("web1:99999", "port"),
        ("we$b", "no host"),
        ("ssh://-oProxyCommand=x", "no host"),
        ("127.0.0.1 localhost", "the computer itself"),
        ("::1 ip6-localhost", "the computer itself"),
        ("ff02::1 ip6-allnodes", "No single server"),
        (",,", "no address"),
        ("not an address !!", "no address"),
        ("not an address", "no address"),
        ("mail backup", "put a comma after the name"),
        ("please have a look.", "no address"),
        ("these are the servers of our shop", "no address"),
        ("x" * 3000, "too long"),
    ],
)
def test_a_line_that_is_no_server_stays_with_its_number_and_the_reason(
    line: str, reason: str
) -> None:
    good, bad = read(f"web1\n{line}")
    assert good.server is not None
    assert (bad.line, bad.server, bad.is_wanted) == (2, None, False)
    assert reason in bad.remark


@pytest.mark.parametrize(
    "line",
    [
        "shop web3 prod eu",
        '"Our shop!" web3',
        "web1 10.0.0.1 it is the old one.",
        "mail, backup",
        '"Our mail" backup',
    ],
)
def test_a_name_that_is_no_sentence_is_a_server(line: str) -> None:
    (one,) = read(line)
    assert one.server is not None


def test_a_user_of_a_url_is_kept_and_its_password_is_not() -> None:
    (one,) = read("https://me:hunter2@web1/netdata")
    assert one.server is not None
    assert (one.server.address, one.server.user) == ("https://web1/netdata", "me")
    assert "password" in one.remark
    assert "hunter2" not in repr(one)


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("web\n" * (MOST_LINES + 5), MOST_LINES, "10,006 lines"),
        ("x" * 1000 + "\n" + "web1\n" * 5 + "# " + "y" * LONGEST, 6, "1 MB"),
        ("w[1:9999]x[1:9999] a=b\n", MOST_LINES, "more than 10,000 servers"),
        ("w[1:900]x a=b\n", 900, ""),
    ],
)
def test_what_is_too_much_is_said(text: str, count: int, words: str) -> None:
    listed = ServerList(text)
    assert len(list(listed)) == count
    assert words in listed.remark
    assert bool(words) == bool(listed.remark)


# fmt: off
_PIECES = st.sampled_from([
    "web1", " ", "10.0.0.7", "admin@web1", ":22", ",", ";", "\t", "\n", "[shop]", "[shop:vars]",
    "ansible_host=", "ansible_port=x", "ssh ", "-p", "-o ", "user=", "://", "https://", "@", "[",
    "]", "[1:9]", "#", "//", "name", "address", '"', "'", "\\", "\x00", "\u202e",
])
# fmt: on


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_every_line_of_it_has_its_place(text: str) -> None:
    count = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for one in ServerList(text):
        assert 1 <= one.line <= count
        assert (one.server is None) == (not one.is_wanted)
        if one.server is None:
            assert one.remark
        else:
            assert one.server.name
            assert one.server.name.isprintable()
