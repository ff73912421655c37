"""Cells of CSV that spreadsheets show and never compute."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.csv_text import cell, rows_text

FORMULAS = "=+-@\uff1d\uff0b\uff0d\uff20\u2212"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u00a0=1+1",
        "\x00=1+1",
        "\u202e=1+1",
        "\uff1d1+1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "user", "a=b", "/mnt/My Data", "1-2", "données"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_a_long_text_is_cut() -> None:
    assert len(cell("x" * 5000)) == 1000


@given(st.text())
def test_whatever_the_text_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text).lstrip()[:1] not in {*FORMULAS, "\t", "\r", "\n"} - {""}


VALUES = st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.lists(VALUES, min_size=2, max_size=4), max_size=4))
def test_a_reader_of_csv_gets_the_cells_back_with_all_digits(rows: list[list[object]]) -> None:
    read = list(csv.reader(io.StringIO(rows_text(rows))))
    assert len(read) == len(rows)
    for row, cells in zip(rows, read, strict=True):
        for value, found in zip(row, cells, strict=True):
            if isinstance(value, str):
                assert found == cell(value)
            elif value is None:
                assert found == ""
            else:
                assert isinstance(value, int | float)
                assert math.isclose(float(found), value, rel_tol=0, abs_tol=0)


def test_a_negative_number_is_a_number() -> None:
    assert rows_text([["a", -1.5, None]]) == '"a",-1.5,\n'


def test_a_semicolon_ends_no_cell_where_that_separates_them() -> None:
    text = rows_text([["a;=1+1"]])
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [["a;=1+1"]]
