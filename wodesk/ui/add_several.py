"""The dialog that adds many servers at once: from a list, or from ssh_config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QElapsedTimer, QMimeData, QTimer, Signal, SignalInstance
from PySide6.QtGui import QIcon, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.candidate import Candidate, of_ssh_config, reviewed
from wodesk.models.event import SSHHosts
from wodesk.models.server import Server
from wodesk.models.server_list import LONGEST, ServerList
from wodesk.ui.preview import PreviewModel, PreviewTable
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, Theme

_EXAMPLE = """\
One server a line:
    web1
    shop, admin@10.0.0.7, production blog
    https://web3:22222/netdata
Also a table with a header, an Ansible inventory, ssh command lines, or /etc/hosts.\
"""
_NOTHING_PASTED = (
    "What you paste is shown here first. Nothing is contacted or saved before you add it."
)
_PAUSE_MS = 60
_SLICE_MS = 8
_SHOWN_PROBLEMS = 3
_SHOWN_FILES = 3


class AddSeveral(QDialog):
    """Takes a list or the hosts of ssh_config, and previews what they come to.

    Signals:
        added(tuple[Server, ...]): the user wants these servers.
        hosts_wanted(): what ssh_config names is to be read.
    """

    added: SignalInstance = Signal(object)  # type: ignore[assignment]
    hosts_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, theme: Theme, known: Iterable[Server], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add several servers")
        self._known = tuple(known)
        self._listed: list[Candidate] = []
        self._hosts: tuple[Candidate, ...] = ()
        self._was_asked = False
        self._reading: ServerList | None = None
        self._found: list[Candidate] = []
        self._remark = ""
        self._state = self._mistakes = ""
        self._sources = QButtonGroup(self)
        self._paste = _source("&Paste a list")
        self._config = _source("From ~/.&ssh/config")
        self._list = _ListEdit()
        self._words = PlainLabel(wrap=True)
        self._problems = PlainLabel(wrap=True)
        self._again = QPushButton("Read &again")
        self._model = PreviewModel(theme, self)
        self._table = PreviewTable(self._model)
        self._all = QPushButton("Select &all")
        self._none = QPushButton("Select &none")
        self._count = PlainLabel()
        self._complaint = PlainLabel(wrap=True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._slice = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._connect()
        self._choose_source()

    def show_hosts(self, listed: SSHHosts) -> None:
        """Take in what ssh_config names."""
        self._hosts = of_ssh_config(listed.hosts)
        self._state, self._mistakes = _state_of(listed), _mistakes_of(listed)
        self._again.setEnabled(True)
        self._show()

    def complain(self, sentence: str) -> None:
        """Show why the servers could not be kept."""
        self._complaint.setText(sentence)
        self._complaint.show()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        for source in (self._paste, self._config):
            self._sources.addButton(source)
            top.addWidget(source)
        top.addStretch(1)
        top.addWidget(self._again)
        bottom = QHBoxLayout()
        bottom.setSpacing(2 * GRID)
        for widget in (self._all, self._none):
            widget.setAutoDefault(False)
            bottom.addWidget(widget)
        bottom.addWidget(self._count, 1)
        bottom.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.addLayout(top)
        column.addWidget(self._list)
        column.addWidget(self._words)
        column.addWidget(self._problems)
        column.addWidget(self._table, 1)
        column.addWidget(self._complaint)
        column.addLayout(bottom)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._again.setAutoDefault(False)
        self._paste.setChecked(True)
        self._complaint.hide()
        for label in (self._words, self._count):
            label.set_role(QPalette.ColorRole.PlaceholderText)
        self._count.setAccessibleName("Result")
        self.resize(960, 640)

    def _connect(self) -> None:
        self._sources.buttonClicked.connect(self._choose_source)
        self._list.textChanged.connect(self._begin_pause)
        self._pause.timeout.connect(self._begin_reading)
        self._slice.timeout.connect(self._read_on)
        self._again.clicked.connect(self._ask_for_hosts)
        self._all.clicked.connect(self._want_all)
        self._none.clicked.connect(self._want_none)
        self._model.changed.connect(self._tell)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._ok().click)

    def _choose_source(self) -> None:
        pasting = self._paste.isChecked()
        self._list.setVisible(pasting)
        self._again.setVisible(not pasting)
        if not pasting and not self._was_asked:
            self._ask_for_hosts()
        self._show()
        (self._list if pasting else self._table).setFocus()

    def _ask_for_hosts(self) -> None:
        self._was_asked = True
        self._again.setEnabled(False)
        self._state, self._mistakes = "Reading ~/.ssh/config…", ""
        self._show()
        self.hosts_wanted.emit()

    def _begin_pause(self) -> None:
        """Wait for a pause in the typing."""
        self._reading = None
        self._pause.start()
        self._tell()

    def _begin_reading(self) -> None:
        self._reading, self._found = ServerList(self._list.toPlainText()), []
        self._read_on()

    def _read_on(self) -> None:
        """Read for a moment, so that a long list does not hold up the window."""
        if self._reading is None:
            return
        clock = QElapsedTimer()
        clock.start()
        for one in self._reading:
            self._found.append(one)
            if clock.elapsed() >= _SLICE_MS:
                self._slice.start()
                return
        self._listed, self._remark, self._reading = self._found, self._reading.remark, None
        self._show()

    def _show(self) -> None:
        """Preview what the chosen source has come to."""
        pasting = self._paste.isChecked()
        candidates: Sequence[Candidate] = self._listed if pasting else self._hosts
        for label, words in (
            (self._words, "" if pasting else self._state),
            (self._problems, self._remark if pasting else self._mistakes),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self._table.set_hint(_NOTHING_PASTED if pasting else "")
        self._model.set_candidates(reviewed(candidates, self._known))

    def _tell(self) -> None:
        """Say what the list comes to, on the button too."""
        wanted = len(self._model.servers())
        self._ok().setText(f"Add {_counted(wanted, 'server')}" if wanted else "Add")
        self._ok().setEnabled(wanted > 0 and not self._is_reading())
        candidates = self._model.candidates()
        can_be_added = sum(one.can_be_added for one in candidates)
        self._all.setEnabled(can_be_added > wanted)
        self._none.setEnabled(wanted > 0)
        self._count.setText("Reading…" if self._is_reading() else _summary(candidates))

    def _is_reading(self) -> bool:
        return self._paste.isChecked() and (self._pause.isActive() or self._reading is not None)

    def _want_all(self) -> None:
        self._model.want(range(self._model.rowCount()), wanted=True)

    def _want_none(self) -> None:
        self._model.want(range(self._model.rowCount()), wanted=False)

    def _accept(self) -> None:
        self._complaint.hide()
        self.added.emit(self._model.servers())

    def _ok(self) -> QPushButton:
        return self._buttons.button(QDialogButtonBox.StandardButton.Ok)


class _ListEdit(QPlainTextEdit):
    """Takes a list; of one that is far too long no more than is read."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("List of servers")
        self.setPlaceholderText(_EXAMPLE)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(8 * self.fontMetrics().lineSpacing() + 6 * GRID)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as much as can be read."""
        self.insertPlainText(source.text()[: LONGEST + 1])


def _source(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    return button


def _summary(candidates: Sequence[Candidate]) -> str:
    """How many there are of each kind."""
    kinds = Counter(
        "not understood" if one.server is None else "already there" if one.is_there else "new"
        for one in candidates
    )
    parts = [f"{kinds[kind]:,} {kind}" for kind in ("new", "already there", "not understood")]
    return ", ".join(part for part in parts if not part.startswith("0 "))


def _state_of(listed: SSHHosts) -> str:
    """What has been read."""
    files = list(listed.files[:_SHOWN_FILES])
    if len(listed.files) > _SHOWN_FILES:
        files.append(f"{len(listed.files) - _SHOWN_FILES} more files")
    if listed.hosts:
        count = _counted(len(listed.hosts), "host")
        return f"{count} in {' and '.join(files)}. wodesk logs in to each as `ssh NAME` does."
    if files:
        return f"{' and '.join(files)} names no single host."
    return "" if listed.problems else "There is no ~/.ssh/config. You can paste a list instead."


def _mistakes_of(listed: SSHHosts) -> str:
    """What could not be read, and where it stands."""
    problems = list(listed.problems[:_SHOWN_PROBLEMS])
    if len(listed.problems) > _SHOWN_PROBLEMS:
        problems.append(f"There are {len(listed.problems) - _SHOWN_PROBLEMS} more mistakes.")
    return "\n".join(problems)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
