"""Whether something is to be told of an alert, when, and what keeps it back until then."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct

from wodesk.alerts.moment import Moment
from wodesk.alerts.track import Held, Track
from wodesk.models.alert import AlertKey, Level, Origin
from wodesk.models.notice import NoticeKind, OwnAlert, Snooze
from wodesk.models.rule import AlertSettings

NEW_SERVER = 300.0
"""Seconds in which a server that was added says nothing that is not critical."""
LONGEST_DELAY = 7200.0
"""Seconds for which an agent may want nobody told, whatever it says."""
_FOR_EVER = 300 * 86_400.0
AT_ONCE = frozenset({OwnAlert.DENIED, OwnAlert.OFFLINE})
"""Alerts of wodesk's own that are certain when they are raised."""


class Circumstances(Struct, frozen=True):
    """All but the alert itself that decides whether somebody is told, at one moment.

    `grace_until` and `new_until` are on the steady clock, the other moments epoch seconds.

    Attributes:
        is_active: whether a server is watched at all.
        is_failing: whether a server does not answer.
        is_known: whether a server's alerts were read in this run of wodesk.
        new_until: until when a server is a new one.
        quiet_until: until when quiet hours hold for an alert.
        snooze: the snooze that covers an alert.
        clock: how a moment is written.
    """

    moment: Moment
    settings: AlertSettings
    grace_until: float
    do_not_disturb_until: float | None
    is_active: Callable[[str], bool]
    is_failing: Callable[[str], bool]
    is_known: Callable[[AlertKey], bool]
    new_until: Callable[[str], float]
    quiet_until: Callable[[str, Level], float | None]
    snooze: Callable[[Track], Snooze | None]
    clock: Callable[[float], str]


class Outlook(Struct, frozen=True):
    """What is to be told of an alert: nothing if `kind` is None.

    `due` is on the steady clock, infinite if that depends on something else than time.  `reason`
    is a sentence on what it waits for.  `held` says that it goes into a digest, `quietly` that it
    changes what was told and disturbs nobody.
    """

    kind: NoticeKind | None = None
    due: float = math.inf
    reason: str = ""
    held: Held = Held.NOT
    quietly: bool = False


def outlook(track: Track, around: Circumstances) -> Outlook:
    """What is to be told of an alert, and when, if everything stays as it is."""
    kind = _wanted(track, around)
    if kind is None:
        return Outlook(reason=_why_silent(track, around))
    quietly = kind in (NoticeKind.BETTER, NoticeKind.CLEARED) or (
        kind is NoticeKind.FLAPPING and max(track.flap_level, track.level) <= track.told
    )
    gate = _sight(track, around)
    if gate is None and not quietly:
        gate = _person(track, around) or _calm(track, around)
    due, reason = _delay(track, kind, around)
    if gate is not None:
        # What would have been told by now is told with others when the time has come.
        held = gate.held if due <= around.moment.steady else Held.NOT
        return Outlook(kind, max(due, gate.due), gate.reason, held, quietly)
    return Outlook(kind, due, reason, Held.NOT if quietly else track.held, quietly)


def _wanted(track: Track, around: Circumstances) -> NoticeKind | None:
    """What there would be to tell, if nothing kept it back."""
    every = around.settings.remind_every
    kind = None
    if track.flap_level.is_raised:
        kind = NoticeKind.FLAPPING
    elif track.is_worse_than_told:
        if track.level <= track.told:
            kind = NoticeKind.REMINDER
        else:
            kind = NoticeKind.WORSE if track.told.is_raised else NoticeKind.RAISED
    elif track.flap_until is not None:
        pass
    elif track.is_better_than_told:
        kind = NoticeKind.BETTER if track.level.is_raised else NoticeKind.CLEARED
    elif every and track.level is Level.CRITICAL and not track.acknowledged.is_raised:
        kind = NoticeKind.REMINDER
    return kind


