"""The page as it lives: rows come in as from an agent, are joined, applied and painted."""

from __future__ import annotations

import gc
import sys
import time

from PySide6.QtWidgets import QApplication

from tests.benchmarks.measuring import anonymous, cpu_of, pss, replies
from tests.benchmarks.pages import Cards, size
from tests.benchmarks.samples import SECONDS, START, Samples
from wodesk.models.event import Event, Frame
from wodesk.models.metric import History, Watch
from wodesk.sampling.feeds import Feed
from wodesk.ui.theme import LIGHT, apply_theme

_CHARTS = 24
_ROWS = 5
"""An agent is asked for the newest row and a few before it."""


class Living(Cards):
    """Frames made by the worker's own joining."""

    def __init__(self, samples: Samples, charts: int, stacked: int) -> None:
        self._feeds: dict[Watch, Feed] = {}
        super().__init__(samples, charts, stacked)

    def _frames(self, number: int) -> list[Event]:
        return [
            self._frame(watch, chart, number) for chart, watch in enumerate(self._page.watches())
        ]

    def _frame(self, watch: Watch, chart: int, number: int) -> Event:
        feed = self._feeds.setdefault(watch, Feed(watch))
        rows = _ROWS if feed.series is not None else SECONDS
        now = float(START + number)
        answer = History({watch.metric: self._samples.series(chart, number, rows)}, now)
        taken_at = time.monotonic()
        return Frame(watch, feed.take(answer), now, taken_at, latency=0.005, pace=1.0)


def serve() -> None:
    """Run so many ticks as each line says."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, LIGHT)
    page = Living(Samples.made(_CHARTS, 4400), _CHARTS, _CHARTS // 3)
    page.widget.resize(*size(_CHARTS))
    page.widget.show()
    app.processEvents()
    done = 0

    def run(until: int) -> None:
        for number in range(done, until):
            page.prepare(range(number, number + 1))
            page.tick(number)
            app.processEvents()
            app.processEvents()

    def answer(question: str) -> dict[str, float]:
        nonlocal done
        until = done + int(question)
        spent = cpu_of(lambda: run(until))
        done = until
        gc.collect()
        return {"cpu": spent / int(question), "pss": pss(), "anonymous": anonymous()}

    replies(answer)
