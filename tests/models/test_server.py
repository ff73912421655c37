"""A server as the user knows it."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from wodesk.models.errors import Hop
from wodesk.models.server import (
    THIS_COMPUTER,
    Access,
    InvalidAddress,
    Server,
    default_netdata_url,
    parse_address,
    server_at,
    unique_tags,
)

HOSTS = st.text(alphabet="abcXYZ019.-_äß", min_size=1, max_size=20)
LIKELY = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "http://", "HTTPS://", "ssh://", "//", "http:/", "user:pw@", "://"]),
    HOSTS | st.sampled_from(["[::1]", "[fe80::1%eth0]", "::1", "[", "]", "", "[::1", "1.2.3.4"]),
    st.sampled_from(["", ":", ":0", ":19999", ":65535", ":65536", ":-1", ":x", ":1e3"]),
    st.sampled_from(["", "/", "/netdata", "/netdata//", "/a b", "/?q", "?", "#f", "/%41", "\\x"]),
)
SCHEMES = ("http://", "https://", "ssh://", "dashboard+")
ANYTHING = st.text(max_size=60) | LIKELY


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("web1", "ssh://web1"),
        ("  web1\n", "ssh://web1"),
        ("WEB1", "ssh://WEB1"),
        ("web1:22", "ssh://web1:22"),
        ("web1:2222", "ssh://web1:2222"),
        ("admin@web1", "ssh://admin@web1"),
        ("admin@web1:/var/www", "ssh://admin@web1"),
        ("web1:19998", "http://web1:19998"),
        ("web1:443", "https://web1:443"),
        ("web1:22222", "https://web1:22222/netdata"),
        ("web1:22222/x", "https://web1:22222/x"),
        ("192.0.2.7", "ssh://192.0.2.7"),
        ("fe80::1", "ssh://[fe80::1]"),
        ("localhost", "http://localhost:19999"),
        ("127.0.0.1", "http://127.0.0.1:19999"),
        ("localhost:19998", "http://localhost:19998"),
        ("::1", "http://[::1]:19999"),
        ("[::1]", "http://[::1]:19999"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("http://web1", "http://web1"),
        ("https://web1.example.org:22222/netdata/", "https://web1.example.org:22222/netdata"),
        ("web1/netdata/", "https://web1/netdata"),
        ("localhost/host/db", "http://localhost:19999/host/db"),
        ("local:", "local:"),
        ("auto:", "auto:"),
    ],
)
def test_an_address_has_one_spelling(typed: str, address: str) -> None:
    assert parse_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "The address is empty."),
        ("   ", "The address is empty."),
        ("ftp://web1", "wodesk does not know the scheme ftp://."),
        ("http://", "The address names no host."),
        ("web1:port", "The port must be a number from 1 to 65535."),
        ("web1:0", "The port must be a number from 1 to 65535."),
        ("web1:65536", "The port must be a number from 1 to 65535."),
        ("web 1", '"web 1" is no address, as there is a space in it.'),
        ("web1\x00", "An address has no spaces or control characters in it."),
        ("http://web1/?after=1", "An address ends before any ? or #."),
        ("http://web1/#top", "An address ends before any ? or #."),
        ("http://[", "http://[ is not an address."),
        ("http://web!1", "web!1 is not a host name."),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(typed)
    assert caught.value.message == reason
    assert caught.value.hop is Hop.ADDRESS
    assert "http://web1:19999" in caught.value.advice


@pytest.mark.parametrize("typed", ["http://admin:hunter2@web1", "https://hunter2@web1/netdata"])
def test_an_address_with_a_secret_is_refused_and_the_secret_not_repeated(typed: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(typed)
    assert "hunter2" not in caught.value.message + caught.value.advice


@pytest.mark.parametrize("typed", ["::1", "fe80::1"])
def test_a_bare_ipv6_address_is_understood_or_told_about_its_brackets(typed: str) -> None:
    try:
        understood = parse_address(typed)
    except InvalidAddress as refused:
        understood = refused.message + refused.advice
    assert f"[{typed}]" in understood or "[::1]" in understood


@pytest.mark.parametrize("typed", ["http://[1::2::3]", "[web1]", "http://[::1"])
def test_what_is_no_ipv6_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress, match="address"):
        parse_address(typed)


@given(ANYTHING)
@example("http://[::1%25eth0]")
@example("http://℀.com")
@example("http://web1:١٩")
@example("\ud800")
@settings(deadline=None, max_examples=500)
def test_parsing_raises_nothing_but_invalid_address(typed: str) -> None:
    try:
        address = parse_address(typed)
    except InvalidAddress as refused:
        reason = refused.message
    else:
        assert address in ("local:", "auto:") or address.startswith(SCHEMES)
        return
    assert len(reason) <= 200
    assert reason.endswith(".")


@given(ANYTHING)
@settings(deadline=None, max_examples=500)
def test_parsing_twice_changes_nothing(typed: str) -> None:
    try:
        address = parse_address(typed)
    except InvalidAddress:
        return
    assert parse_address(address) == address
    assert server_at(address).address == address or address == "auto:"


@given(HOSTS.filter(lambda host: host.isascii()), st.integers(1, 65535))
@settings(deadline=None)
def test_a_host_with_a_port_is_plain_http_where_nothing_else_belongs_to_it(
    host: str, port: int
) -> None:
    assume(port not in (22, 2222, 443, 22222))
    try:
        address = parse_address(f"{host}:{port}")
    except InvalidAddress:
        return
    assert address == f"http://{host.lower()}:{port}"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("web1", "web1"),
        ("web1:19998", "web1:19998"),
        ("http://web1:19999", "web1"),
        ("https://web1:22222/netdata", "web1"),
        ("https://web1.example.org/netdata", "web1.example.org"),
        ("http://[::1]:19999", "::1"),
        ("local:", "This computer"),
    ],
)
def test_a_server_is_named_after_its_host(address: str, name: str) -> None:
    assert server_at(address).name == name


def test_a_server_can_be_given_a_name() -> None:
    assert server_at("web1", "Shop") == Server("ssh://web1", "Shop", "ssh://web1")


@pytest.mark.parametrize(
    ("address", "access"),
    [("local:", Access.LOCAL), ("auto:", Access.AUTO), ("https://web1", Access.DIRECT)],
)
def test_the_address_says_how_a_server_is_reached(address: str, access: Access) -> None:
    assert server_at(address).access is access


def test_auto_is_this_computer() -> None:
    assert server_at("auto:") is THIS_COMPUTER


def test_netdata_is_on_this_machine_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WODESK_NETDATA_URL", raising=False)
    assert default_netdata_url() == "http://127.0.0.1:19999"


def test_the_environment_overrides_where_netdata_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", "http://127.0.0.1:1")
    assert default_netdata_url() == "http://127.0.0.1:1"


def test_a_tag_is_there_once_and_has_no_blanks_around_it() -> None:
    words = [" prod ", "PROD", "", "eu  west", "\t", "Straße", "STRASSE"]
    assert unique_tags(words) == ("prod", "eu west", "Straße")
