"""Metrics of a server for the tests of the page on which they are found."""

from __future__ import annotations

from pathlib import Path

from wodesk.client.catalogues import catalogue_of_charts
from wodesk.models.catalogue import Catalogue
from wodesk.models.metric import Context

_CHARTS = Path(__file__).parents[1] / "data" / "1.37.1" / "charts.json"
CPU = Context("system.cpu", "percentage", "Total CPU utilization", "cpu", ("user", "system"))
DISKS = Context(
    "disk.io",
    "KiB/s",
    "Disk I/O Bandwidth",
    "io",
    ("reads", "writes"),
    ("disk.sda", "disk.sdb"),
    (("device", ("sda", "sdb")), ("device_type", ("physical",))),
    every=1,
    first_entry=1_700_000_000.0,
)
MEMORY = Context("mem.available", "MiB", "Available RAM for applications", "mem", ("avail",))
FEW = Catalogue((CPU, DISKS, MEMORY))


def recorded() -> Catalogue:
    """What a Netdata 1.37.1 has told."""
    return Catalogue(catalogue_of_charts(_CHARTS.read_bytes()))


def hostile(text: str) -> Catalogue:
    """Metrics of which every word is hostile."""
    contexts = tuple(
        Context(
            f"{text}.{number}",
            text,
            text,
            f"{text}{number}",
            (text, f"{text}b"),
            (text, f"{text}1"),
            ((text, (text, f"{text}2")),),
        )
        for number in range(14)
    )
    return Catalogue(contexts)
