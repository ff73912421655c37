"""wodesk at its loudest, for the search for secrets: `python -m tests.loud ARGUMENTS`.

All logs are at DEBUG with nothing quietened, asyncssh dumps its packets, and stdout gets the repr
of whatever is alive after a login, the environment as the kernel shows it, and every text of the
window.  A line on stdin is typed where a password is asked for.  `WODESK_TESTS_BUG` raises in the
middle of a login, with the secret in the exception and in a variable.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import asyncssh
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

import wodesk.redaction
from tests.servers.dashboard import USER
from wodesk.access import ssh_login
from wodesk.access.server_secrets import ServerSecrets
from wodesk.app import Desk
from wodesk.client import agent, auth, dashboard, dashboard_auth
from wodesk.client.auth import SecretSource
from wodesk.core import Core
from wodesk.launch import main
from wodesk.models.secret import Lock
from wodesk.ui.question import QuestionDialog

_TALKERS = ("wodesk", "asyncio", "httpx", "httpcore", "asyncssh", "ssl", "concurrent")
_TURN_MS = 50


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    """Show everything that is alive after it, be it well or not."""

    @wraps(function)
    async def shown(*arguments: Any) -> Any:
        try:
            return await function(*arguments)
        finally:
            show_objects()

    return shown


def show_objects() -> None:
    """Print the reprs of our objects and of those of the libraries that carry secrets."""
    print(Path("/proc/self/environ").read_bytes())
    for thing in gc.get_objects():
        if type(thing).__module__.partition(".")[0] in _TALKERS:
            try:
                print(f"repr: {thing!r}")
            except Exception as exc:
                print(f"repr: {type(thing)} has none ({type(exc).__name__})")
    print("reprs are complete", flush=True)


def _show_widgets() -> None:
    """Print all that can be read in windows, but for what is typed."""
    for widget in QApplication.allWidgets():
        texts = [widget.windowTitle(), widget.toolTip(), widget.accessibleName()]
        texts += [widget.accessibleDescription(), repr(widget)]
        if isinstance(widget, QLabel):
            texts.append(widget.text())
        if isinstance(widget, QLineEdit):
            texts.append(widget.displayText())
        print("window:", " | ".join(filter(None, texts)))
    sys.stdout.flush()


def _fill(dialog: QuestionDialog, typed: str) -> None:
    for field in dialog.findChildren(QLineEdit):
        is_unseen = field.echoMode() is QLineEdit.EchoMode.Password
        field.setText(typed if is_unseen else USER)
    _show_widgets()
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Log in").click()


def _loud(typed: str) -> None:
    logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s: %(message)s")
    asyncssh.set_log_level("DEBUG")
    asyncssh.set_debug_level(3)
    wodesk.redaction._quieten = lambda logger, undo: None
    for source in (agent.NetdataSource, dashboard.DashboardSource):
        source.connect = _after(source.connect)  # type: ignore[method-assign]
    begin, ask = Core.begin, Desk.ask

    def begin_and_show(core: Core) -> None:
        begin(core)
        timer = QTimer(core, interval=_TURN_MS)
        timer.timeout.connect(_show_widgets)
        timer.start()

    def ask_and_fill(desk: Desk, question: Any) -> None:
        ask(desk, question)
        dialog = desk._dialog
        if dialog is not None and typed:
            QTimer.singleShot(0, dialog, lambda: _fill(dialog, typed))

    Core.begin = begin_and_show  # type: ignore[method-assign,assignment]
    Desk.ask = ask_and_fill  # type: ignore[method-assign,assignment]


def _break() -> None:
    """Put a bug into every login."""

    def revealed(source: SecretSource) -> str:
        password = source() if callable(source) else source.reveal()
        raise RuntimeError(f"bug with {password}")

    async def give(login: object, prompt: str) -> str | None:
        password = await original(login, prompt)
        raise RuntimeError(f"bug with {password}")

    async def take(source: Any, *arguments: Any) -> Any:
        await asked(source, *arguments)
        raise RuntimeError(f"bug with {source._login.value()}", source._login._token_now.reveal())

    original: Any = ssh_login.Login._give_password
    asked: Any = dashboard.DashboardSource._asked

    async def accept(secrets: ServerSecrets, lock: Lock) -> bool:
        held = secrets._answers.held[lock]
        raise RuntimeError(f"bug with {held.secret.reveal()}", held)

    if os.environ["WODESK_TESTS_BUG"] == "accepted":
        ServerSecrets.accepted = accept  # type: ignore[method-assign,assignment]
    elif os.environ["WODESK_TESTS_BUG"] == "token":
        dashboard.DashboardSource._asked = take  # type: ignore[method-assign,assignment]
    else:
        auth.revealed = revealed
        vars(dashboard_auth)["revealed"] = revealed
        ssh_login.Login._give_password = give  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    _loud(sys.stdin.readline())
    if "WODESK_TESTS_BUG" in os.environ:
        _break()
    sys.exit(main(sys.argv[1:]))
