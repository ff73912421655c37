"""The file of servers."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from wodesk.folders import config_folder
from wodesk.models.errors import SourceError
from wodesk.models.server import InvalidAddress, Server, server_at
from wodesk.settings import Servers, find
from wodesk.text_files import BrokenSettings

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
        ('[[server]]\naddress = "web1"\nname = \n', ["line 3", "column 8"]),
        ("[[server]\n", ["line 1"]),
        ('[[server]]\naddress = "web1"\naddress = "web2"\n', ["line 3"]),
        ('[[server]]\naddress = "web1\n', ["line 2"]),
        ('[[server]]\naddress = """web1\n\n', ["line 2", "end of the file"]),
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
        ('[[server]]\naddress = "web1"\npasword = "hunter2"\n', ["pasword", "server 1", "line 3"]),
        ('[[servers]]\naddress = "web1"\n', ["servers", "line 1", "[[server]]"]),
        ('# x\n[[server]]\nname = "web1"\n', ["`address` is missing", "server 1", "line 2"]),
        ("[[server]]\naddress = 1\n", ["address", "line 2, column 1", "expected `str`"]),
        ('[[server]]\naddress = "a"\n[[server]]\n address = 1\n', ["server 2", "line 4, column 2"]),
        ('[[server]]\naddress = "a"\ntags = ["b", 1]\n', ["tags", "line 3"]),
        ('[[server]]\naddress = "a"\npaused = "yes"\n', ["paused", "line 3", "`bool`"]),
        ('server = "web1"\n', ["server", "line 1"]),
        ("x = 1\nserver = []\n", ["x", "line 1"]),
        ('server = [\n {address = "a"},\n {address = 1}\n]\n', ["server 2", "line 3, column 3"]),
        ('server = [1, {address = "a"}]\n', ["server 1"]),
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
    assert "line 4, column 1: server 2: " in said
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


def test_a_file_that_is_made_is_for_its_owner_alone_and_one_that_is_there_keeps_its_mode(
    servers: Servers,
) -> None:
    servers.add(WEB1)
    assert stat.S_IMODE(servers.path.stat().st_mode) == 0o600
    servers.path.chmod(0o640)
    servers.add(WEB2)
    assert stat.S_IMODE(servers.path.stat().st_mode) == 0o640
    assert stat.S_IMODE(servers.path.parent.stat().st_mode) == 0o700


def test_no_secret_field_is_ever_written(servers: Servers) -> None:
    servers.add(WEB1)
    lines = [line for line in servers.path.read_text().splitlines() if "=" in line]
    assert [line.partition(" ")[0] for line in lines] == ["name", "address"]


def test_a_server_is_found_by_its_name_before_its_address() -> None:
    named = Server("http://x:19999", "web2", "http://x:19999")
    assert find((WEB1, named), "web2") is named
    assert find((WEB1,), "Shop") is WEB1


def test_an_address_means_the_saved_server_that_is_there_unless_there_are_several() -> None:
    shop = Server("shop", "Shop", WEB2.address, user="ada", pin="ab")
    assert find((WEB1, shop), "web2") is shop
    assert find((WEB1, shop), WEB2.address) is shop
    assert find((WEB1, shop, replace(shop, id="other", name="Other")), "web2") == WEB2


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://ada@web3:22222/netdata", "https://web3:22222/netdata"),
        ("ada@web3:22222/netdata", "https://web3:22222/netdata"),
        ("dashboard+https://ada@web3", "dashboard+https://web3"),
        ("dashboard+ada@web3", "dashboard+https://web3"),
        ("http://ada@127.0.0.1:19999", "http://127.0.0.1:19999"),
        ("https://a%20da@web3", "https://web3"),
    ],
)
def test_a_url_may_say_whom_to_log_in_as(text: str, address: str) -> None:
    user = "a da" if "%" in text else "ada"
    found = find((), text)
    assert (found.address, found.user) == (address, user)
    saved = replace(found, id="saved", pin="ab")
    assert find((WEB1, saved), text) is saved
    assert find((WEB1, replace(saved, user="")), text) == saved
    assert find((WEB1, replace(saved, user="another")), text) == found
    with pytest.raises(InvalidAddress, match="must not hold a password"):
        find((), text.replace("@", ":secret@"))


@pytest.mark.parametrize("end", ["?next=a", "#a", "\\"])
def test_what_comes_after_a_host_names_no_other_one(end: str) -> None:
    for scheme in ("https://", "dashboard+https://"):
        with pytest.raises(InvalidAddress):
            find((), f"{scheme}web1.example.org{end}@evil.example.org")


def test_what_is_no_name_is_an_address() -> None:
    assert find((WEB1,), "web2") == WEB2
    assert find((), "local:") == LOCAL


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        find((WEB1,), "Shop two")
    assert issubclass(InvalidAddress, SourceError)


# Changes.


