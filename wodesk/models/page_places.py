"""Where on a page something is dropped, and how large a card is to be that is pulled at."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wodesk.models.page_layout import MOST_ROWS


class Box(Struct, frozen=True):
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right end."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return self.top + self.height

    def distance(self, x: float, y: float) -> float:
        """How far a point is outside of it, squared."""
        aside = max(self.left - x, 0.0, x - self.right)
        above = max(self.top - y, 0.0, y - self.bottom)
        return aside * aside + above * above


class Drop(Struct, frozen=True):
    """Before which card something comes, by its number, and the line that shows it."""

    place: int
    line: Box


def drop_at(boxes: Sequence[Box], x: float, y: float, width: float, gap: float) -> Drop:
    """Where something lands that is let go at a point, among cards on a page of this width.

    It comes before the nearest card or after it, whichever side is nearer; of a card as wide as the
    page these are above and below it.
    """
    if not boxes:
        return Drop(0, Box(0.0, 0.0, width, gap))
    number = min(range(len(boxes)), key=lambda one: boxes[one].distance(x, y))
    box = boxes[number]
    if box.width > width - gap:
        after = y > box.top + box.height / 2
        top = box.bottom if after else box.top - gap
        return Drop(number + after, Box(box.left, max(0.0, top), box.width, gap))
    after = x > box.left + box.width / 2
    left = box.right if after else box.left - gap
    return Drop(number + after, Box(max(0.0, min(left, width - gap)), box.top, gap, box.height))


class Raster(Struct, frozen=True):
    """So many columns of this width, and rows of this height, with gaps between them."""

    columns: int
    column: float
    row: float
    gap: float

    @classmethod
    def across(cls, width: float, columns: int, row: float, gap: float) -> Raster:
        """The columns that fill a width."""
        return cls(columns, (width - (columns - 1) * gap) / columns, row, gap)

    def spans_at(self, box: Box, x: float, y: float) -> tuple[int, int]:
        """How many columns and rows a card spans whose lower right corner is pulled to a point."""
        wide = round((x - box.left + self.gap) / (self.column + self.gap))
        high = round((y - box.top + self.gap) / (self.row + self.gap))
        return min(max(1, wide), self.columns), min(max(1, high), MOST_ROWS)

    def box_of(self, box: Box, columns: int, rows: int) -> Box:
        """The card of so many columns and rows that stands where this one does."""
        width = columns * (self.column + self.gap) - self.gap
        return Box(box.left, box.top, width, rows * (self.row + self.gap) - self.gap)
