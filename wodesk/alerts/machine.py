"""The state machine of alerts: what happened goes in, notices and a board come out.

Without I/O, clocks and chance: the same inputs at the same moments give the same notices.

Each alert (`Track`) has the level that it has, and the one that the user believes it to have
because it was told:

                   raised, and lasts                     worse, and lasts
      +---------+  for its delay       +--------------+  (critical: at once)  +---------------+
      | nothing | -------------------> | told warning | --------------------> | told critical |
      | told    |                      +--------------+ <-------------------- +---------------+
      |         | <--- quietly, in place, once it ---+    quietly, in place, once it was no    |
      |         |      was clear for clear_delay     |    more than that for clear_delay       |
      |         | <----------------------------------+-----------------------------------------+
      +---------+

On each arrow that disturbs (to the right) a notice can be held back, and goes out when nothing
holds it any more and the alert is still worse than what was told:

  never        the agent tells nobody (`silent`); the user has acknowledged it
  until then   snoozed (unless it comes to be worse, or critical); the agent's own delay;
               the server does not answer; its alerts were not read since the start
  a digest     90 s after start, sleep or a pause; do not disturb; quiet hours
  a pause      10 s after other notices; more than three at once become a summary

An alert that changes four times in a quarter of an hour flaps: that is told once, then nothing
but worse is told until it settles, for 15 minutes at first and up to an hour.

wodesk's own alerts are tracks like all others.  A server is unreachable after three failures and
a minute, never while this computer itself is offline: that is an alert of its own.  Where none of
several answers, they wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from msgspec.structs import replace

from wodesk.alerts.absence import Absence
from wodesk.alerts.book import Book
from wodesk.alerts.links import own_alert, wants_user, words_of
from wodesk.alerts.moment import Moment
from wodesk.alerts.outcome import Outcome
from wodesk.alerts.reports import raised_in, steps_of
from wodesk.alerts.snoozing import added, hushed, without
from wodesk.alerts.state import Keep
from wodesk.alerts.surroundings import Surroundings
from wodesk.alerts.telling import Teller
from wodesk.alerts.track import Track, acknowledged
from wodesk.alerts.turn import Turn, set_own
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.event import AlertList, Failure
from wodesk.models.notice import OwnAlert, Snooze
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Server

_OWN_OF_LINK = (OwnAlert.UNREACHABLE, OwnAlert.UNTRUSTED, OwnAlert.DENIED)


class Machine:
    """All alerts of all servers; every method is told the moment at which it is called."""

    def __init__(self, settings: AlertSettings, zone: tzinfo | None = None) -> None:
        self._around = Surroundings(settings, zone)
        self._book = Book()
        self._teller = Teller()
        self._absence = Absence()
        self._cursors: dict[str, int] = {}
        self._kept: Keep | None = None

    def start(self, keep: Keep | None, tracks: Iterable[Track], moment: Moment) -> None:
        """Go on with what was kept, if anything was; the grace begins."""
        if keep is not None:
            passed = max(0.0, moment.wall - keep.wall)
            self._book.restore(tracks, moment.steady - keep.steady - passed)
            self._around.known = dict(keep.known)
            self._around.snoozes = keep.snoozes
            self._around.do_not_disturb_until = keep.do_not_disturb_until
            self._cursors = dict(keep.cursors)
            self._absence.restore(keep.away, keep.unseen)
        self._around.begin(moment)

    def kept(self) -> tuple[Keep | None, tuple[Track, ...]]:
        """What is to be gone on with, as it was at the last `settle`."""
        return self._kept, tuple(self._book.tracks.values())

    def resume(self, moment: Moment) -> None:
        """Nobody was looking for a while: the machine has slept, or its clock was put right."""
        if self._around.begin(moment):
            self._around.links.count_anew(moment.steady)

    def cursors(self) -> dict[str, int]:
        """Up to where the log of each server's alerts was read."""
        return dict(self._cursors)

    def set_settings(self, settings: AlertSettings) -> None:
        """Make notices in this way."""
        self._around.settings = settings

    def set_servers(self, servers: Iterable[Server], moment: Moment) -> None:
        """Know these servers; what was known of others is kept for when they come back.

        One that is reached in another way is another one, but for a user who was asked for.
        """
        before, wanted = self._around.servers, list(servers)
        for server in wanted:
            was = before.get(server.id, server)
            if (was.address, was.user or server.user) != server.way:
                self.forget(server.id)
        self._around.set_servers(wanted, moment)

    def forget(self, server_id: str) -> None:
        """Forget a server for good."""
        self._book.remove(self._book.of_server(server_id))
        self._cursors.pop(server_id, None)
        self._absence.forget(server_id)
        self._around.forget(server_id)

    def set_paused(self, paused: bool, moment: Moment) -> None:
        """Nothing is polled, or everything again."""
        if self._around.is_paused and not paused:
            self.resume(moment)
        self._around.is_paused = paused

    @property
    def wants_network(self) -> bool:
        """Whether it matters if this computer has a network."""
        return self._around.links.wants_network

    def set_network(self, has_network: bool) -> None:
        """Whether this computer has a way out at all."""
        self._around.links.has_network = has_network

    def reported(self, event: AlertList, moment: Moment) -> None:
        """A server's alerts were read."""
        if not self._around.is_watched(event.server):
            return
        known = {
            key: track.alert
            for key, track in self._book.of_server(event.server).items()
            if key.origin is Origin.AGENT
        }
        is_readable = not event.problem
        level = Level.CLEAR if is_readable else Level.WARNING
        self._own(event.server, OwnAlert.UNREAD, level, event.problem, moment)
        if not is_readable:
            self._around.read.pop(event.server, None)
            return
        self._around.read[event.server] = moment.wall
        if event.report is None:
            for alert in known.values():
                if alert.level.is_raised:
                    self._come_to(replace(alert, level=Level.UNKNOWN), moment.wall, moment)
            return
        is_first = event.server not in self._cursors
        if not event.report.is_gapless and moment.steady < self._around.grace_until:
            self._absence.gaps.add(event.server)
        for step in steps_of(event.report, known, moment.wall, is_first=is_first):
            self._come_to(step.alert, step.at, moment, may_be_away=not is_first)
        for alert in raised_in(event.report, moment.wall):
            self._book.renew(alert)
        self._cursors[event.server] = event.report.cursor

    def judged(self, server_id: str, rule_id: str, alerts: Sequence[Alert], moment: Moment) -> None:
        """A rule was evaluated for a server: its alerts, raised or not, one for each instance."""
        self._around.ruled.add((server_id, rule_id))
        for alert in alerts:
            level = self._book.level(alert.key)
            if level is alert.level and level.is_raised:
                since = self._book.tracks[alert.key].alert.since
                self._book.renew(replace(alert, since=since))
            elif level.is_raised or alert.level.is_raised:
                self._come_to(replace(alert, since=moment.wall), moment.wall, moment)

    def standing_of_rule(self, server_id: str, rule_id: str) -> dict[str, Level]:
        """The levels of a rule's alerts on a server, by instance."""
        return {
            key.instance: track.level
            for key, track in self._book.of_server(server_id).items()
            if key.origin is Origin.RULE and key.name == rule_id
        }

    def drop_rules(self, kept: set[tuple[str, str]], moment: Moment) -> None:
        """The alerts of all rules but these (server and rule) are over."""
        for key, track in list(self._book.tracks.items()):
            gone = key.origin is Origin.RULE and (key.server, key.name) not in kept
            if gone and track.level.is_raised and self._around.is_watched(key.server):
                self._around.ruled.add((key.server, key.name))
                alert = replace(track.alert, level=Level.CLEAR, since=moment.wall)
                self._come_to(alert, moment.wall, moment)

    def connected(self, server_id: str, moment: Moment) -> None:
        """A server answers."""
        self._around.links.connected(server_id)
        for name in _OWN_OF_LINK:
            self._own(server_id, name, Level.CLEAR, "", moment)

    def failed(self, failure: Failure, moment: Moment) -> None:
        """A server did not answer, or not as it should."""
        if self._around.is_paused or not self._around.is_watched(failure.server):
            return
        self._around.links.failed(failure, moment.steady)
        name = wants_user(failure)
        if name is not None:
            level = Level.WARNING if name is OwnAlert.DENIED else Level.CRITICAL
            self._own(failure.server, name, level, words_of(failure), moment)
            self._own(failure.server, OwnAlert.UNREACHABLE, Level.CLEAR, "", moment)

    def aged(self, server_id: str, is_stale: bool, moment: Moment) -> None:
        """Whether a server's newest data is older than it should be."""
        level = Level.WARNING if is_stale else Level.CLEAR
        words = "It answers, but what it measures is not renewed: a collector may have stopped."
        if self._around.is_watched(server_id):
            self._own(server_id, OwnAlert.STALE, level, words, moment)

    def snooze(self, snooze: Snooze) -> None:
        """Tell nothing of some alerts for a time."""
        self._around.snoozes = added(self._around.snoozes, snooze, self._book.tracks)
        self._book.put_all(hushed(snooze, self._book.tracks, self._around.servers.get))

    def unsnooze(self, snooze: Snooze) -> None:
        """End a snooze before its time; what was told before it is not told again."""
        self._around.snoozes = without(self._around.snoozes, snooze)

    def acknowledge(self, keys: Iterable[AlertKey]) -> None:
        """The user knows of these alerts: nothing more is told until they are worse or clear."""
        for key in keys:
            track = self._book.tracks.get(key)
            if track is not None and track.level.is_raised:
                self._book.put(acknowledged(track))

    def do_not_disturb(self, until: float | None) -> None:
        """Tell nothing until then (epoch seconds); None ends that."""
        self._around.do_not_disturb_until = until

    def seen_away(self) -> None:
        """The user has looked at what happened while nobody was there."""
        self._absence.unseen = 0

    def settle(self, moment: Moment) -> Outcome:
        """What is to be done now, after everything that has happened."""
        turn = Turn(self._around, self._book, self._teller, moment)
        turn.end_snoozes()
        turn.judge_links()
        self._book.age(moment.steady)
        away, gaps = self._absence.told() if self._around.is_calm(moment) else ((), ())
        told = turn.tell(away, gaps)
        keep = self._keep(moment)
        entries = self._book.entries()
        is_new = bool(entries) or self._kept is None or not _same(keep, self._kept)
        if is_new:
            self._kept = keep
        return Outcome(
            entries,
            turn.told_loudly,
            keep if is_new else None,
            tuple(told),
            turn.board(self._absence.unseen),
            turn.wake(),
        )

    def _come_to(
        self, alert: Alert, at: float, moment: Moment, *, may_be_away: bool = False
    ) -> None:
        away = may_be_away and at < self._around.began and moment.steady < self._around.grace_until
        if away:
            self._absence.note(alert, at)
        self._book.come_to(alert, at, moment, while_away=away)

    def _own(
        self, server_id: str, name: OwnAlert, level: Level, words: str, moment: Moment
    ) -> None:
        set_own(self._book, own_alert(server_id, name, level, moment.wall, words), moment)

    def _keep(self, moment: Moment) -> Keep:
        return Keep(
            moment.wall,
            moment.steady,
            self._cursors.copy(),
            self._around.known.copy(),
            self._around.snoozes,
            self._around.do_not_disturb_until,
            self._absence.unseen,
            self._absence.all(),
        )


def _same(new: Keep, old: Keep) -> bool:
    """Whether two are the same but for the moment."""
    return replace(new, wall=old.wall, steady=old.steady) == old
