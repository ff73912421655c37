"""Windows as text, to be copied from one place and pasted in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from wodesk.models.metric import Window
from wodesk.models.views import LONGEST, SHORTEST, between_moments
from wodesk.models.when import InvalidTime, parse_time, seconds_of, zoned

_SEPARATORS = re.compile(
    r"\s+(?:-|\N{EN DASH}|\N{EM DASH}|to|until)\s+|\s*(?:\.\.\.?|\N{RIGHTWARDS ARROW}|/)\s*"
    # Without spaces between two times of day alone: a date has hyphens of its own.
    r"|(?<=:\d\d)[-\N{EN DASH}\N{EM DASH}](?=\d{1,2}:\d\d)"
)
_OF_NETDATA = re.compile(
    r"(?:^|[?&#;])after=(-?\d{1,13})(?=[&#;]|$)(?:.*[?&#;]before=(-?\d{1,13})(?=[&#;]|$))?"
)
_LAST = re.compile(r"(?:the\s+)?(?:last|past)\s+", re.IGNORECASE)
_ZONE = re.compile(r"(.*\d)\s*(Z|UTC|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_BARE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|today|yesterday", re.IGNORECASE)
_MILLISECONDS = 1e11
_LIMIT = 2000


class InvalidSpan(ValueError):
    """What was written is no stretch of time; says so, and shows some that are.

    Attributes:
        reason: why not, in a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} Examples: 2026-11-28 14:05 - 15:05, 14:05 - 15:05, yesterday, -2h, "
            "-2h - -1h, last 30m."
        )
        self.reason = reason


class ImpossibleSpan(InvalidSpan):
    """Two times were written, with no stretch of time that has passed between them."""


def span_text(window: Window, zone: tzinfo | None = None) -> str:
    """A window as text that `parse_span` reads in any zone: `2026-11-28 14:05 - 15:05 +01:00`.

    Times are of `zone`, None being this computer's own; a window that follows the clock is `-2h`.
    """
    if window.before is None:
        return f"-{_length_text(window.seconds)}"
    first, last = zoned(window.before - window.seconds, zone), zoned(window.before, zone)
    if first.utcoffset() != last.utcoffset():
        # The clocks change in between, so each has its own.
        return f"{_full(first)}{_offset(first)} - {_full(last)}{_offset(last)}"
    end = _time(last) if first.date() == last.date() else _full(last)
    return f"{_full(first)} - {end} {_offset(last)}"


def parse_span(text: str, now: float, zone: tzinfo | None = None) -> Window:
    """The window that a person wrote or pasted; raises `InvalidSpan`.

    Times without an offset are of `zone`, None being this computer's own.  The end may be a time
    of the day of the start; a day alone is all of it, up to now.  Takes what follows `after=` and
    `before=` in an address of Netdata.
    """
    text = " ".join(text.split())
    if len(text) > _LIMIT:
        raise InvalidSpan("This is too long for a stretch of time.")
    of_netdata = _OF_NETDATA.search(text)
    if of_netdata is not None:
        return _of_netdata(of_netdata[1], of_netdata[2], now)
    seconds = _length(text)
    if seconds is not None:
        return Window(int(min(LONGEST, max(SHORTEST, seconds))))
    for start, end in [(text, text)] if _DAY.fullmatch(text) else _halves(text):
        try:
            return _between(start, end, now, zone)
        except InvalidTime:
            continue
    raise InvalidSpan("This is no stretch of time.")


def _length(text: str) -> float | None:
    """The seconds of `2h`, `-2h`, `last 2 hours` or `last hour`."""
    rest = _LAST.sub("", text)
    seconds = seconds_of(rest.lstrip("-\N{MINUS SIGN}"))
    return seconds_of(f"1 {rest}") if seconds is None and rest != text else seconds


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """The text cut at each thing that may stand between two times."""
    for cut in _SEPARATORS.finditer(text):
        yield text[: cut.start()], text[cut.end() :]


def _between(start: str, end: str, now: float, zone: tzinfo | None) -> Window:
    shared = _ZONE.fullmatch(end)
    if shared is not None and _ZONE.fullmatch(start) is None:
        end, zone = shared[1], _zone_named(shared[2])
    first = parse_time(start, now, zone)
    last = _end(end, first, now, zone)
    if last <= first:
        raise ImpossibleSpan("This stretch of time ends before it begins.")
    if first >= now:
        raise ImpossibleSpan("This stretch of time is in the future.")
    return between_moments(first, last, now)


def _end(end: str, first: float, now: float, zone: tzinfo | None) -> float:
    """The end, which may be a time of the day of the start or, past midnight, of the next."""
    if _DAY.fullmatch(end):
        day = zoned(parse_time(end, now, zone), zone).date()
        return parse_time((day + timedelta(days=1)).isoformat(), now, zone)
    if not _BARE.fullmatch(end):
        return parse_time(end, now, zone)
    day = zoned(first, zone).date()
    last = parse_time(_on(day, end), now, zone)
    next_day = parse_time(_on(day + timedelta(days=1), end), now, zone)
    return next_day if last <= first and next_day <= now else last


def _on(day: date, time: str) -> str:
    hour, rest = time.split(":", 1)
    return f"{day.isoformat()} {hour:0>2}:{rest}"


def _zone_named(text: str) -> tzinfo | None:
    if text.upper() in ("Z", "UTC"):
        return UTC
    return datetime.fromisoformat(f"2000-01-01 00:00{text}").tzinfo


def _of_netdata(after: str, before: str | None, now: float) -> Window:
    """The window of a dashboard of Netdata, whose times are in milliseconds or relative."""
    first, last = (_moment(float(text or 0), now) for text in (after, before))
    if first >= last:
        raise ImpossibleSpan("This stretch of time ends before it begins.")
    return between_moments(first, last, now)


def _moment(number: float, now: float) -> float:
    if number <= 0:
        return now + number
    return number / 1000 if number >= _MILLISECONDS else number


def _length_text(seconds: int) -> str:
    for unit, name in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % unit == 0:
            return f"{seconds // unit}{name}"
    return f"{seconds}s"


def _full(when: datetime) -> str:
    return f"{when:%Y-%m-%d} {_time(when)}"


def _time(when: datetime) -> str:
    if when.microsecond:
        return when.time().isoformat("milliseconds")
    return f"{when:%H:%M:%S}" if when.second else f"{when:%H:%M}"


def _offset(when: datetime) -> str:
    shift = when.isoformat()[-6:]
    return "UTC" if when.utcoffset() == timedelta() else shift
