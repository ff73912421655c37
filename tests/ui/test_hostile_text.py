"""Whatever others wrote, every window says it as plain text, in bounds, and without tricks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.given import COLUMNS, HOST, WEB, child, frame, series
from tests.ui.walking import complaints, painted, said
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import CheckDone, Checked, Connected, Crash, Failure, SSHHosts
from wodesk.models.metric import Column
from wodesk.models.page import Page
from wodesk.models.question import (
    Credentials,
    Prompt,
    Question,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
)
from wodesk.models.secret import KeyringState, KeyringStatus
from wodesk.models.server import Server, server_at
from wodesk.models.ssh_hosts import SSHHost
from wodesk.models.step import Outcome, Step
from wodesk.resources import load_page
from wodesk.ui.add_server import AddServer
from wodesk.ui.add_several import AddSeveral
from wodesk.ui.notices import Notice
from wodesk.ui.question import QuestionDialog
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel, tooltip
from wodesk.ui.theme import LIGHT, Mark, apply_theme
from wodesk.ui.window import MainWindow

HOSTILE = {
    "picture": "<img src='file:///etc/passwd' width=4000 height=4000>",
    "link": '<a href="http://evil.example/">click me</a>',
    "table": "<table><tr><td>" * 40 + "x",
    "entity": "&lt;b&gt;&#x202e;&nbsp;",
    "bidi": "web\u202e1gpj.exe\u2066\u2069\u200f",
    "zero width": "pay\u200bpal\u2060.com\ufeff\u00ad",
    "control": "a\x00b\x07c\x7f\x85d",
    "terminal": "\x1b[2J\x1b]0;title\x07\x1b[31mred",
    "long": "x" * 10_000,
    "words": "very long " * 1_000,
    "lines": "a\n" * 5_000,
    "other lines": "a\u2028b\u2029c\r\n\v\fd",
    "emoji": "\U0001f4a5\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
    "combining": "e" + "\u0301" * 5_000,
    "surrogate": "a\ud800b\udfff",
    "mnemonic": "Rock & Roll &File &&",
    "wide": "\ufdfd" * 300,
}
EVERY_TEXT = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def hostile_server(text: str, id: str = WEB.id) -> Server:
    """A server whose every word is hostile."""
    return Server(id, text, f"http://web1:19999/{text}", user=text, pin=text, tags=(text, "b"))


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, store: Store) -> Iterator[MainWindow]:
    """The window without a server."""
    apply_theme(qapp, LIGHT)
    window = MainWindow(store, LIGHT)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    yield window
    qapp.setStyleSheet("")


def hostile_page(text: str) -> Page:
    """The page with titles that are none of ours."""
    page = load_page("server")
    charts = tuple(replace(chart, title=text) for chart in page.charts)
    return replace(page, charts=charts)


def show(window: MainWindow, store: Store, text: str, qtbot: QtBot) -> None:
    """Show a server of which everything is hostile, with its values."""
    watches: list[object] = []
    window.watches_changed.connect(watches.extend)
    store.set_servers([hostile_server(text), hostile_server(text, "other")])
    window.show()
    window.build_pages(hostile_page(text))
    host = replace(HOST, hostname=text, os=text, kernel=text, agent=text, machine_guid=text)
    store.apply(Connected(WEB.id, host))
    qtbot.waitUntil(lambda: len(watches) > len(COLUMNS))
    for watch in list(watches):
        metric = watch.metric  # type: ignore[attr-defined]
        columns = [Column(f"{n}{text}") for n in range(6)]
        if metric.label:
            columns = [Column(kind, f"/{n}{text}") for n in range(3) for kind in ("used", "avail")]
        samples = series({column: [1.0, 2.0] for column in columns}, units=text)
        store.apply(frame(watch, samples))  # type: ignore[arg-type]
    QApplication.processEvents()


# The window.


@EVERY_TEXT
def test_a_server_that_answers_with_hostile_text_is_shown_plainly(
    qtbot: QtBot, window: MainWindow, store: Store, text: str
) -> None:
    show(window, store, text, qtbot)
    assert complaints(window, text) == []


@EVERY_TEXT
@pytest.mark.parametrize("with_data", [True, False], ids=["banner", "screen"])
def test_a_failure_in_hostile_words_is_shown_plainly(
    qtbot: QtBot, window: MainWindow, store: Store, text: str, with_data: bool
) -> None:
    if with_data:
        show(window, store, text, qtbot)
    else:
        store.set_servers([hostile_server(text)])
        window.show()
        window.build_pages(load_page("server"))
    for kind in FailureKind:
        store.apply(Failure(WEB.id, kind, Hop.HTTP, text, text, 4.0))
        QApplication.processEvents()
        assert complaints(window, text) == []
    store.apply(Crash(WEB.id, text))
    QApplication.processEvents()
    assert complaints(window, text) == []


# The dialogs.


def locked(text: str) -> KeyringStatus:
    return KeyringStatus(KeyringState.LOCKED, text, text)


def question(subject: Callable[[str], Subject]) -> Callable[[str], QWidget]:
    return lambda text: QuestionDialog(Question(7, "s", subject(text)), text)


def adding(text: str) -> QWidget:
    """The dialog in which a hostile address was pasted, with hosts of ssh_config."""
    dialog = AddServer()
    dialog.take_hosts(SSHHosts((SSHHost(text, text, text, 2222, text, text),), (text,), (text,)))
    dialog.findChildren(QLineEdit)[0].setText(f"web1/{text}"[:5_000])
    dialog.complain(text)
    return dialog


def checked(text: str) -> QWidget:
    """The dialog while a test tells of each hop in hostile words."""
    dialog = AddServer()
    numbers: list[int] = []
    dialog.check_wanted.connect(lambda number, *_: numbers.append(number))
    dialog.findChildren(QLineEdit)[0].setText("admin@web3")
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Test").click()
    for hop in Hop:
        for outcome in Outcome:
            dialog.take(Checked(numbers[-1], Step(hop, text, 0.1, outcome, text, via=text)))
    dialog.take(CheckDone(numbers[-1], ok=False))
    return dialog


def several(text: str) -> AddSeveral:
    return AddSeveral(LIGHT, [hostile_server(text), server_at("ssh://db", "db")])


def pasted(text: str) -> QWidget:
    dialog = several(text)
    child(dialog, QPlainTextEdit).setPlainText(f"web1, {text}\n{text}\nweb2 {text}")
    dialog._begin_reading()
    dialog.complain(text)
    return dialog


def configured(text: str) -> QWidget:
    dialog = several(text)
    dialog._config.click()
    hosts = (SSHHost(text, text, text, 2222, text, text), SSHHost("web1", text, place=text))
    dialog.show_hosts(SSHHosts(hosts, (text,) * 5, (text,) * 5))
    return dialog


def notice(text: str, *, large: bool) -> QWidget:
    shown = Notice(LIGHT, large=large)
    shown.say(Mark.UNKNOWN, text, text, "Try again")
    return shown


DIALOGS: dict[str, Callable[[str], QWidget]] = {
    "add": adding,
    "edit": lambda text: AddServer.editing(hostile_server(text)),
    "duplicate": lambda text: AddServer.duplicating(hostile_server(text)),
    "test": checked,
    "list": pasted,
    "ssh_config": configured,
    "host key": question(lambda text: UnknownHostKey(text, 22, text, text)),
    "certificate": question(lambda text: UnknownCertificate(text, 1, text, text, text, text)),
    "password": question(
        lambda text: Credentials(
            text, (Prompt(text, echo=True, likely=text), Prompt(text)), text, locked(text)
        )
    ),
    "codes": question(lambda text: Credentials(text, (Prompt(text, echo=True),) * 8, text)),
    "banner": lambda text: notice(text, large=False),
    "screen": lambda text: notice(text, large=True),
}


@EVERY_TEXT
@pytest.mark.parametrize("dialog", DIALOGS)
def test_a_dialog_shows_hostile_text_plainly(
    qtbot: QtBot, qapp: QApplication, dialog: str, text: str
) -> None:
    shown = DIALOGS[dialog](text)
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(shown)
    shown.show()
    qapp.processEvents()
    assert complaints(shown, text) == []


# The walk itself: carelessness is noticed.

MARKUP, BIDI = HOSTILE["picture"], HOSTILE["bidi"]


class Painting(QWidget):
    """Draws a text as it comes."""

    def paintEvent(self, event: object) -> None:
        """Draw it."""
        from PySide6.QtGui import QPainter  # noqa: PLC0415

        painter = QPainter(self)
        painter.drawText(10, 20, BIDI)
        painter.end()


def with_tip(tip: str) -> QWidget:
    label = PlainLabel("x")
    label.setToolTip(tip)
    return label


def listed(text: str) -> QWidget:
    view = QListWidget()
    view.addItem(text)
    return view


def with_action(text: str) -> QWidget:
    menu = QMenu()
    menu.addAction(QAction(text, menu))
    return menu


def named(text: str) -> QWidget:
    button = QPushButton("x")
    button.setAccessibleName(text)
    return button


def tall(text: str) -> QWidget:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


@pytest.mark.parametrize(
    ("careless", "text", "reason"),
    [
        (QLabel, MARKUP, "takes markup"),
        (QLabel, "web1", "takes markup"),
        (tall, BIDI, "has ["),
        (tall, "x" * 9_000, "9000 characters"),
        (tall, "x " * 500, "least size"),
        (with_tip, MARKUP, "is markup"),
        (with_tip, BIDI, "has ["),
        (listed, BIDI, "DisplayRole"),
        (with_action, HOSTILE["mnemonic"], "key of its own"),
        (with_action, BIDI, "QAction"),
        (named, BIDI, "accessibleName"),
        (QPushButton, HOSTILE["mnemonic"], "key of its own"),
        (lambda text: Painting(), BIDI, "painted"),
    ],
)
def test_a_careless_widget_is_found_in_a_window(
    qtbot: QtBot, careless: Callable[[str], QWidget], text: str, reason: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    planted = careless(text)
    if isinstance(planted, Painting):
        planted.setMinimumSize(120, 40)
    column.addWidget(planted)
    window.show()
    assert [one for one in complaints(window, text) if reason in one]


@EVERY_TEXT
def test_a_careful_widget_is_not_complained_of(qtbot: QtBot, text: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    label = PlainLabel(text[:100], wrap=True)
    label.setToolTip(tooltip(text))
    column.addWidget(label)
    window.show()
    assert complaints(window, text) == []


def test_the_walk_hears_and_sees_what_there_is(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    show(window, store, "web-of-mine", qtbot)
    hows = {one.how for one in said(window) if "web-of-mine" in one.text}
    assert {"text", "toolTip", "accessibleName", "painted", "DisplayRole", "Name"} <= hows
    assert any("web-of-mine" in text for text in painted(window))
