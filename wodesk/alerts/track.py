"""What is remembered of one alert: its level, its changes, and what the user was told of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.alert import Alert, Level

FLAP_CHANGES = 4
FLAP_WINDOW = 900.0
"""Seconds in which so many changes make an alert that flaps."""
FLAP_GROWTH, FLAP_LONGEST = 1.5, 3600.0
_CHANGES_KEPT = 32


class Held(StrEnum):
    """Why an alert is told in a digest rather than by itself."""

    NOT = ""
    AWAY = "away"
    QUIET = "quiet"


class Track(Struct, frozen=True):
    """One alert over time.

    All moments are on the steady clock, except for `told_at`, which is epoch seconds.

    Attributes:
        since: when it came to its level.
        rose: when it was raised last, coming from what is not raised.
        told: the level at which the user believes it to be; CLEAR if there is nothing to believe.
        tag: the notice by which the user was told.
        changes: when its level changed lately, for as long as that matters.
        flap_until: until when it counts as flapping; `flap_hold` is how long that was, and
            `flap_level` the level that is to be told of it, CLEAR when it was.
        acknowledged: the level up to which the user wants to hear no more; CLEAR if none.
        again: a snooze has ended, and it is to be told whatever was told before.
        held: it was due when nobody was to be told, and goes into the digest.
        rung: when it made itself heard last.
        is_new: it came to be critical after whatever the user has snoozed it with.
    """

    alert: Alert
    since: float
    rose: float
    told: Level = Level.CLEAR
    told_at: float | None = None
    tag: str = ""
    changes: tuple[float, ...] = ()
    flap_until: float | None = None
    flap_hold: float = 0.0
    flap_level: Level = Level.CLEAR
    acknowledged: Level = Level.CLEAR
    again: bool = False
    held: Held = Held.NOT
    rung: float = 0.0
    is_new: bool = False

    @property
    def level(self) -> Level:
        """The level that it has."""
        return self.alert.level

    @property
    def is_worse_than_told(self) -> bool:
        """Whether there is something to tell that disturbs."""
        return self.level.is_raised and (self.level > self.told or self.again)

    @property
    def is_better_than_told(self) -> bool:
        """Whether what the user believes is worse than what is."""
        return self.told.is_raised and self.level < self.told

    def is_over(self, steady: float) -> bool:
        """Whether nothing of it is worth remembering any more."""
        return (
            not self.level.is_raised
            and not self.told.is_raised
            and self.flap_until is None
            and (not self.changes or steady - self.changes[-1] > FLAP_WINDOW)
        )


def begun(alert: Alert, steady: float) -> Track:
    """An alert that nothing was known of, and that is raised."""
    is_new = alert.level is Level.CRITICAL
    return Track(alert, since=steady, rose=steady, changes=(steady,), is_new=is_new)


def came_to(track: Track, alert: Alert, steady: float) -> Track:
    """The alert has another level; what the user said of a better one does not count any more."""
    was, level = track.level, alert.level
    changes = track.changes
    if was.is_raised or level.is_raised:
        changes = (*recent(changes, steady), steady)[-_CHANGES_KEPT:]
    rises = level.is_raised and not was.is_raised
    track = replace(
        track,
        alert=alert,
        since=steady,
        rose=steady if rises else track.rose,
        changes=changes,
        acknowledged=track.acknowledged if level <= track.acknowledged else Level.CLEAR,
        again=track.again and level.is_raised,
        held=track.held if level.is_raised else Held.NOT,
        is_new=level is Level.CRITICAL and (track.is_new or was is not level),
    )
    if track.flap_until is None and len(changes) >= FLAP_CHANGES:
        return _flapping(track, max(was, level, track.told), steady)
    return track


def acknowledged(track: Track) -> Track:
    """The track once the user knows of the alert: only what is worse is told."""
    level = max(track.level, track.told)
    return replace(
        track,
        acknowledged=level,
        told=level,
        again=False,
        held=Held.NOT,
        flap_level=Level.CLEAR,
    )


def recent(changes: tuple[float, ...], steady: float) -> tuple[float, ...]:
    """The changes that count towards flapping."""
    return tuple(at for at in changes if steady - at < FLAP_WINDOW)


def aged(track: Track, steady: float) -> Track:
    """The track after some time: flapping goes on, with longer patience, or has ended."""
    if track.flap_until is None or steady < track.flap_until:
        return track
    if len(recent(track.changes, steady)) < FLAP_CHANGES:
        return replace(track, flap_until=None, flap_level=Level.CLEAR)
    hold = longer(track.flap_hold)
    return replace(track, flap_until=steady + hold, flap_hold=hold)


def longer(hold: float) -> float:
    """How long to be patient next time."""
    return min(FLAP_LONGEST, hold * FLAP_GROWTH) if hold else FLAP_WINDOW


def shifted(track: Track, by: float) -> Track:
    """The track on a steady clock that shows more by so many seconds."""
    return replace(
        track,
        since=track.since + by,
        rose=track.rose + by,
        changes=tuple(at + by for at in track.changes),
        flap_until=None if track.flap_until is None else track.flap_until + by,
        rung=track.rung + by,
    )


def _flapping(track: Track, level: Level, steady: float) -> Track:
    hold = longer(track.flap_hold)
    return replace(track, flap_until=steady + hold, flap_hold=hold, flap_level=level)
