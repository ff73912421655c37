"""All that the worker may say."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from wodesk.models.event import Crash, Event
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.server import server_at

WATCH = Watch("web1", Metric("system.cpu"), Window(300), 60)


@pytest.mark.parametrize("event", get_args(Event), ids=lambda event: event.__name__)
def test_an_event_is_frozen(event: type[Any]) -> None:
    names = getattr(event, "__struct_fields__", None) or event.__dataclass_fields__
    made = event(**dict.fromkeys(names))
    for name in names:
        with pytest.raises(AttributeError, match=r"immutable|cannot assign"):
            setattr(made, name, None)


def test_a_frame_finds_its_watch_by_value() -> None:
    assert Watch("web1", Metric("system.cpu"), Window(300), 60) in {WATCH}
    assert Watch("web1", Metric("system.cpu"), Window(3600), 60) not in {WATCH}


def test_a_crash_tells_what_was_raised_and_where_and_none_of_its_words() -> None:
    try:
        server_at(1)  # type: ignore[arg-type]
    except Exception as exc:
        exc.args = ("hunter2",)
        crash = Crash.of("web1", exc)
    assert crash.server == "web1"
    assert crash.summary.startswith("AttributeError in wodesk.models.")
    assert " line " in crash.summary
    assert "hunter2" not in crash.summary
    assert Crash.of("web1", KeyError("hunter2")).summary == "KeyError"
