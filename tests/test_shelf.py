"""The file of servers, as people and editors treat it while wodesk runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from wodesk.models.server import Server, server_at
from wodesk.settings import Servers
from wodesk.shelf import Outcome, Shelf
from wodesk.text_files import BrokenSettings

ONE = '[[server]]\naddress = "http://one"\n'
TWO = '[[server]]\naddress = "http://two"\n'
PATIENCE = 20_000


class Listener:
    """A shelf and all that it has told, in its order."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.shelf = Shelf(Servers(file))
        self.told: list[object] = []
        self.shelf.changed.connect(self._changed)
        self.shelf.broken.connect(self.told.append)
        self.shelf.gone.connect(self._gone)
        self.shelf.mended.connect(self._mended)

    def _changed(self, servers: tuple[Server, ...]) -> None:
        self.told.append([server.name for server in servers])

    def answered(self, outcome: Outcome) -> None:
        if isinstance(outcome, BrokenSettings):
            self.told.append(str(outcome))
        else:
            self.told.append(("answer", [server.name for server in outcome]))

    def _gone(self, path: str) -> None:
        self.told.append(("gone", path))

    def _mended(self) -> None:
        self.told.append("mended")

    def last(self) -> object:
        return self.told[-1] if self.told else None

    def end(self) -> None:
        self.shelf.close()
        self.shelf.close()
        self.shelf.deleteLater()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wodesk" / "servers.toml"


@pytest.fixture
def listener(qtbot: QtBot, file: Path) -> Iterator[Listener]:
    """Looks at a file that is not there yet, in a folder that is not either."""
    listener = Listener(file)
    yield listener
    listener.end()


