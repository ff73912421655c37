"""Where a card is dropped, and how large one is made."""

from __future__ import annotations

import pytest

from wodesk.models.page_places import Box, Drop, Raster, drop_at

GAP, WIDTH = 10.0, 410.0
TWO_ROWS = [Box(x, y, 200, 100) for y in (0, 110) for x in (0, 210)]
WIDE = [Box(0, 0, 410, 100), Box(0, 110, 410, 100)]


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        (20, 50, 0),
        (150, 50, 1),
        (220, 50, 1),
        (400, 50, 2),
        (20, 150, 2),
        (400, 900, 4),
        (-9, 0, 0),
    ],
)
def test_a_card_comes_before_or_after_the_nearest_one(x: float, y: float, place: int) -> None:
    assert drop_at(TWO_ROWS, x, y, WIDTH, GAP).place == place


def test_the_line_stands_in_the_gap_beside_the_card_and_on_the_page() -> None:
    assert drop_at(TWO_ROWS, 220, 50, WIDTH, GAP).line == Box(200, 0, 10, 100)
    assert drop_at(TWO_ROWS, 5, 50, WIDTH, GAP).line == Box(0, 0, 10, 100)
    assert drop_at(TWO_ROWS, 405, 50, WIDTH, GAP).line == Box(400, 0, 10, 100)


@pytest.mark.parametrize(("y", "place", "top"), [(10, 0, 0), (90, 1, 100), (205, 2, 210)])
def test_beside_cards_as_wide_as_the_page_the_line_lies(y: float, place: int, top: float) -> None:
    assert drop_at(WIDE, 200, y, WIDTH, GAP) == Drop(place, Box(0, top, 410, 10))


def test_an_empty_page_has_one_place() -> None:
    assert drop_at([], 50, 50, WIDTH, GAP).place == 0


@pytest.mark.parametrize(
    ("x", "y", "spans"),
    [
        (200, 100, (1, 1)),
        (310, 100, (2, 1)),
        (290, 170, (1, 2)),
        (999, 999, (2, 3)),
        (-5, -5, (1, 1)),
    ],
)
def test_a_corner_that_is_pulled_snaps_to_columns_and_rows(
    x: float, y: float, spans: tuple[int, int]
) -> None:
    raster = Raster.across(WIDTH, 2, 100, GAP)
    assert raster.spans_at(TWO_ROWS[0], x, y) == spans


def test_the_card_is_shown_as_large_as_it_would_be() -> None:
    raster = Raster.across(WIDTH, 2, 100, GAP)
    assert raster.box_of(TWO_ROWS[3], 2, 2) == Box(210, 110, 410, 210)
