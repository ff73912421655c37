"""API v3 and v2, on recorded answers of 2.11.0."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.client.asking import (
    CPU,
    IO,
    LOAD,
    NET,
    PAGE,
    RAM,
    SECONDLY,
    SPACE,
    assert_refused_or_sound,
    assert_sound,
    column_values,
    decoded,
    mutated,
    recorded,
)
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.models.derive import space_percent, total, used_percent
from wodesk.models.errors import BadAnswer, SourceError
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Column, Context, Metric, Query, Series, Window

V3 = NetdataV3()
PARENT = "2d324183-f014-4d4e-a17f-a7c2b91251ed"
CHILD = "f9180637-d929-48ff-b433-3436b2e1bb55"
HOST = Host("wo-parent", PARENT, "v2.11.0", "v3")
DEEP = b"[" * 100_000 + b"]" * 100_000
CPU_KINDS = ("guest_nice", "guest", "steal", "softirq", "irq", "user", "system", "nice", "iowait")


def as_asked(name: str, context: str) -> bytes:
    """A recorded answer as it is when the context is grouped by, too, which wodesk does."""
    answer = json.loads(recorded(f"2.11.0/data/{name}.json"))
    ids = [f"{id},{context}" for id in answer["result"]["labels"][1:]]
    answer["result"]["labels"][1:] = ids
    answer["view"]["dimensions"]["ids"] = ids
    return json.dumps(answer).encode()


def series_in(name: str, metric: Metric) -> Series:
    return decoded(V3, as_asked(name, metric.context), metric)[metric]


def rows_in(name: str) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(recorded(f"2.11.0/data/{name}.json"))["result"]["data"]
    return rows


def answer(
    labels: Sequence[str],
    *rows: Sequence[Any],
    point: dict[str, int] | None = None,
    **more: Any,
) -> bytes:
    """A small answer made by hand."""
    result = {"labels": ["time", *labels], "point": point or {"value": 0}, "data": rows}
    return json.dumps({"result": result, "db": {}, "view": {}} | more).encode()


@pytest.mark.parametrize(
    ("name", "metric", "shape", "every"),
    [
        ("cpu_5m_300", CPU, (300, 9), 1),
        ("cpu_5m_60", CPU, (60, 9), 5),
        ("cpu_5m_60_full", CPU, (60, 9), 5),
        ("cpu_v2_5m_60", CPU, (60, 9), 5),
        ("cpu_24h_144", CPU, (144, 9), 600),
        ("absolute_60s", CPU, (60, 9), 1),
        ("future_window", CPU, (60, 9), 1),
        ("ram_5m_60", RAM, (60, 4), 5),
        ("io_5m_60", IO, (60, 2), 5),
        ("net_5m_60", NET, (60, 2), 5),
        ("load_5m_60", LOAD, (60, 3), 5),
        ("disk_space_5m_5_by_mount", SPACE, (5, 12), 60),
    ],
)
def test_a_recorded_answer_becomes_ascending_rows_of_its_values(
    name: str, metric: Metric, shape: tuple[int, int], every: float
) -> None:
    series = series_in(name, metric)
    assert_sound({metric: series})
    assert series.values.shape == shape
    assert series.every == every
    assert (np.diff(series.times) == every).all()
    assert series.times.tolist() == sorted(row[0] for row in rows_in(name))
    for place in range(shape[1]):
        wanted = np.array(column_values(rows_in(name), place + 1))
        if metric in (IO, NET):
            wanted = np.abs(wanted)
        assert np.array_equal(series.values[:, place], wanted, equal_nan=True)


@pytest.mark.parametrize(
    ("metric", "name", "dimensions"),
    [
        (CPU, "cpu_5m_60", CPU_KINDS),
        (RAM, "ram_5m_60", ("free", "used", "cached", "buffers")),
        (IO, "io_5m_60", ("reads", "writes")),
        (NET, "net_5m_60", ("received", "sent")),
        (LOAD, "load_5m_60", ("load1", "load5", "load15")),
    ],
)
def test_the_columns_are_the_dimensions_by_name(
    metric: Metric, name: str, dimensions: tuple[str, ...]
) -> None:
    assert series_in(name, metric).columns == tuple(map(Column, dimensions))


@pytest.mark.parametrize(
    ("metric", "name", "units"),
    [
        (CPU, "cpu_5m_60", "percentage"),
        (RAM, "ram_5m_60", "MiB"),
        (IO, "io_5m_60", "KiB/s"),
        (NET, "net_5m_60", "kilobits/s"),
        (LOAD, "load_5m_60", "load"),
        (SPACE, "disk_space_5m_5_by_mount", "GiB"),
    ],
)
def test_a_series_says_its_units(metric: Metric, name: str, units: str) -> None:
    assert series_in(name, metric).units == units


@pytest.mark.parametrize(("metric", "name"), [(NET, "net_5m_60"), (IO, "io_5m_60")])
def test_what_is_sent_and_written_is_positive_though_recorded_as_negative(
    metric: Metric, name: str
) -> None:
    assert min(column_values(rows_in(name), 2)) < 0
    assert series_in(name, metric).values.min() >= 0


def test_a_restart_is_a_gap_and_not_a_zero() -> None:
    series = series_in("gap_restart", CPU)
    nulls = [row[0] for row in rows_in("gap_restart") if row[1][0] is None]
    gaps = np.isnan(series.values).all(axis=1)
    assert nulls
    assert sorted(nulls) == series.times[gaps].tolist()
    assert not np.isnan(series.values[~gaps]).any()


def test_a_gap_is_a_gap_in_the_total_of_the_cpu_too() -> None:
    series = series_in("cpu_24h_144", CPU)
    gaps = np.isnan(series.values).all(axis=1)
    assert 0 < gaps.sum() < len(series)
    assert np.array_equal(np.isnan(total(series)), gaps)


def test_the_cpu_total_is_what_its_kinds_sum_up_to() -> None:
    series = series_in("cpu_5m_300", CPU)
    whole = total(series)
    sums = [sum(point[0] for point in row[1:]) for row in reversed(rows_in("cpu_5m_300"))]
    assert whole.tolist() == pytest.approx(sums)
    assert 0 < whole.min() <= whole.max() <= 100.001


def test_memory_in_use_is_a_share_of_all_of_it() -> None:
    share = used_percent(series_in("ram_5m_60", RAM))
    free, used, cached, buffers = (point[0] for point in rows_in("ram_5m_60")[0][1:])
    assert share[-1] == pytest.approx(100 * used / (free + used + cached + buffers))


def test_disk_space_is_what_df_says_not_what_counts_the_reserved_blocks() -> None:
    share = space_percent(series_in("disk_space_5m_5_by_mount", SPACE))[Column("used", "/")]
    sizes = json.loads(recorded("2.11.0/data/disk_space_5m_5_by_mount.json"))
    place = sizes["result"]["labels"].index
    newest = sizes["result"]["data"][0]
    used, avail = newest[place("used,/")][0], newest[place("avail,/")][0]
    assert newest[place("reserved for root,/")][0] > 100
    assert share[-1] == pytest.approx(100 * used / (used + avail))


@pytest.mark.parametrize(
    ("point", "rates"),
    [
        ({"value": 0, "arp": 1, "pa": 2}, [math.nan, 25.0]),
        ({"arp": 0, "value": 1, "pa": 2}, [math.nan, 7.0]),
    ],
)
def test_the_anomaly_rate_is_read_where_the_schema_says(
    point: dict[str, int], rates: list[float]
) -> None:
    gap = [None, None, 1]
    body = answer(["user,system.cpu"], [20, [7, 25, 0]], [10, gap], point=point)
    query = Query((CPU,), Window(60), 60, anomaly=True)
    series = V3.decode_data(body, (CPU,), query)[CPU]
    assert series.anomaly is not None
    assert np.array_equal(series.anomaly[:, 0], rates, equal_nan=True)
    assert decoded(V3, body, CPU)[CPU].anomaly is None


def test_an_agent_that_tells_no_anomaly_rate_is_understood() -> None:
    body = answer(["user,system.cpu"], [20, [7]])
    query = Query((CPU,), Window(60), 60, anomaly=True)
    assert V3.decode_data(body, (CPU,), query)[CPU].anomaly is None


@pytest.mark.parametrize("place", [-1, 3, 99])
def test_an_anomaly_rate_that_is_nowhere_is_refused(place: int) -> None:
    body = answer(["user,system.cpu"], [20, [7, 1, 0]], point={"value": 0, "arp": place})
    with pytest.raises(BadAnswer):
        V3.decode_data(body, (CPU,), Query((CPU,), Window(60), 60, anomaly=True))


def test_mount_points_keep_their_spaces_and_letters() -> None:
    assert set(series_in("disk_space_5m_5_by_mount", SPACE).instances()) == {
        "/",
        "/srv/wo/mnt/My Data",
        "/srv/wo/mnt/srv.backup-1",
        "/srv/wo/mnt/données",
    }


def test_a_mount_point_with_a_comma_is_one_mount_point() -> None:
    body = answer(["used,/mnt/a,b,disk.space"], [10, [1]])
    assert decoded(V3, body, SPACE)[SPACE].columns == (Column("used", "/mnt/a,b"),)


def test_names_with_commas_are_told_apart_and_an_instance_is_called_as_in_the_list() -> None:
    metric = Metric("trial.odd", by_instance=True)
    series = decoded(V3, recorded("2.11.0/names/by_instance.json"), metric)[metric]
    dimensions = ("a,b", "x|y", "star*", "!not", "ünï", "two words", "trial.odd")
    instances = ("trial.odd_one", "trial.odd_two.x")
    assert series.columns == tuple(Column(d, i) for i in instances for d in dimensions)
    assert series[Column("a,b", "trial.odd_two.x")].tolist() == [105]


def test_one_answer_holds_the_four_metrics_of_a_tick_apart() -> None:
    series = decoded(V3, recorded("2.11.0/data/tail/00.json"), *SECONDLY)
    assert_sound(series)
    assert [len(series[metric].columns) for metric in SECONDLY] == [9, 4, 2, 2]
    assert [series[metric].units for metric in SECONDLY] == [
        "percentage",
        "MiB",
        "KiB/s",
        "kilobits/s",
    ]
    assert {len(one) for one in series.values()} == {5}
    labels = json.loads(recorded("2.11.0/data/tail/00.json"))["result"]["labels"]
    sent = column_values(rows_in("tail/00"), labels.index("sent,system.net"))
    assert series[NET][Column("sent")].tolist() == [-value for value in sent]


def test_the_last_values_of_a_slow_metric_are_gaps_where_it_was_asked_with_fast_ones() -> None:
    series = decoded(V3, recorded("2.11.0/data/cpu_and_load_10s.json"), CPU, LOAD)
    assert not np.isnan(series[CPU].values).any()
    assert np.isnan(series[LOAD].values[-1]).all()


def test_a_context_whose_name_ends_like_another_is_not_taken_for_it() -> None:
    body = answer(["user,system.cpu", "user,app.system.cpu"], [10, [1], [2]])
    assert decoded(V3, body, CPU)[CPU].values.tolist() == [[1]]


@pytest.mark.parametrize("name", ["unknown_context", "unknown_node"])
def test_what_the_agent_does_not_know_has_no_series(name: str) -> None:
    assert decoded(V3, recorded(f"2.11.0/data/{name}.json"), CPU, SPACE) == {}


def test_a_metric_that_is_missing_in_an_answer_has_no_series() -> None:
    assert set(decoded(V3, as_asked("cpu_5m_60", "system.cpu"), CPU, RAM)) == {CPU}


@pytest.mark.parametrize(("name", "metric"), [("cpu_24h_144", CPU), ("load_5m_60", LOAD)])
def test_the_start_of_retention_is_told(name: str, metric: Metric) -> None:
    first = json.loads(recorded(f"2.11.0/data/{name}.json"))["db"]["first_entry"]
    assert series_in(name, metric).first_entry == first > 0


def test_a_source_that_does_not_tell_its_retention_has_none() -> None:
    body = answer(["user,system.cpu"], [10, [1]])
    assert decoded(V3, body, CPU)[CPU].first_entry is None


def test_the_place_of_a_value_within_a_point_is_read_from_the_answer() -> None:
    body = answer(["user,system.cpu"], [10, [9, 8, 7]], point={"arp": 0, "pa": 1, "value": 2})
    assert decoded(V3, body, CPU)[CPU].values.tolist() == [[7]]


def test_unknown_fields_are_of_no_account() -> None:
    body = answer(["user,system.cpu"], [10, [1]], later=[{"x": None}])
    assert decoded(V3, body, CPU)[CPU].values.tolist() == [[1]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[1, 2, 3]",
        answer(["user,system.cpu"], [10]),
        answer(["user,system.cpu"], [10, [1], [2]]),
        answer(["user,system.cpu"], [10, 1]),
        answer(["user,system.cpu"], [10, []]),
        answer(["user,system.cpu"], [[10], [1]]),
        answer(["user,system.cpu"], []),
        answer(["user,system.cpu"], [10, [1]], [10, [2]]),
        answer(["user,system.cpu"], [10, [1]], point={"value": -1}),
        answer(["user,system.cpu"], [10, [1]], point={"value": 2**62}),
        answer(["user,system.cpu"], [None, [1]]),
        answer(["user,system.cpu"], [10, ["1"]]),
        answer(["user,system.cpu"], [10, [math.nan]]),
        answer([f"{n},system.cpu" for n in range(1001)], [10, *[[0]] * 1001]),
        answer(["user,system.cpu"], *[[second, [0]] for second in range(20_001)]),
    ],
    ids=range(18),
)
def test_what_is_no_answer_is_refused_in_a_sentence_that_quotes_nothing(body: bytes) -> None:
    with pytest.raises(BadAnswer) as caught:
        decoded(V3, body, CPU)
    assert caught.value.message.startswith("The agent's samples")
    assert len(caught.value.message) < 200


def test_the_sentence_about_what_is_no_json_is_spelled_right() -> None:
    with pytest.raises(BadAnswer) as caught:
        V3.decode_host(b"\xff")
    assert "jSON" not in caught.value.message


@pytest.mark.parametrize(
    "deep", [b"[" * 100_000, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"]
)
def test_deep_nesting_is_a_bad_answer_and_no_crash(deep: bytes) -> None:
    for decode in (V3.decode_host, V3.decode_contexts, lambda body: V3.decode_node(body, HOST)):
        with pytest.raises(BadAnswer):
            decode(deep)
    with pytest.raises(BadAnswer):
        decoded(V3, deep, CPU)


@given(st.binary(max_size=200))
@example(b'{"agents":[{"mg":"\xff","nm":""}]}')
@example(b'{"contexts":{"\xff":{}}}')
@settings(deadline=None)
def test_any_bytes_are_refused_or_understood(body: bytes) -> None:
    assert_refused_or_sound(V3, body, CPU, NET, SPACE)
    for decode in (V3.decode_host, V3.decode_contexts, lambda body: V3.decode_node(body, HOST)):
        with pytest.raises(SourceError):
            decode(body)


@given(
    mutated(
        "2.11.0/data/tail/00.json",
        "2.11.0/data/unknown_context.json",
        "2.11.0/data/cpu_and_load_10s.json",
        "2.11.0/data/disk_space_5m_5_by_mount.json",
    )
)
@settings(deadline=None, max_examples=250)
def test_a_damaged_answer_is_refused_or_a_sound_series(body: bytes) -> None:
    assert_refused_or_sound(V3, body, *SECONDLY, SPACE, LOAD)


@given(
    mutated("2.11.0/standalone/info.json", "2.11.0/standalone/nodes.json"),
    st.sampled_from([V3, NetdataV3("v2")]),
)
@settings(deadline=None, max_examples=100)
def test_a_damaged_description_is_refused_or_understood(body: bytes, dialect: NetdataV3) -> None:
    with suppress(SourceError):
        assert dialect.decode_host(body).api == dialect.api
    with suppress(SourceError):
        dialect.decode_node(body, HOST)


@pytest.mark.parametrize("api", ["v3", "v2"])
def test_the_agent_tells_who_it_is(api: str) -> None:
    name = "info" if api == "v3" else "info_v2"
    host = NetdataV3(api).decode_host(recorded(f"2.11.0/standalone/{name}.json"))
    assert (host.hostname, host.machine_guid) == ("wo-child", CHILD)
    assert (host.agent, host.api) == ("v2.11.0", api)
    assert (host.cores, host.memory) == (2, 25276510208)
    assert host.kernel.startswith("Linux 6.18.44")
    assert host.architecture == "x86_64"
    assert "unknown" not in " ".join((host.os, host.kernel, host.virtualization))


def test_a_parent_is_itself_and_not_one_of_its_children() -> None:
    assert V3.decode_host(recorded("2.11.0/parent/info.json")).machine_guid == PARENT


@pytest.mark.parametrize("body", [b'{"agents": []}', b'{"agents": [{"nm": "web1"}]}'])
def test_an_agent_that_does_not_say_who_it_is_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        V3.decode_host(body)


def test_alerts_are_counted_for_the_one_node() -> None:
    nodes = recorded("2.11.0/parent/nodes.json")
    node = V3.decode_node(nodes, HOST)
    assert node.alerts == AlertCounts(warning=2, critical=1)
    assert node.timezone == "Etc/UTC"


def test_alerts_of_a_node_without_health_are_not_known_rather_than_none_raised() -> None:
    nodes = json.dumps({"nodes": [{"mg": PARENT, "health": {"status": "disabled"}}]}).encode()
    assert V3.decode_node(nodes, HOST).alerts is None
    assert V3.decode_node(b'{"nodes": []}', HOST) is HOST


def test_contexts_come_with_their_units() -> None:
    contexts = V3.decode_contexts(recorded("2.11.0/standalone/contexts.json"))
    units = {context.id: context.units for context in contexts}
    assert units["system.cpu"] == "percentage"
    assert units["disk.space"] == "GiB"
    assert len(contexts) > 100
    assert isinstance(contexts[0], Context)


def test_a_tick_is_one_request_and_labels_and_cadences_are_asked_apart() -> None:
    assert V3.batches(PAGE) == [SECONDLY, (LOAD,), (SPACE,)]


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_a_request_asks_for_this_node_alone_and_for_sums(api: str) -> None:
    query = Query(SECONDLY, Window(300), 60)
    request = NetdataV3(api).data_request(SECONDLY, query, HOST)
    assert request.path == f"/api/{api}/data"
    params = request.params
    assert params["scope_nodes"] == PARENT
    assert params["scope_contexts"] == "system.cpu|system.ram|system.io|system.net"
    assert (params["group_by"], params["aggregation"]) == ("context,dimension", "sum")
    assert (params["after"], params["points"]) == (-300, 60)


def test_a_request_by_label_groups_by_it() -> None:
    request = V3.data_request((SPACE,), Query((SPACE,), Window(300), 60), HOST)
    assert request.params["group_by"] == "context,dimension,label"
    assert request.params["group_by_label"] == "mount_point"


def test_a_request_has_no_option_that_would_change_the_meaning_of_an_answer() -> None:
    request = V3.data_request((CPU,), Query((CPU,), Window(300), 60), HOST)
    options = str(request.params["options"]).split(",")
    assert "minify" in options
    assert not {"null2zero", "long-json-keys", "rfc3339", "ms", "unaligned"} & set(options)
    assert "timeout" not in request.params
