"""API v1, on recorded answers of 1.37.1 and 2.11.0."""

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
from wodesk.client.netdata_v1 import NetdataV1
from wodesk.models.derive import space_percent, total, used_percent
from wodesk.models.errors import BadAnswer, SourceError
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Column, Metric, Query, Series, Window

V1 = NetdataV1()
HOST = Host("wo-old", "d11c399a-e6eb-11f1-8110-02fc00000001", "v1.37.1", "v1")
OLD, NEW = "1.37.1/data", "2.11.0/data"


def series_in(name: str, metric: Metric) -> Series:
    return decoded(V1, recorded(name + ".json"), metric)[metric]


def rows_in(name: str) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(recorded(name + ".json"))["result"]["data"]
    return rows


def answer(names: Sequence[str], *rows: Sequence[Any], **more: Any) -> bytes:
    """A small answer made by hand."""
    document = {"dimension_names": list(names), "result": {"data": rows}}
    return json.dumps(document | more).encode()


@pytest.mark.parametrize(
    ("name", "metric", "shape", "every"),
    [
        (f"{OLD}/cpu_5m_300", CPU, (300, 9), 1),
        (f"{OLD}/cpu_5m_60", CPU, (60, 9), 5),
        (f"{OLD}/cpu_24h_144", CPU, (144, 9), 600),
        (f"{OLD}/ram_5m_60", RAM, (60, 4), 5),
        (f"{OLD}/io_5m_60", IO, (60, 2), 5),
        (f"{OLD}/net_5m_60", NET, (60, 2), 5),
        (f"{OLD}/load_5m_60", LOAD, (60, 3), 5),
        (f"{OLD}/disk_space_context", SPACE, (1, 9), 10),
        (f"{NEW}/v1_cpu_chart", CPU, (60, 9), 1),
        (f"{NEW}/v1_disk_space_context", SPACE, (1, 12), 10),
    ],
)
def test_a_recorded_answer_becomes_ascending_rows_of_its_values(
    name: str, metric: Metric, shape: tuple[int, int], every: float
) -> None:
    series = series_in(name, metric)
    assert_sound({metric: series})
    assert series.values.shape == shape
    assert series.every == every
    assert series.times.tolist() == sorted(row[0] for row in rows_in(name))
    for place in range(shape[1]):
        wanted = np.array(column_values(rows_in(name), place + 1))
        if metric in (IO, NET):
            wanted = np.abs(wanted)
        assert np.array_equal(series.values[:, place], wanted, equal_nan=True)


@pytest.mark.parametrize(
    ("metric", "name", "dimensions"),
    [
        (RAM, "ram_5m_60", ("free", "used", "cached", "buffers")),
        (IO, "io_5m_60", ("reads", "writes")),
        (NET, "net_5m_60", ("received", "sent")),
        (LOAD, "load_5m_60", ("load1", "load5", "load15")),
    ],
)
def test_the_columns_have_the_names_of_the_newest_version(
    metric: Metric, name: str, dimensions: tuple[str, ...]
) -> None:
    assert series_in(f"{OLD}/{name}", metric).columns == tuple(map(Column, dimensions))


@pytest.mark.parametrize(
    ("metric", "name", "units"),
    [
        (CPU, "cpu_5m_60", "percentage"),
        (RAM, "ram_5m_60", "MiB"),
        (IO, "io_5m_60", "KiB/s"),
        (NET, "net_5m_60", "kilobits/s"),
        (LOAD, "load_5m_60", "load"),
        (SPACE, "disk_space_context", "GiB"),
    ],
)
def test_a_series_says_its_units_though_the_answer_does_not(
    metric: Metric, name: str, units: str
) -> None:
    assert series_in(f"{OLD}/{name}", metric).units == units


@pytest.mark.parametrize(("metric", "name"), [(NET, "net_5m_60"), (IO, "io_5m_60")])
def test_what_is_sent_and_written_is_positive_though_recorded_as_negative(
    metric: Metric, name: str
) -> None:
    assert min(column_values(rows_in(f"{OLD}/{name}"), 2)) < 0
    assert series_in(f"{OLD}/{name}", metric).values.min() >= 0


