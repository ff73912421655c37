"""Samples, hosts and pictures for the tests of the window."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import Failure, Frame
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Column, Series, Watch
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.models.server import Server

Kind = TypeVar("Kind", bound=QWidget)
NAN = float("nan")
NOTHING = Series(np.empty(0), np.empty((0, 0)), (), "", 1.0)
"""An answer for a context that the agent does not measure."""
WEB = Server("http://web1:19999", "web1", "http://web1:19999")
DB = Server("http://db1:19999", "db1", "http://db1:19999")
HOST = Host(
    hostname="web1.example",
    machine_guid="5f1c2e64",
    agent="v2.11.0",
    api="v3",
    os="Debian 13",
    kernel="Linux 6.12",
    cores=4,
    memory=8 << 30,
    booted_at=time.time() - 90_000,
    alerts=AlertCounts(0, 0),
)
CPU = ChartSpec(
    id="cpu",
    title="CPU",
    context="system.cpu",
    style=Style.STACKED,
    reading=Reading.TOTAL,
    dimensions=("user", "system"),
    top=100,
)
LOAD = ChartSpec(
    id="load",
    title="Load",
    context="system.load",
    style=Style.LINES,
    reading=Reading.FIRST,
    dimensions=("load1", "load5", "load15"),
)
COLUMNS = {
    "system.cpu": ("user", "system", "iowait"),
    "system.ram": ("free", "used", "cached", "buffers"),
    "system.io": ("reads", "writes"),
    "system.net": ("received", "sent"),
    "system.load": ("load1", "load5", "load15"),
}
UNITS = {
    "system.cpu": "percentage",
    "system.ram": "MiB",
    "disk.space": "GiB",
    "system.io": "KiB/s",
    "system.net": "kilobits/s",
    "system.load": "load",
}


def series(
    columns: Mapping[Any, Sequence[float]],
    *,
    units: str = "percentage",
    every: float = 1.0,
    times: Iterable[float] | None = None,
    first_entry: float | None = None,
) -> Series:
    """A series of columns, or of dimensions by their names, whose newest row is of now."""
    count = len(next(iter(columns.values()), ()))
    if times is None:
        newest = time.time() // every * every
        times = newest - every * np.arange(count)[::-1]
    values = np.array(list(columns.values()), dtype=np.float64).reshape(len(columns), count).T
    return Series(
        np.array(list(times), dtype=np.float64),
        np.ascontiguousarray(values),
        tuple(Column(name) if isinstance(name, str) else name for name in columns),
        units,
        every,
        first_entry,
    )


def full(watch: Watch, *, level: float = 20.0, end: float | None = None) -> Series:
    """The whole window of a watch, flat, with the columns that its context has."""
    context, every = watch.metric.context, float(max(watch.bucket, watch.metric.every))
    names: list[str | Column] = list(COLUMNS.get(context, ()))
    if context == "disk.space":
        names = [Column(kind, mount) for mount in ("/", "/data") for kind in ("avail", "used")]
    if end is None:
        end = watch.window.before or time.time()
    count = int(watch.window.seconds // every)
    times = end // every * every - every * np.arange(count)[::-1]
    return series(
        {name: [level + place] * count for place, name in enumerate(names)},
        units=UNITS.get(context, ""),
        every=every,
        times=times,
    )


def frame(
    watch: Watch, samples: Series | None = None, *, age: float = 0.0, offset: float = 0.0
) -> Frame:
    """A frame that came `age` seconds ago."""
    samples = samples if samples is not None else full(watch, end=time.time() + offset - age)
    return Frame(
        watch,
        samples,
        now=time.time() + offset - age,
        taken_at=time.monotonic() - age,
        latency=0.012,
        pace=float(max(1, watch.bucket, watch.metric.every)),
    )


def failure(
    kind: FailureKind = FailureKind.UNREACHABLE,
    *,
    server: Server = WEB,
    retry_in: float | None = 4.0,
) -> Failure:
    """A failure with every part of it to be seen."""
    return Failure(
        server.id, kind, Hop.TCP, "web1 refused the connection.", "Is Netdata running?", retry_in
    )


def pixels(widget: QWidget) -> QImage:
    """What a widget looks like."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def count_color(image: QImage, color: str, *, near: int = 0, columns: range | None = None) -> int:
    """How many pixels have a colour, give or take `near` in each channel."""
    wanted = QColor(color)
    grid = as_array(image)
    if columns is not None:
        grid = grid[:, columns.start : columns.stop]
    target = np.array([wanted.blue(), wanted.green(), wanted.red()], dtype=np.int16)
    return int((np.abs(grid[:, :, :3].astype(np.int16) - target) <= near).all(axis=2).sum())


def as_array(image: QImage) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """The pixels of an image (height, width, 4) as blue, green, red, unused."""
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    return raw.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()].copy()


def child(parent: QWidget, kind: type[Kind]) -> Kind:
    """The first widget of a kind inside another."""
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def choose_file(parent: QWidget, path: Path) -> None:
    """Choose a file in the dialog that asks for one."""
    (dialog,) = (one for one in parent.findChildren(QFileDialog) if one.isVisible())
    dialog.selectFile(str(path))
    child(dialog, QDialogButtonBox).buttons()[0].click()
    assert not dialog.isVisible()
