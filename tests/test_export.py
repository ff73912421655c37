"""Series as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wodesk.export import Format, Heading, csv_of, file_parts, iso, json_parts, tsv_of
from wodesk.models.metric import Column, Series

NAN = math.nan
HEADING = Heading("web1", "disk.space")


def series(values: list[list[float]], *columns: Column, units: str = "GiB") -> Series:
    times = np.arange(1795825000, 1795825000 + len(values), dtype=np.float64)
    return Series(times, np.array(values, dtype=np.float64), columns, units, 1.0)


SPACE = series([[1.5, NAN], [0.1 + 0.2, -2.0]], Column("used", "/"), Column("avail", "/srv; x"))


def test_csv_has_units_in_its_header_iso_and_epoch_times_and_empty_gaps() -> None:
    assert csv_of(SPACE, ZoneInfo("Europe/Paris")) == (
        '"time","epoch [s]","/: used [GiB]","/srv; x: avail [GiB]"\n'
        "2026-11-28T01:16:40+01:00,1795825000,1.5,\n"
        "2026-11-28T01:16:41+01:00,1795825001,0.30000000000000004,-2.0\n"
    )


def test_json_says_what_its_rows_are() -> None:
    read = json.loads("".join(json_parts(SPACE, HEADING, UTC)))
    assert read == {
        "server": "web1",
        "context": "disk.space",
        "every": 1,
        "columns": [
            {"dimension": "used", "instance": "/", "value": "average", "units": "GiB"},
            {"dimension": "avail", "instance": "/srv; x", "value": "average", "units": "GiB"},
        ],
        "rows": [
            ["2026-11-28T00:16:40+00:00", 1795825000, 1.5, None],
            ["2026-11-28T00:16:41+00:00", 1795825001, 0.1 + 0.2, -2.0],
        ],
    }


def test_a_row_of_json_is_a_line() -> None:
    assert "".join(json_parts(SPACE, HEADING, UTC)).count("\n[") == len(SPACE)


def test_a_series_without_rows_is_a_header_and_an_empty_list() -> None:
    nothing = Series(np.empty(0), np.empty((0, 0)), (), "", 1.0)
    assert csv_of(nothing) == '"time","epoch [s]"\n'
    assert json.loads("".join(json_parts(nothing, HEADING)))["rows"] == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\n=1"])
def test_no_name_of_the_server_is_a_formula_in_csv(name: str) -> None:
    header = next(csv.reader(io.StringIO(csv_of(series([[1.0]], Column(name), units="=x")))))
    assert header[2][0] not in "=+-@\t\r\n"
    assert "\n" not in header[2]


def test_the_hour_that_the_clocks_have_twice_is_told_apart() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert iso(1792888200, paris) == "2026-10-25T02:30:00+02:00"
    assert iso(1792891800, paris) == "2026-10-25T02:30:00+01:00"


def test_a_part_of_a_second_is_told() -> None:
    assert iso(1795825000.25, UTC) == "2026-11-28T00:16:40.250+00:00"


VALUES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.just(2)),
    elements=st.floats(allow_infinity=False),
)


@given(VALUES)
def test_every_number_is_read_back_to_the_last_digit(values: np.ndarray) -> None:
    made = series(values.tolist(), Column("a"), Column("b"))
    rows = list(csv.reader(io.StringIO(csv_of(made))))[1:]
    read = [[float(cell) if cell else NAN for cell in row[2:]] for row in rows]
    assert np.array_equal(np.array(read), values, equal_nan=True)
    rows = json.loads("".join(json_parts(made, HEADING)))["rows"]
    read = [[NAN if cell is None else cell for cell in row[2:]] for row in rows]
    assert np.array_equal(np.array(read, dtype=np.float64), values, equal_nan=True)


def test_the_same_series_is_the_same_file() -> None:
    assert csv_of(SPACE, UTC) == csv_of(SPACE, UTC)
    assert "".join(json_parts(SPACE, HEADING, UTC)) == "".join(json_parts(SPACE, HEADING, UTC))


def test_a_band_and_anomaly_rates_are_columns_after_the_averages() -> None:
    plain = series([[2.0]], Column("user"), units="percentage")
    band = {"lows": plain.values - 1, "highs": plain.values + 7, "anomaly": plain.values * 6}
    whole = plain.of(plain.times, plain.layers() | band)
    header, row = csv.reader(io.StringIO(csv_of(whole, UTC)))
    assert header[2:] == [
        "user [percentage]",
        "user min [percentage]",
        "user max [percentage]",
        "user anomaly rate [%]",
    ]
    assert [float(cell) for cell in row[2:]] == [2, 1, 9, 12]
    columns = json.loads("".join(json_parts(whole, HEADING)))["columns"]
    assert [column["value"] for column in columns] == ["average", "min", "max", "anomaly rate"]
    assert [column["units"] for column in columns] == ["percentage"] * 3 + ["%"]


@pytest.mark.parametrize("form", Format)
def test_a_file_comes_in_parts_that_make_the_whole(form: Format) -> None:
    long = series([[float(row)] for row in range(4_500)], Column("user"))
    parts = list(file_parts(long, HEADING, form, UTC))
    whole = csv_of(long, UTC) if form is Format.CSV else "".join(json_parts(long, HEADING, UTC))
    assert len(parts) > 3
    assert b"".join(parts) == whole.encode()


def test_a_lone_instance_is_not_named_in_a_file() -> None:
    lone = series([[1.0]], Column("used", "disk_space./"))
    (header, _) = csv.reader(io.StringIO(b"".join(file_parts(lone, HEADING, Format.CSV)).decode()))
    assert header[2] == "used [GiB]"
    assert b"disk_space./" in b"".join(file_parts(SPACE_TWICE, HEADING, Format.CSV))


SPACE_TWICE = series([[1.0, 2.0]], Column("used", "disk_space./"), Column("used", "disk_space./b"))


@pytest.mark.parametrize("form", Format)
def test_half_of_a_character_in_a_name_spoils_no_file(form: Format) -> None:
    torn = series([[1.0]], Column("a\ud800b"))
    assert b"a" in b"".join(file_parts(torn, HEADING, form, UTC))


def test_what_is_pasted_is_a_table_with_every_digit_and_no_formula() -> None:
    made = series([[0.1 + 0.2, NAN]], Column("=1"), Column("a\tb"))
    assert tsv_of(made, ZoneInfo("Europe/Paris")).split("\n") == [
        "time\tepoch [s]\t'=1 [GiB]\ta b [GiB]",
        "2026-11-28 01:16:40\t1795825000\t0.30000000000000004\t",
        "",
    ]
