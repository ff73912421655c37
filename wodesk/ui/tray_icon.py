"""The states as icons for the tray, in pictures that were drawn beforehand.

To draw them takes QtSvg and the enums of `Qt`, which PySide makes all at once as soon as one of
them is named: 3 MB of a program that begins in the tray.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QIcon, QImage, QPixmap

from wodesk.resources import resource_root
from wodesk.ui.tokens import Mark

SIZES = (16, 22, 24, 32, 48, 64)
"""Pixels; a panel takes the one that fits, and scales none."""


def tray_icon(mark: Mark, *, quiet: bool = False) -> QIcon:
    """A state in every size; with a crescent in its corner while nobody is to be disturbed."""
    made = QIcon()
    for image in _quiet(mark) if quiet else _plain(mark):
        made.addPixmap(QPixmap.fromImage(image))
    # A menu bar of macOS draws the shape in its own colour.
    made.setIsMask(sys.platform == "darwin")
    return made


def file_of(mark: Mark) -> Path:
    """The picture of a state in all sizes; `wodesk.ui.tray_drawing` draws it."""
    return resource_root() / "icons" / f"tray-{mark.value.removeprefix('state-')}.png"


def place_of(size: int) -> QRect:
    """Where one size is in such a picture, in which they follow one another."""
    return QRect(sum(one for one in SIZES if one < size), 0, size, size)


def tray_image(mark: Mark, size: int) -> QImage:
    """A state in one of the sizes."""
    return QImage(str(file_of(mark))).copy(place_of(size))


def _plain(mark: Mark) -> Iterator[QImage]:
    row = QImage(str(file_of(mark)))
    return (row.copy(place_of(size)) for size in SIZES)


def _quiet(mark: Mark) -> Iterator[QImage]:
    # Seldom.
    from wodesk.ui.tray_drawing import draw  # noqa: PLC0415

    return (draw(mark, size, quiet=True) for size in SIZES)
