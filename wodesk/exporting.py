"""The command that writes the samples of a metric to a file."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wodesk.atomic import write_atomically
from wodesk.client.stretches import fetched
from wodesk.export import Heading, csv_of, json_of
from wodesk.models.errand import Stretch
from wodesk.models.metric import Column, Metric, Series
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.opened import opened

_ERASE = "\r\x1b[K"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: a context from `after` to `before` (epoch seconds; None is now).

    Each instance has columns of its own, with the least and the greatest sample of each row beside
    the average if `extremes` are wanted.  `points` is the number of rows at most, None being all
    that the server has.  Without a `file` it goes to stdout.
    """

    context: str
    after: float
    before: float | None
    points: int | None
    as_json: bool
    file: Path | None
    extremes: bool = False


def export_series(server: Server, wanted: Wanted, on_secret: Callable[[Secret], None]) -> int:
    """Write what is wanted; 0, 1 if the file cannot be written, or raises `SourceError`.

    A file is there as a whole or as it was before, also after Ctrl+C.
    """
    problem = _obstacle(wanted.file)
    if problem is None:
        series = asyncio.run(_series(server, wanted, on_secret))
        heading = Heading(server.name, wanted.context)
        text = json_of(series, heading) if wanted.as_json else csv_of(series)
        problem = _written(text, wanted.file)
    if problem is not None:
        print(f"wodesk: {wanted.file} cannot be written: {problem}.", file=sys.stderr)
        return 1
    return 0


async def _series(server: Server, wanted: Wanted, on_secret: Callable[[Secret], None]) -> Series:
    metric = Metric(wanted.context, by_instance=True)
    stretch = Stretch(metric, wanted.after, wanted.before, wanted.points, wanted.extremes)
    async with opened(on_secret, server) as source:
        await source.connect()
        with _Progress() as progress:
            series = await fetched(source, stretch, progress.show)
    if len(series.instances()) == 1:
        # The name of a lone instance says no more than that of the context.
        plain = tuple(Column(column.dimension) for column in series.columns)
        series = series.of(series.times, series.layers(), plain)
    return series


def _obstacle(file: Path | None) -> str | None:
    """Why a file cannot be written, as far as that is known before there is anything to write."""
    if file is None:
        return None
    if file.is_dir():
        return "it is a folder"
    return None if file.parent.is_dir() else f"there is no folder {file.parent}"


def _written(text: str, file: Path | None) -> str | None:
    """Write it; the reason if that is not possible."""
    if file is None:
        sys.stdout.write(text)
        return None
    try:
        if file.exists() and not file.is_file():
            # A pipe or a device is written to, never replaced.
            file.write_text(text, "utf-8")
        else:
            write_atomically(file.resolve(), text)
    except OSError as exc:
        return exc.strerror or type(exc).__name__
    return None


class _Progress:
    """A line on stderr that tells how far it is, where that is a terminal."""

    _PAUSE = 0.1

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._told_at = 0.0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._is_shown and self._told_at:
            print(_ERASE, end="", file=sys.stderr, flush=True)

    def show(self, done: int, rows: int) -> None:
        """Tell it, ten times a second at most."""
        now = time.monotonic()
        if not self._is_shown or now - self._told_at < self._PAUSE:
            return
        self._told_at = now
        share = 100 * done // max(1, rows)
        print(
            f"{_ERASE}wodesk: {share} %, {done:,} of {rows:,} rows",
            end="",
            file=sys.stderr,
            flush=True,
        )
