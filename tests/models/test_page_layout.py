"""Where charts stand on a page."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.models.page_layout import Cell, placed


def charts(*sizes: tuple[int, int]) -> list[ChartSpec]:
    """Charts of so many columns and rows."""
    return [
        ChartSpec(str(place), "", "c", Style.LINES, Reading.FIRST, columns=columns, rows=rows)
        for place, (columns, rows) in enumerate(sizes)
    ]


def test_charts_of_the_same_size_stand_in_rows() -> None:
    cells = placed(charts((1, 1), (1, 1), (1, 1)), 2)
    assert cells == (Cell(0, 0, 1, 1), Cell(0, 1, 1, 1), Cell(1, 0, 1, 1))


def test_a_wide_chart_that_does_not_fit_beside_another_begins_a_row() -> None:
    cells = placed(charts((1, 1), (2, 1), (1, 1)), 2)
    assert cells == (Cell(0, 0, 1, 1), Cell(1, 0, 2, 1), Cell(2, 0, 1, 1))


def test_charts_stand_beside_a_high_one() -> None:
    cells = placed(charts((1, 2), (1, 1), (1, 1), (1, 1)), 2)
    assert [(cell.row, cell.column) for cell in cells] == [(0, 0), (0, 1), (1, 1), (2, 0)]


def test_a_chart_is_no_wider_than_the_page() -> None:
    assert placed(charts((3, 1)), 1) == (Cell(0, 0, 1, 1),)


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=12),
    st.integers(1, 3),
)
def test_no_two_charts_overlap_and_the_order_goes_downwards(
    sizes: list[tuple[int, int]], columns: int
) -> None:
    cells = placed(charts(*sizes), columns)
    assert [cell.row for cell in cells] == sorted(cell.row for cell in cells)
    assert all(0 <= cell.column <= columns - cell.columns for cell in cells)
    for one, other in combinations(cells, 2):
        assert (
            one.row + one.rows <= other.row
            or other.row + other.rows <= one.row
            or one.column + one.columns <= other.column
            or other.column + other.columns <= one.column
        )
