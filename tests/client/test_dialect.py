"""What the versions of the API are brought to."""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.asking import CPU, IO, LOAD, NET, PAGE, RAM, SECONDLY, assert_sound, decoded
from wodesk.client.dialect import (
    MIRRORED,
    Dialect,
    by_cadence,
    canonical,
    collector_paused,
    count_of,
    garbled,
    window_params,
)
from wodesk.client.netdata_v1 import NetdataV1
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.client.samples import empty, series_of
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.metric import Column, Metric, Query, Series, Window

A, B = Column("a"), Column("b")
NUMBERS = st.floats(-1e9, 1e9) | st.just(math.nan)
ROWS = st.dictionaries(st.integers(1, 2_000_000_000), st.tuples(NUMBERS, NUMBERS), max_size=20)


def made(
    times: list[float],
    rows: list[tuple[float, ...]],
    *columns: Column,
    metric: Metric = CPU,
) -> Series:
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))
    return series_of(
        metric,
        times=np.array(times, dtype=np.float64),
        values=values,
        columns=columns,
        units="percentage",
        every=1,
        first_entry=None,
    )


@given(ROWS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_rows_in_any_order_become_ascending(
    rows: dict[int, tuple[float, float]], chance: st.DataObject
) -> None:
    times = list(rows)
    chance.shuffle(times)  # type: ignore[attr-defined]
    series = made(list(map(float, times)), [rows[time] for time in times], A, B)
    assert_sound({CPU: series})
    assert series.times.tolist() == sorted(rows)
    for place, column in enumerate((A, B)):
        wanted = [rows[time][place] for time in sorted(rows)]
        assert np.array_equal(series[column], wanted, equal_nan=True)


@given(ROWS.filter(bool))
@settings(deadline=None)
def test_columns_of_the_same_name_are_added_up(rows: dict[int, tuple[float, float]]) -> None:
    series = made(list(map(float, rows)), list(rows.values()), A, A)
    assert series.columns == (A,)
    for time, (one, other) in rows.items():
        (value,) = series.values[series.times == time][0]
        known = [number for number in (one, other) if not math.isnan(number)]
        assert value == pytest.approx(sum(known)) if known else math.isnan(value)


def test_a_gap_in_every_column_of_a_name_stays_a_gap() -> None:
    series = made([1, 2], [(math.nan, math.nan), (1, math.nan)], A, A)
    assert np.array_equal(series[A], [math.nan, 1], equal_nan=True)


@pytest.mark.parametrize("times", [[1, 1], [2, 1, 2], [math.nan], [math.inf], [0, 1], [-5, 1]])
def test_times_that_cannot_be_are_refused(times: list[float]) -> None:
    with pytest.raises(BadAnswer):
        made(times, [(0.0,)] * len(times), A)


@pytest.mark.parametrize("time", [1e10, 1_795_407_619_000])
def test_times_in_milliseconds_are_refused(time: float) -> None:
    with pytest.raises(BadAnswer):
        made([time], [(0.0,)], A)


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_an_infinite_value_is_refused(value: float) -> None:
    with pytest.raises(BadAnswer):
        made([1], [(value,)], A)


@pytest.mark.parametrize("metric", [NET, IO])
def test_both_directions_are_positive(metric: Metric) -> None:
    series = made([1, 2], [(5, -3), (math.nan, -1)], A, B, metric=metric)
    assert series[B].tolist() == [3, 1]
    assert series[A][0] == 5


def test_a_negative_value_of_anything_else_stays_negative() -> None:
    assert made([1], [(-3,)], A)[A].tolist() == [-3]


@pytest.mark.parametrize("dimension", ["sent", "writes", "out"])
def test_what_goes_out_is_positive_in_every_context(dimension: str) -> None:
    out, in_ = Column(dimension, "eth0"), Column("in", "eth0")
    series = made([1], [(-3, -2)], out, in_, metric=Metric("net.packets", by_instance=True))
    assert series[out].tolist() == [3]
    assert series[in_].tolist() == [-2]


@pytest.mark.parametrize("context", ["system.io", "system.net", "disk.io", "net.net"])
def test_what_netdata_mirrors_is_known(context: str) -> None:
    assert context in MIRRORED


@pytest.mark.parametrize(
    ("context", "old", "new"),
    [
        ("system.io", "in", "reads"),
        ("system.io", "out", "writes"),
        ("system.net", "InOctets", "received"),
        ("system.net", "OutOctets", "sent"),
        ("mem.available", "MemAvailable", "avail"),
        ("system.cpu", "in", "in"),
        ("system.net", "received", "received"),
    ],
)
def test_a_dimension_has_its_newest_name(context: str, old: str, new: str) -> None:
    assert canonical(context, old) == new


def test_metrics_of_one_cadence_go_together_and_keep_their_order() -> None:
    assert by_cadence((CPU, LOAD, RAM)) == [(CPU, RAM), (LOAD,)]
    assert by_cadence(()) == []


def test_a_live_window_is_relative_so_that_the_agents_clock_counts() -> None:
    assert window_params(Query((CPU,), Window(300), 60)) == {"after": -300, "points": 60}


@given(st.integers(1, 604_800), st.integers(1, 2000), st.floats(1e9, 2e9))
@settings(deadline=None)
def test_a_window_of_the_past_ends_on_a_whole_bucket_and_keeps_its_length(
    seconds: int, points: int, before: float
) -> None:
    query = Query((CPU,), Window(seconds, before), points)
    params = window_params(query)
    after, end = int(params["after"]), int(params["before"])
    assert end - after == seconds
    assert end % query.bucket == 0
    assert before - query.bucket < end <= before
    assert params["points"] == points


def test_what_a_source_does_not_have_is_a_series_without_columns() -> None:
    query = Query(PAGE, Window(3600), 60)
    series = empty(LOAD, query)
    assert (len(series), series.columns, series.newest, series.every) == (0, (), None, 60)
    assert empty(LOAD, Query(SECONDLY, Window(60), 60)).every == 5


@pytest.mark.parametrize(
    ("text", "count"),
    [("2", 2), ("25276510208", 25276510208), ("", None), ("unknown", None), ("-1", None)],
)
def test_a_count_that_came_as_text(text: str, count: int | None) -> None:
    assert count_of(text) == count


@given(st.text() | st.from_regex(r"\d+", fullmatch=True) | st.just("9" * 5000))
@settings(deadline=None)
def test_a_count_of_anything_is_a_number_or_none(text: str) -> None:
    count = count_of(text)
    assert count is None or 0 <= count < 10**18


def test_a_garbled_answer_is_told_in_one_sentence() -> None:
    error = garbled("samples")
    assert isinstance(error, BadAnswer)
    assert error.hop is Hop.DATA
    assert error.message == ("The agent's samples cannot be read: it is not what Netdata sends.")


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """The generations that the cyclic collector goes through, one after the other."""
    seen: list[int] = []

    def note(phase: str, details: dict[str, int]) -> None:
        if phase == "start":
            seen.append(details["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


ROWS_V1 = json.dumps(
    {"dimension_names": ["user"], "result": {"data": [[2000 - i, 1] for i in range(1999)]}}
).encode()
ROWS_V3 = json.dumps(
    {
        "result": {
            "labels": ["time", "user,system.cpu"],
            "data": [[2000 - i, [1, 0, 0]] for i in range(1999)],
        },
        "db": {},
        "view": {},
    }
).encode()


@pytest.mark.parametrize(("dialect", "body"), [(NetdataV1(), ROWS_V1), (NetdataV3(), ROWS_V3)])
def test_thousands_of_rows_are_decoded_without_a_look_for_cycles(
    dialect: Dialect, body: bytes, collections: list[int]
) -> None:
    decoded(dialect, body, CPU)  # Loads the decoder, if it is the first that is decoded at all.
    gc.collect()
    collections.clear()
    series = decoded(dialect, body, CPU)[CPU]
    assert len(series) == 1999
    assert collections == []
    assert gc.isenabled()


@pytest.mark.parametrize("dialect", [NetdataV1(), NetdataV3()])
@pytest.mark.parametrize("body", [b"", ROWS_V1.replace(b"[3, 1]", b"[3, 1, 2]"), ROWS_V3[:-1]])
def test_the_collector_works_on_after_an_answer_that_cannot_be_read(
    dialect: Dialect, body: bytes
) -> None:
    with pytest.raises(BadAnswer):
        decoded(dialect, body, CPU)
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
