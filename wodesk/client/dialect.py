"""What differs between the versions of Netdata's API, and the names they are brought to."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct

from wodesk.models.change import Change, Comparison, ContextChange, ranked
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.host import Host
from wodesk.models.metric import Context, Metric, Newest, Query, Series

Decoded = TypeVar("Decoded")

MAX_ROWS = 20_000
MAX_COLUMNS = 1_000
_COUNT_DIGITS = 18
LATEST = 4e9
"""Epoch seconds, in the year 2096: what is later was not measured."""
ZONE_LABEL = "_timezone"
"""The label of a host that names its time zone; agents of 1.37 have none."""
MIRRORED = frozenset(
    {"system.io", "system.net", "disk.io", "net.net", "system.ipv4", "system.ipv6"}
)
"""Contexts whose second direction Netdata reports as negative numbers."""
OUTWARD = frozenset({"sent", "writes", "out"})
"""Dimensions that are reported so in other contexts, too."""

_ALIASES = {
    "system.io": {"in": "reads", "out": "writes"},
    "system.net": {"InOctets": "received", "OutOctets": "sent"},
    "mem.available": {"MemAvailable": "avail"},
}


class _Context(msgspec.Struct):
    units: str = ""
    title: str = ""
    family: str = ""


class _Contexts(msgspec.Struct):
    contexts: dict[str, _Context]


_contexts = msgspec.json.Decoder(_Contexts)


class Request(Struct, frozen=True):
    """A GET below the agent's base URL."""

    path: str
    params: Mapping[str, str | int]


class TimeGroup(StrEnum):
    """What becomes of the samples of one bucket."""

    AVERAGE = "average"
    MIN = "min"
    MAX = "max"


_ALONE = (TimeGroup.AVERAGE,)


def time_groups(batch: Sequence[Metric], query: Query) -> tuple[TimeGroup, ...]:
    """What to ask for: the average, and the extremes where a bucket holds several samples."""
    return tuple(TimeGroup) if query.band and query.bucket > batch[0].every else _ALONE


class Dialect(Protocol):
    """One version of the API: requests to make and pure decoders of their answers.

    Decoders raise `BadAnswer` and nothing else.
    """

    @property
    def api(self) -> str:
        """The version as the URL has it: `v1`, `v2` or `v3`."""
        ...

    def host_request(self) -> Request:
        """What to ask to learn who answers; also the probe for this version."""
        ...

    def decode_host(self, body: bytes) -> Host:
        """Who answers."""
        ...

    def node_request(self) -> Request | None:
        """What to ask for what the host's answer lacks: raised alerts, and its time zone."""
        ...

    def decode_node(self, body: bytes, host: Host) -> Host:
        """The host with them, as far as they are told."""
        ...

    def contexts_request(self) -> Request:
        """What to ask for the list of contexts."""
        ...

    def decode_contexts(self, body: bytes) -> tuple[Context, ...]:
        """The contexts."""
        ...

    def catalogue_request(self, host: Host) -> Request:
        """What to ask for the contexts with all that can be chosen of them."""
        ...

    def decode_catalogue(self, body: bytes) -> tuple[Context, ...]:
        """The contexts with their dimensions, instances and labels."""
        ...

    def changes_request(self, comparison: Comparison, host: Host) -> Request:
        """What to ask for what changed in a window."""
        ...

    def decode_changes(self, body: bytes) -> tuple[Change, ...]:
        """The changes, in the agent's order."""
        ...

    def batches(self, metrics: Sequence[Metric]) -> list[tuple[Metric, ...]]:
        """The metrics in as few groups as one request each can answer."""
        ...

    def data_request(
        self,
        batch: Sequence[Metric],
        query: Query,
        host: Host,
        time_group: TimeGroup = TimeGroup.AVERAGE,
        *,
        of_samples: bool = False,
    ) -> Request:
        """What to ask for the samples of one batch.

        With `of_samples`, outgoing traffic alone, from no condensed tier.
        """
        ...

    def decode_data(
        self, body: bytes, batch: Sequence[Metric], query: Query
    ) -> dict[Metric, Series]:
        """The samples of one batch; a metric without any has no key.  Loads numpy."""
        ...

    def decode_newest(self, body: bytes, now: float) -> Newest:
        """The newest sample in the same answer of one plain metric; loads no numpy."""
        ...


