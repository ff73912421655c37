"""What can be exported, what of it is wanted, and the orders that come of that."""

from __future__ import annotations

import math
import re
import shlex
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize

from wodesk.export import Format, Heading
from wodesk.models.errand import Gather, Stretch
from wodesk.models.measures import Measures
from wodesk.models.metric import Metric
from wodesk.models.own_command import own_command
from wodesk.models.plain_text import plain
from wodesk.models.server import server_at
from wodesk.models.when import zoned
from wodesk.ui.chart_image import Print, image_of, svg_of
from wodesk.ui.measured import measured
from wodesk.ui.orders import ImageOrder, Order, Piece, SamplesOrder
from wodesk.ui.sight import Sight
from wodesk.ui.theme import Theme

_UNSAFE = re.compile(r"[^\w.+-]+")
_LONGEST_NAME = 80
_BYTES_OF_TIME, _BYTES_OF_NUMBER = 38, 12
"""What they take in a row of a file, more or less."""


class Kind(Enum):
    """What a file is; its value is the end of its name."""

    PNG = "png"
    SVG = "svg"
    CSV = "csv"
    JSON = "json"

    @property
    def is_image(self) -> bool:
        """Whether it is looked at rather than read."""
        return self in (Kind.PNG, Kind.SVG)


class Subject(Struct, frozen=True, eq=False):
    """A chart, the page that it is on, and a stretch of time that is selected, if one is.

    Sizes are those on screen, in pixels of single density; `columns` are those of the page.
    """

    chart: Sight
    page: tuple[Sight, ...]
    page_title: str
    selection: tuple[float, float] | None
    size: tuple[int, int]
    page_size: tuple[int, int]
    columns: int


class Choice(NamedTuple):
    """What is wanted of it; `scale` is for PNG, and `is_whole` for samples: all there are."""

    kind: Kind
    is_page: bool
    is_selection: bool
    is_whole: bool
    size: tuple[int, int]
    scale: int

    @property
    def is_folder(self) -> bool:
        """Whether it takes several files."""
        return self.is_page and not self.kind.is_image


def sights_of(subject: Subject, choice: Choice) -> tuple[Sight, ...]:
    """The charts that are wanted, over the time that is."""
    sights = subject.page if choice.is_page else (subject.chart,)
    if not choice.is_selection or subject.selection is None:
        return sights
    start, end = subject.selection
    return tuple(replace(one, start=start, end=end, is_live=False) for one in sights)


def order_of(
    subject: Subject, choice: Choice, file: Path, theme: Theme, measures: Measures
) -> Order:
    """What is to be written."""
    sights = sights_of(subject, choice)
    what = subject.page_title if choice.is_page else subject.chart.spec.title
    title = f"{what} of {subject.chart.name}"
    if choice.kind.is_image:
        columns = subject.columns if choice.is_page else 1
        heading = subject.page_title if choice.is_page else ""
        wanted = Print(sights, theme, QSize(*choice.size), heading, columns)
        made = svg_of(wanted) if choice.kind is Kind.SVG else image_of(wanted, choice.scale)
        return ImageOrder(title, file, made)
    names: dict[str, int] = {}
    pieces = tuple(_piece(sight, choice, measures, names) for sight in sights)
    zone = subject.chart.zone
    return SamplesOrder(title, file, Format(choice.kind.value), pieces, zone)


def rows_of(sight: Sight, *, is_whole: bool) -> int:
    """How many rows a file will have, as far as that can be known."""
    if not is_whole:
        return len(sight.seen())
    series = sight.series
    start = max(sight.start, series.first_entry or sight.start)
    cadence = series.cadence or sight.spec.every
    return max(0, math.ceil((sight.end - start) / max(1.0, cadence)))


def columns_of(sight: Sight) -> int:
    """How many columns of numbers it has."""
    return len(sight.series.columns)


def bytes_of(sight: Sight, *, is_whole: bool) -> int:
    """How long a file will be, more or less."""
    row = _BYTES_OF_TIME + _BYTES_OF_NUMBER * columns_of(sight)
    return rows_of(sight, is_whole=is_whole) * row


def file_name(subject: Subject, choice: Choice) -> str:
    """A name that says what is in the file; a page of samples is a folder."""
    sight = sights_of(subject, choice)[0]
    what = subject.page_title if choice.is_page else sight.spec.title
    first, last = (f"{zoned(at, sight.zone):%Y-%m-%d_%H%M}" for at in (sight.start, sight.end))
    until = last[-4:] if first[:10] == last[:10] else last
    stem = _safe(f"{sight.name} {what} {first}-{until}")
    return stem if choice.is_folder else f"{stem}.{choice.kind.value}"


def command_of(sight: Sight, choice: Choice, file: Path) -> str:
    """What does the same on a command line; of a live chart it is about now, whenever that is.

    A server without a name of its own is named by its address, which is understood without a list.
    """
    if sight.is_live:
        times = [f"--after=-{round(sight.end - sight.start)}s"]
    else:
        times = [f"--after={math.floor(sight.start)}", f"--before={math.ceil(sight.end)}"]
    is_named = not sight.address or server_at(sight.address).name != sight.name
    server = sight.name if is_named else sight.address
    words = [*own_command("export", server, "--context", sight.spec.context), *times]
    words += _chosen(sight.spec.metric)
    if sight.zone is not None:
        words += ["--zone", str(sight.zone)]
    return shlex.join([*words, "--format", choice.kind.value, "-o", str(file)])


def _chosen(metric: Metric) -> list[str]:
    by = metric.label or ("instance" if metric.by_instance else "dimension")
    return [
        f"--by={by}",
        *(f"--dimension={name}" for name in metric.dimensions),
        *(f"--instance={name}" for name in metric.instances),
        *(f"--label={key}={value}" for key, value in metric.labels),
    ]


def _piece(sight: Sight, choice: Choice, measures: Measures, names: dict[str, int]) -> Piece:
    heading = Heading(sight.name, sight.spec.context)
    stem = _safe(sight.spec.title)
    names[stem] = names.get(stem, 0) + 1
    number = f"-{names[stem]}" if names[stem] > 1 else ""
    name = f"{stem}{number}.{choice.kind.value}"
    if not choice.is_whole:
        return Piece(heading, measured(sight.seen(), measures), name)
    start, end = float(math.floor(sight.start)), float(math.ceil(sight.end))
    return Piece(heading, Gather(sight.server, Stretch(sight.spec.metric, start, end)), name)


def _safe(text: str) -> str:
    """Text as the name of a file everywhere, whatever a server is called."""
    return _UNSAFE.sub("-", plain(text, _LONGEST_NAME)).strip("-.") or "export"
