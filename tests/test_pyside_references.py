"""Whether PySide6 keeps the count of references to None, True and False.

A release that gives back references it does not own kills a Python before 3.12 after some thousands
of calls ("none_dealloc", "bool_dealloc"): such a release must not get into the lock file. From
3.12 on these objects are immortal: what is asserted there is that their counts cannot change.
"""

import json
import subprocess
import sys

import pytest

CALLS = 10_000
# A few references come and go with the interpreter's own work, where there is a count at all.
TOLERANCE = 50 if sys.version_info < (3, 12) else 0

# In a process of its own, which a bad release may kill.
COUNTING = """
import json, os, sys
from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QPainterPath, QPolygonF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QWidget

# So many that the loss of one a call is counted, not fatal.
spare = [None, True, False] * 2_000_000

class Item(QGraphicsItem):
    def boundingRect(self):
        return QRectF(0, 0, 1, 1)
    def paint(self, *args):
        pass

class Sender(QObject):
    sent = Signal(object)
    switched = Signal(bool)

class Receiver(QObject):
    def take(self, value):
        pass

app = QApplication(["references", "-platform", "offscreen"])
scene, shown, loose = QGraphicsScene(), Item(), Item()
scene.addItem(shown)
widget, timer, sender, receiver = QWidget(), QTimer(), Sender(), Receiver()
sender.sent.connect(receiver.take)
sender.switched.connect(receiver.take)
polygon, path = QPolygonF(), QPainterPath()

calls = {
    "QGraphicsItem.prepareGeometryChange": lambda: shown.prepareGeometryChange(),
    "QGraphicsItem.update": lambda: shown.update(),
    "QGraphicsItem.scene": lambda: loose.scene(),
    "QGraphicsItem.parentItem": lambda: shown.parentItem(),
    "QGraphicsItem.setPos": lambda: shown.setPos(1, 1),
    "QGraphicsItem.setVisible": lambda: shown.setVisible(True),
    "QGraphicsItem.isVisible": lambda: shown.isVisible(),
    "QWidget.update": lambda: widget.update(),
    "QWidget.parentWidget": lambda: widget.parentWidget(),
    "QWidget.layout": lambda: widget.layout(),
    "QWidget.setVisible": lambda: widget.setVisible(False),
    "QWidget.setToolTip": lambda: widget.setToolTip("tip"),
    "QWidget.isVisible": lambda: widget.isVisible(),
    "QObject.parent": lambda: sender.parent(),
    "QObject.property": lambda: sender.property("nothing"),
    "QObject.setProperty": lambda: sender.setProperty("something", False),
    "QObject.blockSignals": lambda: widget.blockSignals(False),
    "QTimer.start": lambda: timer.start(100_000),
    "QTimer.stop": lambda: timer.stop(),
    "QPolygonF.resize": lambda: polygon.resize(2),
    "QPainterPath.addPolygon": lambda: path.addPolygon(polygon),
    "Signal(object).emit(None)": lambda: sender.sent.emit(None),
    "Signal(object).emit(True)": lambda: sender.sent.emit(True),
    "Signal(bool).emit(False)": lambda: sender.switched.emit(False),
    "QApplication.focusWidget": lambda: app.focusWidget(),
    "QApplication.processEvents": lambda: app.processEvents(),
}

watched = {"None": None, "True": True, "False": False}
changes = {name: {} for name in watched}
for name, call in calls.items():
    call()
    before = [sys.getrefcount(each) for each in watched.values()]
    for _ in range(int(sys.argv[1])):
        call()
    after = [sys.getrefcount(each) for each in watched.values()]
    for each, old, new in zip(watched, before, after):
        changes[each][name] = new - old
print(json.dumps(changes), flush=True)
# An orderly end would give back the spare references, and with them more than there are.
os._exit(0)
"""


@pytest.fixture(scope="module")
def changes() -> dict[str, dict[str, int]]:
    """Count what `CALLS` calls of each kind do to None, True and False."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, str(CALLS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    counted: dict[str, dict[str, int]] = json.loads(done.stdout)
    return counted


@pytest.mark.parametrize("name", ["None", "True", "False"])
def test_pyside_neither_leaks_nor_steals_references(
    changes: dict[str, dict[str, int]], name: str
) -> None:
    wrong = {call: change for call, change in changes[name].items() if abs(change) > TOLERANCE}
    assert not wrong, f"references to {name} gained or lost in {CALLS} calls: {wrong}"
