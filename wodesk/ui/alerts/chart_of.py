"""Which chart belongs to an alert."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from wodesk.models.alert import Alert, Origin
from wodesk.models.page import ChartSpec, Reading, Style


def chart_of(alert: Alert, known: Mapping[str, ChartSpec]) -> ChartSpec:
    """How its context is drawn: as the one that is `known`, else a line for each dimension.

    Of several instances it is the one that the agent has raised it for.
    """
    context, instance = alert.context, alert.key.instance
    plain = ChartSpec(context, context, context, Style.LINES, Reading.FIRST)
    spec = known.get(context, plain)
    if alert.key.origin is not Origin.AGENT or instance in ("", context):
        return spec
    return replace(spec, instances=(instance,))