def test_many_servers_are_added_at_once_and_known_ones_are_left_out(by_hand: Servers) -> None:
    shop = by_hand.load()[0]
    assert by_hand.add_all([WEB2, server_at("web1", "again"), LOCAL, WEB2]) == (shop, WEB2, LOCAL)
    assert by_hand.load() == (shop, WEB2, LOCAL)
    assert by_hand.add_all([]) == (shop, WEB2, LOCAL)


def test_a_copy_has_an_identity_of_its_own(servers: Servers) -> None:
    servers.add(WEB1)
    servers.add_copy(WEB1)
    servers.add_copy(replace(WEB1, name="Third"))
    ids = [server.id for server in servers.load()]
    assert ids == [WEB1.id, f"{WEB1.id}#2", f"{WEB1.id}#3"]
    assert {server.address for server in servers.load()} == {WEB1.address}


def test_a_change_keeps_what_somebody_else_changed_meanwhile(by_hand: Servers) -> None:
    before = by_hand.load()[0]
    other = Servers(by_hand.path)
    other.replace(before, replace(before, tags=("prod",), user="admin"))
    other.add(WEB2)
    by_hand.replace(before, replace(before, name="Front", user="me"))
    assert by_hand.load() == (
        replace(before, name="Front", tags=("prod",), user="me"),
        WEB2,
    )
    assert "# the old one" in by_hand.path.read_text()


def test_a_server_that_moves_stays_the_same_server(by_hand: Servers) -> None:
    before = by_hand.load()[0]
    after = replace(before, address="ssh://admin@web9")
    assert by_hand.replace(before, after) == (after,)
    assert f'id = "{before.id}"' in by_hand.path.read_text()


def test_a_server_that_has_gone_cannot_be_changed(by_hand: Servers) -> None:
    with pytest.raises(BrokenSettings, match=r"web2 is not in .* any more"):
        by_hand.replace(WEB2, replace(WEB2, name="x"))
    assert by_hand.path.read_text() == BY_HAND


def test_a_pin_is_kept_with_its_server_and_one_of_an_unknown_server_is_not(
    by_hand: Servers,
) -> None:
    server = by_hand.load()[0]
    assert by_hand.pin("unknown", "AB") == (server,)
    assert by_hand.path.read_text() == BY_HAND
    assert by_hand.pin(server.id, "AB") == (replace(server, pin="AB"),)


def test_a_server_is_removed_once(servers: Servers) -> None:
    servers.add_all([WEB1, WEB2, LOCAL])
    assert servers.remove(WEB2.id) == (WEB1, LOCAL)
    assert servers.remove(WEB2.id) == (WEB1, LOCAL)
    assert servers.load() == (WEB1, LOCAL)


def test_servers_are_brought_into_an_order_and_others_keep_their_places(servers: Servers) -> None:
    servers.add_all([WEB1, WEB2, LOCAL])
    assert servers.reorder([LOCAL.id, "gone", WEB1.id, LOCAL.id]) == (LOCAL, WEB2, WEB1)
    before = servers.path.stat().st_ino
    assert servers.reorder([LOCAL.id, WEB2.id]) == (LOCAL, WEB2, WEB1)
    assert servers.path.stat().st_ino == before, "nothing was to be written"


@pytest.mark.parametrize("change", ["replace", "remove", "reorder", "add_copy", "pin"])
def test_no_change_touches_a_file_that_is_not_understood(servers: Servers, change: str) -> None:
    text = BY_HAND + "[[server]]\naddress = 1\n"
    written(servers, text)
    attempts = {
        "replace": lambda: servers.replace(WEB1, WEB2),
        "remove": lambda: servers.remove(WEB1.id),
        "reorder": lambda: servers.reorder([WEB1.id]),
        "add_copy": lambda: servers.add_copy(WEB1),
        "pin": lambda: servers.pin(WEB1.id, "AB"),
    }
    with pytest.raises(BrokenSettings, match="line 6, column 1: server 2") as caught:
        attempts[change]()
    assert caught.value.path == servers.path
    assert caught.value.place is not None
    assert servers.path.read_text() == text


def test_half_a_character_is_refused(by_hand: Servers) -> None:
    with pytest.raises(BrokenSettings, match="half a character"):
        by_hand.add(replace(WEB2, name="\ud800"))
    assert by_hand.path.read_text() == BY_HAND


