"""What changed, as charts."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from wodesk.models.catalogue import Catalogue
from wodesk.models.change import Change, Comparison, ranked
from wodesk.models.changed import Findings, Shift, finding_of, shift_of
from wodesk.models.metric import Column, Context, Series

NET = Context(
    "net.net",
    "kilobits/s",
    "Bandwidth",
    dimensions=("received", "sent"),
    instances=tuple(f"net.eth{n}" for n in range(10)),
)
REDIS = Context("redis.net", "kilobits/s", "Bandwidth", dimensions=("received", "sent"))


def title(catalogue: Catalogue, *changes: Change) -> str:
    """What the chart of the first context is called."""
    return finding_of(ranked(changes)[0], catalogue).spec.title


def test_a_title_names_the_only_interface_that_changed() -> None:
    changes = (Change("net.net", "net.eth7", name, 0.5) for name in NET.dimensions)
    assert title(Catalogue((NET,)), *changes) == "Bandwidth: eth7"


def test_a_title_of_several_interfaces_is_of_none_of_them() -> None:
    changes = (Change("net.net", name, "sent", 0.5) for name in NET.instances[:2])
    assert title(Catalogue((NET,)), *changes) == "Bandwidth"


def test_a_title_that_two_metrics_have_tells_which_it_is() -> None:
    both = Catalogue((NET, REDIS))
    assert title(both, Change("net.net", "net.eth1", "sent", 1.0)) == "Bandwidth: eth1 (net.net)"
    assert title(both, Change("redis.net", "redis.net", "sent", 1.0)) == "Bandwidth (redis.net)"


@pytest.mark.parametrize("known", [(), (replace(NET, title=""),)])
def test_without_a_title_the_id_is_said_once(known: tuple[Context, ...]) -> None:
    changes = (Change("net.net", name, "sent", 0.5) for name in NET.instances[:2])
    assert title(Catalogue(known), *changes) == "net.net"


def test_charts_are_made_as_they_are_wanted() -> None:
    ranking = ranked(Change(f"app.{n}", "a", "x", 1 - n / 100) for n in range(30))
    findings = Findings(ranking, Catalogue(()))
    assert (len(findings), findings.shown) == (30, ())
    for wanted, shown in ((12, 12), (12, 24), (12, 30)):
        findings.show(wanted)
        assert [one.spec.id for one in findings.shown] == [f"app.{n}" for n in range(shown)]


@pytest.mark.parametrize("before", [None, 3.0])
def test_what_shifted_is_called_by_what_tells_it_from_others(before: float | None) -> None:
    changes = [Change("net.net", one, "sent", 0.5, before, 41.0) for one in NET.instances[3:5]]
    finding = finding_of(ranked(changes)[0], Catalogue((NET,)))
    values = [[3.0, 0.0]] * 4 + [[41.0, 0.0]] * 4
    series = Series(
        times=np.arange(1.0, 9.0),
        values=np.array(values),
        columns=(Column("sent", "net.eth3"), Column("sent", "net.eth4")),
        units="kilobits/s",
        every=1.0,
    )
    shift = shift_of(finding, series, Comparison(0.0, 4.0, 8.0))
    assert shift == Shift(Column("sent", "eth3"), 3.0, 41.0)