def decoded(
    decoder: msgspec.json.Decoder[Decoded], body: bytes, what: str, hop: Hop = Hop.DATA
) -> Decoded:
    """`body` as the type of `decoder`; raises `BadAnswer` for anything else."""
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as exc:
        # msgspec names types and places, never values.
        raise garbled(what, _uncapitalised(str(exc).rstrip(".")), hop) from exc
    except UnicodeDecodeError as exc:
        raise garbled(what, "it is not UTF-8", hop) from exc
    except RecursionError as exc:
        raise garbled(what, "it is nested too deep", hop) from exc


@contextmanager
def collector_paused() -> Iterator[None]:
    """Make thousands of objects without the cyclic collector going through them again and again.

    What JSON becomes has no cycles.  Let go of it before the pause ends, as the collector makes up
    for what it has missed.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def most_changed(dialect: Dialect, body: bytes) -> tuple[ContextChange, ...]:
    """The changes in an answer in their order; what they are made of goes at once.

    Hundreds of thousands of objects that stay would stop all threads when they are collected.
    """
    with collector_paused():
        return ranked(dialect.decode_changes(body))


def contexts_of(body: bytes) -> tuple[Context, ...]:
    """The contexts of an answer, in the agent's order; their form is the same in every version."""
    contexts = decoded(_contexts, body, "list of contexts", Hop.CHARTS).contexts
    return tuple(Context(id, c.units, c.title, c.family) for id, c in contexts.items())


def garbled(
    what: str, reason: str = "it is not what Netdata sends", hop: Hop = Hop.DATA
) -> BadAnswer:
    """The error for an answer that does not have the form of `what`; the body is not quoted."""
    return BadAnswer(
        f"The agent's {what} cannot be read: {reason}.",
        hop=hop,
        advice="Is it a Netdata of a version between 1.37 and 2, with nothing before it that "
        "changes its answers?",
    )


def _uncapitalised(text: str) -> str:
    """The text within a sentence: `Expected` loses its capital, `JSON` does not."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def count_of(text: str) -> int | None:
    """A number that an agent sends as text, if it is one."""
    plausible = text.isascii() and text.isdigit() and len(text) <= _COUNT_DIGITS
    return int(text) if plausible else None


def window_params(query: Query) -> dict[str, str | int]:
    """The parameters of a window.

    Live windows are relative, so that the agent's own clock counts.  They are aligned, so that a
    bucket that was closed never changes.
    """
    params: dict[str, str | int] = {"after": -query.window.seconds, "points": query.points}
    if query.window.before is not None:
        # An agent of 1.37 rounds an end within a bucket up, which may be in the future.
        before = int(query.window.before // query.bucket) * query.bucket
        params |= {"after": before - query.window.seconds, "before": before}
    return params


def of_samples_params(batch: Sequence[Metric]) -> dict[str, str | int]:
    """The parameters that keep an agent from answering out of what it has condensed."""
    wanted = batch[0].dimensions or sorted(OUTWARD)
    return {"tier": 0, "dimensions": "|".join(map(literal, wanted))}


def literal(name: str) -> str:
    """A name as a pattern: what separates patterns, or stands for anything, stands for itself."""
    return re.sub(r"([\\|,*!])", r"\\\1", name)


def by_cadence(metrics: Iterable[Metric]) -> list[tuple[Metric, ...]]:
    """The metrics in groups of one cadence each.

    Asked together, a metric that is collected every 5 s would cost the others their newest rows,
    which the agent cuts until it has all of them (seen: up to three buckets).
    """
    groups: dict[int, list[Metric]] = {}
    for metric in metrics:
        groups.setdefault(metric.every, []).append(metric)
    return [tuple(group) for group in groups.values()]


def canonical(context: str, dimension: str) -> str:
    """The name that a dimension has in the newest version of the API."""
    return _ALIASES.get(context, {}).get(dimension, dimension)
