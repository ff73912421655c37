"""The anomaly rates that a 2.11 agent told, from its answer to the words at the crosshair."""

from __future__ import annotations

import json

from tests.client.test_netdata_v3 import as_asked
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.models.metric import Metric, Query, Window
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.at_moment import at_moment
from wodesk.ui.picture import picture

IO = ChartSpec(
    id="io",
    title="Disk I/O",
    context="system.io",
    style=Style.MIRRORED,
    reading=Reading.BOTH,
    dimensions=("reads", "writes"),
    short_names=("R", "W"),
)


def test_what_the_agent_found_unusual_is_said_at_its_time_and_nowhere_else() -> None:
    body = as_asked("io_5m_60", "system.io")
    told = {
        float(row[0]): max(
            (point[1] or 0.0, name)
            for point, name in zip(row[1:], ("reads", "writes"), strict=True)
        )
        for row in json.loads(body)["result"]["data"]
    }
    metric = Metric("system.io")
    query = Query((metric,), Window(300), 60, anomaly=True)
    shown = picture(IO, NetdataV3().decode_data(body, (metric,), query)[metric])
    said = {}
    for time in shown.times.tolist():
        found = at_moment(shown, time)
        notes = [] if found is None else [note for note in found.notes if "unusual" in note]
        if notes:
            said[time] = notes[0]
    assert said == {
        time: f"unusual: {name} for {rate:.0f} % of the time"
        for time, (rate, name) in told.items()
        if rate
    }
    assert said
