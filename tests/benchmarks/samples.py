"""The made-up measurements that every page of the benchmarks draws: the same for all."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.event import Frame
from wodesk.models.metric import Column, Series, Watch
from wodesk.models.page import ChartSpec, Page, Reading, Style

SECONDS = 300
LINES = 4
NAMES = ("user", "system", "iowait", "softirq")
START = 1_800_000_000
"""The newest time at tick 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Values (rows, charts, lines) from 0 to 25, one row a second; a tick shows the next row."""

    values: Floats

    @classmethod
    def made(cls, charts: int, ticks: int = 4000) -> Samples:
        """Wandering lines, the same ones each time."""
        rng = np.random.default_rng(1)
        steps = rng.normal(0.0, 1.0, (ticks + SECONDS, charts, LINES))
        values = np.empty_like(steps)
        values[0] = 12.0
        for row in range(1, len(steps)):
            values[row] = values[row - 1] * 0.97 + 12.0 * 0.03 + steps[row]
        return cls(np.ascontiguousarray(np.clip(values, 0.1, 25.0).transpose(1, 0, 2)))

    @property
    def ticks(self) -> int:
        """How many ticks there are."""
        return int(self.values.shape[1]) - SECONDS

    def times(self, tick: int) -> Floats:
        """Epoch seconds of the rows of a tick."""
        return np.arange(START + tick - SECONDS + 1, START + tick + 1, dtype=np.float64)

    def chart(self, chart: int, tick: int) -> Floats:
        """The values (300, 4) of a chart at a tick; a view, no copy."""
        return self.values[chart, tick : tick + SECONDS]

    def series(self, chart: int, tick: int, rows: int = SECONDS) -> Series:
        """The newest `rows` rows as the worker hands them to the window."""
        columns = tuple(Column(name) for name in NAMES)
        values = self.chart(chart, tick)[-rows:]
        return Series(self.times(tick)[-rows:], values, columns, "percentage", 1.0)

    def frame(self, watch: Watch, chart: int, tick: int, rows: int = SECONDS) -> Frame:
        """The event for a watch, just taken."""
        return Frame(
            watch=watch,
            series=self.series(chart, tick, rows),
            now=float(START + tick),
            taken_at=time.monotonic(),
            latency=0.005,
            pace=1.0,
        )


def page(charts: int, stacked: int = 0) -> Page:
    """A page of line charts, of which the first `stacked` are stacked areas."""
    return Page(
        tuple(
            ChartSpec(
                id=f"chart{number}",
                title=f"Chart {number}",
                context=f"bench.chart{number}",
                style=Style.STACKED if number < stacked else Style.LINES,
                reading=Reading.TOTAL,
                dimensions=NAMES,
            )
            for number in range(charts)
        )
    )
