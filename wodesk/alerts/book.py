"""The tracks of all alerts, and what of them is to be written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from wodesk.alerts.moment import Moment
from wodesk.alerts.track import Track, aged, begun, came_to, shifted
from wodesk.models.alert import Alert, AlertKey, Level
from wodesk.models.notice import AlertChange


class Entries(Struct, frozen=True):
    """What has changed since the last time that this was asked for."""

    changes: tuple[AlertChange, ...] = ()
    tracks: tuple[Track, ...] = ()
    gone: tuple[AlertKey, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.tracks or self.gone)


class Book:
    """All tracks by their keys; remembers which have changed in more than a value."""

    def __init__(self) -> None:
        self.tracks: dict[AlertKey, Track] = {}
        self._changes: list[AlertChange] = []
        self._dirty: set[AlertKey] = set()
        self._gone: set[AlertKey] = set()

    def restore(self, tracks: Iterable[Track], by: float) -> None:
        """Go on with tracks from before, on a steady clock that shows more by so many seconds."""
        for track in tracks:
            self.put(shifted(track, by))

    def level(self, key: AlertKey) -> Level:
        """The level of an alert; one that is not known is clear."""
        track = self.tracks.get(key)
        return track.level if track is not None else Level.CLEAR

    def of_server(self, server_id: str) -> dict[AlertKey, Track]:
        """The tracks of one server."""
        return {key: one for key, one in self.tracks.items() if key.server == server_id}

    def come_to(self, alert: Alert, at: float, moment: Moment, *, while_away: bool) -> None:
        """An alert has come to its level at `at` (epoch seconds)."""
        track, old = self.tracks.get(alert.key), self.level(alert.key)
        steady = moment.steady - max(0.0, moment.wall - at)
        if track is None:
            if not alert.level.is_raised:
                return
            track = begun(alert, steady)
        else:
            track = came_to(track, alert, max(track.since, steady))
        self.put(track)
        self._changes.append(AlertChange(0, at, alert, old, while_away=while_away))

    def renew(self, alert: Alert) -> None:
        """An alert is at the level that it was at, with another value or in other words."""
        track = self.tracks.get(alert.key)
        if track is None or track.alert == alert:
            return
        if (track.alert.silent, track.alert.notify_at) != (alert.silent, alert.notify_at):
            self._dirty.add(alert.key)
        self.tracks[alert.key] = replace(track, alert=alert)

    def put(self, track: Track) -> None:
        """Take a track in the place of the one that it was."""
        self.tracks[track.alert.key] = track
        self._dirty.add(track.alert.key)
        self._gone.discard(track.alert.key)

    def put_all(self, tracks: Mapping[AlertKey, Track]) -> None:
        """Take several."""
        for track in tracks.values():
            self.put(track)

    def remove(self, keys: Iterable[AlertKey]) -> None:
        """Forget some alerts."""
        for key in list(keys):
            if self.tracks.pop(key, None) is not None:
                self._dirty.discard(key)
                self._gone.add(key)

    def age(self, steady: float) -> None:
        """Have time go on: flapping ends, and what is over is forgotten."""
        for track in list(self.tracks.values()):
            older = aged(track, steady)
            if older is not track:
                self.put(older)
        self.remove([key for key, track in self.tracks.items() if track.is_over(steady)])

    def entries(self) -> Entries:
        """What is to be written down; asked for once."""
        found = Entries(
            tuple(self._changes),
            tuple(self.tracks[key] for key in sorted(self._dirty)),
            tuple(sorted(self._gone)),
        )
        self._changes.clear()
        self._dirty.clear()
        self._gone.clear()
        return found
