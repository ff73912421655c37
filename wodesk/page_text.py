"""Pages written as text, and changes of such a text that leave the rest as a person wrote it."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from wodesk.mistakes import Mistake
from wodesk.models.page import ChartSpec, Page
from wodesk.page_entries import page_in

_START = """\
# A page of wodesk: a [[charts]] for each chart, in reading order. README explains the fields.
"""
_OF_PAGE = ("title", "server", "instead_of")


def text_of(page: Page) -> str:
    """The text of a page's file."""
    document = tomlkit.parse(_START)
    _put_fields(document, _page_fields(page), {})
    charts = tomlkit.aot()
    for chart in page.charts:
        charts.append(_table(chart))
    if page.charts:
        document["charts"] = charts
    return tomlkit.dumps(document)


def with_page(text: str, page: Page) -> str:
    """A text that is understood, changed so that it means this page.

    Charts that stay as they were are left as they are written, with their comments.  Raises
    `Mistake` where that is not possible without loss.
    """
    cause: Exception | None = None
    try:
        changed = _changed(text, page)
        if page_in(changed, page.name) == page:
            return changed
    except (TOMLKitError, ValueError, TypeError) as exc:
        cause = exc
    reason = "it is written in a way that wodesk cannot change without loss: use an editor"
    raise Mistake(reason) from cause


def _changed(text: str, page: Page) -> str:
    before = page_in(text, page.name)
    document = tomlkit.parse(text)
    _put_fields(document, _page_fields(page), _page_fields(before))
    if page.charts == before.charts:
        return tomlkit.dumps(document)
    found = document.get("charts")
    tables = list(cast("list[Table]", found)) if isinstance(found, AoT) else []
    if before.charts and not tables:
        raise ValueError("the charts are in one line")
    kept = {chart.id: (chart, table) for chart, table in zip(before.charts, tables, strict=True)}
    charts = tomlkit.aot()
    for chart in page.charts:
        old, table = kept.pop(chart.id, (None, None))
        if old is None or table is None:
            charts.append(_table(chart))
        else:
            _put_fields(table, _chart_fields(chart), _chart_fields(old))
            charts.append(table)
    document.pop("charts", None)
    if page.charts:
        document["charts"] = charts
    return tomlkit.dumps(document)


def _put_fields(
    into: tomlkit.TOMLDocument | Table, fields: dict[str, Any], before: dict[str, Any]
) -> None:
    """Write what is not written, or otherwise; what is as it is by itself is not written."""
    for name, value in fields.items():
        if before.get(name) != value:
            into[name] = value
    for name in before.keys() - fields.keys():
        into.pop(name, None)


def _table(chart: ChartSpec) -> Table:
    table = tomlkit.table()
    table.update(_chart_fields(chart))
    return table


def _page_fields(page: Page) -> dict[str, Any]:
    return {name: value for name in _OF_PAGE if (value := getattr(page, name))}


def _chart_fields(chart: ChartSpec) -> dict[str, Any]:
    """What differs from a chart that says nothing but its context; style and reading always."""
    plain = ChartSpec(chart.id, chart.title, chart.context, chart.style, chart.reading)
    always = ("id", "title", "context", "style", "reading")
    return {
        name: msgspec.to_builtins(getattr(chart, name))
        for name in chart.__struct_fields__
        if name in always or getattr(chart, name) != getattr(plain, name)
    }
