"""pyqtgraph without what no chart of wodesk draws with.

The body of its package imports all of its modules, and has PySide make every class that there is in
QtCore, QtGui and QtWidgets: two thirds of what loading it costs, and 25 MB.  Here it is put in
place with its body postponed, so that its modules can be imported one by one.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any

import shiboken6
from PySide6 import QtCore, QtGui, QtWidgets

log = logging.getLogger(__name__)

_LIBRARY = "pyqtgraph"
_OPTIONS = {
    "antialias": False,
    "background": "k",
    "crashWarning": False,
    "enableExperimental": False,
    "foreground": "d",
    "leftButtonPan": True,
    "mouseRateLimit": 100,
    "useCupy": False,
    "useNumba": False,
    "useOpenGL": False,
}
"""Its default configuration, as far as the modules of the charts ask for it."""


class _Unmeasured:
    """What `pyqtgraph.debug.Profiler` is while no environment variable asks for one."""

    def __init__(self, *arguments: object, **options: object) -> None:
        """Takes what a profiler takes."""

    def __call__(self, *arguments: object) -> None:
        """Measures nothing."""

    mark = finish = __call__


def prepare() -> None:
    """Let imports of pyqtgraph's modules load these, and what they need, alone.

    Where it has been imported before, this changes nothing.
    """
    if _LIBRARY in sys.modules:
        return
    _postpone(_LIBRARY, getConfigOption=_OPTIONS.__getitem__, _connectCleanup=cache(_end_in_order))
    _postpone(
        f"{_LIBRARY}.Qt",
        QT_LIB="PySide6",
        QtCore=QtCore,
        QtGui=QtGui,
        QtWidgets=QtWidgets,
        isQObjectAlive=shiboken6.isValid,
        compat=SimpleNamespace(voidptr=shiboken6.VoidPtr),
    )
    _postpone(f"{_LIBRARY}.Qt.OpenGLHelpers")
    # Loads profilers, colours for terminals and ctypes, to measure nothing.
    _postpone(f"{_LIBRARY}.debug", Profiler=_Unmeasured, printExc=_log_exception)


def _postpone(name: str, **given: object) -> None:
    """Put a module in place that has these names, and runs its body when asked for another."""
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    loader, module = spec.loader, module_from_spec(spec)
    is_package = spec.submodule_search_locations is not None

    def run_body(wanted: str) -> Any:
        # What it has a module for is imported once this says that there is no such name.
        is_module = is_package and find_spec(f"{name}.{wanted}") is not None
        if is_module or wanted.startswith("__"):
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
        for known in (*given, "__getattr__"):
            delattr(module, known)
        loader.exec_module(module)
        return getattr(module, wanted)

    vars(module).update(given, __getattr__=run_body)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def _log_exception(message: str = "", *_: object, **__: object) -> None:
    """Tell of what went wrong in a handler, and go on, as the library does on stderr."""
    log.exception(message)


def _end_in_order() -> None:
    """Have its views let go of each other before the application goes."""
    from pyqtgraph.graphicsItems.ViewBox import ViewBox  # noqa: PLC0415  once it is postponed

    app = QtCore.QCoreApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(ViewBox.quit)