def test_an_outcome_that_is_not_what_was_wanted_is_never_written(
    by_hand: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wodesk.edits.with_removed", lambda text, number: text + "# oh\n")
    with pytest.raises(BrokenSettings, match="cannot change without loss"):
        by_hand.remove(by_hand.load()[0].id)
    assert by_hand.path.read_text() == BY_HAND


def test_the_mark_that_windows_puts_before_a_text_stays(servers: Servers) -> None:
    written(servers, "\ufeff" + BY_HAND)
    servers.add(WEB2)
    assert servers.path.read_bytes().startswith(("\ufeff" + BY_HAND).encode())
    assert [server.name for server in servers.load()] == ['Shop "one"', "web2"]


# The file itself.


def test_a_link_is_followed_and_stays_one(servers: Servers, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "servers.toml"
    real.parent.mkdir()
    real.write_text(BY_HAND)
    servers.path.parent.mkdir()
    servers.path.symlink_to(Path("..") / "dotfiles" / "servers.toml")
    servers.add(WEB2)
    assert servers.path.is_symlink()
    assert real.read_text().startswith(BY_HAND)
    assert len(servers.load()) == 2
    assert list(real.parent.iterdir()) == [real]


def test_a_link_to_nowhere_is_a_sentence_and_nothing_is_made(servers: Servers) -> None:
    servers.path.parent.mkdir()
    servers.path.symlink_to("/nowhere/servers.toml")
    for attempt in (servers.load, lambda: servers.add(WEB1)):
        with pytest.raises(BrokenSettings, match=r"/nowhere/servers\.toml"):
            attempt()
    assert servers.path.is_symlink()


def test_links_in_a_circle_are_a_sentence(servers: Servers) -> None:
    servers.path.parent.mkdir()
    servers.path.symlink_to(servers.path)
    with pytest.raises(BrokenSettings):
        servers.load()


def test_a_file_that_is_marked_as_read_only_is_left_alone(by_hand: Servers) -> None:
    by_hand.path.chmod(0o444)
    with pytest.raises(BrokenSettings, match="marked as read-only"):
        by_hand.add(WEB2)
    assert by_hand.path.read_text() == BY_HAND


@contextmanager
def somebody_else() -> Iterator[None]:
    """Without the rights of root, to whom nothing is forbidden."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_folder_that_takes_no_files_is_a_sentence() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        servers = written(Servers(folder / "servers.toml"), BY_HAND)
        folder.chmod(0o555)
        servers.path.chmod(0o644)
        with somebody_else(), pytest.raises(BrokenSettings, match="no file can be made in"):
            servers.add(WEB2)
        assert servers.path.read_text() == BY_HAND
        folder.chmod(0o755)


def test_what_would_be_waited_for_or_has_no_end_is_not_read(servers: Servers) -> None:
    servers.path.parent.mkdir()
    os.mkfifo(servers.path)
    with pytest.raises(BrokenSettings, match="not a file"):
        servers.load()
    servers.path.unlink()
    servers.path.write_bytes(b"#" * (1 << 21))
    with pytest.raises(BrokenSettings, match="far larger"):
        servers.load()


def test_a_file_that_an_editor_replaces_meanwhile_is_read_anew(
    by_hand: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wodesk import edits  # noqa: PLC0415

    saved: list[str] = []

    def added(text: str, servers: list[Server]) -> str:
        if not saved:
            saved.append(BY_HAND.replace("old", "older"))
            new = by_hand.path.with_suffix(".swp")
            new.write_text(saved[0])
            new.replace(by_hand.path)
        return original(text, servers)

    original = edits.with_added
    monkeypatch.setattr(edits, "with_added", added)
    by_hand.add(WEB2)
    assert by_hand.path.read_text().startswith(saved[0])
    assert len(by_hand.load()) == 2


_MANY_CHANGES = """
import sys
from pathlib import Path
from msgspec.structs import replace
from wodesk.models.server import server_at
from wodesk.settings import Servers

servers, name = Servers(Path(sys.argv[1])), sys.argv[2]
print("begun", flush=True)
for number in range(int(sys.argv[3])):
    server = server_at(f"{name}-{number}")
    servers.add(server)
    servers.replace(server, replace(server, tags=(name,)))
    servers.reorder([other.id for other in servers.load()][::-1])
    if number % 2:
        servers.remove(server.id)
"""


def process(servers: Servers, name: str, count: int) -> subprocess.Popen[str]:
    """Another process that changes the file, again and again."""
    return subprocess.Popen(
        [sys.executable, "-c", _MANY_CHANGES, str(servers.path), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_lose_nothing_of_each_other(by_hand: Servers) -> None:
    running = [process(by_hand, name, 10) for name in ("one", "two")]
    for each in running:
        _, errors = each.communicate(timeout=100)
        assert each.returncode == 0, errors
    names = {server.name: server.tags for server in by_hand.load()}
    wanted = {f"{name}-{n}": (name,) for name in ("one", "two") for n in range(0, 10, 2)}
    assert names == {'Shop "one"': ()} | wanted
    assert "# the old one" in by_hand.path.read_text()


def test_whoever_is_killed_leaves_the_old_file_or_the_new(by_hand: Servers) -> None:
    for attempt in range(6):
        running = process(by_hand, f"x{attempt}", 10_000)
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        # Wherever it is then.
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.05 + attempt * 0.037)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=30)
        assert by_hand.load()
        assert "# the old one" in by_hand.path.read_text()
    by_hand.add(WEB2)
    assert list(by_hand.path.parent.iterdir()) == [by_hand.path], "what was left was not swept up"
