"""The preview: what would be added, with names and tags that can be edited first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from wodesk.models.candidate import Candidate, of_ssh_config, reviewed
from wodesk.models.server import Server, server_at
from wodesk.models.server_list import ServerList
from wodesk.models.ssh_hosts import SSHHost
from wodesk.ui.preview import ADDRESS, NAME, REMARK, TAGS, WAY, PreviewModel, PreviewTable
from wodesk.ui.theme import LIGHT

CHECK = Qt.ItemDataRole.CheckStateRole
KNOWN = [server_at("ssh://web2", "The shop")]
LIST = "web1\nshop, admin@10.0.0.7, big blue\nweb2\nwe$b\nhttps://web3:22222\n"


def candidates(text: str = LIST) -> tuple[Candidate, ...]:
    """What a list comes to, beside a server that is there."""
    return reviewed(ServerList(text), KNOWN)


@pytest.fixture
def model(qapp: object) -> PreviewModel:
    """The list of five."""
    made = PreviewModel(LIGHT)
    made.set_candidates(candidates())
    return made


def words(model: PreviewModel, row: int) -> list[str]:
    """What a row shows."""
    return [str(model.data(model.index(row, column))) for column in range(model.columnCount())]


def names(model: PreviewModel) -> list[str]:
    """The servers that would be added."""
    return [server.name for server in model.servers()]


def test_each_line_is_a_row_and_none_is_lost(model: PreviewModel) -> None:
    assert [words(model, row) for row in range(model.rowCount())] == [
        ["web1", "ssh://web1", "SSH tunnel", "", ""],
        ["shop", "ssh://admin@10.0.0.7", "SSH tunnel", "big blue", ""],
        ["web2", "ssh://web2", "SSH tunnel", "", "Already there as The shop."],
        ["we$b", "The address names no host that could exist.", "", "", ""],
        ["web3", "https://web3:22222/netdata", "HTTPS", "", ""],
    ]
    assert names(model) == ["web1", "shop", "web3"]


def test_only_what_can_be_added_has_a_box_and_can_be_edited(model: PreviewModel) -> None:
    for row, can_be_added in enumerate((True, True, False, False, True)):
        name = model.index(row, NAME)
        assert (model.data(name, CHECK) is not None) == can_be_added
        for column in (NAME, ADDRESS, WAY, TAGS, REMARK):
            editable = bool(model.flags(model.index(row, column)) & Qt.ItemFlag.ItemIsEditable)
            assert editable == (can_be_added and column in (NAME, TAGS))


def test_an_edited_name_and_edited_tags_are_what_is_added(model: PreviewModel) -> None:
    assert model.setData(model.index(0, NAME), "  The  front ")
    assert model.setData(model.index(0, TAGS), "a, b  a")
    assert not model.setData(model.index(1, NAME), "   ")
    first, second, _ = model.servers()
    assert first == Server("ssh://web1", "The front", "ssh://web1", tags=("a", "b"))
    assert second.name == "shop"


def test_edits_stay_while_the_list_changes_around_them(model: PreviewModel) -> None:
    model.setData(model.index(0, NAME), "front")
    model.setData(model.index(4, NAME), Qt.CheckState.Unchecked.value, CHECK)
    model.set_candidates(candidates("new\n" + LIST))
    assert names(model) == ["new", "front", "shop"]


def test_all_and_none_are_of_what_can_be_added(model: PreviewModel) -> None:
    model.want(range(5), wanted=False)
    assert names(model) == []
    model.want(range(5), wanted=True)
    assert names(model) == ["web1", "shop", "web3"]


def test_what_is_against_a_host_can_be_overruled(qapp: object) -> None:
    model = PreviewModel(LIGHT)
    model.set_candidates(of_ssh_config([SSHHost("gh", "github.com", "git")]))
    assert names(model) == []
    assert "Git" in words(model, 0)[REMARK]
    model.want([0], wanted=True)
    assert names(model) == ["gh"]


def test_hostile_text_is_shown_as_text(qapp: object) -> None:
    model = PreviewModel(LIGHT)
    model.set_candidates(candidates("<b>x</b>\u202e\twe$b\n<i>web</i>\tweb9"))
    for row in range(2):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            assert "\u202e" not in str(model.data(index))
            tip = model.data(index, Qt.ItemDataRole.ToolTipRole)
            assert tip is None or "<b>" not in str(tip).removeprefix("<p>")


def test_the_ear_is_told_what_the_eye_sees(model: PreviewModel) -> None:
    def said(row: int) -> object:
        return model.data(model.index(row, NAME), Qt.ItemDataRole.AccessibleTextRole)

    assert said(0) == "web1. "
    assert said(2) == "web2, not chosen. Already there as The shop."


def test_space_turns_the_rows_that_are_selected(qtbot: QtBot, model: PreviewModel) -> None:
    table = PreviewTable(model)
    qtbot.addWidget(table)
    table.show()
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert names(model) == ["web1", "shop", "web3"]
    QTest.keyClick(table, Qt.Key.Key_Space)
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert names(model) == ["shop", "web3"]


def test_the_reason_why_a_line_means_nothing_has_the_width_of_the_row(
    qtbot: QtBot, model: PreviewModel
) -> None:
    table = PreviewTable(model)
    qtbot.addWidget(table)
    model.set_candidates(candidates())
    spans = [table.columnSpan(row, ADDRESS) for row in range(model.rowCount())]
    assert spans == [1, 1, 1, 4, 1]
    model.set_candidates(candidates("web1"))
    assert table.columnSpan(0, ADDRESS) == 1
