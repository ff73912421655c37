"""The same page of charts, drawn in several ways; each runs in a process of its own.

A page has its next ticks made ready outside the measured time; a tick then hands over what is
new, and the measured time lasts until it is painted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from tests.benchmarks.measuring import cpu_of, pss, replies
from tests.benchmarks.others import ACROSS, Floor, FloorWithValues, Stock, StockWithValues
from tests.benchmarks.samples import SECONDS, START, Samples, page
from wodesk.models.event import Connected, Event
from wodesk.models.host import AlertCounts, Host
from wodesk.models.page import Page
from wodesk.models.server import Server
from wodesk.ui.chart import Chart
from wodesk.ui.looking import Looking
from wodesk.ui.pages.server import ServerPage
from wodesk.ui.picture import Picture, picture
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme
from wodesk.ui.window import MainWindow

_SERVER = Server("bench", "bench", "local:")
_HOST = Host("bench", "bench", "v2.11.0", "v3", alerts=AlertCounts(0, 0))


def size(charts: int) -> tuple[int, int]:
    """A window in which every chart is in view, at 300 pixels or more for its 300 points."""
    return 1920, 1040 if charts <= 12 else 1760


class Drawn(Protocol):
    """A page of charts."""

    widget: QWidget

    def prepare(self, ticks: range) -> None:
        """Make ready what these ticks show."""

    def tick(self, number: int) -> None:
        """Show this tick; it is painted by Qt's loop."""


class Plots:
    """wodesk's plots alone: pictures that are ready go to `Chart.show_picture`."""

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self._samples = samples
        self._specs = page(charts, stacked).charts
        self._pictures: dict[int, list[Picture]] = {}
        self.widget = QWidget()
        grid = QGridLayout(self.widget)
        self._plots = [Chart(spec, LIGHT) for spec in self._specs]
        for number, plot in enumerate(self._plots):
            grid.addWidget(plot, number // ACROSS, number % ACROSS)

    def prepare(self, ticks: range) -> None:
        """Build the pictures."""
        self._pictures = {
            number: [
                picture(spec, self._samples.series(chart, number))
                for chart, spec in enumerate(self._specs)
            ]
            for number in ticks
        }

    def tick(self, number: int) -> None:
        """Show the next pictures."""
        for plot, shown in zip(self._plots, self._pictures[number], strict=True):
            plot.show_picture(shown, SECONDS, float(START + number), None)


class Pictures:
    """The building of the pictures alone; nothing is painted."""

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self._plots = Plots(samples, charts, stacked)
        self.widget = QWidget()

    def prepare(self, ticks: range) -> None:
        """Nothing: building is what is measured."""

    def tick(self, number: int) -> None:
        """Build what one tick shows."""
        self._plots.prepare(range(number, number + 1))


class Cards:
    """The server page as it is: frames go through the store to cards with all that is on them."""

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self._samples = samples
        self._events: dict[int, list[Event]] = {}
        self._store = Store()
        self._store.set_servers([_SERVER])
        self._store.apply(Connected(_SERVER.id, _HOST))
        self._page = self._built(page(charts, stacked))
        self.widget: QWidget = self._page.window()

    def _built(self, content: Page) -> ServerPage:
        built = ServerPage(content, self._store, Looking(self._store, SECONDS), LIGHT)
        built.show_server(_SERVER.id)
        return built

    def prepare(self, ticks: range) -> None:
        """Make the frames that the worker would send."""
        self._events = {number: self._frames(number) for number in ticks}

    def tick(self, number: int) -> None:
        """Hand the frames to the store, as the worker's signal does."""
        for event in self._events[number]:
            self._store.apply(event)

    def _frames(self, number: int) -> list[Event]:
        watches = self._page.watches()
        if any(watch.bucket > 1 for watch in watches):
            raise RuntimeError("the charts are too narrow for 300 points")
        return [self._samples.frame(watch, chart, number) for chart, watch in enumerate(watches)]


class Window(Cards):
    """The whole window: the page, the sparklines of the sidebar, and what each second renews."""

    def _built(self, content: Page) -> ServerPage:
        self._window = MainWindow(self._store, LIGHT)
        self._window.build_pages(content)
        self._window.show_server(_SERVER.id)
        built = self._window.page()
        assert built is not None
        return built

    def tick(self, number: int) -> None:
        """A second of the window's life."""
        super().tick(number)
        self._window._pass_second()

    def _frames(self, number: int) -> list[Event]:
        sparks: list[Event] = [
            self._samples.frame(watch, chart, number, rows=60)
            for chart, watch in enumerate(sparkline_watches(_SERVER.id))
        ]
        return super()._frames(number) + sparks


KINDS: dict[str, Callable[[Samples, int, int], Drawn]] = {
    "stock": Stock,
    "stock-with-values": StockWithValues,
    "floor": Floor,
    "floor-with-values": FloorWithValues,
    "plots": Plots,
    "pictures": Pictures,
    "cards": Cards,
    "window": Window,
}


def serve(kind: str, charts: str, stacked: str = "0") -> None:
    """Draw a page, and for each number that is read run so many ticks and tell what they cost.

    The answer has `cpu`, milliseconds a tick, and `pss`, MB.  The page is in view only while it
    is measured, since an X server would not paint what another page covers.
    """
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    apply_theme(app, LIGHT)
    drawn = KINDS[kind](Samples.made(int(charts)), int(charts), int(stacked))
    drawn.widget.resize(*size(int(charts)))
    stopwatch = Stopwatch(app, drawn)
    replies(stopwatch.answer)


class Stopwatch:
    """Runs the ticks of one page."""

    def __init__(self, app: QApplication, drawn: Drawn) -> None:
        self._app = app
        self._drawn = drawn
        self._next = 0
        self.run(2)

    def answer(self, question: str) -> dict[str, float]:
        """The cost of a tick, out of as many as asked for."""
        ticks = int(question)
        self._drawn.widget.show()
        self.run(2)
        start = self._prepare(ticks)
        spent = cpu_of(lambda: self._run(start, ticks))
        taken = pss()
        self._drawn.widget.hide()
        self._app.processEvents()
        return {"cpu": spent / ticks, "pss": taken}

    def run(self, ticks: int) -> None:
        """Run ticks that nobody measures."""
        self._drawn.widget.show()
        self._app.processEvents()
        self._run(self._prepare(ticks), ticks)

    def _prepare(self, ticks: int) -> int:
        start = self._next
        self._next += ticks
        self._drawn.prepare(range(start, self._next))
        return start

    def _run(self, start: int, ticks: int) -> None:
        for number in range(start, start + ticks):
            self._drawn.tick(number)
            # Twice: the scene tells its view in the first round, which is painted in the second.
            self._app.processEvents()
            self._app.processEvents()
