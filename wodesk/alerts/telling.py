"""Makes notices of what is due: by themselves, a few at once, as a summary or as a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wodesk.alerts.links import is_offline_alert
from wodesk.alerts.moment import Moment
from wodesk.alerts.outlook import Outlook
from wodesk.alerts.state import Away
from wodesk.alerts.texts import Words, plural
from wodesk.alerts.track import Held, Track
from wodesk.models.alert import Alert, AlertKey, Level
from wodesk.models.notice import Notice, NoticeKind

PAUSE = 10.0
"""Seconds from one batch of notices to the next; what is due meanwhile comes together."""
MOST_AT_ONCE = 3
SUMMARY, DIGEST = "summary", "digest"
_SHARED = frozenset({SUMMARY, DIGEST})
_OVER = frozenset({NoticeKind.BETTER, NoticeKind.CLEARED})

Due = tuple[Track, Outlook]
Tracks = Mapping[AlertKey, Track]


class Told(Struct):
    """Notices, and the tracks as they are once these are out."""

    notices: list[Notice] = []
    tracks: dict[AlertKey, Track] = {}


class Past(Struct, frozen=True):
    """What changed since nobody was there, and the servers of which that may not be all."""

    away: Sequence[Away] = ()
    gaps: Sequence[str] = ()


class Teller:
    """Decides what comes together.  The first notice goes out at once; the pause follows."""

    def __init__(self) -> None:
        self.next_batch = 0.0

    def tell(
        self, due: Iterable[Due], past: Past, tracks: Tracks, moment: Moment, words: Words
    ) -> Told:
        """The notices of what is due, and of what has been since nobody was there."""
        told = Told()
        loud: list[Due] = []
        quiet: list[Due] = []
        held: list[Due] = []
        for track, outlook in due:
            group = quiet if outlook.quietly else held if outlook.held else loud
            group.append((track, outlook))
        if held or past.away:
            self._digest(told, held, past, moment, words)
        if loud and moment.steady >= self.next_batch:
            self._batch(told, loud, tracks, moment, words)
            self.next_batch = moment.steady + PAUSE
        self._update(told, quiet, tracks, moment, words)
        return told

    def _batch(
        self, told: Told, due: list[Due], tracks: Tracks, moment: Moment, words: Words
    ) -> None:
        """Each by itself, or all in one notice if they are many."""
        several = [one for one in due if not is_offline_alert(one[0].alert.key)]
        if len(several) > MOST_AT_ONCE:
            alone = [one for one in due if is_offline_alert(one[0].alert.key)]
            new = [_at_worst(track).alert for track, _ in several]
            alerts = {alert.key: alert for alert in (*_as_told(SUMMARY, tracks), *new)}
            for track, outlook in several:
                told.tracks[track.alert.key] = _loud(track, outlook, SUMMARY, moment)
            summary = _summary(SUMMARY, alerts.values(), moment, words)
            told.notices.append(replace(summary, instead=_tags_of(several)))
        else:
            alone = due
        for track, outlook in alone:
            tag = tag_of(track.alert.key)
            told.tracks[track.alert.key] = _loud(track, outlook, tag, moment)
            told.notices.append(_single(track, outlook, tag, moment, words))

    def _digest(self, told: Told, due: list[Due], past: Past, moment: Moment, words: Words) -> None:
        """All that was not told when it was due, and what is over again."""
        alerts = _worst_first(_at_worst(track).alert for track, _ in due)
        over = [one for one in past.away if not one.level.is_raised]
        for track, outlook in due:
            told.tracks[track.alert.key] = _loud(track, outlook, DIGEST, moment)
        was_away = bool(past.away) or any(outlook.held is Held.AWAY for _, outlook in due)
        if not alerts and not over:
            return
        parts = [words.count(alerts)] if alerts else []
        parts += [f"{plural(len(over), 'alert')} came and went"] if over else []
        title = "While you were away: " if was_away else "After quiet time: "
        body = [words.lines(alerts)] if alerts else []
        body += [words.went(over)] if over else []
        body += [words.missing(past.gaps)] if past.gaps else []
        told.notices.append(
            Notice(
                DIGEST,
                NoticeKind.DIGEST,
                max((alert.level for alert in alerts), default=Level.CLEAR),
                title + ", ".join(parts),
                "\n".join(body),
                moment.wall,
                keys=tuple(alert.key for alert in alerts),
                instead=_tags_of(due),
            )
        )

    def _update(
        self, told: Told, due: list[Due], tracks: Tracks, moment: Moment, words: Words
    ) -> None:
        """Change what is on the screen already, and disturb nobody."""
        shared = set()
        for track, outlook in due:
            key = track.alert.key
            if track.tag in _SHARED:
                # That it flaps is no reason to take it out of a list where it stays.
                shared |= {track.tag} if outlook.kind in _OVER else set()
            else:
                tag = tag_of(key)
                told.notices.append(_single(track, outlook, tag, moment, words))
            told.tracks[key] = _quietly(track, outlook)
        for tag in sorted(shared):
            alerts = _as_told(tag, {**tracks, **told.tracks})
            told.notices.append(replace(_summary(tag, alerts, moment, words), quietly=True))


def tag_of(key: AlertKey) -> str:
    """The tag of notices of one alert alone."""
    # No name holds a line end, so that no two alerts have one tag.
    return "\n".join((key.origin, key.server, key.name, key.instance))


def _loud(track: Track, outlook: Outlook, tag: str, moment: Moment) -> Track:
    """The track once the user was told in a way that disturbs."""
    level = track.level
    if outlook.kind is NoticeKind.FLAPPING:
        level = max(track.told, track.flap_level, level)
    return replace(
        track,
        told=level,
        told_at=moment.wall,
        tag=tag,
        again=False,
        held=Held.NOT,
        flap_level=Level.CLEAR,
        rung=moment.steady,
    )


def _quietly(track: Track, outlook: Outlook) -> Track:
    """The track once what was told of it is put right."""
    if outlook.kind is NoticeKind.FLAPPING:
        return replace(track, flap_level=Level.CLEAR)
    if track.level.is_raised:
        known = min(track.acknowledged, track.level)
        return replace(track, told=track.level, acknowledged=known)
    return replace(track, told=Level.CLEAR, told_at=None, tag="", acknowledged=Level.CLEAR)


def _single(track: Track, outlook: Outlook, tag: str, moment: Moment, words: Words) -> Notice:
    kind = outlook.kind or NoticeKind.RAISED
    shown = _at_worst(track) if kind is NoticeKind.FLAPPING else track
    alert = shown.alert
    title, body = words.title(alert), words.body(alert, kind)
    if kind is NoticeKind.FLAPPING:
        title, body = f"{title} comes and goes", words.flapping(track)
    if is_offline_alert(alert.key) and kind is NoticeKind.RAISED:
        kind = NoticeKind.OFFLINE
    return Notice(
        tag,
        kind,
        alert.level,
        title,
        body,
        moment.wall,
        keys=(alert.key,),
        server=alert.key.server,
        quietly=outlook.quietly,
    )


def _summary(tag: str, alerts: Iterable[Alert], moment: Moment, words: Words) -> Notice:
    """One notice of several alerts, or of none that is left of them."""
    shown = _worst_first(alerts)
    kind = NoticeKind.RAISED if tag == SUMMARY else NoticeKind.DIGEST
    if not shown:
        text = "What was told here is over."
        return Notice(tag, NoticeKind.CLEARED, Level.CLEAR, "Fine again", text, moment.wall)
    return Notice(
        tag,
        kind,
        shown[0].level,
        words.count(shown),
        words.lines(shown),
        moment.wall,
        keys=tuple(alert.key for alert in shown),
    )


def _tags_of(due: Iterable[Due]) -> tuple[str, ...]:
    """The notices by which these alerts were told before, each by itself."""
    return tuple(sorted({track.tag for track, _ in due} - _SHARED - {""}))


def _worst_first(alerts: Iterable[Alert]) -> list[Alert]:
    return sorted(alerts, key=lambda alert: (-alert.level, alert.since, alert.key))


def _as_told(tag: str, tracks: Tracks) -> list[Alert]:
    """The alerts that a notice of several has told and that the user believes to be raised.

    Each is at the level at which it was told: what has become of it since has its own time to be
    told, and must not slip in quietly.
    """
    return [
        replace(track.alert, level=track.told, since=track.told_at or track.alert.since)
        if track.level is not track.told
        else track.alert
        for track in tracks.values()
        if track.tag == tag and track.told.is_raised
    ]


def _at_worst(track: Track) -> Track:
    """The track as it is told: one that flaps at the level that it comes to."""
    if track.flap_level > track.level:
        return replace(track, alert=replace(track.alert, level=track.flap_level))
    return track
