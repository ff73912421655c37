"""What somebody wants written to a file, and what is told of that while it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QImage

from wodesk.export import Format, Heading
from wodesk.models.errand import Gather
from wodesk.models.metric import Series


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of samples: those that are at hand, or those that an errand brings."""

    heading: Heading
    samples: Series | Gather = field(repr=False)
    name: str = ""
    """Within the folder, if there are several."""


class SamplesOrder(Struct, frozen=True):
    """Samples as a file, or several as a folder of files."""

    title: str
    file: Path
    form: Format
    pieces: tuple[Piece, ...]
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class ImageOrder:
    """An image: pixels, which are yet to be made a file, or that file itself."""

    title: str
    file: Path
    image: QImage | bytes = field(repr=False)


Order = SamplesOrder | ImageOrder


class Progress(Struct, frozen=True):
    """How far a file of an order is: `done` of `rows`; nothing is known yet if they are 0.

    `is_writing` is whether all its samples are here, and `whole` how many files before it are
    done; `waiting` is how many orders wait for this one.
    """

    order: Order
    done: int = 0
    rows: int = 0
    is_writing: bool = False
    waiting: int = 0
    whole: int = 0

    @property
    def files(self) -> int:
        """How many files the order makes."""
        pieces = self.order.pieces if isinstance(self.order, SamplesOrder) else ()
        return max(1, len(pieces))


class Ended(Struct, frozen=True):
    """An order is over: done, unless a sentence says why not, or the user has cancelled it."""

    order: Order
    failure: str = ""
    is_cancelled: bool = False


class Place(Struct, frozen=True):
    """What is known of a file before anything is written: why it cannot be, or that it is there."""

    file: Path
    failure: str = ""
    is_there: bool = False
