"""No sequence of events misses a critical alert, nor tells of the same one twice."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.alerts.world import NAMES, SERVERS, World
from wodesk.models.alert import AlertKey, Level, Origin

Act = tuple[object, ...]
"""The name of a method of the world, and its arguments."""

KEYS = [
    AlertKey(server.id, Origin.AGENT, name, f"chart.{name}") for server in SERVERS for name in NAMES
]
AGES = (1.0, 9.0, 31.0, 61.0, 95.0, 310.0)
AWAY = (1.0, 100.0, 5_000.0, 200_000.0)


def _named(
    name: str, *strategies: st.SearchStrategy[object]
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.tuples(st.just(name), *strategies)


SERVER = st.sampled_from([server.id for server in SERVERS])
KEY = st.sampled_from(KEYS)
FEW_KEYS = st.sampled_from([KEYS[0], KEYS[0], *KEYS])
LEVEL = st.sampled_from([Level.CLEAR, Level.WARNING, Level.CRITICAL, Level.CRITICAL])
COMES = st.tuples(st.just("come"), FEW_KEYS, LEVEL)
LASTS = st.tuples(st.just("wait"), st.sampled_from(AGES))
QUIET = (
    _named("change", KEY, st.sampled_from([Level.CLEAR, Level.UNKNOWN, Level.CRITICAL])),
    _named("look", SERVER),
    _named("look_late", SERVER),
    _named("fail", SERVER),
    _named("fail", SERVER),
    _named("snooze", KEY, st.sampled_from((30.0, 900.0, 3600.0))),
    _named("snooze_server", SERVER, st.sampled_from((30.0, 900.0, 3600.0))),
    _named("acknowledge", KEY),
)
RUDE = (
    _named("set_clock", st.sampled_from((-90_000.0, -3600.0, -5.0, 5.0, 3600.0, 90_000.0))),
    _named("kill", st.sampled_from(AWAY)),
    _named("kill_while_settling", st.sampled_from(AWAY)),
    _named("disturb_not", st.sampled_from((30.0, 900.0))),
)
ACTS = st.one_of(*[COMES] * 8, *[LASTS] * 6, *QUIET, *QUIET, *RUDE)


def play(acts: list[Act], before: float = 400.0) -> World:
    """Let things happen from `before` seconds after the start on, then leave time to tell them."""
    world = World()
    for server in SERVERS:
        world.look(server.id)
    world.wait(before)
    for name, *arguments in acts:
        if name == "look_late":
            world.look(str(arguments[0]), lost=1)
        elif name == "come":
            world.change(*arguments)  # type: ignore[arg-type]
            world.look(arguments[0].server)  # type: ignore[attr-defined]
        else:
            getattr(world, str(name))(*arguments)
    for server in SERVERS:
        world.look(server.id)
    world.wait(1000.0)
    return world


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=40), st.sampled_from((0.0, 400.0)))
def test_no_critical_alert_is_missed_and_none_is_told_twice(acts: list[Act], before: float) -> None:
    """What "missed" and "twice" mean here.

    The user knows nothing but the notices.  A notice that disturbs tells the level of its alerts;
    one that does not, puts right what was told.  What the user believes of an alert is what the
    last of these said.

    *Missed* is an alert that the agent has called critical, to a wodesk that runs and has read it
    from a server that has not failed since, for longer than two times of grace, while nobody has
    snoozed it or wanted not to be disturbed: and the user does not believe that it is critical.
    A snooze of its server is no excuse for an alert that comes to be critical after that.
    The same holds for a server that has failed three times, for a minute and that time.

    *Twice* is a notice that disturbs and tells of nothing that is worse than what the user
    believes, or that comes back from a snooze that has ended.  Nor may any disturb in the 90 s
    after a start, in spite of a snooze, or when nobody is to be disturbed; nor may something
    worse be told quietly.

    In between clocks are set, machines sleep, polls fail, logs are late, and wodesk is killed: with
    all that was written down, or just before that.  (Killed between writing down and telling, it
    has told the user nothing and believes that it has: the price for never telling twice.  What is
    raised is on the board and in the tray all the same.)
    """
    play(acts, before)


@pytest.mark.parametrize("seed", range(40))
def test_long_walks_end_no_otherwise(seed: int) -> None:
    """The same over weeks rather than minutes, in which alerts flap, worsen and come back.

    Some of the walks have no rude awakenings in them, which forgive a lot.
    """
    chance = random.Random(seed)
    rude = chance.choice((0, 1, 3))
    weights = [30, 30, 3, 6, 3, 8, 2, 2, 2, rude, rude, rude, rude]
    play([_act(chance, name) for name in chance.choices(list(CHOICES), weights, k=150)])


SERVER_IDS = [server.id for server in SERVERS]
LEVELS = [Level.CLEAR, Level.WARNING, Level.CRITICAL]
CHOICES: dict[str, tuple[Sequence[object], ...]] = {
    "come": (KEYS, LEVELS),
    "wait": (AGES,),
    "change": (KEYS, [*LEVELS, Level.UNKNOWN]),
    "look": (SERVER_IDS,),
    "look_late": (SERVER_IDS,),
    "fail": (SERVER_IDS,),
    "snooze": (KEYS, (30.0, 900.0, 3600.0)),
    "snooze_server": (SERVER_IDS, (30.0, 900.0, 3600.0)),
    "acknowledge": (KEYS,),
    "set_clock": ((-90_000.0, -3600.0, -5.0, 5.0, 3600.0, 90_000.0),),
    "kill": (AWAY,),
    "kill_while_settling": (AWAY,),
    "disturb_not": ((30.0, 900.0),),
}
"""What may happen in a walk, and with what."""


def _act(chance: random.Random, name: str) -> Act:
    """Something that happens; mostly to one of two alerts, so that these have a story."""
    arguments = [chance.choice(choices) for choices in CHOICES[name]]
    if arguments[0] in KEYS and chance.random() < 0.6:
        arguments[0] = chance.choice(KEYS[:2])
    return (name, *arguments)
