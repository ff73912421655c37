"""A chart in a sentence, for who cannot see it or wants to quote it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wodesk.models.metric import Column, Series
from wodesk.models.plain_text import plain
from wodesk.models.statistics import Statistics, summary
from wodesk.models.when import zoned
from wodesk.ui.picture import Picture
from wodesk.ui.sight import Sight
from wodesk.ui.units import quantity

_MOST = 6
"""Lines that are told of; who wants more looks at the table."""
_LIMIT = 1500
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_DAY = 86400


def spoken(sight: Sight) -> str:
    """`CPU of web1, last hour: user average 41 %, maximum 97 % at 14:27; ...`.

    Of many lines those with the greatest averages are told.
    """
    where = f"{sight.spec.title} of {sight.name}, {_span(sight)}"
    shown = drawn(sight.picture)
    known = [one for one in summary(shown, sight.start, sight.end).of if one.covered]
    if not known:
        return plain(f"{where}: no values", _LIMIT)
    known.sort(key=lambda one: -abs(one.mean))
    told = "; ".join(_line(sight, shown, one) for one in known[:_MOST])
    more = f"; and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return plain(f"{where}: {told}{more}.", _LIMIT)


def summary_of(title: str, latest: Picture | None, sight: Sight | None) -> str:
    """A chart in two sentences: what is now, and what has been."""
    if sight is None or latest is None:
        return f"{plain(title)}: no data yet"
    now = " ".join(one for one in (title, latest.headline, latest.caption) if one)
    return f"{plain(now)}. {spoken(sight)}"


def told_of(title: str, when: str, rows: Sequence[tuple[str, str]]) -> str:
    """`CPU at 14:27:03: user 41 %, system 3 %`, of lines by name and value."""
    values = ", ".join(f"{name} {value}" for name, value in rows[:_MOST])
    return plain(f"{title} {when}: {values or 'no values'}", _LIMIT)


def drawn(picture: Picture) -> Series:
    """What is drawn, as a series of its lines."""
    columns = tuple(Column(trace.name) for trace in picture.traces)
    return Series(
        picture.times,
        picture.rows,
        columns,
        "",
        picture.every,
        lows=picture.lows,
        highs=picture.highs,
    )


def _line(sight: Sight, shown: Series, one: Statistics) -> str:
    unit = sight.picture.unit
    words = f"{plain(one.column.dimension, 80)} average {quantity(one.mean, unit)}"
    if math.isnan(one.most):
        return words
    return f"{words}, maximum {quantity(one.most, unit)} at {_moment_of(sight, shown, one)}"


def _moment_of(sight: Sight, shown: Series, one: Statistics) -> str:
    """When the greatest value was: the first time that it was."""
    place = shown.place(one.column) or 0
    layer = shown.values if shown.highs is None else shown.highs
    inside = (shown.times > sight.start) & (shown.times - shown.every < sight.end)
    found = np.flatnonzero(inside & (layer[:, place] == one.most))
    if not found.size:
        return "an unknown time"
    when = zoned(float(shown.times[found[0]]), sight.zone)
    exact = "%H:%M" if sight.picture.every >= 60 else "%H:%M:%S"  # noqa: PLR2004
    if sight.end - sight.start > _DAY:
        exact = f"%a %d %b {exact}"
    return f"{when:{exact}}"


def _span(sight: Sight) -> str:
    if not sight.is_live:
        return sight.span_words()
    seconds = max(1, round(sight.end - sight.start))
    length, name = next((unit for unit in _UNITS if seconds % unit[0] == 0), _UNITS[-1])
    count = seconds // length
    return f"last {name}" if count == 1 else f"last {count} {name}s"
