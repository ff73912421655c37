"""One look at everything: what is over, what is due, and how the board looks then."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from wodesk.alerts.board import standing
from wodesk.alerts.book import Book
from wodesk.alerts.links import is_remote, own_alert, words_of
from wodesk.alerts.moment import Moment
from wodesk.alerts.outlook import Outlook, outlook
from wodesk.alerts.snoozing import ended
from wodesk.alerts.state import Away
from wodesk.alerts.surroundings import Surroundings
from wodesk.alerts.telling import Past, Teller
from wodesk.alerts.texts import Words, plural
from wodesk.models.alert import Alert, AlertKey, Level
from wodesk.models.notice import AlertBoard, Notice, OwnAlert
from wodesk.models.server import Server

LONGEST_WAIT = 5.0
"""Seconds after which everything is looked at again in any case."""
_SHORTEST_WAIT = 0.2
_OFFLINE_WORDS = "Nothing is told of your servers until this computer has a network again."
_NO_NAME_WORDS = (
    "None of the names of your {} can be looked up: it is the network of this computer or a VPN."
)


class Turn:
    """What a machine does at one moment."""

    def __init__(self, around: Surroundings, book: Book, teller: Teller, moment: Moment) -> None:
        self._around = around
        self._book = book
        self._teller = teller
        self._moment = moment
        self._words = Words(around.name_of, moment.wall, around.zone)
        self._outlooks: dict[AlertKey, Outlook] = {}
        self.told_loudly: tuple[AlertKey, ...] = ()

    def end_snoozes(self) -> None:
        """End what is over; an alert that is still raised comes back then."""
        around, moment = self._around, self._moment
        disturb = around.do_not_disturb_until
        if disturb is not None and disturb <= moment.wall:
            around.do_not_disturb_until = None
        if not around.snoozes:
            return
        patience = around.settings.clear_delay
        covered = {key for key, track in self._book.tracks.items() if around.snooze_of(track)}
        over = ended(around.snoozes, self._book.tracks, around.servers.get, moment, patience)
        around.snoozes = tuple(one for one in around.snoozes if one not in over)
        for key in covered if over else ():
            track = self._book.tracks[key]
            if track.level.is_raised and around.snooze_of(track) is None:
                self._book.put(replace(track, again=True))

    def judge_links(self) -> None:
        """Raise what is wrong with the ways to the servers, and with that of this computer."""
        around, moment = self._around, self._moment
        if around.is_paused:
            return
        active = list(around.active())
        links = around.links
        for server_id, failure, since in links.look(active, around.settings, moment.steady):
            began, words = moment.at(since), words_of(failure)
            alert = own_alert(server_id, OwnAlert.UNREACHABLE, Level.CRITICAL, began, words)
            set_own(self._book, alert, moment)
            for name in (OwnAlert.STALE, OwnAlert.UNREAD):
                # One cause, one alert.
                over = own_alert(server_id, name, Level.CLEAR, moment.wall, "")
                set_own(self._book, over, moment)
        self._judge_network(active)

    def _judge_network(self, active: Sequence[Server]) -> None:
        links, moment = self._around.links, self._moment
        level, words = Level.CLEAR, ""
        remote = [one for one in active if is_remote(one)] if links.is_offline else []
        if remote:
            if links.has_network:
                level = Level.CRITICAL
                words = _NO_NAME_WORDS.format(plural(len(remote), "server"))
            elif links.offline_for(moment.steady) >= self._around.settings.unreachable_after:
                level, words = Level.WARNING, _OFFLINE_WORDS
        set_own(self._book, own_alert("", OwnAlert.OFFLINE, level, moment.wall, words), moment)

    def tell(self, away: Sequence[Away], gaps: Sequence[str]) -> list[Notice]:
        """The notices that are due, with what has been and is over since nobody was there.

        `gaps` are the servers of which that may not be all.
        """
        around = self._around.circumstances(self._moment, self._words.clock)
        tracks = self._book.tracks
        self._outlooks = {key: outlook(track, around) for key, track in tracks.items()}
        due = []
        for key, found in self._outlooks.items():
            track = tracks[key]
            if found.held and found.held is not track.held:
                self._book.put(replace(track, held=found.held))
            if found.kind is not None and found.due <= self._moment.steady:
                due.append((tracks[key], found))
        told = self._teller.tell(due, Past(away, gaps), tracks, self._moment, self._words)
        self._book.put_all(told.tracks)
        for key, track in told.tracks.items():
            self._outlooks[key] = outlook(track, around)
        loud = (notice for notice in told.notices if not notice.quietly)
        self.told_loudly = tuple(dict.fromkeys(key for notice in loud for key in notice.keys))
        return told.notices

    def board(self, unseen: int) -> AlertBoard:
        """What stands, after everything that was told."""
        around, moment = self._around, self._moment
        circumstances = around.circumstances(moment, self._words.clock)
        shown = (
            (track, self._outlooks[key])
            for key, track in self._book.tracks.items()
            if around.is_watched(key.server)
        )
        return AlertBoard(
            standing=standing(shown, circumstances),
            checked=tuple(sorted(around.read.items())),
            snoozes=around.snoozes,
            away=unseen,
            quiet_until=around.quiet_until(moment, "", Level.WARNING),
            do_not_disturb_until=around.do_not_disturb_until,
            offline=around.links.is_offline,
        )

    def wake(self) -> float:
        """Seconds until something may be due; never more than a few."""
        steady = self._moment.steady
        dues = [found.due for found in self._outlooks.values() if found.kind is not None]
        if any(due <= steady for due in dues):
            dues.append(self._teller.next_batch)
        dues.append(self._around.links.next_due(self._around.settings, steady))
        dues.append(self._around.grace_until)
        soon = min((due - steady for due in dues if due > steady), default=math.inf)
        return min(LONGEST_WAIT, max(_SHORTEST_WAIT, soon))


def set_own(book: Book, alert: Alert, moment: Moment) -> None:
    """Bring an alert of wodesk's own to a level, unless it is there."""
    if book.level(alert.key) is not alert.level:
        book.come_to(alert, alert.since, moment, while_away=False)
    elif alert.level.is_raised:
        book.renew(replace(alert, since=book.tracks[alert.key].alert.since))