def test_a_restart_is_a_gap_and_not_a_zero() -> None:
    series = series_in(f"{NEW}/gap_restart_v1", CPU)
    nulls = [row[0] for row in rows_in(f"{NEW}/gap_restart_v1") if row[1] is None]
    gaps = np.isnan(series.values).all(axis=1)
    assert nulls
    assert sorted(nulls) == series.times[gaps].tolist()


def test_a_gap_is_the_same_gap_through_v1_and_v3() -> None:
    newer = json.loads(recorded(f"{NEW}/gap_restart.json"))["result"]["data"]
    series = series_in(f"{NEW}/gap_restart_v1", CPU)
    for place in range(len(series.columns)):
        wanted = column_values(newer, place + 1)
        assert np.array_equal(series.values[:, place], wanted, equal_nan=True)


def test_the_cpu_total_is_what_its_kinds_sum_up_to() -> None:
    name = f"{OLD}/cpu_5m_300"
    kinds = [column_values(rows_in(name), place) for place in range(1, 10)]
    wanted = [sum(row) for row in zip(*kinds, strict=True)]
    assert total(series_in(name, CPU)).tolist() == pytest.approx(wanted, nan_ok=True)
    assert np.nanmax(wanted) <= 100.001


def test_memory_in_use_is_a_share_of_all_of_it() -> None:
    free, used, cached, buffers = rows_in(f"{OLD}/ram_5m_60")[0][1:]
    share = used_percent(series_in(f"{OLD}/ram_5m_60", RAM))
    assert share[-1] == pytest.approx(100 * used / (free + used + cached + buffers))


@pytest.mark.parametrize("name", [f"{OLD}/disk_space_context", f"{NEW}/v1_disk_space_context"])
def test_repeated_labels_are_paired_with_their_charts_by_position(name: str) -> None:
    document = json.loads(recorded(name + ".json"))
    series = series_in(name, SPACE)
    mounts = document["chart_labels"]["mount_point"]
    values = document["result"]["data"][0][1:]
    for place, (dimension, mount) in enumerate(
        zip(document["dimension_names"], mounts, strict=True)
    ):
        assert series[Column(dimension, mount)].tolist() == [values[place]]


@pytest.mark.parametrize("name", [f"{OLD}/disk_space_context", f"{NEW}/v1_disk_space_context"])
def test_disk_space_is_what_df_says_not_what_counts_the_reserved_blocks(name: str) -> None:
    avail, used, reserved = rows_in(name)[0][1:4]
    assert reserved > 100
    share = space_percent(series_in(name, SPACE))[Column("used", "/")]
    assert share.tolist() == pytest.approx([100 * used / (used + avail)])


def test_mount_points_keep_the_spaces_and_letters_that_chart_ids_lose() -> None:
    assert series_in(f"{OLD}/disk_space_context", SPACE).instances() == (
        "/",
        "/srv/wo/mnt/My Data",
        "/srv/wo/mnt/srv.backup-1",
    )
    assert "/srv/wo/mnt/données" in series_in(f"{NEW}/v1_disk_space_context", SPACE).instances()


def test_instances_without_the_label_are_named_after_their_charts() -> None:
    charts = ["disk_space._", "disk_space._home"]
    body = answer(["used", "used"], [10, 1, 2], chart_ids=charts)
    assert decoded(V1, body, SPACE)[SPACE].instances() == tuple(charts)
    labels = {"mount_point": ["/", None]}
    body = answer(["used", "used"], [10, 1, 2], chart_ids=charts, chart_labels=labels)
    assert decoded(V1, body, SPACE)[SPACE].instances() == ("/", "disk_space._home")


def test_a_metric_that_is_not_split_adds_its_charts_up() -> None:
    plain = Metric("disk.io")
    body = answer(
        ["reads", "writes"] * 2, [10, 1, -2, 3, -4], chart_ids=["disk.a"] * 2 + ["disk.b"] * 2
    )
    series = decoded(V1, body, plain)[plain]
    assert series.columns == (Column("reads"), Column("writes"))
    assert series.values.tolist() == [[4, 6]]


