"""Numbers, times and units as people read them.

Without other wishes there are SI prefixes for rates and IEC ones for memory.
"""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.measures import USUAL, Measures, Prefixes, Traffic
from wodesk.models.plain_text import plain

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_VALUE = DASH = "\N{EN DASH}"

_PREFIXES = {
    1000: ("", "k", "M", "G", "T", "P"),
    1024: ("", "Ki", "Mi", "Gi", "Ti", "Pi"),
}
_HIGHEST = 5
_SHORT = 300
"""Seconds below which a stretch of time is told to the second."""
_WHOLE_SECOND = 0.9995
"""Seconds that are rounded to 1000 ms."""
_FIRST, _LAST = 86400.0, 4e9
"""Epoch seconds, in 1970 and 2096."""
_HALF = 0.5
"""What would be rounded to a full step takes the next prefix."""
_TWO_DECIMALS, _ONE_DECIMAL = 9.995, 99.95
"""Up to which size a number has how many decimals, so that it has three digits."""


class Unit(Struct, frozen=True):
    """How a Netdata unit is shown.

    A value times `factor` is in `base`; `step` is 1000 or 1024 between prefixes, or 0 where the
    unit takes none.  Seconds become minutes, hours and days instead.  What `is_counted` is whole
    unless it is an average.
    """

    base: str
    factor: float = 1.0
    step: int = 0
    is_counted: bool = False

    def size(self, power: int) -> float:
        """How many of its base are in the one of a power."""
        return _TIMES[power][0] if self.base == _SECONDS else float((self.step or 1) ** power)


class Quantity(NamedTuple):
    """A number and its unit, ready to show."""

    number: str
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{NARROW_SPACE}{self.unit}" if self.unit else self.number


_SECONDS = "s"
_TIMES = {
    -2: (1e-6, "\N{MICRO SIGN}s"),
    -1: (1e-3, "ms"),
    0: (1.0, _SECONDS),
    1: (60.0, "min"),
    2: (3600.0, "h"),
    3: (86400.0, "d"),
}
_AFTER_TWO = 2
"""Of minutes, hours and days there are two at least."""

_UNITS = {
    "percentage": Unit("%"),
    "%": Unit("%"),
    "KiB/s": Unit("B/s", 1 << 10, 1000),
    "MiB/s": Unit("B/s", 1 << 20, 1000),
    "GiB/s": Unit("B/s", 1 << 30, 1000),
    "KB/s": Unit("B/s", 1e3, 1000),
    "MB/s": Unit("B/s", 1e6, 1000),
    "bytes/s": Unit("B/s", 1, 1000),
    "B/s": Unit("B/s", 1, 1000),
    "bits/s": Unit("bit/s", 1, 1000),
    "kilobits/s": Unit("bit/s", 1e3, 1000),
    "megabits/s": Unit("bit/s", 1e6, 1000),
    "MiB": Unit("B", 1 << 20, 1024),
    "GiB": Unit("B", 1 << 30, 1024),
    "KiB": Unit("B", 1 << 10, 1024),
    "B": Unit("B", 1, 1024),
    "bytes": Unit("B", 1, 1024),
    "seconds": Unit(_SECONDS),
    "milliseconds": Unit(_SECONDS, 1e-3),
    "microseconds": Unit(_SECONDS, 1e-6),
    "load": Unit(""),
    "state": Unit("", is_counted=True),
    "status": Unit("", is_counted=True),
    "boolean": Unit("", is_counted=True),
    "addresses": Unit("addresses", is_counted=True),
}


Units = str | Unit
"""Netdata's units, shown as usual, or how they are shown."""
_STEPS = {Prefixes.IEC: 1024, Prefixes.SI: 1000}


def unit_of(units: Units, measures: Measures = USUAL) -> Unit:
    """How values in Netdata's `units` are shown; an unknown unit is shown as it is."""
    if isinstance(units, Unit):
        return units
    unit = _UNITS.get(units) or Unit(plain(units))
    if unit.base == "bit/s" and measures.traffic is Traffic.BYTES:
        unit = Unit("B/s", unit.factor / 8, 1000)
    if unit.base in ("B", "B/s"):
        unit = replace(unit, step=_STEPS.get(measures.prefixes, unit.step))
    return unit


def prefix_power(unit: Unit, largest: float) -> int:
    """The power of the prefix that fits values up to `largest`, which is in Netdata's unit."""
    if unit.base == _SECONDS:
        return _time_power(abs(largest) * unit.factor)
    if unit.step == 0 or not math.isfinite(largest) or largest == 0:
        return 0
    amount, power = abs(largest) * unit.factor, 0
    while amount >= unit.step - _HALF and power < _HIGHEST:
        amount /= unit.step
        power += 1
    return power


def quantity(value: float, units: Units, power: int | None = None) -> Quantity:
    """A value with three significant digits; `power` fixes the prefix, as on one axis."""
    unit = unit_of(units)
    if not math.isfinite(value):
        return Quantity(NO_VALUE, "")
    if power is None:
        power = prefix_power(unit, value)
    scaled = value * unit.factor / unit.size(power)
    return Quantity(_number(scaled, unit), prefixed(unit, power))


