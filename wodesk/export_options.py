"""The options of `wodesk export`, and the times in them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from wodesk.models.errand import Stretch
from wodesk.models.metric import Metric
from wodesk.models.when import InvalidTime, parse_time
from wodesk.models.zones import zone_named

_TIMES = ("--after", "--before", "--range")
_HOUR = 3600
_MOST_POINTS = 10_000_000
_BY_INSTANCE, _BY_DIMENSION = "instance", "dimension"


def times_joined(words: Sequence[str]) -> list[str]:
    """The words with `--after -2h` as one, since argparse takes `-2h` for an option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _TIMES and word.startswith("-") and not word.startswith("--"):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of the command."""
    parser.add_argument(
        "--context", required=True, metavar="CONTEXT", help="such as system.cpu or disk.space"
    )
    times = "-2h, 14:05, 2026-11-28 14:05, ISO 8601 or epoch seconds"
    now = time.time()
    parser.add_argument(
        "--after", type=_moment, default=now - _HOUR, metavar="TIME", help=f"{times}; default: -1h"
    )
    parser.add_argument("--before", type=_moment, metavar="TIME", help="default: now")
    parser.add_argument(
        "--points", type=_points, metavar="N", help="rows at most; default: all that there are"
    )
    parser.add_argument(
        "--extremes",
        action="store_true",
        help="the least and the greatest sample of each row, too, where it is an average",
    )
    _add_choice(parser)
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    parser.add_argument(
        "--zone",
        type=_zone,
        metavar="ZONE",
        help="of the times that are written, such as UTC or Europe/Paris; default: this computer's",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="replaced as a whole if it is there; default: stdout",
    )


def stretch_of(chosen: argparse.Namespace) -> Stretch:
    """What of a server's history the options ask for."""
    is_label = chosen.by not in (_BY_INSTANCE, _BY_DIMENSION)
    metric = Metric(
        chosen.context,
        label=chosen.by if is_label else None,
        by_instance=chosen.by == _BY_INSTANCE,
        dimensions=tuple(chosen.dimension),
        instances=tuple(chosen.instance),
        labels=tuple(chosen.label),
    )
    return Stretch(metric, chosen.after, chosen.before, chosen.points, chosen.extremes)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """Add what says which columns there are."""
    parser.add_argument(
        "--by",
        default=_BY_INSTANCE,
        metavar="instance|dimension|LABEL",
        help="what has columns of its own besides dimensions; default: each instance",
    )
    for name, what in (("dimension", "user"), ("instance", "disk_space./")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"only this {name}, such as {what}; may be given several times",
        )
    parser.add_argument(
        "--label",
        type=_label,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="only instances with this label; may be given several times",
    )


def _label(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key and sign):
        raise argparse.ArgumentTypeError(f"{text!r} is no label, such as mount_point=/srv")
    return key, value


def _zone(text: str) -> tzinfo:
    zone = UTC if text.upper() == "UTC" else zone_named(text)
    if zone is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no zone, such as UTC or Europe/Paris")
    return zone


def _moment(text: str) -> float:
    try:
        return parse_time(text, time.time())
    except InvalidTime as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _points(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(_MOST_POINTS)) and int(text)):
        raise argparse.ArgumentTypeError(f"a number of rows is from 1 to {_MOST_POINTS}")
    return int(text)