def write(file: Path, text: str) -> None:
    """Write in place."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


def replace(file: Path, text: str) -> None:
    """Write as most editors do: another file takes the name of this one."""
    new = file.with_name("servers.toml.part")
    new.write_text(text, "utf-8")
    new.replace(file)


def wait_for(qtbot: QtBot, listener: Listener, told: object) -> None:
    qtbot.waitUntil(lambda: listener.last() == told, timeout=PATIENCE)


def let_settle(qtbot: QtBot, listener: Listener) -> None:
    """Wait until nothing is to be looked at any more."""
    shelf = listener.shelf
    qtbot.waitUntil(
        lambda: not shelf._is_looking and not shelf._settled.isActive(), timeout=PATIENCE
    )


def begin(qtbot: QtBot, listener: Listener, text: str) -> None:
    """Have a file with this in it looked at, and watched."""
    write(listener.file, text)
    listener.shelf.look()
    qtbot.waitUntil(lambda: bool(listener.told), timeout=PATIENCE)
    let_settle(qtbot, listener)


def test_what_is_in_the_file_is_told_once(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    listener.shelf.look()
    let_settle(qtbot, listener)
    assert listener.told == [["one"]]


def test_a_file_that_another_takes_the_place_of_is_followed_again_and_again(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    for text, names in ((ONE + TWO, ["one", "two"]), (TWO, ["two"]), (ONE, ["one"])):
        replace(listener.file, text)
        wait_for(qtbot, listener, names)
        let_settle(qtbot, listener)


def test_a_file_that_was_replaced_is_followed_when_it_is_written_in_place(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    # Who reads the old file keeps it from being deleted, which is what a watcher is told of.
    with listener.file.open(encoding="utf-8"):
        replace(listener.file, TWO)
        wait_for(qtbot, listener, ["two"])
        let_settle(qtbot, listener)
        write(listener.file, TWO + ONE)
        wait_for(qtbot, listener, ["two", "one"])


def test_a_file_that_is_written_in_place_is_followed(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, ONE + TWO)
    wait_for(qtbot, listener, ["one", "two"])


def test_an_editor_that_moves_the_file_aside_first_disturbs_nothing(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    listener.file.replace(listener.file.with_name("servers.toml~"))
    write(listener.file, ONE + TWO)
    wait_for(qtbot, listener, ["one", "two"])
    assert listener.told == [["one"], ["one", "two"]]


def test_a_file_is_not_read_while_it_is_being_written(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    with listener.file.open("a", encoding="utf-8") as half:
        for part in ("[[server]]\nadd", 'ress = "htt', 'p://two"\n'):
            half.write(part)
            half.flush()
            qtbot.wait(50)  # a slow writer
    wait_for(qtbot, listener, ["one", "two"])
    assert listener.told == [["one"], ["one", "two"]]


def test_half_a_file_is_broken_until_the_rest_of_it_comes(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    whole = ONE + TWO
    write(listener.file, whole[:-5])
    qtbot.waitUntil(lambda: "servers.toml has a mistake" in str(listener.last()), timeout=PATIENCE)
    write(listener.file, whole)
    wait_for(qtbot, listener, "mended")
    assert listener.told[-2] == ["one", "two"]


def test_a_broken_file_is_named_with_line_and_reason_and_left_alone(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    text = ONE + "[[server]]\nport = 1\n"
    write(listener.file, text)
    qtbot.waitUntil(lambda: len(listener.told) > 1, timeout=PATIENCE)
    said = str(listener.last())
    assert str(listener.file) in said
    assert "line 4" in said
    assert "there is no field `port`" in said
    let_settle(qtbot, listener)
    assert listener.file.read_text("utf-8") == text


def test_a_mended_file_that_says_what_it_said_before_changes_nothing(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, ONE + "[[")
    qtbot.waitUntil(lambda: len(listener.told) > 1, timeout=PATIENCE)
    write(listener.file, ONE)
    wait_for(qtbot, listener, "mended")
    assert [told for told in listener.told if isinstance(told, list)] == [["one"]]


def test_a_file_that_is_broken_at_first_is_followed_like_any(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, "this is no TOML")
    assert "line 1" in str(listener.last())
    replace(listener.file, ONE)
    wait_for(qtbot, listener, "mended")
    assert listener.told[-2:] == [["one"], "mended"]


def test_no_file_is_nothing_to_tell(qtbot: QtBot, listener: Listener) -> None:
    listener.shelf.look()
    let_settle(qtbot, listener)
    assert listener.told == []


def test_a_file_that_is_made_later_is_followed_from_then_on(
    qtbot: QtBot, listener: Listener
) -> None:
    listener.shelf.look()
    let_settle(qtbot, listener)
    listener.file.parent.mkdir()
    let_settle(qtbot, listener)
    write(listener.file, ONE)
    wait_for(qtbot, listener, ["one"])
    let_settle(qtbot, listener)
    write(listener.file, TWO)
    wait_for(qtbot, listener, ["two"])


@pytest.mark.parametrize("with_folder", [False, True])
def test_a_file_that_is_deleted_is_gone_and_welcome_back(
    qtbot: QtBot, listener: Listener, with_folder: bool
) -> None:
    begin(qtbot, listener, ONE)
    if with_folder:
        shutil.rmtree(listener.file.parent)
    else:
        listener.file.unlink()
    wait_for(qtbot, listener, ("gone", str(listener.file)))
    let_settle(qtbot, listener)
    write(listener.file, ONE)
    wait_for(qtbot, listener, "mended")
    assert [told for told in listener.told if isinstance(told, list)] == [["one"]]


def test_a_file_that_is_gone_is_written_again_if_that_is_wanted(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE + TWO)
    known = Servers(listener.file).load()
    listener.file.unlink()
    wait_for(qtbot, listener, ("gone", str(listener.file)))
    listener.shelf.restore()
    wait_for(qtbot, listener, "mended")
    assert Servers(listener.file).load() == known


def test_a_file_that_cannot_be_written_again_is_explained(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    shutil.rmtree(listener.file.parent)
    wait_for(qtbot, listener, ("gone", str(listener.file)))
    listener.file.parent.write_text("a file where a folder was")
    listener.shelf.restore()
    qtbot.waitUntil(lambda: "cannot be" in str(listener.last()), timeout=PATIENCE)


def test_a_file_without_servers_is_not_one_that_is_gone(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, "# all of them are sold\n")
    wait_for(qtbot, listener, [])


def test_a_file_behind_a_link_is_followed(qtbot: QtBot, listener: Listener) -> None:
    real = listener.file.parents[1] / "dotfiles" / "hosts.toml"
    write(real, ONE)
    listener.file.parent.mkdir()
    listener.file.symlink_to(real)
    listener.shelf.look()
    wait_for(qtbot, listener, ["one"])
    let_settle(qtbot, listener)
    write(real, TWO)
    wait_for(qtbot, listener, ["two"])
    let_settle(qtbot, listener)
    replace(real, ONE)
    wait_for(qtbot, listener, ["one"])


def test_what_wodesk_writes_itself_is_answered_and_not_told(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    listener.shelf.change(lambda file: file.add(server_at("http://two")), listener.answered)
    qtbot.waitUntil(lambda: listener.last() == ("answer", ["one", "two"]), timeout=PATIENCE)
    let_settle(qtbot, listener)
    assert listener.told == [["one"], ("answer", ["one", "two"])]
    write(listener.file, ONE)
    wait_for(qtbot, listener, ["one"])


def test_looks_and_changes_are_told_in_the_order_in_which_they_were_made(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, TWO)
    listener.shelf.look()
    listener.shelf.change(lambda file: file.add(server_at("http://three")), listener.answered)
    listener.shelf.change(lambda file: file.remove("https://two"), listener.answered)
    listener.shelf.change(lambda file: file.remove("http://two"), listener.answered)
    wait_for(qtbot, listener, ("answer", ["three"]))
    let_settle(qtbot, listener)
    both = ("answer", ["two", "three"])
    assert listener.told == [["one"], ["two"], both, both, ("answer", ["three"])]


def test_a_change_that_is_not_possible_is_answered_with_the_reason(
    qtbot: QtBot, listener: Listener
) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, "this is no TOML")
    listener.shelf.change(lambda file: file.remove("http://one"), listener.answered)
    qtbot.waitUntil(lambda: len(listener.told) > 1, timeout=PATIENCE)
    assert "line 1" in str(listener.told[1])
    assert listener.file.read_text("utf-8") == "this is no TOML"


def test_what_is_to_be_written_when_the_shelf_is_closed_is_written(listener: Listener) -> None:
    for name in ("one", "two", "three"):
        server = server_at(f"http://{name}")
        listener.shelf.change(partial(Servers.add, server=server), listener.answered)
    listener.shelf.close()
    assert [server.name for server in Servers(listener.file).load()] == ["one", "two", "three"]


def test_a_file_that_never_rests_is_read_all_the_same(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    write(listener.file, TWO)

    def is_told() -> bool:
        os.utime(listener.file)
        return listener.last() == ["two"]

    qtbot.waitUntil(is_told, timeout=PATIENCE)


def test_a_shelf_that_is_closed_looks_no_more(qtbot: QtBot, listener: Listener) -> None:
    begin(qtbot, listener, ONE)
    listener.shelf.look()
    listener.shelf.close()
    write(listener.file, TWO)
    listener.shelf.look()
    listener.shelf.restore()
    qtbot.wait(50)  # what was under way
    assert listener.told == [["one"]]
    assert not listener.shelf._is_looking or listener.shelf._pool.waitForDone(0)
