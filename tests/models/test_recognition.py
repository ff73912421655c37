"""What is typed or pasted is understood as the ways that it can mean."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wodesk.models.address import WORDOPS_USER
from wodesk.models.recognition import Way, recognised
from wodesk.models.server import Access, InvalidAddress, parse_address

TUNNEL, WORDOPS, PORT = "SSH tunnel", "WordOps backend", "Netdata's own port"
URL, DASHBOARD, PLAIN = "Netdata at this URL", "Dashboard API", "Netdata, unencrypted"
PARTS = st.sampled_from(
    [
        *(
            "ssh",
            "-J",
            "-p",
            "-L",
            "-o",
            "-l",
            " ",
            "  ",
            "web3",
            "admin@",
            "@",
            ":",
            "::1",
            "[",
            "]",
        ),
        *("/", "//", "://", "http", "https", "ssh://", "dashboard+", ":22222", ":x", "?jump=", ","),
        *(
            "/netdata/v3/",
            "#",
            "?",
            "=",
            "'",
            '"',
            "\\",
            "\x00",
            "ä",
            "-",
            ".",
            "localhost",
            "19999",
        ),
    ]
)
ANYTHING = st.text(max_size=40) | st.lists(PARTS, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (
            "web3",
            [
                (TUNNEL, "ssh://web3"),
                (WORDOPS, "https://web3:22222/netdata"),
                (PORT, "http://web3:19999"),
            ],
        ),
        (" <web3> ", None),
        ("admin@web3", [(TUNNEL, "ssh://admin@web3")]),
        ("admin@web3:2222", [(TUNNEL, "ssh://admin@web3:2222")]),
        ("admin@web3:/var/www", [(TUNNEL, "ssh://admin@web3")]),
        ("web3:2222", [(TUNNEL, "ssh://web3:2222")]),
        (
            "web3:8080",
            [
                (PLAIN, "http://web3:8080"),
                (URL, "https://web3:8080"),
                (TUNNEL, "ssh://web3:8080"),
            ],
        ),
        ("web3:19999", [(PORT, "http://web3:19999"), (TUNNEL, "ssh://web3")]),
        ("web3:22222", [(WORDOPS, "https://web3:22222/netdata")]),
        (
            "https://web3:22222",
            [(WORDOPS, "https://web3:22222/netdata"), (URL, "https://web3:22222")],
        ),
        ("http://web3:22222/", [(WORDOPS, "https://web3:22222/netdata"), (URL, "https://web3:22222")]),
        ("https://web3/netdata/", [(WORDOPS, "https://web3/netdata")]),
        ("web3/netdata/", [(WORDOPS, "https://web3/netdata")]),
        ("https://web3:22222/netdata/v3/#metrics_correlation=false;a=1", [
            (WORDOPS, "https://web3:22222/netdata"),
        ]),
        ("https://web3:22222/netdata/api/v1/info?x=1", [(WORDOPS, "https://web3:22222/netdata")]),
        ("https://web3:22222/netdata/index.html", [(WORDOPS, "https://web3:22222/netdata")]),
        ("http://web3:19999/v3/spaces/x/rooms/local/overview#", [
            (PORT, "http://web3:19999"),
            (TUNNEL, "ssh://web3"),
        ]),
        ("http://web3:19999/host/db1/v1/", [
            (PORT, "http://web3:19999/host/db1"),
            (TUNNEL, "ssh://web3"),
        ]),
        ("https://web3/", [
            (URL, "https://web3"),
            (WORDOPS, "https://web3/netdata"),
            (DASHBOARD, "dashboard+https://web3"),
        ]),
        ("https://dash.example.org/login", [
            (DASHBOARD, "dashboard+https://dash.example.org"),
            (URL, "https://dash.example.org"),
            (WORDOPS, "https://dash.example.org/netdata"),
        ]),
        ("https://d/api/v1/server/metrics?range=5m", [
            (DASHBOARD, "dashboard+https://d"),
            (URL, "https://d"),
            (WORDOPS, "https://d/netdata"),
        ]),
        ("dashboard+https://d/x/", [(DASHBOARD, "dashboard+https://d/x")]),
        ("dashboard+d", [(DASHBOARD, "dashboard+https://d")]),
        ("ssh://me@web3:2200/10.0.0.2:19998", [(TUNNEL, "ssh://me@web3:2200/10.0.0.2:19998")]),
        ("ssh admin@web3", [(TUNNEL, "ssh://admin@web3")]),
        ("$ ssh -J jump admin@web3 -p 2222", [(TUNNEL, "ssh://admin@web3:2222?jump=jump")]),
        ("localhost", [("Netdata on this computer", "http://localhost:19999")]),
        ("http://127.0.0.1:19999/v3/#", [("Netdata on this computer", "http://127.0.0.1:19999")]),
        ("https://127.0.0.1:22222/netdata", [(WORDOPS, "https://127.0.0.1:22222/netdata")]),
        ("local:", [("This computer", "local:")]),
        ("auto:", [("This computer", "auto:")]),
    ],
)  # fmt: skip
def test_a_text_is_understood(text: str, ways: list[tuple[str, str]] | None) -> None:
    expected = ways or [(way.title, way.address) for way in recognised("web3")]
    assert [(way.title, way.address) for way in recognised(text)] == expected


@pytest.mark.parametrize(
    ("text", "user", "note"),
    [
        ("https://web3:22222", WORDOPS_USER, ""),
        ("https://bob@web3:22222/netdata", "bob", ""),
        ("https://bob:hunter2@web3:22222/netdata", "bob", "The password in it is not taken"),
        ("https://bob@web3", "bob", ""),
        ("dashboard+https://bob@d", "bob", ""),
        ("https://web3", "", ""),
        ("admin@web3", "", ""),
        ("ssh -i ~/.ssh/key -o Compression=yes web3", "", "Not taken over: -i, -o Compression."),
    ],
)
def test_a_login_is_taken_and_what_is_lost_is_said(text: str, user: str, note: str) -> None:
    way = recognised(text)[0]
    assert way.user == user
    assert way.note.startswith(note)
    assert bool(way.note) == bool(note)
    assert "hunter2" not in repr(way)


def test_a_host_of_ssh_config_is_named_as_such() -> None:
    assert "~/.ssh/config" in recognised("web3", frozenset({"web3"}))[0].sentence
    assert "~/.ssh/config" not in recognised("web3", frozenset({"web"}))[0].sentence


def test_a_tunnel_says_where_it_leads() -> None:
    sentence = recognised("ssh -J a,b -p 2222 -L 19999:10.0.0.5:19999 me@web3")[0].sentence
    assert sentence == (
        "Logs in to me@web3, port 2222 through a, then b as ssh does, and asks the Netdata at "
        "10.0.0.5:19999 there."
    )


def test_a_way_gives_the_server_at_its_end() -> None:
    tunnel, wordops, _ = recognised("web3")
    assert (tunnel.server.name, tunnel.access) == ("web3", Access.SSH)
    assert (wordops.server.name, wordops.server.user) == ("web3", WORDOPS_USER)
    assert wordops.server.id == wordops.server.address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The address is empty."),
        ("<>", "The address is empty."),
        ("ftp://web3", "wodesk does not know the scheme ftp://."),
        ("web 3", '"web 3" is no address, as there is a space in it.'),
        ("https://web3:x/", "The port must be a number from 1 to 65535."),
        ("web3:x", "The port must be a number from 1 to 65535."),
        ("http://[", "This is not an address."),
        ("https://web3\\@evil.example", "There is no \\ in an address."),
        ("ssh -p 2222", "This command names no server."),
        ("ssh://me:secret@web3", "An address must not hold a password."),
    ],
)
def test_what_means_nothing_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        recognised(text)
    assert caught.value.message == reason


@given(ANYTHING)
@example("http://[::1%25eth0]")
@example("http://℀.com")
@example("ssh ssh://a:b:c@")
@example("-J ? web")
@settings(deadline=None, max_examples=1000)
def test_whatever_is_pasted_is_understood_or_refused(text: str) -> None:
    try:
        ways = recognised(text)
    except InvalidAddress as refused:
        ways, reason = (), refused.message
    else:
        reason = "."
    assert bool(ways) == (reason == ".")
    assert reason.endswith(".")
    assert len({way.address for way in ways}) == len(ways)
    for way in ways:
        assert parse_address(way.address) == way.address
        assert way.address in (way.server.address, "auto:")
        assert way.title
        assert way.sentence


@given(ANYTHING)
@settings(deadline=None, max_examples=1000)
def test_the_command_line_takes_a_bare_host_as_the_dialog_does(text: str) -> None:
    try:
        address = parse_address(text)
    except InvalidAddress:
        return
    if "/" not in text:
        first: Way = recognised(text)[0]
        assert first.address == address
