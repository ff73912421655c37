"""Series as files: CSV for spreadsheets, JSON for programs; with every digit, and gaps empty."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import tzinfo

import numpy as np

from wodesk.models.csv_text import rows_text
from wodesk.models.metric import Column, Series
from wodesk.models.when import zoned

_LAYERS = {"values": "average", "lows": "min", "highs": "max", "anomaly": "anomaly rate"}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of its samples besides: of which server they are, and of what."""

    server: str
    context: str


def csv_of(series: Series, zone: tzinfo | None = None) -> str:
    """A line for each row: its time in ISO 8601 and in epoch seconds, then each column.

    The first line names them with their units; after the averages come the extremes and the
    anomaly rates, where the series has them.  Times are of `zone`, None being this computer's own,
    and the end of what they stand for.  A gap is an empty cell.
    """
    names = [f"{_name(column, layer)} [{units}]" for column, layer, units in _columns(series)]
    heading = rows_text([["time", "epoch [s]", *names]])
    lines = (
        f"{iso(moment, zone)},{_plain(moment)},{','.join(map(_cell, row))}\n"
        for moment, row in _rows(series)
    )
    return heading + "".join(lines)


def json_of(series: Series, heading: Heading, zone: tzinfo | None = None) -> str:
    """An object with what the samples are and `rows` of time, epoch seconds and values.

    Each row is a line; a gap is null.  `every` is the seconds between two rows; `columns` tells of
    each value what it is.
    """
    head = asdict(heading) | {
        "every": _plain(series.every),
        "columns": [
            asdict(column) | {"value": layer, "units": units}
            for column, layer, units in _columns(series)
        ],
    }
    rows = ",\n".join(
        json.dumps([iso(moment, zone), _plain(moment), *map(_number, row)], allow_nan=False)
        for moment, row in _rows(series)
    )
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{opening},\n "rows": [\n{rows}\n]\n}}\n'


def iso(moment: float, zone: tzinfo | None = None) -> str:
    """A moment in ISO 8601 with its offset, and with milliseconds where it has some."""
    return zoned(moment, zone).isoformat(
        timespec="seconds" if moment == int(moment) else "milliseconds"
    )


def _columns(series: Series) -> list[tuple[Column, str, str]]:
    """What each value of a row is: its column, which of its layers, and in which units."""
    return [
        (column, _LAYERS[name], "%" if name == "anomaly" else series.units)
        for name in series.layers()
        for column in series.columns
    ]


def _rows(series: Series) -> Iterator[tuple[float, list[float]]]:
    values = np.concatenate([*series.layers().values()], axis=1)
    return zip(series.times.tolist(), values.tolist(), strict=True)


def _name(column: Column, layer: str) -> str:
    name = f"{column.instance}: {column.dimension}" if column.instance else column.dimension
    return name if layer == _LAYERS["values"] else f"{name} {layer}"


def _cell(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _plain(number: float) -> float | int:
    """A whole number without the fraction that it does not have."""
    return int(number) if number == int(number) else number
