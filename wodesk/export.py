"""Series as files: CSV for spreadsheets, JSON for programs; with every digit, and gaps empty."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import tzinfo

from wodesk.models.csv_text import rows_text
from wodesk.models.metric import Column, Series
from wodesk.models.when import zoned


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of its samples: of which server, of what, and how they were aggregated."""

    server: str
    context: str
    aggregation: str = "average"


def csv_of(series: Series, zone: tzinfo | None = None) -> str:
    """A line for each row: its time in ISO 8601 and in epoch seconds, then each column.

    The first line names them with their units.  Times are of `zone`, None being this computer's
    own, and the end of what they stand for.  A gap is an empty cell.
    """
    names = [f"{_name(column)} [{series.units}]" for column in series.columns]
    heading = rows_text([["time", "epoch [s]", *names]])
    lines = (
        f"{iso(moment, zone)},{_plain(moment)},{','.join(map(_cell, row))}\n"
        for moment, row in _rows(series)
    )
    return heading + "".join(lines)


def json_of(series: Series, heading: Heading, zone: tzinfo | None = None) -> str:
    """An object with what the samples are and `rows` of time, epoch seconds and values.

    Each row is a line; a gap is null.  `every` is the seconds between two rows.
    """
    head = asdict(heading) | {
        "units": series.units,
        "every": _plain(series.every),
        "columns": [asdict(column) for column in series.columns],
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


def _rows(series: Series) -> Iterator[tuple[float, list[float]]]:
    return zip(series.times.tolist(), series.values.tolist(), strict=True)


def _name(column: Column) -> str:
    return f"{column.instance}: {column.dimension}" if column.instance else column.dimension


def _cell(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _plain(number: float) -> float | int:
    """A whole number without the fraction that it does not have."""
    return int(number) if number == int(number) else number
