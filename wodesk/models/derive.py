"""Arithmetic on series that Netdata leaves to its clients; pure functions."""

from __future__ import annotations

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Series

_UNREAL = ("/dev", "/proc", "/run", "/snap", "/sys", "/var/lib/docker", "/var/lib/containers")


def total(series: Series) -> Floats:
    """The sum of all columns (n,); NaN where every column is a gap."""
    if not series.columns:
        return np.full(len(series), np.nan)
    present = ~np.isnan(series.values).all(axis=1)
    return np.where(present, np.nansum(series.values, axis=1), np.nan)


def newest_total(series: Series) -> float:
    """The sum of the newest row; NaN where all of it is a gap."""
    newest = series.values[-1:]
    return float(np.nansum(newest)) if newest.size and not np.isnan(newest).all() else float("nan")


def used_percent(ram: Series) -> Floats:
    """Memory in use as % of all of it (n,), from the columns of `system.ram`."""
    return _share(_column(ram, "used"), total(ram))


def is_real_mount(mount: str) -> bool:
    """Whether a mount point holds a file system that a person fills, not one of the kernel's."""
    return not any(mount == root or mount.startswith(root + "/") for root in _UNREAL)


def space_percent(space: Series) -> Series:
    """`disk.space` as one column `used` in % per real mount point, as `df` counts it.

    What is reserved for root counts neither as used nor as available.
    """
    mounts = [mount for mount in space.instances() if is_real_mount(mount)]
    shares = [
        _share(
            _column(space, "used", mount),
            _column(space, "used", mount) + _column(space, "avail", mount),
        )
        for mount in mounts
    ]
    return Series(
        times=space.times,
        values=np.stack(shares, axis=1) if shares else np.empty((len(space), 0)),
        columns=tuple(Column("used", mount) for mount in mounts),
        units="%",
        every=space.every,
        first_entry=space.first_entry,
    )


def last(values: Floats) -> float:
    """The newest number in (n,), or NaN when there is none."""
    numbers = values[~np.isnan(values)]
    return float(numbers[-1]) if numbers.size else float("nan")


def _column(series: Series, dimension: str, instance: str = "") -> Floats:
    column = Column(dimension, instance)
    return series[column] if column in series else np.full(len(series), np.nan)


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.full(part.shape, np.nan)
    np.divide(100.0 * part, whole, out=share, where=whole > 0)
    return share
