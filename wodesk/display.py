"""The screen: a Qt application on it, or the reason why there is none."""

from __future__ import annotations

import builtins
import linecache
import os
import sys

from PySide6.QtWidgets import QApplication

APP_ID = "io.github.wodesk.wodesk"
_INVISIBLE = "offscreen"
_CHOICE = "QT_QPA_PLATFORM"
_LAST_RESORT = f";{_INVISIBLE}"


class NoDisplay(Exception):
    """There is no screen to open a window on."""


def import_plainly() -> None:
    """Give the interpreter its own `import` back, and forget what was read for Qt's.

    PySide puts one in its place that reads the source of every module that is loaded from then on,
    for whether it wants Qt's names in snake case: 0.2 ms each, and all of them stay in memory.
    """
    builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
    linecache.clearcache()


def make_application() -> QApplication:
    """The Qt application, named and styled; the one that there is, if it was made before."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    import_plainly()
    # To have it set by a method would make a class of what that answers, which takes 5 ms.
    app = QApplication([sys.argv[0], "-style", "Fusion"])
    app.setApplicationName("wodesk")
    app.setDesktopFileName(APP_ID)
    return app


def open_display() -> QApplication:
    """The Qt application, on a screen that can be seen; raises `NoDisplay`."""
    _choose_screen()
    app = make_application()
    if app.platformName() == _INVISIBLE and os.environ.get(_CHOICE, "").endswith(_LAST_RESORT):
        raise NoDisplay
    return app


def _choose_screen() -> None:
    """Let Qt try the screens that the session names, and none of them rather than abort.

    Where the user or the system decides by other means nothing is changed.  Raises `NoDisplay` if
    the session names none.
    """
    if sys.platform != "linux" or os.environ.get(_CHOICE):
        return
    screens = [
        platform
        for platform, variable in (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY"))
        if os.environ.get(variable)
    ]
    if not screens:
        raise NoDisplay
    os.environ[_CHOICE] = ";".join(screens) + _LAST_RESORT