def test_several_charts_in_one_answer_are_kept_apart() -> None:
    body = answer(
        ["user", "free", "InOctets", "OutOctets"],
        [10, 1, 2, 3, -4],
        chart_ids=["system.cpu", "system.ram", "system.net", "system.net"],
    )
    series = decoded(V1, body, *SECONDLY)
    assert set(series) == {CPU, RAM, NET}
    assert series[NET].columns == (Column("received"), Column("sent"))
    assert series[NET].values.tolist() == [[3, 4]]


def test_an_answer_without_columns_has_no_series() -> None:
    assert decoded(V1, answer([]), CPU, SPACE) == {}
    assert decoded(V1, answer([]), CPU) == {}


@pytest.mark.parametrize("name", ["cpu_24h_144", "load_5m_60"])
def test_the_start_of_retention_is_told(name: str) -> None:
    first = json.loads(recorded(f"{OLD}/{name}.json"))["first_entry"]
    metric = LOAD if name.startswith("load") else CPU
    assert series_in(f"{OLD}/{name}", metric).first_entry == first > 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[1, 2, 3]",
        answer(["user"], [10]),
        answer(["user"], [10, 1, 2]),
        answer(["user"], [10, [1]]),
        answer(["user"], []),
        answer(["user"], [10, 1], [10, 2]),
        answer(["user"], [None, 1]),
        answer(["user"], [10, "1"]),
        answer(["user"], [10, math.nan]),
        answer(list(map(str, range(1001))), [10, *[0] * 1001]),
        answer(["user"], *[[second, 0] for second in range(20_001)]),
        recorded("1.37.1/errors/v3_info.html"),
        recorded("1.37.1/errors/no_chart.txt"),
    ],
    ids=range(16),
)
def test_what_is_no_answer_is_refused_in_a_sentence_that_quotes_nothing(body: bytes) -> None:
    with pytest.raises(BadAnswer) as caught:
        decoded(V1, body, CPU)
    assert caught.value.message.startswith("The agent's samples")
    assert len(caught.value.message) < 200


