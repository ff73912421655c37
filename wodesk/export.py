"""Series as files: CSV for spreadsheets, JSON for programs; with every digit, and gaps empty."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import tzinfo
from enum import StrEnum

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict

from wodesk.models.csv_text import cell, rows_text
from wodesk.models.metric import Column, Series
from wodesk.models.when import zoned

ROWS_OF_PART = 2000
"""Rows in a part of a file."""
_LAYERS = {"values": "average", "lows": "min", "highs": "max", "anomaly": "anomaly rate"}


class Heading(Struct, frozen=True):
    """What a file says of its samples besides: of which server they are, and of what."""

    server: str
    context: str


class Format(StrEnum):
    """What a file of samples is; its value is the end of its name."""

    CSV = "csv"
    JSON = "json"


def file_parts(
    series: Series, heading: Heading, form: Format, zone: tzinfo | None = None
) -> Iterator[bytes]:
    """A whole file in parts of some thousand rows, each made when it is asked for."""
    series = without_lone_instance(series)
    parts = csv_parts(series, zone) if form is Format.CSV else json_parts(series, heading, zone)
    # A server may send halves of characters, which no file can hold.
    return (part.encode("utf-8", "replace") for part in parts)


def without_lone_instance(series: Series) -> Series:
    """The series without the name of an instance that is the only one.

    It says no more than that of the context.
    """
    if len(series.instances()) != 1:
        return series
    plain = tuple(Column(column.dimension) for column in series.columns)
    return series.of(series.times, series.layers(), plain)


def csv_of(series: Series, zone: tzinfo | None = None) -> str:
    """A line for each row: its time in ISO 8601 and in epoch seconds, then each column.

    The first line names them with their units; after the averages come the extremes and the
    anomaly rates, where the series has them.  Times are of `zone`, None being this computer's own,
    and the end of what they stand for.  A gap is an empty cell.
    """
    return "".join(csv_parts(series, zone))


def csv_parts(series: Series, zone: tzinfo | None = None) -> Iterator[str]:
    """The same in parts."""
    yield rows_text([["time", "epoch [s]", *heads(series)]])
    for rows in _rows(series):
        yield "".join(
            f"{iso(moment, zone)},{_plain(moment)},{','.join(map(_cell, row))}\n"
            for moment, row in rows
        )


def json_parts(series: Series, heading: Heading, zone: tzinfo | None = None) -> Iterator[str]:
    """The parts of an object: what the samples are, and `rows` of time, epoch seconds and values.

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
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield f'{opening},\n "rows": [\n'
    between = ""
    for rows in _rows(series):
        yield between + ",\n".join(
            json.dumps([iso(moment, zone), _plain(moment), *map(_number, row)], allow_nan=False)
            for moment, row in rows
        )
        between = ",\n"
    yield "\n]\n}\n"


def tsv_of(series: Series, zone: tzinfo | None = None) -> str:
    """What a spreadsheet takes as a table where it is pasted; times without their offset."""
    head = ["time", "epoch [s]", *heads(series)]
    lines = [[cell(name) for name in head]]
    for rows in _rows(series):
        for moment, row in rows:
            when = f"{zoned(moment, zone):%Y-%m-%d %H:%M:%S}"
            lines.append([when, repr(_plain(moment)), *map(_cell, row)])
    return "".join("\t".join(line) + "\n" for line in lines)


def heads(series: Series) -> list[str]:
    """What each value of a row is, with its units."""
    return [f"{_name(column, layer)} [{units}]" for column, layer, units in _columns(series)]


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


def _rows(series: Series) -> Iterator[Iterator[tuple[float, list[float]]]]:
    """The rows, some thousand at once."""
    layers = series.layers().values()
    for first in range(0, len(series), ROWS_OF_PART):
        part = slice(first, first + ROWS_OF_PART)
        values = np.concatenate([layer[part] for layer in layers], axis=1)
        yield zip(series.times[part].tolist(), values.tolist(), strict=True)


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
