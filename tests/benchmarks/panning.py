"""Panning and zooming over a day of samples, one each second: CPU for each frame under the hand.

Half of the day is in view.  Stock pyqtgraph has all 86,400 points of every line in the process and
draws what is in view anew; `clipped` is what its manual advises for that, clipping and downsampling
to peaks.  wodesk holds what an agent answers for the pixel columns there are, moves it with the
hand, and asks again when the hand rests: that frame, with new samples for all charts, is measured
for itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    cpu_of,
    first_of,
    interleaved,
    platforms,
    pss,
    ratio,
    replies,
)
from tests.benchmarks.pages import size
from tests.benchmarks.samples import LINES, NAMES, page
from wodesk.models.arrays import Floats
from wodesk.models.event import Connected, Frame
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Column, Series, Watch, Window
from wodesk.models.server import Server
from wodesk.ui.looking import Looking
from wodesk.ui.pages.server import ServerPage
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme

_DAY = 86_400
_STEP = 120.0
"""Seconds by which a frame moves on, about a pixel."""
_FRAMES = 10
_LATE = 33.4
"""Milliseconds of two frames, within which 24 charts shall be drawn each time."""
_SERVER = Server("bench", "bench", "local:")
_HOST = Host("bench", "bench", "v2.11.0", "v3", alerts=AlertCounts(0, 0))
_ACROSS = 3


def _walk(charts: int) -> Floats:
    """Values (two days, charts, lines), one row a second."""
    steps = np.random.default_rng(1).normal(0.0, 0.05, (2 * _DAY, charts, LINES))
    return np.asarray(12.5 + 12.0 * np.sin(np.cumsum(steps, axis=0) / 4.0))


class Stock:
    """PlotItems with all points; the view moves."""

    def __init__(self, charts: int, *, clipped: bool) -> None:
        self.widget = pg.GraphicsLayoutWidget()
        values, self._end = _walk(charts), time.time() // 1
        times = self._end - 2 * _DAY + 1 + np.arange(2 * _DAY)
        self._plots = []
        for chart in range(charts):
            axes = {"bottom": pg.DateAxisItem()}
            plot = self.widget.addPlot(
                row=chart // _ACROSS, col=chart % _ACROSS, title=f"Chart {chart}", axisItems=axes
            )
            if clipped:
                plot.setClipToView(True)
                plot.setDownsampling(auto=True, mode="peak")
            for line, color in enumerate(LIGHT.series[:LINES]):
                plot.plot(times[_DAY:], values[_DAY:, chart, line], pen=color)
            self._plots.append(plot)

    def show(self, end: float, seconds: float) -> None:
        """Look at so many seconds up to so many before the newest."""
        for plot in self._plots:
            plot.setXRange(self._end - end - seconds, self._end - end, padding=0)

    def rest(self) -> None:
        """Nothing: all is there."""


class Own:
    """The page of a server, fed with what an agent would answer."""

    def __init__(self, charts: int) -> None:
        self._values, self._end = _walk(charts), time.time() // 1
        self._store = Store()
        self._store.set_servers([_SERVER])
        self._store.apply(Connected(_SERVER.id, _HOST))
        self._looking = Looking(self._store, _DAY)
        self._page = ServerPage(page(charts), self._store, self._looking, LIGHT)
        self._page.show_server(_SERVER.id)
        self._frames: list[Frame] = []
        self.widget = self._page

    def show(self, end: float, seconds: float) -> None:
        """Look at so many seconds up to so many before the newest, on the way to another."""
        self._looking.move(Window(round(seconds), self._end - end))

    def prepare(self) -> None:
        """Make the frames that come when the hand rests."""
        self._frames = [
            self._frame(watch, int(watch.metric.context.removeprefix("bench.chart")))
            for watch in self._page.watches()
        ]

    def rest(self) -> None:
        """Let go, and show what was asked for then."""
        self._looking.rest()
        for frame in self._frames:
            self._store.apply(frame)

    def _frame(self, watch: Watch, chart: int) -> Frame:
        bucket, before = watch.bucket, watch.window.before or self._end
        last = before // bucket * bucket
        times = last - bucket * np.arange(watch.points, dtype=np.float64)[::-1]
        first = int(times[0] - bucket - self._end) + 2 * _DAY
        rows = self._values[first : first + bucket * watch.points, chart]
        values = rows.reshape(watch.points, bucket, LINES).mean(axis=1)
        columns = tuple(Column(name) for name in NAMES)
        series = Series(times, values, columns, "percentage", float(bucket))
        return Frame(watch, series, self._end, time.monotonic(), latency=0.005, pace=1.0)


Drawn = Stock | Own
KINDS: Mapping[str, Callable[[int], Drawn]] = {
    "stock": lambda charts: Stock(charts, clipped=False),
    "clipped": lambda charts: Stock(charts, clipped=True),
    "own": Own,
}


def serve(kind: str, charts: str) -> None:
    """For each line that is read, tell what a frame of `pan` or `zoom` costs, or one of `rest`."""
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    apply_theme(app, LIGHT)
    drawn = KINDS[kind](int(charts))
    drawn.widget.resize(*size(int(charts)))
    drawn.widget.show()
    at = 0.0

    def paint() -> None:
        # Twice: the scene tells its view in the first round, which is painted in the second.
        app.processEvents()
        app.processEvents()

    def rest() -> None:
        drawn.rest()
        paint()

    def settle() -> float:
        if isinstance(drawn, Own):
            drawn.prepare()
        return cpu_of(rest)

    def move(question: str, number: int) -> None:
        nonlocal at
        at = (at + _STEP) % (_DAY / 4)
        seconds = _DAY / 2 if question == "pan" else _DAY / 2 * 1.03 ** (number - _FRAMES)
        drawn.show(at, seconds)
        paint()

    def answer(question: str) -> dict[str, float]:
        if question == "rest":
            return {"cpu": settle()}
        spent = [cpu_of(partial(move, question, number)) for number in range(_FRAMES)]
        return {"cpu": sum(spent) / _FRAMES, "slowest": max(spent), "pss": pss()}

    paint()
    drawn.show(0.0, _DAY / 2)
    settle()
    replies(answer)


def measure(*, quick: bool = False) -> Table:
    """Six charts of four lines each, and twelve, on a screen."""
    figures: list[Figure] = []
    with platforms() as known:
        screen = first_of(("X", "offscreen"), known)
        for charts in (6,) if quick else (6, 12):
            figures += _measured(charts, known[screen], quick=quick)
        figures += _own_alone(24, known[screen], quick=quick)
    title = f"panning and zooming over 86,400 points, {LINES} lines a chart, on {screen}"
    return Table(title, tuple(figures))


def _measured(charts: int, env: Mapping[str, str], *, quick: bool) -> list[Figure]:
    found: dict[str, dict[str, float]] = {}
    memory: dict[str, float] = {}
    with ExitStack() as stack:
        children = {
            kind: stack.enter_context(Child("panning:serve", kind, str(charts), env=env))
            for kind in KINDS
        }

        def case(kind: str, question: str) -> Callable[[], float]:
            def once() -> float:
                answer = children[kind].ask(question)
                memory[kind] = answer["pss"]
                return answer["cpu"]

            return once

        for question in ("pan", "zoom"):
            cases = {kind: case(kind, question) for kind in KINDS}
            found[question] = interleaved(cases, rounds=1 if quick else 3, warm_up=not quick)
    figures = []
    for question, cost in found.items():
        start = f"{charts} charts, {question}"
        figures += [
            Figure(f"{start}: stock pyqtgraph", cost["stock"], "ms"),
            Figure(f"{start}: clipped to peaks", cost["clipped"], "ms"),
            Figure(f"{start}: wodesk", cost["own"], "ms"),
            ratio(f"{start}: wodesk : stock", cost["own"], cost["stock"], 1 / 15),
            ratio(f"{start}: wodesk : clipped", cost["own"], cost["clipped"]),
        ]
    return [
        *figures,
        Figure(f"{charts} charts, memory: stock pyqtgraph", memory["stock"], "MB PSS"),
        Figure(f"{charts} charts, memory: wodesk", memory["own"], "MB PSS"),
    ]


def _own_alone(charts: int, env: Mapping[str, str], *, quick: bool) -> list[Figure]:
    """What a hand feels with many charts."""
    slowest: list[float] = []
    with Child("panning:serve", "own", str(charts), env=env) as child:

        def pan() -> float:
            answer = child.ask("pan")
            slowest.append(answer["slowest"])
            return answer["cpu"]

        def rest() -> float:
            child.ask("pan")
            return child.ask("rest")["cpu"]

        cost = interleaved({"pan": pan, "rest": rest}, 1 if quick else 7, warm_up=not quick)
    counted = slowest if quick else slowest[1:]
    return [
        Figure(f"{charts} charts, pan: wodesk", cost["pan"], "ms"),
        Figure(f"{charts} charts, the slowest frame of all", max(counted), "ms", _LATE),
        Figure(f"{charts} charts, new samples at rest: wodesk", cost["rest"], "ms"),
    ]
