"""What a chart says of a moment beyond the value of each line; words and numbers, no Qt."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from wodesk.models.arrays import Floats
from wodesk.models.page import Style
from wodesk.ui.looks import looks_of
from wodesk.ui.picture import Picture
from wodesk.ui.units import DASH, duration, quantity


class MomentRow(Struct, frozen=True):
    """One line at a moment: its value, the least and the greatest that this is the average of,
    and the value at the earlier time; empty where that is not known.  `look` is how it is drawn.
    """

    name: str
    value: str
    band: str
    earlier: str
    look: int


class Moment(Struct, frozen=True):
    """The lines, the highest first, and in `notes` what they are and how unusual."""

    rows: tuple[MomentRow, ...]
    notes: tuple[str, ...]


def at_moment(picture: Picture, time: float, earlier: str = "") -> Moment | None:
    """What there is to say at a time; None where that is no more than the values.

    `earlier` is what the earlier window beside the picture is called.
    """
    row = picture.row_at(time)
    if row is None:
        return None
    past = picture.past
    then = None if past is None else past.picture.row_at(time - past.shift)
    strange = _strangest(picture, row)
    if picture.lows is None and then is None and not strange:
        return None
    rates = np.nan_to_num(picture.rows[row], nan=-np.inf)
    order = sorted(range(len(picture.traces)), key=lambda i: -rates[i])
    looks = looks_of(tuple(trace.name for trace in picture.traces))
    rows = [
        MomentRow(
            trace.name,
            _number(picture, float(picture.rows[row, i])),
            _band(picture, row, i),
            "" if then is None else _then(picture, trace.name, then),
            looks[trace.name],
        )
        for i, trace in ((i, picture.traces[i]) for i in order)
        if _says_something(picture, row, i)
    ]
    notes = [aggregation(picture)] if picture.is_averaged or picture.lows is not None else []
    notes += _sum(picture, row)
    if then is not None:
        notes.append(earlier)
    return Moment(tuple(rows), (*notes, *strange))


def aggregation(picture: Picture) -> str:
    """What a point stands for, where that is several samples, and what is drawn around it."""
    return ", ".join(part for part in (points_of(picture), around(picture)) if part)


def points_of(picture: Picture) -> str:
    """What a point stands for, where that is several samples."""
    is_said = picture.is_averaged or picture.bands
    return f"average of {duration(picture.every)}" if is_said else ""


def around(picture: Picture) -> str:
    """What is drawn around the points, if anything is."""
    if not picture.bands:
        return ""
    return "grey: peaks of the sum" if picture.style is Style.STACKED else "band: least to most"


def _sum(picture: Picture, row: int) -> list[str]:
    """The sum of layers, of which nobody knows more than what it has reached at least."""
    if picture.style is not Style.STACKED or not picture.bands:
        return []
    mean, peak = (float(line[row]) for line in (picture.bands[0].lower, picture.bands[0].upper))
    if not np.isfinite(peak):
        return []
    return [f"sum {_number(picture, mean)}, peak at least {_number(picture, peak)}"]


def _says_something(picture: Picture, row: int, column: int) -> bool:
    """Whether a line is anything but zero, or all that there is."""
    greatest = picture.rows if picture.highs is None else np.fmax(picture.rows, picture.highs)
    return bool(greatest[row, column] != 0) or len(picture.traces) <= 3  # noqa: PLR2004


def _number(picture: Picture, value: float) -> str:
    return str(quantity(value, picture.unit))


def _band(picture: Picture, row: int, column: int) -> str:
    if picture.lows is None or picture.highs is None:
        return ""
    least, most = (float(layer[row, column]) for layer in (picture.lows, picture.highs))
    if not (np.isfinite(least) and np.isfinite(most)):
        return ""
    low, high = quantity(least, picture.unit), quantity(most, picture.unit)
    return f"{low.number if low.unit == high.unit else low} {DASH} {high}"


def _then(picture: Picture, name: str, row: int) -> str:
    """The value of a line at the earlier time, in its own row there."""
    past = picture.past
    if past is None:
        return ""
    values: Floats | None = next(
        (trace.values for trace in past.picture.traces if trace.name == name), None
    )
    return "" if values is None else _number(picture, float(values[row]))


def _strangest(picture: Picture, row: int) -> tuple[str, ...]:
    """How unusual the most unusual line is, where any is."""
    if picture.anomaly is None:
        return ()
    rates = np.nan_to_num(picture.anomaly[row])
    if not rates.size or rates.max() <= 0:
        return ()
    most = int(rates.argmax())
    return (f"unusual: {picture.traces[most].name} for {rates[most]:.0f} % of the time",)
