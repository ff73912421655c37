"""The command that writes the samples of a metric to a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from msgspec import Struct

from wodesk.client.stretches import fetched
from wodesk.export import Format, Heading, file_parts
from wodesk.models.errand import Stretch
from wodesk.models.metric import Series
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.opened import opened
from wodesk.running import run
from wodesk.writing import Unwritable, check_place, write_file

_ERASE = "\r\x1b[K"


class Wanted(Struct, frozen=True):
    """What to export, with times of `zone`; without a `file` it goes to stdout."""

    stretch: Stretch
    form: Format
    file: Path | None
    zone: tzinfo | None = None


def export_series(server: Server, wanted: Wanted, on_secret: Callable[[Secret], None]) -> int:
    """Write what is wanted; 0, 1 if the file cannot be written, or raises `SourceError`.

    A file is there as a whole or as it was before, also after Ctrl+C.
    """
    try:
        if wanted.file is not None:
            check_place(wanted.file)
        series = run(_series(server, wanted.stretch, on_secret))
        heading = Heading(server.name, wanted.stretch.metric.context)
        parts = file_parts(series, heading, wanted.form, wanted.zone)
        if wanted.file is not None:
            write_file(wanted.file, parts)
        else:
            sys.stdout.buffer.writelines(parts)
    except Unwritable as exc:
        print(f"wodesk: {exc}", file=sys.stderr)
        return 1
    return 0


async def _series(server: Server, stretch: Stretch, on_secret: Callable[[Secret], None]) -> Series:
    async with opened(on_secret, server) as source:
        await source.connect()
        with _Progress() as progress:
            return await fetched(source, stretch, progress.show)


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