def _why_silent(track: Track, around: Circumstances) -> str:
    """Why a raised alert of which there is nothing to tell is silent; empty if it was told."""
    if track.flap_until is not None:
        until = around.clock(around.moment.at(track.flap_until))
        return f"It comes and goes: nothing more is told before {until}."
    if track.acknowledged.is_raised:
        return "Acknowledged."
    return ""


def _sight(track: Track, around: Circumstances) -> Outlook | None:
    """What keeps wodesk from seeing how the alert stands."""
    key = track.alert.key
    if key.server and not around.is_active(key.server):
        return Outlook(reason="This server is not watched at present.")
    if key.origin is not Origin.WODESK and around.is_failing(key.server):
        return Outlook(reason="The server does not answer.")
    if not around.is_known(key):
        return Outlook(reason="It was not read since wodesk was started.")
    return None


def _person(track: Track, around: Circumstances) -> Outlook | None:
    """What keeps it back because somebody wants it so."""
    alert = track.alert
    if alert.silent:
        return Outlook(reason="The agent is set up to tell nobody of it.")
    snooze = around.snooze(track)
    if snooze is not None:
        if snooze.until is None:
            return Outlook(reason="Snoozed until it clears.")
        due = around.moment.steady + snooze.until - around.moment.wall
        return Outlook(due=due, reason=f"Snoozed{_until(snooze.until, around)}.")
    level = max(track.level, track.flap_level)
    if track.acknowledged.is_raised and level <= track.acknowledged:
        return Outlook(reason="Acknowledged.")
    return None


def _calm(track: Track, around: Circumstances) -> Outlook | None:
    """What keeps it back because this is not the time."""
    moment, level = around.moment, max(track.level, track.flap_level)
    if level < Level.CRITICAL and track.alert.key.server:
        until = around.new_until(track.alert.key.server)
        if moment.steady < until:
            when = around.clock(moment.at(until))
            return Outlook(due=until, reason=f"This server is new: warnings wait until {when}.")
    if moment.steady < around.grace_until:
        when = around.clock(moment.at(around.grace_until))
        reason = f"wodesk has only just begun to look: told at {when} if it stays."
        return Outlook(due=around.grace_until, reason=reason, held=Held.AWAY)
    quiet = around.do_not_disturb_until
    if quiet is not None:
        reason = f"Nobody is to be disturbed{_until(quiet, around)}."
    else:
        quiet = around.quiet_until(track.alert.key.server, level)
        if quiet is None:
            return None
        reason = f"Quiet hours until {around.clock(quiet)}."
    return Outlook(due=moment.steady + quiet - moment.wall, reason=reason, held=Held.QUIET)


def _until(wall: float, around: Circumstances) -> str:
    """Until when something holds that the user wants, if that is for people to see."""
    is_for_ever = wall - around.moment.wall > _FOR_EVER
    return "" if is_for_ever else f" until {around.clock(wall)}"


def _delay(track: Track, kind: NoticeKind, around: Circumstances) -> tuple[float, str]:
    """When it has lasted long enough to be told, and what to say until then."""
    moment, settings = around.moment, around.settings
    if kind in (NoticeKind.BETTER, NoticeKind.CLEARED):
        return track.since + settings.clear_delay, ""
    due = _patience(track, kind, settings)
    wanted = moment.steady + track.alert.notify_at - moment.wall
    asked = min(wanted, track.since + LONGEST_DELAY)
    when = around.clock(moment.at(max(due, asked)))
    if asked > max(due, moment.steady):
        return asked, f"The agent wants nobody told before {when}."
    return due, f"Told at {when} if it stays." if due > moment.steady else ""


def _patience(track: Track, kind: NoticeKind, settings: AlertSettings) -> float:
    if kind is NoticeKind.REMINDER and not track.again:
        return track.rung + settings.remind_every
    key = track.alert.key
    if kind in (NoticeKind.FLAPPING, NoticeKind.REMINDER) or track.level is Level.CRITICAL:
        return track.since
    if key.origin is Origin.RULE or (key.origin is Origin.WODESK and key.name in AT_ONCE):
        return track.since
    return track.rose + settings.warning_delay
