"""Snoozes: which one covers an alert, and which are over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from wodesk.alerts.moment import Moment
from wodesk.alerts.reach import snoozes
from wodesk.alerts.track import Track
from wodesk.models.alert import AlertKey, Origin
from wodesk.models.notice import OwnAlert, Snooze
from wodesk.models.rule import Reach
from wodesk.models.server import Server

_EXPECTED = frozenset({Reach.SERVER, Reach.TAG})
"""Who snoozes a server, or some, may be about to restart it."""

ServerOf = Callable[[str], Server | None]
Tracks = Mapping[AlertKey, Track]


def covering(
    known: Iterable[Snooze], track: Track, server: Server | None, *, critical_breaks: bool
) -> Snooze | None:
    """The snooze that covers an alert: of several the one that lasts longest.

    What has come to be critical since is covered by none of more alerts than one, if
    `critical_breaks`; but for the absence of a server that is snoozed.
    """
    key = track.alert.key
    found = [
        one
        for one in known
        if snoozes(one, key, server) and not (critical_breaks and _breaks(track, one))
    ]
    return max(
        found, key=lambda one: float("inf") if one.until is None else one.until, default=None
    )


def added(known: tuple[Snooze, ...], new: Snooze, tracks: Tracks) -> tuple[Snooze, ...]:
    """The snoozes with another one, in place of one for the same alerts."""
    if new.reach is Reach.ALERT and new.key is not None:
        track = tracks.get(new.key)
        new = replace(new, level=track.level if track is not None else None)
    return (*without(known, new), new)


def hushed(snooze: Snooze, tracks: Tracks, server_of: ServerOf) -> dict[AlertKey, Track]:
    """The tracks that a new snooze is for, as what the user knows and wants snoozed."""
    return {
        key: replace(track, is_new=False)
        for key, track in tracks.items()
        if track.is_new and snoozes(snooze, key, server_of(key.server))
    }


def without(known: tuple[Snooze, ...], ended: Snooze) -> tuple[Snooze, ...]:
    """The snoozes without the one for the same alerts."""
    return tuple(one for one in known if _aim(one) != _aim(ended))


def ended(
    known: Iterable[Snooze], tracks: Tracks, server_of: ServerOf, moment: Moment, patience: float
) -> set[Snooze]:
    """The snoozes that are over.

    By time; because what they wait for has been clear for `patience` seconds; or because their
    alert is worse than it was.  A snooze of more than one alert goes on for all others.
    """
    return {one for one in known if _is_over(one, tracks, server_of, moment, patience)}


def _is_over(
    snooze: Snooze, tracks: Tracks, server_of: ServerOf, moment: Moment, patience: float
) -> bool:
    if snooze.until is not None and snooze.until <= moment.wall:
        return True
    if snooze.reach is Reach.ALERT and snooze.key is not None:
        track = tracks.get(snooze.key)
        if track is not None and snooze.level is not None and track.level > snooze.level:
            return True
    if snooze.until is not None:
        return False
    return not any(
        track.level.is_raised or moment.steady - track.since < patience
        for key, track in tracks.items()
        if snoozes(snooze, key, server_of(key.server))
    )


def _breaks(track: Track, snooze: Snooze) -> bool:
    key = track.alert.key
    is_absence = key.origin is Origin.WODESK and key.name == OwnAlert.UNREACHABLE
    is_expected = is_absence and snooze.reach in _EXPECTED
    return track.is_new and snooze.reach is not Reach.ALERT and not is_expected


def _aim(snooze: Snooze) -> tuple[Reach, str, AlertKey | None]:
    return snooze.reach, snooze.target, snooze.key
