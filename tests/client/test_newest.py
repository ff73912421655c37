"""The newest sample of an answer, read without numpy: the same as in its series."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest

from tests.client.asking import netdata_at
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.newest import newest_v1, newest_v3
from wodesk.models.derive import newest_of
from wodesk.models.errors import BadAnswer
from wodesk.models.metric import Metric, Query, Window

NOW = 1_800_000_010.0
TIME = 1_800_000_000


def v1(*rows: list[Any]) -> bytes:
    """An answer of API v1."""
    return json.dumps({"result": {"data": rows}, "view_update_every": 10}).encode()


def v3(*rows: list[Any], place: int = 0) -> bytes:
    """An answer of API v3."""
    answer = {"result": {"data": rows, "point": {"value": place}}, "view": {"update_every": 10}}
    return json.dumps(answer).encode()


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_it_is_the_newest_of_the_series(version: str) -> None:
    query = Query((Metric("system.cpu"),), Window(120), 12)
    with ReplayAgent(version) as agent:
        async with netdata_at(agent.url) as source:
            await source.connect()
            newest = await source.newest(query)
            whole = newest_of(await source.history(query), query.metrics[0])
    assert newest.time is not None
    assert whole.time is not None
    assert abs(newest.time - whole.time) <= newest.every
    assert newest.every == whole.every == 10.0
    assert newest.value >= 0
    assert abs(newest.now - whole.now) < 5


def test_a_row_of_gaps_is_none() -> None:
    rows = [TIME + 10, None, None], [TIME, 1.5, None], [TIME - 10, 1.0, 1.0]
    found = newest_v1(v1(*rows), NOW)
    assert (found.time, found.value, found.every, found.now) == (TIME, 1.5, 10.0, NOW)
    points = [[TIME, [1.5, 0, 0], [2.0, 0, 0]], [TIME + 10, [None, 0, 0], [None, 0, 0]]]
    assert newest_v3(v3(*points), NOW).value == 3.5
    assert newest_v3(v3([TIME, [0, 7.0]], place=1), NOW).value == 7.0


def test_no_row_is_no_time() -> None:
    assert newest_v1(v1(), NOW).time is None
    assert math.isnan(newest_v3(v3(), NOW).value)


@pytest.mark.parametrize("row", [[], [None, 1.0], [-5, 1.0], [5e9, 1.0], [TIME, [1.0]]])
def test_what_is_no_row_is_refused_in_v1(row: list[Any]) -> None:
    with pytest.raises(BadAnswer):
        newest_v1(v1(row), NOW)


@pytest.mark.parametrize("row", [[], [[1.0], [1.0]], [0, [1.0]], [TIME, 1.0], [TIME, []]])
def test_what_is_no_row_is_refused_in_v3(row: list[Any]) -> None:
    with pytest.raises(BadAnswer):
        newest_v3(v3(row), NOW)


def test_what_works_in_the_tray_loads_neither_numpy_nor_a_plotter() -> None:
    heavy = (
        "numpy",
        "pyqtgraph",
        "pydantic",
        "asyncssh",
        "zoneinfo",
        "PySide6.QtNetwork",
        "wodesk.models.page",
        "wodesk.page_files",
        "wodesk.ui.actions",
        "wodesk.ui.window",
    )
    code = (
        "import sys, wodesk.program, wodesk.sampling.engine, wodesk.access.opening\n"
        "import wodesk.alerts.desk, wodesk.living\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