@given(st.binary(max_size=200))
@example(b'{"version":"\xff","uid":""}')
@example(b'{"contexts":{"\xff":{}}}')
@example(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
@settings(deadline=None)
def test_any_bytes_are_refused_or_understood(body: bytes) -> None:
    assert_refused_or_sound(V1, body, CPU)
    assert_refused_or_sound(V1, body, SPACE)
    for decode in (V1.decode_host, V1.decode_contexts):
        with pytest.raises(SourceError):
            decode(body)


@given(
    mutated(f"{OLD}/disk_space_context.json", f"{NEW}/v1_disk_space_context.json"),
    mutated(f"{OLD}/net_5m_60.json", f"{NEW}/v1_cpu_chart.json", f"{NEW}/gap_restart_v1.json"),
)
@settings(deadline=None, max_examples=200)
def test_a_damaged_answer_is_refused_or_a_sound_series(split: bytes, plain: bytes) -> None:
    assert_refused_or_sound(V1, split, SPACE)
    assert_refused_or_sound(V1, plain, NET)
    assert_refused_or_sound(V1, plain, *SECONDLY)


@given(mutated("1.37.1/info.json"))
@settings(deadline=None, max_examples=100)
def test_a_damaged_description_is_refused_or_understood(body: bytes) -> None:
    with suppress(SourceError):
        assert V1.decode_host(body).api == "v1"


def test_the_agent_tells_who_it_is() -> None:
    host = V1.decode_host(recorded("1.37.1/info.json"))
    assert (host.hostname, host.machine_guid) == ("wo-old", HOST.machine_guid)
    assert (host.agent, host.api) == ("v1.37.1", "v1")
    assert (host.cores, host.memory) == (2, 25276510208)
    assert host.kernel.startswith("Linux 6.18.44")
    assert host.os == "Debian GNU/Linux 12 (bookworm)"
    assert (host.architecture, host.virtualization) == ("x86_64", "kvm")
    assert host.alerts == AlertCounts(warning=3, critical=0)


def test_a_newer_agent_tells_who_it_is_through_v1_too() -> None:
    host = V1.decode_host(recorded("2.11.0/standalone/info_v1.json"))
    assert (host.hostname, host.agent, host.api) == ("wo-child", "v2.11.0", "v1")
    assert host.timezone == "Etc/UTC"
    assert not V1.decode_host(recorded("1.37.1/info.json")).timezone


def test_a_parent_is_itself_and_not_one_of_its_children() -> None:
    info = json.loads(recorded("1.37.1/info.json"))
    info["mirrored_hosts_status"].reverse()
    info["mirrored_hosts"].reverse()
    assert V1.decode_host(json.dumps(info).encode()).hostname == "wo-old"


def test_alerts_that_an_agent_does_not_count_are_not_known_rather_than_none_raised() -> None:
    host = V1.decode_host(b'{"version": "v1.20", "uid": "guid"}')
    assert host.alerts is None
    assert host.hostname == "guid"


def test_alerts_came_with_the_description_and_are_not_asked_for() -> None:
    assert V1.node_request() is None
    assert V1.decode_node(b"", HOST) is HOST


def test_contexts_come_with_titles_and_units() -> None:
    contexts = {one.id: one for one in V1.decode_contexts(recorded("1.37.1/contexts.json"))}
    assert contexts["system.cpu"].units == "percentage"
    assert contexts["system.cpu"].title == "Total CPU utilization"


def test_a_tick_is_one_request_and_labels_and_cadences_are_asked_apart() -> None:
    assert V1.batches(PAGE) == [SECONDLY, (LOAD,), (SPACE,)]


def test_contexts_of_several_charts_are_asked_for_one_by_one() -> None:
    disks, nets = Metric("disk.io"), Metric("net.net")
    assert V1.batches((disks, CPU, nets)) == [(CPU,), (disks,), (nets,)]


def test_a_request_names_its_contexts_and_its_window() -> None:
    request = V1.data_request(SECONDLY, Query(SECONDLY, Window(300), 60), HOST)
    assert request.path == "/api/v1/data"
    assert request.params["context"] == "system.cpu|system.ram|system.io|system.net"
    assert (request.params["after"], request.params["points"]) == (-300, 60)
    assert request.params["options"] == "jsonwrap"
    assert "chart_label_key" not in request.params


def test_the_last_sample_of_a_window_that_is_over_is_asked_for_with_the_one_after_it() -> None:
    """Which an agent of 1.37 would leave out of `system.load`."""
    query = Query((LOAD,), Window(20, 1_000.0), 4)
    params = V1.data_request((LOAD,), query, HOST).params
    assert (params["after"], params["before"], params["points"]) == (980, 1005, 5)
    body = (
        b'{"dimension_names":["load1"],"chart_ids":["system.load"],"update_every":5,'
        b'"view_update_every":5,"result":{"data":[[1005,null],[1000,2.5],[995,2.0]]}}'
    )
    series = V1.decode_data(body, (LOAD,), query)[LOAD]
    assert series.times.tolist() == [995, 1000]
    assert series.values[:, 0].tolist() == [2.0, 2.5]


@pytest.mark.parametrize(
    "query",
    [Query((LOAD,), Window(300), 60), Query((LOAD,), Window(3600, 7200.0), 60)],
    ids=["live", "of averages"],
)
def test_no_more_is_asked_for_where_nothing_is_left_out(query: Query) -> None:
    params = V1.data_request((LOAD,), query, HOST).params
    assert params["points"] == query.points
    assert params.get("before") in (None, 7200)


def test_a_request_by_label_asks_for_it() -> None:
    request = V1.data_request((SPACE,), Query((SPACE,), Window(300), 60), HOST)
    assert request.params["chart_label_key"] == "mount_point"
