"""The commands that need no window: check, metrics, and the live table of a machine without one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import partial

from wodesk.access.checking import check
from wodesk.asking import ask_on_terminal
from wodesk.client.netdata import get_system_metrics
from wodesk.client.source import Source
from wodesk.models.errors import SourceError
from wodesk.models.plain_text import plain
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.models.step import Outcome, Step
from wodesk.models.system import MetricData, SystemMetrics, TimeRange
from wodesk.opened import opened
from wodesk.running import run
from wodesk.ui.units import age, latency, quantity

OnSecret = Callable[[Secret], None]
"""Who wants to know of secrets, so as to keep them out of what is printed."""

_LABELS = {
    "cpu": "CPU",
    "ram": "Memory",
    "disk": "Disk",
    "network_in": "Network in",
    "network_out": "Network out",
}
_MARKS = {Outcome.OK: "ok", Outcome.CAUTION: "note", Outcome.FAILED: "FAIL"}
_LONGEST = 1000
"""Characters of a sentence: what it advises to type at its end is never cut off."""
_CLEAR = "\x1b[H\x1b[2J"


def check_server(server: Server, on_secret: OnSecret) -> int:
    """Print each hop to `server`; 0 if all of them held, else 1."""
    return run(_check(server, on_secret))


async def _check(server: Server, on_secret: OnSecret) -> int:
    print(f"{server.name}: {server.address}", flush=True)
    failed = False
    async for step in check(server, ask_on_terminal, open_with=partial(opened, on_secret)):
        print(*step_lines(step), sep="\n", flush=True)
        failed = step.failed
        if failed:
            print(plain(f"wodesk: {step.found} {step.advice}".rstrip(), _LONGEST), file=sys.stderr)
    return int(failed)


def print_metrics(
    server: Server, time_range: TimeRange, on_secret: OnSecret, *, as_json: bool
) -> int:
    """Print the SystemMetrics of `server` once; 0, or raises `SourceError`."""
    metrics = run(_metrics(server, time_range, on_secret))
    print(metrics.model_dump_json() if as_json else "\n".join(table(metrics, time_range)))
    return 0


async def _metrics(server: Server, time_range: TimeRange, on_secret: OnSecret) -> SystemMetrics:
    async with opened(on_secret, server) as source:
        await source.connect()
        return await get_system_metrics(time_range, source=source)


def show_table(server: Server, on_secret: OnSecret) -> int:
    """Print the metrics of `server`, again and again on a terminal, else once."""
    return run(_show(server, on_secret))


async def _show(server: Server, on_secret: OnSecret) -> int:
    async with opened(on_secret, server) as source:
        host = await source.connect()
        title = f"{plain(host.hostname)} ({plain(host.agent)})"
        while True:
            lines = await _table_or_reason(source)
            if not sys.stdout.isatty():
                print(title, *lines, sep="\n")
                return 0
            print(_CLEAR + title, *lines, "Ctrl+C ends", sep="\n", flush=True)
            await asyncio.sleep(1.0)


def table(metrics: SystemMetrics, time_range: TimeRange) -> Iterator[str]:
    """The metrics as aligned lines with the least, average and greatest of the window."""
    span = f"last {age(time_range.seconds)}"
    yield f"{'':12} {'now':>14}   {'min':>14} {'avg':>14} {'max':>14}   {span}"
    for name, label in _LABELS.items():
        yield _metric_line(label, getattr(metrics, name))


async def _table_or_reason(source: Source) -> list[str]:
    """The table, or on a terminal the reason why there is none just now."""
    try:
        metrics = await get_system_metrics(TimeRange.FIVE_MIN, source=source)
    except SourceError as error:
        if not sys.stdout.isatty():
            raise
        return [error.message, error.advice]
    return list(table(metrics, TimeRange.FIVE_MIN))


def _metric_line(label: str, data: MetricData) -> str:
    values = [point.value for point in data.points]
    least, mean, most = min(values), sum(values) / len(values), max(values)
    shown = (str(quantity(value, data.unit)) for value in (data.current, least, mean, most))
    now, low, average, high = shown
    return f"{label:12} {now:>14}   {low:>14} {average:>14} {high:>14}"


def step_lines(step: Step) -> Iterator[str]:
    """A hop as an aligned line, and below it what to do about it."""
    mark = _MARKS[step.outcome]
    via = f"{step.via}: " if step.via else ""
    found = plain(via + step.found, _LONGEST)
    yield f"  {mark:4}  {step.hop:8} {latency(step.seconds):>8}   {found}"
    if step.advice and not step.failed:
        yield f"{'':27}{plain(step.advice, _LONGEST)}"
