"""What every test stands on: an environment of its own, and guards that let nothing leak.

The environment comes first, before anything imports Qt or platformdirs.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="wodesk-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

_CLOSED = socket.socket()
atexit.register(_CLOSED.close)
_CLOSED.bind(("127.0.0.1", 0))
"""Held and never listened on, so that whoever asks there is refused at once."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_QPA_PLATFORMTHEME", "QT_LOGGING_RULES"):
    os.environ.pop(_name, None)
for _name in ("WODESK_PASSWORD", "WODESK_TOKEN"):
    os.environ.pop(_name, None)
os.environ |= {
    "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    "HOME": str(_HOME),
    "LC_ALL": "C.UTF-8",
    "WODESK_NETDATA_URL": f"http://127.0.0.1:{_CLOSED.getsockname()[1]}",
    "XDG_CACHE_HOME": str(_HOME / "cache"),
    "XDG_CONFIG_HOME": str(_HOME / "config"),
    "XDG_DATA_HOME": str(_HOME / "data"),
    "XDG_RUNTIME_DIR": str(_HOME / "runtime"),
    "XDG_STATE_HOME": str(_HOME / "state"),
}
for _name in ("cache", "config", "data", "runtime", "state"):
    (_HOME / _name).mkdir(mode=0o700)

import asyncio  # noqa: E402
import gc  # noqa: E402
import re  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
import weakref  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import AsyncIterator, Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
import shiboken6  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEvent, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

_PATIENCE = 20.0
"""Seconds that threads and descriptors have to go away in order."""
_CEILING = 30_000
"""Milliseconds that what a test waits for may take on the slowest machine."""
_OF_THE_SYSTEM = ("QDBusConnection", "Thread (pooled)", "gmain", "gdbus", "pool-spawner")
"""Native threads that Qt keeps for itself once it has started them."""
_KNOWN_TIMERS: weakref.WeakSet[QTimer] = weakref.WeakSet()
"""Those from before a module, which `gc` does not list."""

hypothesis.settings.register_profile(
    "wodesk",
    deadline=None,
    database=None,
    # It judges the pace of the machine.
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("wodesk")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop that async tests run on."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _heavy_parts() -> Iterator[None]:
    """Load what starts threads or opens files when it is loaded, before any guard looks.

    At the end `gc` gets to see everything once more, and with it what was never closed.
    """
    import numpy as np  # noqa: F401, PLC0415
    import pyqtgraph as pg  # noqa: F401, PLC0415
    from PySide6.QtCore import QMimeDatabase  # noqa: PLC0415

    # A dialog for files asks for it, and Qt keeps its file open.
    QMimeDatabase().mimeTypeForName("text/csv")
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture(scope="module", autouse=True)
def _nothing_of_earlier_modules(_heavy_parts: None) -> None:
    """Keep `gc` away from everything that was there before a module.

    What pytest remembers of each test adds up to hundreds of thousands of objects, through all of
    which the guards would go after each test that follows.
    """
    gc.collect()
    _KNOWN_TIMERS.update(_timers())
    gc.freeze()


class _Patient(QtBot):
    """Waits for longer than pytest-qt does unless it is told for how long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _CEILING) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _CEILING, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals: Any, *, timeout: int = _CEILING, **more: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **more)

    def waitActive(self, widget: QWidget, *, timeout: int = _CEILING) -> Any:
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = _CEILING) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The one of pytest-qt with more patience."""
    return _Patient(request)


@pytest.fixture(autouse=True)
def _nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, descriptors, widgets or timers behind."""
    uses_qt = not {"qtbot", "qapp"}.isdisjoint(request.fixturenames)
    if uses_qt:
        request.getfixturevalue("qapp")
    threads, native = set(threading.enumerate()), set(_native_threads())
    descriptors = _descriptors()
    widgets, timers = set(_top_level_widgets()), set(map(id, _active_timers(uses_qt)))
    yield
    left: list[str] = []
    if uses_qt:
        left += _left_in_qt(widgets, timers)
    left += _left_of(lambda: [f"thread {t.name}" for t in _running_threads() - threads])
    left += _left_of(lambda: _new_native_threads(native))
    left += _left_of(lambda: sorted((_descriptors() - descriptors).elements()), collect=True)
    if left:
        pytest.fail("left behind: " + "; ".join(left), pytrace=False)


@pytest.fixture(autouse=True)
def _no_task_leaks(request: pytest.FixtureRequest, _nothing_leaks: None) -> None:
    """Fail an async test that leaves tasks behind; its loop ends before the other guard looks."""
    if "anyio_backend" in request.fixturenames:
        request.getfixturevalue("_no_task_is_left")


@pytest.fixture
async def _no_task_is_left(anyio_backend: str) -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    for _ in range(3):
        await asyncio.sleep(0)
    left = [
        repr(task)
        for task in asyncio.all_tasks() - before
        # One of these runs the fixture itself.
        if not getattr(task.get_coro(), "__qualname__", "").startswith("TestRunner.")
    ]
    if left:
        pytest.fail("left behind: " + "; ".join(left), pytrace=False)


def _left_of(find: Callable[[], list[str]], *, collect: bool = False) -> list[str]:
    """What is still there after it had time to go away."""
    left = find()
    deadline = time.monotonic() + _PATIENCE
    while left and time.monotonic() < deadline:
        if collect:
            gc.collect()
        time.sleep(0.005)
        left = find()
    return left


def _running_threads() -> set[threading.Thread]:
    """Threads of Python; those of Qt, of which it knows some, are counted below."""
    dummy = threading._DummyThread
    return {thread for thread in threading.enumerate() if not isinstance(thread, dummy)}


def _native_threads() -> dict[str, str]:
    """The id and the name of each thread of the process, QThreads among them."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            found[task.name] = (task / "comm").read_text().strip()
        except OSError:
            continue
    return found


def _new_native_threads(before: set[str]) -> list[str]:
    return [
        f"native thread {name}"
        for number, name in _native_threads().items()
        if number not in before and not name.startswith(_OF_THE_SYSTEM)
    ]


def _descriptors() -> Counter[str]:
    """What the process has open, by what it is; the number of a socket tells nothing.

    Qt's pooled threads, which are its own, have an eventfd each.
    """
    found: Counter[str] = Counter()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target != "anon_inode:[eventfd]":
            found[re.sub(r"\d+", "", target)] += 1
    return found


def _top_level_widgets() -> list[QWidget]:
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []


def _active_timers(uses_qt: bool) -> list[QTimer]:
    if not uses_qt:
        return []
    timers = [*_timers(), *_KNOWN_TIMERS]
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]


def _timers() -> list[QTimer]:
    return [thing for thing in gc.get_objects() if type(thing) is QTimer]


def _left_in_qt(widgets: set[QWidget], timers: set[int]) -> list[str]:
    """Widgets and timers that are still there when everything that was to be deleted is."""
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    left = [f"widget {widget!r}" for widget in set(_top_level_widgets()) - widgets]
    gc.collect()
    left += [f"timer {timer!r}" for timer in _active_timers(True) if id(timer) not in timers]
    return left
