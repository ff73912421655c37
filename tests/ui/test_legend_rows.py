"""What a legend lists of a picture."""

from __future__ import annotations

from tests.ui.given import CPU, LOAD, NAN, series
from wodesk.models.metric import Column
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.ui.legend_rows import NEWEST, NOWHERE, rows_of
from wodesk.ui.picture import picture
from wodesk.ui.theme import LIGHT

LINES = ChartSpec("x", "x", "x", Style.LINES, Reading.GREATEST, by_instance=True)


def names(count: int, spec: ChartSpec = LINES) -> list[str]:
    """The first lines of so many, which reach as far as the number at their end."""
    columns = {Column("reads", f"disk{n:03}"): [float(n % 50), 0.0] for n in range(count)}
    rows, _ = rows_of(picture(spec, series(columns)), NEWEST, LIGHT)
    return [row.name for row in rows]


def test_a_few_lines_stay_in_their_order() -> None:
    assert names(3) == ["disk000", "disk001", "disk002"]


def test_of_many_lines_those_that_reach_furthest_come_first() -> None:
    assert names(20)[:2] == ["disk019", "disk018"]
    assert names(120)[:3] == ["disk049", "disk099", "disk048"]


def test_of_hundreds_of_lines_the_rest_is_counted() -> None:
    columns = {Column("reads", f"disk{n:03}"): [float(n)] for n in range(300)}
    rows, more = rows_of(picture(LINES, series(columns)), NEWEST, LIGHT)
    assert len(rows) + more == 300
    assert more > 200


def test_layers_are_listed_as_they_stand_on_each_other() -> None:
    columns = {f"kind{n:02}": [float(n)] for n in range(20)}
    rows, _ = rows_of(picture(CPU, series(columns)), NEWEST, LIGHT)
    assert [row.name for row in rows] == [f"kind{n:02}" for n in range(20)]


def test_a_long_unit_is_not_said_in_each_row() -> None:
    for units, value in (("queries/s", "12.5"), ("KiB/s", "12.8 kB/s")):
        shown = picture(LOAD, series({"load1": [12.5]}, units=units))
        (row,), _ = rows_of(shown, NEWEST, LIGHT)
        assert row.value.replace("\N{NARROW NO-BREAK SPACE}", " ") == value


def test_the_values_are_those_of_the_moment() -> None:
    shown = picture(LOAD, series({"load1": [1.0, 2.0, NAN]}, units="load"))
    values = [rows_of(shown, row, LIGHT)[0][0].value for row in (0, 1, NEWEST, NOWHERE, 9)]
    assert values[:2] == ["1.00", "2.00"]
    assert len(set(values[2:])) == 1


def test_a_line_on_the_chart_that_has_no_value_now_is_listed_too() -> None:
    now = picture(LINES, series({Column("reads", "vda"): [7.0]}))
    drawn = picture(LINES, series({Column("reads", "sda"): [1.0], Column("reads", "vda"): [7.0]}))
    rows, more = rows_of(now, NEWEST, LIGHT, drawn)
    assert [row.name for row in rows] == ["vda", "sda"]
    assert more == 0
    unknown = rows_of(now, NOWHERE, LIGHT)[0][0].value
    assert (rows[0].value == unknown, rows[1].value == unknown) == (False, True)


def test_the_lines_of_a_chart_have_colours_of_their_own_also_when_one_has_gone() -> None:
    disks = [f"disk{number}" for number in range(20)]
    drawn = picture(LINES, series({Column("reads", name): [1.0] for name in disks}))
    now = picture(LINES, series({Column("reads", name): [1.0] for name in disks[1:]}))
    before, _ = rows_of(drawn, NEWEST, LIGHT)
    after, _ = rows_of(now, NEWEST, LIGHT, drawn)
    colors = {row.name: row.color for row in before}
    assert len(set(colors.values())) == 20
    assert {row.name: row.color for row in after} == colors


def test_no_line_is_listed_twice_where_it_has_two_names() -> None:
    both = {Column(name, disk): [1.0] for disk in ("sda", "vda") for name in ("reads", "writes")}
    alone = {column: values for column, values in both.items() if column.instance == "vda"}
    now, drawn = (picture(LINES, series(columns)) for columns in (alone, both))
    rows, _ = rows_of(now, NEWEST, LIGHT, drawn)
    assert [row.name for row in rows] == ["reads", "writes"]
