"""The metrics that rules are usually about, and any other by the name of its context."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.metric import Column, Metric
from wodesk.models.rule import Compare, Rule


class Usual(Struct, frozen=True):
    """A metric on offer: what it is called, its unit, and limits that make sense for it."""

    name: str
    unit: str
    metric: Metric
    columns: tuple[str, ...] = ()
    percent_of_total: bool = False
    raise_at: float = 90.0
    clear_at: float = 80.0

    def fits(self, rule: Rule) -> bool:
        """Whether a rule is about this metric."""
        names = tuple(column.dimension for column in rule.columns)
        mine = (self.metric, self.columns, self.percent_of_total)
        return mine == (rule.metric, names, rule.percent_of_total)

    def given_to(self, rule: Rule) -> Rule:
        """The rule about this metric, with its limits."""
        above = rule.compare is Compare.ABOVE
        return replace(
            rule,
            metric=self.metric,
            columns=tuple(Column(name) for name in self.columns),
            percent_of_total=self.percent_of_total,
            raise_at=self.raise_at if above else self.clear_at,
            clear_at=self.clear_at if above else self.raise_at,
        )


USUAL = (
    Usual("CPU in use", "%", Metric("system.cpu"), raise_at=90, clear_at=80),
    Usual("Memory in use", "%", Metric("system.ram"), ("used",), percent_of_total=True),
    Usual(
        "Disk space in use, of each file system",
        "%",
        Metric("disk.space", "mount_point", 10),
        ("used",),
        percent_of_total=True,
        raise_at=90,
        clear_at=88,
    ),
    Usual(
        "Load of one minute", "", Metric("system.load", every=5), ("load1",), raise_at=8, clear_at=6
    ),
    Usual(
        "Network, received",
        "kbit/s",
        Metric("system.net"),
        ("received",),
        raise_at=9e4,
        clear_at=8e4,
    ),
    Usual("Network out", "kbit/s", Metric("system.net"), ("sent",), raise_at=9e4, clear_at=8e4),
    Usual("Disk reads", "KiB/s", Metric("system.io"), ("reads",), raise_at=1e5, clear_at=8e4),
    Usual("Disk writes", "KiB/s", Metric("system.io"), ("writes",), raise_at=1e5, clear_at=8e4),
)


def usual_of(rule: Rule) -> int:
    """The place of a rule's metric among the usual ones, -1 if it is another."""
    return next((place for place, one in enumerate(USUAL) if one.fits(rule)), -1)


def with_context(rule: Rule, context: str, dimensions: str) -> Rule:
    """The rule about any context, the sum of some dimensions of it or of all."""
    names = [name.strip() for name in dimensions.split(",")]
    metric = rule.metric if rule.metric.context == context else Metric(context)
    columns = tuple(Column(name) for name in names if name)
    return replace(rule, metric=metric, columns=columns)
