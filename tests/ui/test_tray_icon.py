"""The icons of the tray can be told apart, by their shapes alone, on any panel and in any size."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui.given import as_array
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_drawing import draw, draw_row
from wodesk.ui.tray_icon import SIZES, place_of, tray_icon, tray_image

STATES = [mark for mark in Mark if mark is not Mark.LIVE]
PANELS = ("#FFFFFF", "#F6F6F6", "#C8CCD2", "#2B2F36", "#0B0D10", "#000000")
_ENOUGH = 3.0
"""The contrast that a shape needs."""

pytestmark = pytest.mark.usefixtures("qapp")


def shape(mark: Mark, size: int, *, quiet: bool = False) -> np.ndarray[tuple[int, int], np.dtype]:
    """Where a state is drawn at all, without its colour."""
    return np.asarray(as_array(draw(mark, size, quiet=quiet))[:, :, 3] > 127)


def on_panel(mark: Mark, size: int, panel: str) -> QImage:
    """A state as it looks on a panel."""
    image = QImage(QSize(size, size), QImage.Format.Format_RGB32)
    image.fill(QColor(panel))
    painter = QPainter(image)
    painter.drawImage(0, 0, tray_image(mark, size))
    painter.end()
    return image


def contrast(image: QImage, panel: str) -> np.ndarray[tuple[int, int], np.dtype]:
    """How much each pixel stands out from a panel (WCAG 2)."""
    ground = QColor(panel)
    pixels = luminance(as_array(image)[:, :, 2::-1] / 255.0)
    other = luminance(np.array([ground.redF(), ground.greenF(), ground.blueF()]))
    return np.asarray((np.maximum(pixels, other) + 0.05) / (np.minimum(pixels, other) + 0.05))


def luminance(rgb: np.ndarray) -> np.ndarray:
    """The relative luminance of colours."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("size", SIZES)
def test_each_state_has_a_shape_of_its_own(size: int) -> None:
    shapes = {mark: shape(mark, size) for mark in STATES}
    for one, other in combinations(STATES, 2):
        differing = (shapes[one] ^ shapes[other]).mean()
        assert differing > 0.08, (one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("mark", STATES, ids=lambda mark: mark.name)
def test_it_stands_out_from_light_and_dark_panels(mark: Mark, panel: str, size: int) -> None:
    legible = contrast(on_panel(mark, size, panel), panel) >= _ENOUGH
    whole = np.pad(shape(mark, size), 1)
    inside = (
        whole[1:-1, 1:-1] & whole[:-2, 1:-1] & whole[2:, 1:-1] & whole[1:-1, :-2] & whole[1:-1, 2:]
    )
    outline = shape(mark, size) & ~inside
    assert legible[inside].mean() > 0.5 or legible[outline].mean() > 0.7


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mark", STATES, ids=lambda mark: mark.name)
def test_it_fills_its_place_and_is_not_cut_off(mark: Mark, size: int) -> None:
    rows, columns = np.nonzero(shape(mark, size))
    extent = max(np.ptp(rows), np.ptp(columns)) + 1
    assert extent >= 0.8 * size
    edge = as_array(tray_image(mark, size))[:, :, 3]
    outside = np.concatenate([edge[0], edge[-1], edge[:, 0], edge[:, -1]])
    assert (outside == 255).sum() == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mark", STATES, ids=lambda mark: mark.name)
def test_quiet_adds_a_crescent_that_leaves_the_shape(mark: Mark, size: int) -> None:
    plain, quiet = (as_array(draw(mark, size, quiet=is_quiet)) for is_quiet in (False, True))
    if mark is Mark.SNOOZED:
        assert (plain == quiet).all()
        return
    changed = (plain != quiet).any(axis=2)
    assert changed.any()
    assert not changed[: size // 3].any()
    assert not changed[:, : size // 3].any()


@pytest.mark.parametrize("mark", Mark, ids=lambda mark: mark.name)
def test_what_the_program_brings_along_is_what_would_be_drawn(mark: Mark) -> None:
    row = draw_row(mark)
    kept = [as_array(tray_image(mark, size)).astype(int) for size in SIZES]
    drawn = [as_array(row.copy(place_of(size))).astype(int) for size in SIZES]
    # Another Qt may smooth an edge otherwise.
    apart = [np.abs(one - other).mean() for one, other in zip(kept, drawn, strict=True)]
    assert max(apart) < 1.0, "draw it anew: python3 -m tests.ui.draw_tray"


def test_an_icon_brings_every_size_of_a_panel() -> None:
    icon = tray_icon(Mark.WARNING)
    assert {size.width() for size in icon.availableSizes()} == set(SIZES)
