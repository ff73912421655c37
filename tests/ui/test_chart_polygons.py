"""Polygons over rows of samples, which get other heights for each trace."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPolygonF

from wodesk.ui.chart_polygons import Polygons

TIMES = np.array([10.0, 20.0, 30.0, 40.0])
WHOLE = slice(0, 4)


def points(polygon: QPolygonF) -> list[tuple[float, float]]:
    """The corners of a polygon."""
    return [(polygon.at(i).x(), polygon.at(i).y()) for i in range(polygon.size())]


def test_a_line_has_a_point_for_each_row_and_other_heights_for_the_next_trace() -> None:
    polygons = Polygons(TIMES, every=10.0)
    first = points(polygons.along(WHOLE, np.array([1.0, 2.0, 3.0, 4.0])))
    second = points(polygons.along(WHOLE, np.array([5.0, 6.0, 7.0, 8.0])))
    assert first == [(10.0, 1.0), (20.0, 2.0), (30.0, 3.0), (40.0, 4.0)]
    assert second == [(10.0, 5.0), (20.0, 6.0), (30.0, 7.0), (40.0, 8.0)]


def test_a_run_takes_its_own_rows_and_no_others() -> None:
    polygons = Polygons(TIMES, every=10.0)
    heights = np.array([1.0, np.nan, 3.0, 4.0])
    assert points(polygons.along(slice(2, 4), heights)) == [(30.0, 3.0), (40.0, 4.0)]


def test_an_area_goes_along_the_upper_line_and_back_along_the_lower_one() -> None:
    polygons = Polygons(TIMES, every=10.0)
    upper, lower = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.1, 0.2, 0.3, 0.4])
    assert points(polygons.around(slice(0, 2), upper, lower)) == [
        (10.0, 1.0),
        (20.0, 2.0),
        (20.0, 0.2),
        (10.0, 0.1),
    ]


def test_an_area_goes_along_a_line_and_back_along_zero() -> None:
    polygons = Polygons(TIMES, every=10.0)
    polygons.under(slice(0, 2), np.array([7.0, 8.0, 9.0, 9.0]))
    assert points(polygons.under(slice(0, 2), np.array([1.0, 2.0, 3.0, 4.0]))) == [
        (10.0, 1.0),
        (20.0, 2.0),
        (20.0, 0.0),
        (10.0, 0.0),
    ]


def test_a_lone_row_is_as_wide_as_what_it_stands_for() -> None:
    polygons = Polygons(TIMES, every=5.0)
    heights, floor = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4)
    lone = slice(1, 2)
    assert points(polygons.along(lone, heights)) == [(15.0, 2.0), (20.0, 2.0)]
    assert points(polygons.around(lone, heights, floor)) == [
        (15.0, 2.0),
        (20.0, 2.0),
        (20.0, 0.0),
        (15.0, 0.0),
    ]


def test_a_lone_row_reaches_no_further_back_than_history_does() -> None:
    heights = np.array([1.0, 2.0, 3.0, 4.0])
    young = Polygons(TIMES, every=5.0, start=18.0)
    assert points(young.along(slice(1, 2), heights)) == [(18.0, 2.0), (20.0, 2.0)]
    newborn = Polygons(TIMES, every=5.0, start=20.0)
    assert points(newborn.along(slice(1, 2), heights)) == [(19.0, 2.0), (20.0, 2.0)]
    assert points(newborn.along(slice(3, 4), heights)) == [(35.0, 4.0), (40.0, 4.0)]