def shown_scale(value: float, units: Units) -> float:
    """What a value of this size is multiplied by to be shown."""
    unit = unit_of(units)
    return unit.factor / unit.size(prefix_power(unit, value))


def prefixed(unit: Unit, power: int) -> str:
    """The unit with its prefix."""
    if unit.base == _SECONDS:
        return _TIMES[power][1]
    return (_PREFIXES[unit.step][power] if unit.step else "") + unit.base


def _time_power(seconds: float) -> int:
    """Which of the times fits; seconds for what is no time at all."""
    if not math.isfinite(seconds) or seconds == 0:
        return 0
    longer = [power for power in (1, 2, 3) if seconds >= _AFTER_TWO * _TIMES[power][0]]
    shorter = [power for power in (-2, -1) if seconds < _WHOLE_SECOND * _TIMES[power + 1][0]]
    return max(longer) if longer else min(shorter, default=0)


def _number(value: float, unit: Unit) -> str:
    """Three digits; a percentage has one decimal, and what is whole and counted none."""
    size = abs(value)
    decimals = 2 if size < _TWO_DECIMALS else 1 if size < _ONE_DECIMAL else 0
    if unit.base == "%":
        decimals = min(decimals, 1)
    elif value == 0 or (value == int(value) and (unit.is_counted or decimals == 1)):
        decimals = 0
    number = f"{value:.{decimals}f}"
    return number if value > 0 else number.replace("-", MINUS if float(number) else "")


def copied(number: str) -> str:
    """A number that is shown as a spreadsheet reads it; empty where there is none."""
    return "" if number == NO_VALUE else number.replace(MINUS, "-")


def age(seconds: float) -> str:
    """An age in its largest unit: `3 s`, `4 min`, `2 h`, `5 d`."""
    seconds = max(0.0, seconds)
    for length, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length * 1.5:
            return f"{seconds / length:.0f}{NARROW_SPACE}{name}"
    return f"{seconds:.0f}{NARROW_SPACE}s"


def duration(seconds: float) -> str:
    """How long something is, in its two largest units: `90 s`, `2 min 30 s`, `1 d 1 h`."""
    whole = max(0, round(seconds))
    if whole < 2 * 60 and whole % 60:
        return f"{whole}{NARROW_SPACE}s"
    sizes = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    at = next((at for at, (size, _) in enumerate(sizes) if whole >= size), len(sizes) - 1)
    parts: list[str] = []
    for size, name in sizes[at : at + 2]:
        count, whole = divmod(whole, size)
        if count or not (parts or whole):
            parts.append(f"{count}{NARROW_SPACE}{name}")
    return " ".join(parts)


def uptime(seconds: float) -> str:
    """A long time in two units: `3 d 4 h`, `4 h 12 min`, `12 min`."""
    minutes = int(max(0.0, seconds) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def latency(seconds: float) -> str:
    """A short time in whole milliseconds, or seconds with one decimal."""
    if seconds >= _WHOLE_SECOND:
        return f"{seconds:.1f}{NARROW_SPACE}s"
    return f"{max(1, round(seconds * 1000))}{NARROW_SPACE}ms"


def _local(timestamp: float, zone: tzinfo | None = None) -> datetime:
    """A time of `zone`, None being this computer's own.

    A clock that is absurdly wrong shows the first or last time that there is.
    """
    return datetime.fromtimestamp(min(max(timestamp, _FIRST), _LAST), zone)


def clock(timestamp: float, zone: tzinfo | None = None, *, seconds: bool = True) -> str:
    """A time of day, of this computer's zone unless another is given."""
    return _local(timestamp, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def moment(timestamp: float, zone: tzinfo | None = None, *, with_day: bool = False) -> str:
    """A time, with its day where it is not today's, or in any case."""
    when, today = _local(timestamp, zone), datetime.now(zone).date()
    has_day = with_day or when.date() != today
    return f"{when:%a %d %b %H:%M}" if has_day else f"{when:%H:%M}"


def span(start: float, end: float, zone: tzinfo | None = None) -> str:
    """A stretch of time, with its days where it is not all today's."""
    first, last = _local(start, zone), _local(end, zone)
    exact = "%H:%M:%S" if end - start < _SHORT else "%H:%M"
    if first.date() != last.date():
        exact = f"%a %d %b {exact}"
    return f"{first:{exact}} {DASH} {last:{exact}}{zone_name(end, zone)}"


def zone_name(timestamp: float, zone: tzinfo | None) -> str:
    """What a zone is called at a time, to be put behind it; nothing for this computer's own."""
    return f" {_local(timestamp, zone).tzname()}" if zone is not None else ""


def pointed(
    timestamp: float, zone: tzinfo | None, *, with_day: bool, with_seconds: bool = True
) -> str:
    """A time that is pointed at, with its day where there are several in sight."""
    when = f"{_local(timestamp, zone):%a %d %b} " if with_day else ""
    told = clock(timestamp, zone, seconds=with_seconds)
    return f"at {when}{told}{zone_name(timestamp, zone)}"


def day_and_time(timestamp: float, zone: tzinfo | None = None) -> str:
    """A time with seconds, and always with its day, for rows that are read below others."""
    return f"{_local(timestamp, zone):%a %d %b %H:%M:%S}{zone_name(timestamp, zone)}"
