"""Where the charts of a page stand: in reading order, as wide and as high as each is wished for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wodesk.models.page import ChartSpec

MOST_COLUMNS = 3
MOST_ROWS = 3


class Cell(Struct, frozen=True):
    """A place in a grid, and how many columns and rows it takes."""

    row: int
    column: int
    columns: int
    rows: int


def placed(charts: Sequence[ChartSpec], columns: int) -> tuple[Cell, ...]:
    """A cell for each chart in a grid of so many columns.

    Each stands in the first room that is wide and high enough for it, but never in a row above the
    chart before it, so that a page reads from top to bottom.
    """
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    row = 0
    for chart in charts:
        wide = max(1, min(chart.columns, columns))
        cell = Cell(row, 0, wide, max(1, chart.rows))
        while not (cell.column + wide <= columns and taken.isdisjoint(_squares(cell))):
            at_end = cell.column + wide >= columns
            next_row, column = (cell.row + 1, 0) if at_end else (cell.row, cell.column + 1)
            cell = Cell(next_row, column, cell.columns, cell.rows)
        taken.update(_squares(cell))
        cells.append(cell)
        row = cell.row
    return tuple(cells)


def _squares(cell: Cell) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
