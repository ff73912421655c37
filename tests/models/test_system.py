"""The SystemMetrics contract."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import wodesk.models
from wodesk.models.system import MetricData, MetricPoint, SystemMetrics, TimeRange


def metric(name: str, unit: str = "%") -> MetricData:
    points = (MetricPoint(timestamp=1, value=2.5), MetricPoint(timestamp=6, value=3.5))
    return MetricData(name=name, current=3.5, unit=unit, points=points)


METRICS = SystemMetrics(
    cpu=metric("cpu"),
    ram=metric("ram"),
    disk=metric("disk"),
    network_in=metric("network_in", "kilobits/s"),
    network_out=metric("network_out", "kilobits/s"),
)


def test_the_contract_is_had_from_the_models_and_nobody_else_loads_it() -> None:
    code = "import sys, wodesk.models; print('pydantic' in sys.modules)\n"
    code += "from wodesk.models import MetricData, MetricPoint, SystemMetrics, TimeRange\n"
    code += "print(SystemMetrics.__module__, TimeRange.ONE_DAY.value)"
    output = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert output.split() == ["False", "wodesk.models.system", "24h"]
    with pytest.raises(AttributeError, match=r"wodesk\.models.*Metrics"):
        getattr(wodesk.models, "Metrics")  # noqa: B009


def test_the_ranges_have_the_names_of_the_contract() -> None:
    assert {one.name: one.value for one in TimeRange} == {
        "FIVE_MIN": "5m",
        "ONE_HOUR": "1h",
        "ONE_DAY": "24h",
    }


@pytest.mark.parametrize(
    ("name", "seconds", "points"), [("5m", 300, 60), ("1h", 3600, 60), ("24h", 86400, 144)]
)
def test_the_ranges_have_the_windows_and_points_of_the_contract(
    name: str, seconds: int, points: int
) -> None:
    assert (TimeRange(name).seconds, TimeRange(name).points) == (seconds, points)


def test_the_contract_has_these_fields_and_no_other() -> None:
    assert set(SystemMetrics.model_fields) == {"cpu", "ram", "disk", "network_in", "network_out"}
    assert set(MetricData.model_fields) == {"name", "current", "unit", "points"}
    assert set(MetricPoint.model_fields) == {"timestamp", "value"}


def test_the_contract_survives_json() -> None:
    assert SystemMetrics.model_validate_json(METRICS.model_dump_json()) == METRICS


def test_a_timestamp_is_a_whole_number_in_json() -> None:
    points = json.loads(METRICS.model_dump_json())["cpu"]["points"]
    assert points == [{"timestamp": 1, "value": 2.5}, {"timestamp": 6, "value": 3.5}]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValidationError):
        MetricPoint(timestamp=1, value=value)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (MetricPoint, {"timestamp": 1.5, "value": 1}),
        (MetricPoint, {"timestamp": 1}),
        (MetricPoint, {"timestamp": 1, "value": 1, "rate": 0}),
        (MetricData, {"name": "cpu", "current": None, "unit": "%", "points": []}),
        (SystemMetrics, {"cpu": METRICS.cpu}),
    ],
)
def test_what_does_not_keep_the_contract_is_refused(
    model: type[BaseModel], fields: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(fields)


def test_the_contract_is_frozen() -> None:
    with pytest.raises(ValidationError):
        METRICS.cpu.current = 0
