"""The file of servers."""

from __future__ import annotations

import resource
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wodesk.models.errors import SourceError
from wodesk.models.server import InvalidAddress, Server, server_at
from wodesk.settings import BrokenSettings, Servers, config_folder, find, write_atomically

WEB1 = server_at("https://web1.example.org:22222/netdata", "Shop")
WEB2 = server_at("web2")
LOCAL = server_at("local:")
BY_HAND = """\
# My servers; do not lose this line.
[[server]]
address = "web1"      # the old one
name = 'Shop "one"'
"""


@pytest.fixture
def servers(tmp_path: Path) -> Servers:
    return Servers(tmp_path / "wodesk" / "servers.toml")


@pytest.fixture
def by_hand(servers: Servers) -> Servers:
    return written(servers, BY_HAND)


def written(servers: Servers, text: str) -> Servers:
    servers.path.parent.mkdir(parents=True, exist_ok=True)
    servers.path.write_bytes(text.encode())
    return servers


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond some bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def mistake_in(servers: Servers) -> str:
    """The sentence about a broken file, which is kept as it is."""
    before = servers.path.read_bytes()
    for attempt in (servers.load, lambda: servers.add(WEB2)):
        with pytest.raises(BrokenSettings) as caught:
            attempt()
    assert servers.path.read_bytes() == before
    assert [path.name for path in servers.path.parent.iterdir()] == [servers.path.name]
    assert str(servers.path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_a_file_there_are_no_servers_and_none_is_made(servers: Servers) -> None:
    assert servers.load() == ()
    assert not servers.path.parent.exists()


def test_the_file_of_the_user_is_in_the_configuration_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_folder() == tmp_path / "wodesk"
    assert Servers.of_user().path == tmp_path / "wodesk" / "servers.toml"


def test_servers_come_back_as_they_were_added_in_their_order(servers: Servers) -> None:
    for server in (WEB1, LOCAL, WEB2):
        servers.add(server)
    assert servers.load() == (WEB1, LOCAL, WEB2)


@pytest.mark.parametrize("address", ["web1", "https://web1/netdata", "local:", "auto:"])
def test_adding_a_server_twice_changes_nothing(servers: Servers, address: str) -> None:
    servers.add(server_at(address))
    before = servers.path.read_bytes()
    servers.add(server_at(address))
    assert servers.path.read_bytes() == before


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable() or "\n" in text))
@example('"; rm -rf /')
@example("tab\there \x7f \x00 \x1b[31m")
@example("\\u0041 \\")
@example("']\n[[server]]\naddress = 'evil'")
@example("Ünï😀\u2028")
@settings(deadline=None)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        servers = Servers(Path(folder) / "servers.toml")
        servers.add(Server(WEB1.id, name, WEB1.address))
        servers.add(WEB2)
        assert [server.name for server in servers.load()] == [name, WEB2.name]


def test_a_new_file_explains_itself(servers: Servers) -> None:
    servers.add(WEB1)
    assert servers.path.read_text().startswith("# ")


def test_comments_of_the_user_survive_to_the_letter(by_hand: Servers) -> None:
    by_hand.add(WEB2)
    assert by_hand.path.read_text().startswith(BY_HAND)
    assert [server.name for server in by_hand.load()] == ['Shop "one"', "web2"]


@pytest.mark.parametrize(
    "text",
    [
        BY_HAND.rstrip("\n"),
        BY_HAND + "\n\n\n",
        BY_HAND + "# at the end",
        BY_HAND.replace("\n", "\r\n"),
        "",
        "# nothing yet\n",
    ],
    ids=["no newline", "newlines", "comment", "Windows", "empty", "comment alone"],
)
def test_whatever_is_in_the_file_stays_to_the_letter(servers: Servers, text: str) -> None:
    known = len(written(servers, text).load())
    servers.add(WEB2)
    assert servers.path.read_bytes().startswith(text.encode())
    assert len(servers.load()) == known + 1


@pytest.mark.parametrize(
    "text", ["server = []\n", 'server = [{address = "web1"}]\n'], ids=["empty", "one"]
)
def test_a_file_in_the_short_spelling_of_toml_is_never_broken(servers: Servers, text: str) -> None:
    """It is either added to, or left alone with a sentence."""
    before = written(servers, text).load()
    try:
        servers.add(WEB2)
    except BrokenSettings:
        assert servers.path.read_text() == text
    assert set(before) <= set(servers.load())


def test_a_name_and_an_identity_may_be_left_to_wodesk(servers: Servers) -> None:
    written(servers, '[[server]]\naddress = "web1:19998"\n')
    assert servers.load() == (Server("http://web1:19998", "web1:19998", "http://web1:19998"),)


