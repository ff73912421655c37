"""All that the worker may say."""

from __future__ import annotations

import dataclasses
from typing import get_args

import numpy as np
import pytest

from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import Connected, Connecting, Crash, Event, Failure, Frame
from wodesk.models.host import Host
from wodesk.models.metric import Metric, Series, Watch, Window

WATCH = Watch("web1", Metric("system.cpu"), Window(300), 60)
EVENTS: tuple[Event, ...] = (
    Connecting("web1"),
    Connected("web1", Host("web1", "guid", "v2.11.0", "v3")),
    Frame(WATCH, Series(np.empty(0), np.empty((0, 0)), (), "", 1), 1.0, 2.0, 0.1, 1.0),
    Failure("web1", FailureKind.TIMEOUT, Hop.HTTP, "It is silent.", "", retry_in=None),
    Crash("web1", "ValueError: 1"),
)


def test_every_event_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_frozen(event: Event) -> None:
    for field in dataclasses.fields(event):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(event, field.name, None)


def test_a_frame_finds_its_watch_by_value() -> None:
    assert Watch("web1", Metric("system.cpu"), Window(300), 60) in {WATCH}
    assert Watch("web1", Metric("system.cpu"), Window(3600), 60) not in {WATCH}
