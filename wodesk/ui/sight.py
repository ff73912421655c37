"""What a chart shows at a moment: all that a table, a file or an image of it is made from."""

from __future__ import annotations

from datetime import tzinfo

from msgspec import Struct

from wodesk.models.metric import Series
from wodesk.models.page import ChartSpec
from wodesk.models.pieces import between
from wodesk.models.plain_text import plain
from wodesk.models.when import zoned
from wodesk.models.zones import offset_words
from wodesk.ui.at_moment import aggregation
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.picture import Picture
from wodesk.ui.units import DASH, age


class Sight(Struct, frozen=True, eq=False):
    """A chart of a server, over the time from `start` to `end` (epoch seconds).

    `series` is what the server has sent of it and `picture` what is drawn of that; `name` is what
    the server is called, and times are shown in `zone`, None being this computer's own.  `address`
    is where it is, empty for one that is in the list no more.
    """

    server: str
    name: str
    spec: ChartSpec
    series: Series
    picture: Picture
    start: float
    end: float
    is_live: bool
    zone: tzinfo | None = None
    marks: tuple[ChartMark, ...] = ()
    address: str = ""

    def seen(self) -> Series:
        """The rows that are in sight."""
        return between(self.series, self.start, self.end)

    def span_words(self) -> str:
        """From when to when, in which zone."""
        return span_words(self.start, self.end, self.zone)

    def row_words(self) -> str:
        """What a row or a point stands for."""
        if self.picture.is_averaged or self.picture.lows is not None:
            return aggregation(self.picture)
        return f"a sample each {age(self.picture.every)}"


def span_words(start: float, end: float, zone: tzinfo | None) -> str:
    """A stretch of time with its days and its zone: `2026-11-28 13:05 - 14:05 (UTC+01:00)`."""
    first, last = zoned(start, zone), zoned(end, zone)
    exact = "%H:%M:%S" if start % 60 or end % 60 else "%H:%M"
    until = f"{last:{exact}}" if first.date() == last.date() else f"{last:%Y-%m-%d {exact}}"
    words = dict.fromkeys(map(offset_words, (first, last)))
    named = f"{plain(str(zone))}, " if getattr(zone, "key", "") else ""
    return f"{first:%Y-%m-%d {exact}} {DASH} {until} ({named}{' to '.join(words)})"
