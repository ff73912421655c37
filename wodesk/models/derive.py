"""Arithmetic on series that Netdata leaves to its clients; pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, History, Metric, Newest, Series

_UNREAL = ("/dev", "/proc", "/run", "/snap", "/sys", "/var/lib/docker", "/var/lib/containers")
_USED_AND_AVAIL = ("used", "avail")


def total(series: Series) -> Floats:
    """The sum of all columns (n,); NaN where every column is a gap."""
    if not series.columns:
        return np.full(len(series), np.nan)
    present = ~np.isnan(series.values).all(axis=1)
    return np.where(present, np.nansum(series.values, axis=1), np.nan)


def newest_total(series: Series) -> float:
    """The sum of the newest row; NaN where all of it is a gap."""
    # Of a few numbers Python itself has the sum in a tenth of the time.
    newest = series.values[-1].tolist() if len(series) else []
    numbers = [value for value in newest if not math.isnan(value)]
    return sum(numbers) if numbers else math.nan


def newest_of(answer: History, metric: Metric) -> Newest:
    """The newest row of a metric that has a number in it."""
    series = answer.series[metric]
    sums = total(series)
    known = np.flatnonzero(~np.isnan(sums))
    if not known.size:
        return Newest(None, math.nan, series.every, answer.now)
    place = int(known[-1])
    return Newest(float(series.times[place]), float(sums[place]), series.every, answer.now)


def used_percent(ram: Series) -> Floats:
    """Memory in use as % of all of it (n,), from the columns of `system.ram`."""
    return _share(_column(ram, "used"), total(ram))


def is_real_mount(mount: str) -> bool:
    """Whether a mount point holds a file system that a person fills, not one of the kernel's."""
    return not any(mount == root or mount.startswith(root + "/") for root in _UNREAL)


def space_percent(space: Series) -> Series:
    """`disk.space` as one column `used` in % per real mount point, as `df` counts it.

    What is reserved for root counts neither as used nor as available.  The extremes, where they
    are known, are of the least in use with the most available and the other way round, which come
    together unless somebody resizes the file system.
    """
    mounts = tuple(mount for mount in space.instances() if is_real_mount(mount))
    layers = {"values": _shares_of(mounts, space, space.values, space.values)}
    if space.lows is not None and space.highs is not None:
        layers["lows"] = _shares_of(mounts, space, space.lows, space.highs)
        layers["highs"] = _shares_of(mounts, space, space.highs, space.lows)
    if space.anomaly is not None:
        used, avail = (_of_mounts(mounts, space, space.anomaly, name) for name in _USED_AND_AVAIL)
        layers["anomaly"] = np.fmax(used, avail)
    shares = space.of(space.times, layers, tuple(Column("used", mount) for mount in mounts))
    return replace(shares, units="%")


def last(values: Floats) -> float:
    """The newest number in (n,), or NaN when there is none."""
    numbers = values[~np.isnan(values)]
    return float(numbers[-1]) if numbers.size else float("nan")


def _column(series: Series, dimension: str, instance: str = "") -> Floats:
    column = Column(dimension, instance)
    return series[column] if column in series else np.full(len(series), np.nan)


def _shares_of(mounts: Sequence[str], space: Series, used: Floats, avail: Floats) -> Floats:
    """The shares in use (n, mounts), from layers of `space` with the used and the available."""
    part = _of_mounts(mounts, space, used, "used")
    return _share(part, part + _of_mounts(mounts, space, avail, "avail"))


def _of_mounts(mounts: Sequence[str], space: Series, layer: Floats, dimension: str) -> Floats:
    """A dimension of a layer for each mount point (n, mounts); NaN where there is none."""
    found = np.full((len(space), len(mounts)), np.nan)
    for place, mount in enumerate(mounts):
        column = space.place(Column(dimension, mount))
        if column is not None:
            found[:, place] = layer[:, column]
    return found


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.full(part.shape, np.nan)
    np.divide(100.0 * part, whole, out=share, where=whole > 0)
    return share
