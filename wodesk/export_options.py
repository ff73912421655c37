"""The options of `wodesk export`, and the times in them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from wodesk.models.when import InvalidTime, parse_time

_TIMES = ("--after", "--before")
_HOUR = 3600
_MOST_POINTS = 10_000_000


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
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: stdout")


def _moment(text: str) -> float:
    try:
        return parse_time(text, time.time())
    except InvalidTime as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _points(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(_MOST_POINTS)) and int(text)):
        raise argparse.ArgumentTypeError(f"a number of rows is from 1 to {_MOST_POINTS}")
    return int(text)
