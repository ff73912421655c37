"""Everything that an agent measures, from recorded answers and from agents of every version."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings

from tests.client.asking import CPU, JSON, NET, SPACE, netdata_at, recorded
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client import netdata_v1_samples
from wodesk.client.catalogues import MAX_NAMES, catalogue_of_charts, catalogue_of_contexts
from wodesk.client.local import LocalSource
from wodesk.models.errors import BadAnswer
from wodesk.models.metric import Column, Context, Metric, Query, Series, Window

MOUNTS = {"/", "/srv/wo/mnt/My Data", "/srv/wo/mnt/srv.backup-1"}


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    with ReplayAgent(request.param) as agent:
        yield agent


def by_id(contexts: tuple[Context, ...]) -> dict[str, Context]:
    return {context.id: context for context in contexts}


def test_a_recorded_list_of_v3_has_all_that_can_be_chosen() -> None:
    found = by_id(catalogue_of_contexts(recorded("2.11.0/parent/contexts_core.json")))
    space = found["disk.space"]
    assert (space.title, space.units, space.priority) == ("Disk Space Usage", "GiB", 2023)
    assert space.dimensions == ("avail", "used", "reserved for root")
    assert "disk_space./srv/wo/mnt/données" in space.instances
    assert dict(space.labels)["filesystem"] == ("overlay", "ext4", "tmpfs")
    assert space.first_entry == 1795405761
    assert space.is_live


def test_a_recorded_list_of_the_charts_of_v1_becomes_its_contexts() -> None:
    body = recorded("1.37.1/charts.json")
    charts = json.loads(body)["charts"]
    found = by_id(catalogue_of_charts(body))
    assert found.keys() == {chart["context"] for chart in charts.values()}
    assert sum(len(context.instances) for context in found.values()) == len(charts)
    space = found["disk.space"]
    assert (space.title, space.units, space.every) == ("Disk Space Usage", "GiB", 1)
    assert space.dimensions == ("avail", "used", "reserved for root")
    assert set(dict(space.labels)["mount_point"]) == MOUNTS
    assert found["system.load"].every == 5
    assert found["system.net"].dimensions == ("received", "sent")
    assert found["system.io"].dimensions == ("reads", "writes")


def test_the_title_of_a_chart_that_has_a_name_besides_its_id_goes_without_the_name() -> None:
    chart = json.loads(recorded("2.11.0/v1/chart_named.json"))
    assert chart["name"] != chart["id"]
    (context,) = catalogue_of_charts(json.dumps({"charts": {chart["id"]: chart}}).encode())
    assert context.title == "Training status of dimensions"
    assert context.instances == (chart["id"],)


def test_a_chart_that_ended_long_before_the_others_is_not_live() -> None:
    chart = {"id": "a.b", "context": "a", "last_entry": 1000}
    body = json.dumps({"charts": {"x": chart, "y": chart | {"context": "b", "last_entry": 2000}}})
    found = by_id(catalogue_of_charts(body.encode()))
    assert not found["a"].is_live
    assert found["b"].is_live


def test_an_older_v2_tells_less() -> None:
    found = by_id(catalogue_of_contexts(b'{"contexts":{"system.cpu":{"family":"cpu"}}}'))
    assert found["system.cpu"] == Context("system.cpu", "", family="cpu")


def test_more_names_than_anybody_looks_at_are_cut() -> None:
    context = {"dimensions": [str(number) for number in range(5000)]}
    body = json.dumps({"contexts": {"a.b": context}}).encode()
    assert len(catalogue_of_contexts(body)[0].dimensions) == MAX_NAMES


def test_more_contexts_than_an_agent_has_are_refused() -> None:
    body = json.dumps({"contexts": {str(number): {} for number in range(20_001)}}).encode()
    with pytest.raises(BadAnswer, match="more than 20,000"):
        catalogue_of_contexts(body)


@given(JSON)
@settings(deadline=None)
def test_whatever_the_answer_it_is_a_list_or_refused(document: object) -> None:
    for decode, key in ((catalogue_of_contexts, "contexts"), (catalogue_of_charts, "charts")):
        for body in (document, {key: document}, {key: {"a": document}}):
            try:
                found = decode(json.dumps(body).encode())
            except BadAnswer:
                continue
            assert all(isinstance(context, Context) for context in found)


@pytest.mark.anyio
async def test_an_agent_of_every_version_lists_dimensions_instances_and_labels(
    agent: ReplayAgent,
) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        found = by_id(await source.catalogue())
    assert len(agent.requests) == 1
    space = found["disk.space"]
    assert set(dict(space.labels)["mount_point"]) >= MOUNTS
    assert {"avail", "used", "reserved for root"} <= set(space.dimensions)
    assert len(space.instances) >= 3
    assert found["system.net"].dimensions[:2] == ("received", "sent")


@pytest.mark.anyio
async def test_this_machine_lists_what_it_measures() -> None:
    async with LocalSource().sampling() as source:
        found = by_id(await source.catalogue())
        one = Metric(SPACE.context, by_instance=True, dimensions=("used",))
        answer = await source.history(Query((one,), Window(60), 6))
    assert found["system.ram"].dimensions == ("free", "used", "cached", "buffers")
    space = found["disk.space"]
    assert dict(space.labels)["mount_point"] == space.instances
    assert answer.series[one].columns == tuple(Column("used", name) for name in space.instances)


# Grouped and filtered.


async def series_of(agent: ReplayAgent, *metrics: Metric) -> list[Series]:
    end = math.floor(time.time()) // 60 * 60 - 60
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        answer = await source.history(Query(metrics, Window(300, end), 5))
    return [answer.series[metric] for metric in metrics]


@pytest.mark.anyio
async def test_a_metric_by_instance_has_a_line_for_each_chart_of_the_agent(
    agent: ReplayAgent,
) -> None:
    by_instance = Metric("disk.space", by_instance=True)
    (whole, split, by_mount) = await series_of(agent, Metric("disk.space"), by_instance, SPACE)
    assert len(split.instances()) == len(by_mount.instances()) >= 3
    root = {"1.37.1": "disk_space._"}.get(agent.version, "disk_space./")
    assert np.array_equal(split[Column("used", root)], by_mount[Column("used", "/")])
    added = sum(split[Column("used", name)] for name in split.instances())
    assert added == pytest.approx(whole[Column("used")], abs=1e-5)


@pytest.mark.anyio
async def test_only_the_dimensions_that_are_wanted_come(agent: ReplayAgent) -> None:
    wanted = Metric("system.net", dimensions=("sent",))
    few, all_of_it = await series_of(agent, wanted, NET)
    assert few.columns == (Column("sent"),)
    assert np.array_equal(few[Column("sent")], all_of_it[Column("sent")])


@pytest.mark.anyio
async def test_only_the_instances_that_are_wanted_are_added_up(agent: ReplayAgent) -> None:
    split = Metric("disk.space", by_instance=True)
    (every,) = await series_of(agent, split)
    first, second, *_ = every.instances()
    wanted = Metric("disk.space", instances=(first, second))
    (some,) = await series_of(agent, wanted)
    added = every[Column("used", first)] + every[Column("used", second)]
    assert some[Column("used")] == pytest.approx(added, abs=1e-5)


@pytest.mark.anyio
async def test_only_the_instances_with_a_label_that_is_wanted_come(agent: ReplayAgent) -> None:
    either = (("mount_point", "/"), ("mount_point", "/srv/wo/mnt/My Data"))
    one = Metric("disk.space", "mount_point", labels=either)
    both = Metric("disk.space", "mount_point", labels=(*either, ("filesystem", "tmpfs")))
    some, fewer = await series_of(agent, one, both)
    assert set(some.instances()) == {"/", "/srv/wo/mnt/My Data"}
    assert fewer.instances() == ("/srv/wo/mnt/My Data",)


@pytest.mark.anyio
async def test_a_name_with_a_sign_of_patterns_in_it_means_itself(agent: ReplayAgent) -> None:
    wanted = Metric("disk.space", dimensions=("a|b,c*", "!d\\"), labels=(("k", "x|y"),))
    (none,) = await series_of(agent, wanted)
    assert none.columns == ()
    (_, params), *_ = (one for one in agent.requests if one[0].endswith("/data"))
    if agent.version != "1.37.1":
        assert params["dimensions"] == r"a\|b\,c\*|\!d\\"
        assert params["labels"] == r"k:x\|y"


@pytest.mark.anyio
async def test_what_is_filtered_does_not_share_a_request_with_what_is_not(
    agent: ReplayAgent,
) -> None:
    await series_of(agent, CPU, NET, Metric("system.net", dimensions=("sent",)))
    assert len(agent.requests) == 2


@pytest.mark.anyio
async def test_units_that_answers_do_not_tell_are_asked_for_once(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As all but a few contexts are to the client of v1.
    monkeypatch.delitem(netdata_v1_samples._UNITS, "disk.space")
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        query = Query((SPACE, CPU), Window(300), 5)
        answers = [await source.history(query) for _ in range(3)]
    for answer in answers:
        assert answer.series[SPACE].units == "GiB"
        assert answer.series[CPU].units == "percentage"
    lists = sum(path.endswith("/contexts") for path, _ in agent.requests)
    assert lists == (agent.version == "1.37.1")
