"""What the text of a page's file means, and where in it a mistake is; no I/O."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta

from wodesk.mistakes import Mistake, Place, no_toml, place_of, table_starts
from wodesk.models.page import ChartSpec, Page, Reading, Style
from wodesk.models.page_edits import MOST_CHARTS
from wodesk.models.page_layout import MOST_COLUMNS, MOST_ROWS

_PATH = re.compile(r" - at `\$(?:\.charts(?:\[(\d+)\])?)?(?:\.(\w+))?(?:\[\d+\]|\[\.\.\.\])*`$")
_FIELD = re.compile(r"field `([^`]*)`")
_DAY = 86_400

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[tuple[Text, ...], Meta(max_length=200)]


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[charts]]` as it is written: only its context must be there."""

    context: Text
    id: Annotated[str, Meta(max_length=200)] = ""
    title: Annotated[str, Meta(max_length=200)] = ""
    style: Style = Style.LINES
    reading: Reading = Reading.FIRST
    label: Text | None = None
    every: Annotated[int, Meta(ge=1, le=_DAY)] = 1
    dimensions: Names = ()
    unfilled: Names = ()
    short_names: Names = ()
    top: Annotated[float, Meta(gt=0, le=1e15)] | None = None
    by_instance: bool = False
    only: Names = ()
    instances: Names = ()
    labels: Annotated[tuple[tuple[Text, Text], ...], Meta(max_length=200)] = ()
    columns: Annotated[int, Meta(ge=1, le=MOST_COLUMNS)] = 1
    rows: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 1


class _File(msgspec.Struct, forbid_unknown_fields=True):
    title: Annotated[str, Meta(max_length=200)] = ""
    server: Annotated[str, Meta(max_length=1000)] = ""
    instead_of: Annotated[str, Meta(max_length=200)] = ""
    charts: Annotated[list[Entry], Meta(max_length=MOST_CHARTS)] = []


def page_in(text: str, name: str) -> Page:
    """The page that a text describes, under the name of its file; raises `Mistake`."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as exc:
        raise no_toml(text, str(exc)) from exc
    except RecursionError as exc:
        raise Mistake("it is nested too deeply") from exc
    except msgspec.ValidationError as exc:
        raise _wrong_field(text, str(exc)) from exc
    charts: dict[str, ChartSpec] = {}
    for number, entry in enumerate(file.charts):
        chart = _chart_of(entry)
        if chart.id in charts:
            reason = f"chart {number + 1}: there is one with the id {chart.id} already"
            raise Mistake(reason, _place(text, number, "id"))
        charts[chart.id] = chart
    return Page(tuple(charts.values()), name, file.title or name, file.server, file.instead_of)


def _chart_of(entry: Entry) -> ChartSpec:
    fields = msgspec.structs.asdict(entry)
    fields["id"] = entry.id or entry.context
    fields["title"] = entry.title or entry.context
    return ChartSpec(**fields)


def _wrong_field(text: str, said: str) -> Mistake:
    """The mistake behind what msgspec says of a path such as `$.charts[1].every`."""
    at = _PATH.search(said)
    reason = said[: at.start()] if at is not None else said
    chart = int(at[1]) if at is not None and at[1] is not None else None
    named = _FIELD.search(reason)
    if reason.startswith("Object contains unknown") and named is not None:
        kind = Entry if chart is not None else _File
        known = ", ".join(kind.__struct_fields__)
        field, reason = named[1], f"there is no field `{named[1]}`; the fields are {known}"
    elif named is not None:
        field, reason = "", f"the field `{named[1]}` is missing"
    else:
        field = at[2] or ("charts" if chart is None else "") if at is not None else ""
        reason = f"`{field}`: {reason[:1].lower()}{reason[1:]}" if field else reason
    if chart is not None:
        reason = f"chart {chart + 1}: {reason}"
    return Mistake(reason, _place(text, chart, field))


def _place(text: str, chart: int | None, field: str) -> Place | None:
    """Where a field is, of this chart counted from 0 or of the page; else where the chart is."""
    bounds = [0, *table_starts(text, "charts"), len(text)]
    number = 0 if chart is None else chart + 1
    if number + 1 >= len(bounds):
        return None
    start, end = bounds[number], bounds[number + 1]
    key = re.compile(rf"""^[ \t\[]*["']?{re.escape(field)}["']?""", re.MULTILINE)
    found = key.search(text, start, end) if field else None
    if found is None and chart is None:
        return None
    return place_of(text, found.start() if found is not None else start)
