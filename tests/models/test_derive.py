"""Arithmetic that Netdata leaves to its clients."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wodesk.models.derive import is_real_mount, last, space_percent, total, used_percent
from wodesk.models.metric import Column, Series

NAN = math.nan


def series(rows: list[list[float]], *columns: Column, units: str = "percentage") -> Series:
    """A series of one row a second."""
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))
    return Series(np.arange(1.0, len(rows) + 1), values, columns, units, 1)


def dimensions(*names: str) -> tuple[Column, ...]:
    return tuple(map(Column, names))


def space(**mounts: tuple[float, float]) -> Series:
    """`disk.space` of one row: (avail, used) of each mount, and what is reserved for root."""
    columns = [
        Column(name, mount) for mount in mounts for name in ("avail", "used", "reserved for root")
    ]
    row = [part for sizes in mounts.values() for part in (*sizes, 1000.0)]
    return series([row], *columns, units="GiB")


def test_total_is_the_sum_of_the_columns() -> None:
    cpu = series([[1, 2, 3], [4, 5, 6]], *dimensions("user", "system", "nice"))
    assert total(cpu).tolist() == [6, 15]


def test_total_of_a_gap_is_a_gap_and_not_zero() -> None:
    cpu = series([[1, NAN], [NAN, NAN]], *dimensions("user", "system"))
    assert total(cpu)[0] == 1
    assert math.isnan(total(cpu)[1])


def test_total_of_no_columns_is_all_gaps() -> None:
    assert np.isnan(total(series([[], []]))).tolist() == [True, True]


def test_memory_is_used_over_everything_in_percent() -> None:
    ram = series([[50, 25, 20, 5]], *dimensions("free", "used", "cached", "buffers"))
    assert used_percent(ram).tolist() == [25]


def test_memory_without_a_used_column_is_a_gap() -> None:
    assert math.isnan(used_percent(series([[1]], Column("free")))[0])


def test_memory_of_no_size_is_a_gap_and_no_warning() -> None:
    assert math.isnan(used_percent(series([[0, 0]], *dimensions("free", "used")))[0])


def test_disk_space_is_counted_as_df_counts_it_without_what_is_reserved_for_root() -> None:
    shares = space_percent(space(**{"/": (75.0, 25.0)}))
    assert shares.values.tolist() == [[25]]
    assert shares.units == "%"


def test_disk_space_has_one_column_for_each_real_mount_point() -> None:
    shares = space_percent(space(**{"/": (1, 1), "/run": (1, 1), "/mnt/a b": (3, 1)}))
    assert shares.columns == (Column("used", "/"), Column("used", "/mnt/a b"))
    assert shares.values.tolist() == [[50, 25]]


def test_disk_space_of_no_real_mount_has_rows_and_no_columns() -> None:
    shares = space_percent(space(**{"/dev/shm": (1, 1)}))
    assert (len(shares), shares.columns) == (1, ())


def test_disk_space_without_its_size_is_a_gap() -> None:
    shares = space_percent(series([[5]], Column("used", "/"), units="GiB"))
    assert np.isnan(shares.values).all()


def test_disk_space_keeps_times_cadence_and_retention() -> None:
    sizes = space(**{"/": (1, 1)})
    aged = Series(sizes.times, sizes.values, sizes.columns, "GiB", 10, first_entry=-5.0)
    shares = space_percent(aged)
    assert (shares.times.tolist(), shares.every, shares.first_entry) == ([1], 10, -5)


@pytest.mark.parametrize(("values", "newest"), [([1, 2, NAN], 2), ([1], 1), ([0, NAN], 0)])
def test_last_is_the_newest_number(values: list[float], newest: float) -> None:
    assert last(np.array(values)) == newest


@pytest.mark.parametrize("values", [[], [NAN, NAN]])
def test_last_of_nothing_is_nan(values: list[float]) -> None:
    assert math.isnan(last(np.array(values)))


@pytest.mark.parametrize("mount", ["/", "/home", "/mnt/My Data", "/developer", "/runner", "/boot"])
def test_what_a_person_fills_is_a_real_mount(mount: str) -> None:
    assert is_real_mount(mount)


@pytest.mark.parametrize(
    "mount",
    ["/dev", "/dev/shm", "/run/user/1000", "/sys/fs/cgroup", "/proc", "/snap/core/1"],
)
def test_what_the_kernel_makes_is_no_real_mount(mount: str) -> None:
    assert not is_real_mount(mount)


@given(st.text(alphabet="/devrunsyp ä.", max_size=20))
@example("/dev")
@example("")
@settings(deadline=None)
def test_a_mount_is_as_real_as_whatever_is_below_it(mount: str) -> None:
    assert is_real_mount(mount) == is_real_mount(mount.rstrip("/") + "/x/y") or mount in ("", "/")


@given(
    st.lists(st.tuples(*[st.floats(0, 1e12) | st.just(NAN)] * 4).map(list), min_size=1, max_size=5)
)
@settings(deadline=None)
def test_a_share_is_between_0_and_100_or_a_gap(rows: list[list[float]]) -> None:
    ram = used_percent(series(rows, *dimensions("free", "used", "cached", "buffers")))
    disk = space_percent(
        series([row[:2] for row in rows], Column("avail", "/"), Column("used", "/"))
    ).values
    for shares in (ram, disk):
        numbers = shares[~np.isnan(shares)]
        assert ((numbers >= 0) & (numbers <= 100 + 1e-9)).all()
