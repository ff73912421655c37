"""The options of `wodesk screenshot`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from wodesk.models.span_text import InvalidSpan, parse_span

_DIGITS, _SMALLEST, _LARGEST = 5, 320, 8192
"""Of the sides of a picture, in pixels."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of the command."""
    parser.add_argument(
        "-o",
        "--output",
        type=_picture,
        required=True,
        metavar="FILE.png",
        help="replaced as a whole if it is there",
    )
    parser.add_argument(
        "--range",
        type=_span,
        default="5m",
        metavar="RANGE",
        help="5m, 24h, '-2h - -1h', '14:05 - 15:05', '2026-11-28 14:05 - 15:05'; default: 5m",
    )
    parser.add_argument("--size", type=_size, default=(1280, 800), metavar="WxH")
    parser.add_argument("--scale", type=float, choices=(1.0, 1.5, 2.0, 3.0), default=1.0)
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="default: as the window had when it was closed"
    )
    parser.add_argument(
        "--page",
        default="server",
        metavar="PAGE",
        help="alerts, explore, changed (what changed in the range), or a page of the server by its "
        "name or title; default: its overview",
    )
    parser.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="CONTEXT",
        help="a metric for the page explore, such as system.cpu; may be given several times",
    )
    parser.add_argument(
        "--wait", type=float, default=0.0, metavar="SECONDS", help="let history gather first"
    )


def _span(text: str) -> str:
    """The range as it was written: in which zone it is meant may not be known before the server."""
    try:
        parse_span(text, time.time())
    except InvalidSpan as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc
    return text


def _picture(text: str) -> Path:
    if Path(text).suffix.lower() not in ("", ".png"):
        raise argparse.ArgumentTypeError(f"a screenshot is a PNG, and {text!r} names another kind")
    return Path(text)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    sides = [_side(width), _side(height)]
    if not all(_SMALLEST <= side <= _LARGEST for side in sides):
        raise argparse.ArgumentTypeError(
            f"a size is WIDTHxHEIGHT, such as 1280x800, each from {_SMALLEST} to {_LARGEST}"
        )
    return sides[0], sides[1]


def _side(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
