"""A dialog while what was entered in it is written to the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QDialogButtonBox, QWidget

_SAVING = "Saving…"
_WAY_OUT = QDialogButtonBox.ButtonRole.RejectRole
_DOING = (QDialogButtonBox.ButtonRole.AcceptRole, QDialogButtonBox.ButtonRole.DestructiveRole)


class Saving:
    """Holds a dialog still, but for the way out of it, until what it wants is done or has failed.

    `complain` says in the dialog why it has failed.
    """

    def __init__(self, dialog: QDialog, complain: Callable[[str], object]) -> None:
        self._dialog: QDialog | None = dialog
        self._complain = complain
        self._focus = dialog.focusWidget()
        buttons = [(button, role) for button, role in _buttons(dialog) if role is not _WAY_OUT]
        parts = [*_parts(dialog), *(button for button, _ in buttons)]
        self._held = [part for part in parts if part.isEnabled()]
        self._words = [(button, button.text()) for button, role in buttons if role in _DOING]
        dialog.finished.connect(self._leave)
        for part in self._held:
            part.setEnabled(False)
        for button, _ in self._words:
            button.setText(_SAVING)

    def end(self, failure: str = "") -> bool:
        """Close the dialog, or say in it what failed; False if it has been closed before."""
        dialog = self._dialog
        if dialog is None:
            return False
        if not failure:
            dialog.accept()
            return True
        dialog.finished.disconnect(self._leave)
        for part in self._held:
            part.setEnabled(True)
        for button, text in self._words:
            button.setText(text)
        if self._focus is not None:
            self._focus.setFocus()
        self._complain(failure)
        return True

    def _leave(self) -> None:
        self._dialog = None


def _parts(dialog: QDialog) -> Iterator[QWidget]:
    """What can be used in a dialog, but for its buttons."""
    for part in dialog.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not isinstance(part, QDialogButtonBox) and not part.isWindow():
            yield part


def _buttons(dialog: QDialog) -> Iterator[tuple[QAbstractButton, QDialogButtonBox.ButtonRole]]:
    box = dialog.findChild(QDialogButtonBox)
    if isinstance(box, QDialogButtonBox):
        for button in box.buttons():
            yield button, box.buttonRole(button)
