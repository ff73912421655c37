"""A dialog is held still while what it wants is written, and can be left all the same."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from wodesk.ui.confirm import Confirm
from wodesk.ui.saving import Saving
from wodesk.ui.text import PlainLabel


def buttons(dialog: Confirm) -> list[tuple[str, bool]]:
    """What the buttons say, and whether they can be pressed."""
    return [(one.text(), one.isEnabled()) for one in dialog.findChildren(QPushButton)]


def test_only_the_way_out_can_be_pressed_until_it_is_known_what_failed(qtbot: QtBot) -> None:
    dialog = Confirm("Remove web1?", "It is gone then.", "Remove")
    qtbot.addWidget(dialog)
    dialog.show()
    before = buttons(dialog)
    saving = Saving(dialog, dialog.complain)
    assert buttons(dialog) == [("Saving…", False), ("Cancel", True)]
    assert saving.end("The disk is full.")
    assert buttons(dialog) == before
    assert "The disk is full." in [label.text() for label in dialog.findChildren(PlainLabel)]
    again = Saving(dialog, dialog.complain)
    with qtbot.waitSignal(dialog.accepted):
        assert again.end()


def test_a_dialog_that_was_left_is_touched_no_more(qtbot: QtBot) -> None:
    dialog = Confirm("Remove web1?", "It is gone then.", "Remove")
    qtbot.addWidget(dialog)
    dialog.show()
    saving = Saving(dialog, dialog.complain)
    dialog.reject()
    with qtbot.assertNotEmitted(dialog.accepted):
        assert not saving.end()
        assert not saving.end("The disk is full.")
    assert "The disk is full." not in [label.text() for label in dialog.findChildren(PlainLabel)]
