"""pyqtgraph loads as far as the charts draw with it, and is whole for whoever asks for more."""

from __future__ import annotations

import os
import subprocess
import sys

import pyqtgraph
import pytest

from wodesk.ui import chart_library

_DRAWN = """
import sys
from PySide6.QtWidgets import QApplication
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui import chart_library
from wodesk.ui.theme import LIGHT
from tests.ui.given import LOAD, series

app = QApplication([])
chart_library.prepare()
from wodesk.ui.chart import Chart
from wodesk.ui.picture import picture

chart = Chart(LOAD, LIGHT)
chart.resize(400, 200)
chart.show_picture(picture(LOAD, series({"load1": [1.0, 2.0, 3.0]})), 300, 1_700_000_000.0, None)
chart.show_crosshair(1_699_999_900.0)
chart.show()
app.processEvents()
assert not chart.grab().toImage().isNull()
"""
_TOLD = """
print(len([name for name in sys.modules if name.startswith("pyqtgraph")]))
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""
_ENDED = """
from PySide6.QtCore import QTimer
QTimer.singleShot(0, app.quit)
app.exec()
"""
_WHOLE = """
import pyqtgraph as pg
from pyqtgraph.Qt import VERSION_INFO, QtTest
plot = pg.PlotWidget()
plot.plot([1, 2, 3], pen=pg.mkPen("r"))
plot.show()
app.processEvents()
assert isinstance(chart, pg.GraphicsView)
assert pg.Point(1, 2).x() == 1
assert pg.debug.listObjs and pg.debug.Profiler.__module__ == "pyqtgraph.debug"
print(pg.__version__, "PySide6" in VERSION_INFO)
"""
_UNUSED = (
    "pyqtgraph.parametertree",
    "pyqtgraph.graphicsItems.PlotItem",
    "pyqtgraph.imageview",
    "pyqtgraph.multiprocess",
    "cProfile",
    "colorama",
    "PySide6.QtTest",
    "PySide6.QtOpenGL",
)


def python(code: str, *arguments: str) -> list[str]:
    """The lines that a Python of its own prints; nothing goes to its stderr."""
    told = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        # Measuring coverage loads modules of its own, and slows the start down.
        env={name: text for name, text in os.environ.items() if "COVERAGE" not in name}
        | {"QT_QPA_PLATFORM": "offscreen", "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout.splitlines()


def test_a_drawn_chart_has_loaded_what_it_draws_with_and_no_more() -> None:
    count, unused = python(_DRAWN + _TOLD + _ENDED, *_UNUSED)
    assert int(count) < 60
    assert unused == ""


def test_whoever_asks_for_the_rest_gets_all_of_it() -> None:
    (told,) = python(_DRAWN + _WHOLE + _ENDED)
    assert told == f"{pyqtgraph.__version__} True"


@pytest.mark.parametrize("option", sorted(chart_library._OPTIONS))
def test_an_option_is_what_the_library_has_it_be(option: str) -> None:
    assert chart_library._OPTIONS[option] == pyqtgraph.CONFIG_OPTIONS[option]


def test_a_library_that_is_loaded_already_stays_as_it_is() -> None:
    before = sys.modules["pyqtgraph"], sys.modules["pyqtgraph.Qt"]
    chart_library.prepare()
    assert (sys.modules["pyqtgraph"], sys.modules["pyqtgraph.Qt"]) == before
