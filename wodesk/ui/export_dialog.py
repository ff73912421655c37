"""What to export of a chart or a page, as what, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.ui.export_form import ExportForm
from wodesk.ui.export_subject import Kind, Subject, command_of, file_name, sights_of
from wodesk.ui.file_dialogs import ask_where_to
from wodesk.ui.orders import Place
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import scaled
from wodesk.ui.tokens import GRID

_WIDTH = 600


class ExportDialog(QDialog):
    """Asks what is wanted, and has the place looked at before it closes.

    Signals:
        place_wanted(Path): look at this place; `show_place` takes the answer.
        chosen(Choice, Path): write this there.
    """

    place_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    chosen: SignalInstance = Signal(object, object)  # type: ignore[assignment]

    def __init__(self, subject: Subject, kind: Kind, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._subject = subject
        self._folder = folder
        self._agreed: Path | None = None
        self._asked: Path | None = None
        self._named = ""
        self._form = ExportForm(subject, kind)
        self._place = QLineEdit()
        self._complaint = PlainLabel(wrap=True)
        self._export = QPushButton("&Export")
        self._command = QPushButton("Copy as co&mmand")
        self._build()
        self._form.changed.connect(self._show)
        self._place.textEdited.connect(self._forget_complaint)
        self._export.clicked.connect(self._try)
        self._command.clicked.connect(self._copy_command)
        self._show()

    def _build(self) -> None:
        self.setWindowTitle("Export")
        title = PlainLabel("Export")
        title.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        self._complaint.hide()
        browse = QPushButton("&Browse…")
        browse.clicked.connect(self._browse)
        self._place.setAccessibleName("File")
        where = QWidget()
        place = QHBoxLayout(where)
        place.setContentsMargins(0, 0, 0, 0)
        place.setSpacing(2 * GRID)
        place.addWidget(self._place, 1)
        place.addWidget(browse)
        self._form.add("W&here", where)
        role = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        buttons.addButton(self._command, role.ActionRole)
        buttons.addButton(self._export, role.AcceptRole)
        cancel = buttons.addButton("Cancel", role.RejectRole)
        cancel.clicked.connect(self.reject)
        for button in (self._command, browse, cancel):
            button.setAutoDefault(False)
        self._export.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * GRID, 4 * GRID, 5 * GRID, 4 * GRID)
        column.setSpacing(3 * GRID)
        column.addWidget(title)
        column.addWidget(self._form)
        column.addWidget(self._complaint)
        column.addStretch(1)
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

    def file(self) -> Path:
        """Where to; what is no whole path is within the folder that was used last."""
        return self._folder / Path(self._place.text().strip()).expanduser()

    def show_place(self, place: Place) -> None:
        """Go on with a place that has been looked at, or say what is wrong with it."""
        if place.file != self._asked:
            return
        choice, file = self._form.choice(), place.file
        self._asked = None
        self._export.setEnabled(True)
        if place.is_there and choice.is_folder:
            self._complain("There is something of this name already: choose another one.")
        elif place.failure:
            self._complain(place.failure)
        elif place.is_there and self._agreed != file:
            self._agreed = file
            self._complain("There is a file of this name already.")
            self._export.setText("&Replace it")
        else:
            self.chosen.emit(choice, file)
            self.accept()

    def _show(self) -> None:
        """Offer a name for what is chosen, unless the user has typed one."""
        choice = self._form.choice()
        is_one = not choice.kind.is_image and choice.is_whole and not choice.is_page
        self._command.setVisible(is_one)
        if self._place.text() in ("", self._named):
            self._named = str(self._folder / file_name(self._subject, choice))
            self._place.setText(self._named)
        self._forget_complaint()
        self.resize(self.width(), self.sizeHint().height())

    def _browse(self) -> None:
        choice, name = self._form.choice(), str(self.file())
        kind = "" if choice.is_folder else f"{choice.kind.name} (*.{choice.kind.value})"
        # What is there already is asked about here, however it was chosen.
        ask_where_to(self, "Export to", name, kind, self._take_path, confirms=False)

    def _take_path(self, path: str) -> None:
        self._place.setText(path)
        self._forget_complaint()

    def _try(self) -> None:
        if not self._place.text().strip():
            self._complain("Say where to.")
            return
        self._asked = self.file()
        self._export.setEnabled(False)
        self.place_wanted.emit(self._asked)

    def _copy_command(self) -> None:
        choice = self._form.choice()
        sight = sights_of(self._subject, choice)[0]
        QGuiApplication.clipboard().setText(command_of(sight, choice, self.file()))
        self._form.say("The command is on the clipboard. It writes the same file, by cron too.")

    def _complain(self, sentence: str) -> None:
        self._complaint.setText(sentence)
        self._complaint.show()
        self._place.setFocus()

    def _forget_complaint(self) -> None:
        self._agreed = None
        self._asked = None
        self._export.setText("&Export")
        self._export.setEnabled(True)
        self._complaint.hide()
