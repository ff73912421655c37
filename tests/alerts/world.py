"""A world of servers, clocks and a user's mind to hold a machine of alerts against.

It shares nothing with the machine but the values that go in and come out: what the user knows is
made of the notices alone, and what is true of what the world itself has done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC

import msgspec

from wodesk.alerts.machine import Machine
from wodesk.alerts.moment import Moment
from wodesk.alerts.outcome import Outcome
from wodesk.alerts.state import Keep
from wodesk.alerts.track import Track
from wodesk.models.alert import Alert, AlertKey, AlertReport, Level, Origin, Transition
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import AlertList, Failure
from wodesk.models.notice import Notice, OwnAlert, Snooze
from wodesk.models.rule import AlertSettings, Reach
from wodesk.models.server import server_at

SERVERS = tuple(server_at(f"ssh://web{number}") for number in (1, 2))
NAMES = ("cpu", "ram", "disk")
GRACE = 90.0
IN_TIME = 2 * GRACE + 60.0
"""Seconds within which a critical alert is told: two times of grace in a row, and a breath."""
JUMP = 10.0


@dataclass
class Disk:
    """What was written down, in the form in which the journal has it."""

    keep: bytes | None = None
    tracks: dict[AlertKey, bytes] = field(default_factory=dict)

    def write(self, outcome: Outcome) -> None:
        """Write an outcome down."""
        for track in outcome.entries.tracks:
            self.tracks[track.alert.key] = msgspec.json.encode(track)
        for key in outcome.entries.gone:
            self.tracks.pop(key, None)
        if outcome.keep is not None:
            self.keep = msgspec.json.encode(outcome.keep)

    def read(self) -> tuple[Keep | None, list[Track]]:
        """What a start goes on with."""
        keep = msgspec.json.decode(self.keep, type=Keep) if self.keep is not None else None
        return keep, [msgspec.json.decode(data, type=Track) for data in self.tracks.values()]


class World:
    """Drives a machine, and complains of what a user would complain of."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_700_000_000.0, 5000.0
        self.levels: dict[AlertKey, Alert] = {}
        self.logs: dict[str, list[Transition]] = {server.id: [] for server in SERVERS}
        self.disk = Disk()
        self.believed: dict[AlertKey, Level] = {}
        self.tags: dict[AlertKey, str] = {}
        self.seen: dict[AlertKey, Level] = {}
        """What wodesk has read since its start of a server that has not failed since."""
        self.critical_since: dict[AlertKey, float] = {}
        """Since when nothing excuses wodesk from telling, on the steady clock."""
        self.failing: dict[str, int] = {}
        self.snoozed: dict[AlertKey, tuple[float, Level]] = {}
        self.read: dict[AlertKey, Level] = {}
        """What wodesk has read last, which it goes on with whatever fails or is killed."""
        self.hushed_servers: dict[str, float] = {}
        self.hushed: set[AlertKey] = set()
        """What was critical when its server was snoozed."""
        self.broken: set[AlertKey] = set()
        """What was told in spite of that since it came to be critical."""
        self.come_back: set[AlertKey] = set()
        """Whose snooze is over: they may be told whatever was told before."""
        self.undisturbed_until = 0.0
        self.started = self.steady
        self.wake = 0.0
        self.start()

    @property
    def now(self) -> Moment:
        """This moment."""
        return Moment(self.wall, self.steady)

    # What may happen.

    def start(self) -> None:
        """Wodesk is started, with what was written down."""
        self.machine = Machine(AlertSettings(), UTC)
        self.machine.start(*self.disk.read(), self.now)
        self.machine.set_servers(SERVERS, self.now)
        self.started = self.steady
        self.seen.clear()
        self.failing.clear()
        self._nothing_is_overdue()
        self.settle()

    def kill(self, away: float) -> None:
        """Wodesk is killed, and started again after a time, perhaps of the whole computer."""
        self.wall += away
        self.steady = 50.0
        self.start()

    def kill_while_settling(self, away: float) -> None:
        """It is killed when it was about to write down what it would have told."""
        self.machine.settle(self.now)
        self.kill(away)

    def change(self, key: AlertKey, level: Level) -> None:
        """An alert comes to a level on its server."""
        before = self.levels.get(key)
        old = before.level if before is not None else Level.CLEAR
        if old is level:
            return
        alert = Alert(key, level, self.wall, key.name)
        self.levels[key] = alert
        log = self.logs[key.server]
        log.append(Transition(alert, old, len(log) + 2, self.wall))

    def look(self, server_id: str, *, lost: int = 0) -> None:
        """The alerts of a server are read; the last `lost` entries of its log are late."""
        log = self.logs[server_id]
        told = log[: len(log) - lost]
        cursor = self.machine.cursors().get(server_id, 0)
        news = tuple(one for one in told if cursor and one.number > cursor)
        raised = [one for one in self.levels.values() if one.key.server == server_id]
        report = AlertReport(
            tuple(one for one in raised if one.level.is_raised), news, cursor=len(told) + 1
        )
        self.failing.pop(server_id, None)
        self.critical_since.pop(_unreachable(server_id), None)
        for alert in (*(one.alert for one in news), *raised):
            if self.read.get(alert.key) is not alert.level:
                self.read[alert.key] = alert.level
                self.hushed.discard(alert.key)
                self.broken.discard(alert.key)
        for alert in raised:
            if self.seen.get(alert.key) is not alert.level:
                self.seen[alert.key] = alert.level
                self.critical_since.pop(alert.key, None)
            if alert.level is Level.CRITICAL and alert.key not in self.hushed:
                self.critical_since.setdefault(alert.key, self.steady)
        self.machine.connected(server_id, self.now)
        self.machine.reported(AlertList(server_id, report, self.wall), self.now)
        self.settle()

    def fail(self, server_id: str) -> None:
        """A server does not answer."""
        for key in [key for key in self.critical_since if key.server == server_id]:
            if key.origin is Origin.AGENT:
                del self.critical_since[key]
                del self.seen[key]
        self.failing[server_id] = self.failing.get(server_id, 0) + 1
        if self.failing[server_id] == 3 and server_id not in self.hushed_servers:
            self.critical_since[_unreachable(server_id)] = self.steady + 60.0
        failure = Failure(server_id, FailureKind.TIMEOUT, Hop.TCP, "Too slow.", "", 1.0)
        self.machine.failed(failure, self.now)
        self.settle()

    def wait(self, seconds: float) -> None:
        """Time goes by."""
        while seconds > 0:
            step = min(seconds, self.wake)
            self.wall, self.steady, seconds = self.wall + step, self.steady + step, seconds - step
            self.settle()

    def set_clock(self, by: float) -> None:
        """The wall clock is set, or the machine has slept while its steady clock stood still."""
        self.wall += by
        if abs(by) > JUMP:
            self.machine.resume(self.now)
            for server_id in self.failing:
                self.failing[server_id] = 0
                self.critical_since.pop(_unreachable(server_id), None)
        self.settle()

    def snooze(self, key: AlertKey, seconds: float) -> None:
        """The user snoozes an alert."""
        if self.seen.get(key, Level.CLEAR).is_raised:
            self.snoozed[key] = (self.wall + seconds, self.seen[key])
            self.critical_since.pop(key, None)
            self.machine.snooze(Snooze(Reach.ALERT, self.wall + seconds, key=key))
            self.settle()

    def snooze_server(self, server_id: str, seconds: float) -> None:
        """The user snoozes a server: what is raised there, and that it may be gone."""
        self.hushed_servers[server_id] = self.wall + seconds
        for key in [key for key in self.critical_since if key.server == server_id]:
            del self.critical_since[key]
        self.broken = {key for key in self.broken if key.server != server_id}
        self.hushed |= {
            key
            for key, level in self.read.items()
            if key.server == server_id and level is Level.CRITICAL
        }
        self.machine.snooze(Snooze(Reach.SERVER, self.wall + seconds, server_id))
        self.settle()

    def acknowledge(self, key: AlertKey) -> None:
        """The user says that an alert is known."""
        if self.seen.get(key, Level.CLEAR).is_raised:
            self.believed[key] = max(self.seen[key], self.believed.get(key, Level.CLEAR))
            self.come_back.discard(key)
            self.machine.acknowledge([key])
            self.settle()

    def disturb_not(self, seconds: float) -> None:
        """The user wants to be told nothing for a time."""
        self.undisturbed_until = self.wall + seconds
        self.machine.do_not_disturb(self.undisturbed_until)
        self.settle()

    # What the user makes of it.

    def settle(self) -> None:
        """Do what is due, as the desk does it: write down, then tell."""
        self._end_what_is_over()
        outcome = self.machine.settle(self.now)
        self.disk.write(outcome)
        for notice in outcome.notices:
            self._hear(notice)
        self.wake = outcome.wake
        self._complain_of_what_is_missing()

    def _end_what_is_over(self) -> None:
        for key, (until, level) in list(self.snoozed.items()):
            if until <= self.wall or self.seen.get(key, Level.CLEAR) > level:
                del self.snoozed[key]
                self.come_back.add(key)
                if self.seen.get(key) is Level.CRITICAL and key not in self.hushed:
                    self.critical_since[key] = self.steady
        for server_id, until in list(self.hushed_servers.items()):
            if until <= self.wall:
                del self.hushed_servers[server_id]
                self._end_hush(server_id)
        if self.undisturbed_until and self.undisturbed_until <= self.wall:
            self.undisturbed_until = 0.0
            self._nothing_is_overdue()

    def _end_hush(self, server_id: str) -> None:
        """What was kept back by the snooze of a server may be told, whatever was told before."""
        for key in [key for key in self.hushed if key.server == server_id]:
            self.hushed.discard(key)
            if self.seen.get(key) is Level.CRITICAL and key not in self.snoozed:
                self.critical_since[key] = self.steady
        known = {key for key in self.levels if key.server == server_id}
        self.come_back |= {_unreachable(server_id), *known} - self.broken
        if self.failing.get(server_id, 0) >= 3:
            self.critical_since[_unreachable(server_id)] = self.steady + 60.0

    def _nothing_is_overdue(self) -> None:
        """Whatever is critical may be told within the time that a digest needs, from now on."""
        self.critical_since = {
            key: self.steady
            for key, level in self.seen.items()
            if level is Level.CRITICAL and key not in self.snoozed and key not in self.hushed
        }

    def _hear(self, notice: Notice) -> None:
        if notice.quietly:
            self._hear_quietly(notice)
            return
        assert self.steady - self.started >= GRACE, f"told {notice} right after the start"
        assert not self.undisturbed_until, f"told {notice} when nobody was to be disturbed"
        told = _levels_in(notice)
        news = [
            key
            for key, level in told.items()
            if level > self.believed.get(key, Level.CLEAR) or key in self.come_back
        ]
        assert news or not notice.keys, f"told again: {notice}"
        assert not any(self._is_snoozed(key, told[key]) for key in news), f"snoozed: {notice}"
        gone = {key for key, tag in self.tags.items() if tag in notice.instead}
        assert gone <= told.keys(), f"took something off the screen that it does not tell: {notice}"
        self.broken |= {key for key in told if key.server in self.hushed_servers}
        for key, level in told.items():
            self.believed[key], self.tags[key] = level, notice.tag
            self.come_back.discard(key)

    def _is_snoozed(self, key: AlertKey, level: Level) -> bool:
        """Whether nobody is to be told: of an alert, or of a server what is not newly critical."""
        is_of_server = key.server in self.hushed_servers and (
            level < Level.CRITICAL or key in self.hushed or key == _unreachable(key.server)
        )
        return key in self.snoozed or is_of_server

    def _hear_quietly(self, notice: Notice) -> None:
        members = [key for key, tag in self.tags.items() if tag == notice.tag]
        told = _levels_in(notice)
        for key in {*members, *notice.keys}:
            level = told.get(key, Level.CLEAR) if notice.level.is_raised else Level.CLEAR
            assert level <= self.believed.get(key, Level.CLEAR), f"told too quietly: {notice}"
            self.believed[key] = level
            if not level.is_raised:
                self.tags.pop(key, None)

    def _complain_of_what_is_missing(self) -> None:
        for key, since in self.critical_since.items():
            if self.undisturbed_until or key in self.snoozed:
                continue
            if self.steady - since > IN_TIME:
                believed = self.believed.get(key, Level.CLEAR)
                assert believed is Level.CRITICAL, f"{key} was critical for long, and untold"


def _unreachable(server_id: str) -> AlertKey:
    return AlertKey(server_id, Origin.WODESK, OwnAlert.UNREACHABLE)


def _levels_in(notice: Notice) -> dict[AlertKey, Level]:
    """What a notice says of each of its alerts: a list of several has a line for each."""
    if len(notice.keys) == 1 and notice.tag not in ("summary", "digest"):
        return {notice.keys[0]: notice.level}
    lines = notice.body.split("\n")
    return {
        key: Level.CRITICAL if "(critical since" in line else Level.WARNING
        for key, line in zip(notice.keys, lines, strict=False)
    }