def test_an_identity_of_the_users_own_is_kept(servers: Servers) -> None:
    written(servers, '[[server]]\naddress = "web1"\nid = "shop"\n')
    assert servers.load()[0].id == "shop"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('[[server]]\naddress = "web1"\nname = \n', ["line 3"]),
        ("[[server]\n", ["line 1"]),
        ('[[server]]\naddress = "web1"\naddress = "web2"\n', ["line 3"]),
    ],
)
def test_broken_toml_is_named_with_its_line_and_kept(
    servers: Servers, text: str, places: list[str]
) -> None:
    said = mistake_in(written(servers, text))
    assert all(place in said for place in places)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('[[server]]\naddress = "web1"\npasword = "hunter2"\n', ["pasword", "server"]),
        ('[[servers]]\naddress = "web1"\n', ["servers"]),
        ('[[server]]\nname = "web1"\n', ["address", "server"]),
        ("[[server]]\naddress = 1\n", ["address"]),
        ('server = "web1"\n', ["server"]),
    ],
)
def test_what_is_not_known_or_missing_is_named_with_its_place(
    servers: Servers, text: str, places: list[str]
) -> None:
    said = mistake_in(written(servers, text))
    assert all(place in said for place in places)
    assert "hunter2" not in said


def test_a_wrong_address_is_named_with_its_place(servers: Servers) -> None:
    text = '[[server]]\naddress = "web1"\n[[server]]\naddress = "ftp://web2"\n'
    said = mistake_in(written(servers, text))
    assert "server 2" in said
    assert "ftp://" in said


def test_a_secret_in_an_address_is_refused_and_not_repeated(servers: Servers) -> None:
    text = '[[server]]\naddress = "https://admin:hunter2@web1"\n'
    assert "hunter2" not in mistake_in(written(servers, text))


@pytest.mark.parametrize("more", ["", 'name = "other"\n', 'id = "http://web1:19999"\n'])
def test_no_two_servers_have_one_identity(servers: Servers, more: str) -> None:
    """The window and the engine tell servers apart by it; such a file is refused or understood."""
    entry = '[[server]]\naddress = "web1"\n'
    written(servers, entry + entry + more)
    try:
        ids = [server.id for server in servers.load()]
    except BrokenSettings:
        ids = []
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00"])
def test_what_is_no_text_is_named_and_kept(servers: Servers, content: bytes) -> None:
    servers.path.parent.mkdir(parents=True)
    servers.path.write_bytes(content)
    mistake_in(servers)


def test_a_folder_in_place_of_the_file_is_a_sentence(servers: Servers) -> None:
    servers.path.mkdir(parents=True)
    for attempt in (servers.load, lambda: servers.add(WEB1)):
        with pytest.raises(BrokenSettings, match=r"servers\.toml cannot be read"):
            attempt()


def test_a_write_that_fails_is_a_sentence_and_leaves_the_old_file(by_hand: Servers) -> None:
    with full_disk(), pytest.raises(BrokenSettings, match="cannot be written"):
        by_hand.add(WEB2)
    assert by_hand.path.read_text() == BY_HAND
    assert list(by_hand.path.parent.iterdir()) == [by_hand.path]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "wodesk").write_text("a file")
    with pytest.raises(BrokenSettings):
        Servers(tmp_path / "wodesk" / "servers.toml").add(WEB1)


def test_text_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_for_its_owner_alone(servers: Servers) -> None:
    servers.add(WEB1)
    assert stat.S_IMODE(servers.path.stat().st_mode) == 0o600
    servers.path.chmod(0o644)
    servers.add(WEB2)
    assert stat.S_IMODE(servers.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(servers.path.parent.stat().st_mode) == 0o700


def test_no_secret_field_is_ever_written(servers: Servers) -> None:
    servers.add(WEB1)
    lines = [line for line in servers.path.read_text().splitlines() if "=" in line]
    assert [line.partition(" ")[0] for line in lines] == ["name", "address"]


def test_a_server_is_found_by_its_name_before_its_address() -> None:
    named = Server("http://x:19999", "web2", "http://x:19999")
    assert find((WEB1, named), "web2") is named
    assert find((WEB1,), "Shop") is WEB1


def test_what_is_no_name_is_an_address() -> None:
    assert find((WEB1,), "web2") == WEB2
    assert find((), "local:") == LOCAL


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        find((WEB1,), "Shop two")
    assert issubclass(InvalidAddress, SourceError)
