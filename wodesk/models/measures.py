"""In which units amounts and rates are shown."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Traffic(StrEnum):
    """What traffic is counted in that a source measures in bits; disks are always in bytes."""

    BITS = "bits"
    BYTES = "bytes"


class Prefixes(StrEnum):
    """Whether thousands or 1024s of bytes have a name."""

    USUAL = "usual"
    """1024s for amounts, as of memory, and thousands for rates, as of disks."""
    IEC = "IEC"
    """1024s for all: KiB, MiB/s."""
    SI = "SI"
    """Thousands for all: kB, MB/s."""


class Measures(Struct, frozen=True):
    """What the user wants numbers to be in; bits are counted in thousands everywhere."""

    traffic: Traffic = Traffic.BITS
    prefixes: Prefixes = Prefixes.USUAL


USUAL = Measures()
