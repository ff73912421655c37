"""Any context as a chart: what is grouped and filtered, and how that is shown honestly."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from wodesk.models.metric import Context
from wodesk.models.page import ChartSpec, Reading, Style

MOST_LINES = 12
"""Columns up to which each dimension of each instance has a line of its own unasked."""
_PAIRS = frozenset(
    {
        ("received", "sent"),
        ("reads", "writes"),
        ("read", "write"),
        ("in", "out"),
        ("rx", "tx"),
        ("inbound", "outbound"),
    }
)
"""Two directions, of which the second is drawn below zero."""
_ARROWS = {"received": ("↓", "↑"), "in": ("↓", "↑"), "rx": ("↓", "↑")}
_LETTERS = ("R", "W")
_WHOLES = frozenset(
    {
        "system.cpu",
        "system.ram",
        "system.interrupts",
        "system.softirqs",
        "system.shared_memory_bytes",
        "mem.kernel",
        "mem.slab",
        "mem.transparent_hugepages",
    }
)
"""Contexts whose dimensions are parts of one whole."""
_PARTS = (
    frozenset({"user", "system"}),
    frozenset({"used", "avail"}),
    frozenset({"used", "free"}),
)
"""Dimensions that are parts of one whole wherever they come together."""
_SHARED = frozenset({"apps", "users", "groups"})
"""Sections of v1 that divide one amount among programs, users and groups of these."""
_NOT_SHARED = frozenset({"uptime", "uptime_min", "uptime_avg", "uptime_max", "vmem"})
_NAMING = ("mount_point", "device", "interface", "app_group", "user", "user_group")
"""Labels that name instances as people do, the best first."""
_SHARES = frozenset({"percentage", "%"})
_ALL = 100.0


class By(Enum):
    """What has a line of its own."""

    DIMENSION = "dimension"
    INSTANCE = "instance"
    LABEL = "label"


class Grouping(Struct, frozen=True):
    """What has a line of its own; `key` is the label's where it is by a label."""

    by: By
    key: str = ""


BY_DIMENSION = Grouping(By.DIMENSION)
BY_INSTANCE = Grouping(By.INSTANCE)


class Filters(Struct, frozen=True):
    """What of a context is wanted: nothing chosen of a kind means all of it.

    Of `labels`, pairs of key and value, an instance must have one value of each key.
    """

    dimensions: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


NO_FILTERS = Filters()


def groupings(context: Context) -> tuple[Grouping, ...]:
    """The ways to group a context that its server can answer."""
    found = [BY_DIMENSION]
    if context.instances:
        found.append(BY_INSTANCE)
    return (*found, *(Grouping(By.LABEL, key) for key in label_keys(context)))


def label_keys(context: Context) -> tuple[str, ...]:
    """The labels that say something of instances, not of how they were collected."""
    return tuple(key for key, values in context.labels if values and not key.startswith("_"))


def usual_grouping(context: Context) -> Grouping:
    """A line an instance, by the name that people know it by, as long as there are not too many.

    Disks, mounts, interfaces and sensors say little when they are added up, and shares of
    different wholes say nothing.
    """
    count = len(context.instances)
    if count <= 1:
        return BY_DIMENSION
    several = len(context.dimensions) > 1
    if several and not is_pair(context) and count * len(context.dimensions) > MOST_LINES:
        return BY_DIMENSION
    known = dict(context.labels)
    for key in _NAMING:
        if len(known.get(key, ())) == count:
            return Grouping(By.LABEL, key)
    return BY_INSTANCE


def usual_filters(context: Context) -> Filters:
    """All of a context; of space that is used and available, what is used of each file system."""
    if usual_grouping(context) != BY_DIMENSION and {"used", "avail"} <= set(context.dimensions):
        return Filters(("used",))
    return NO_FILTERS


def is_pair(context: Context) -> bool:
    """Whether a context has two directions and nothing else."""
    return directions(context.dimensions) is not None


def directions(dimensions: tuple[str, ...]) -> tuple[str, str] | None:
    """The two directions that these dimensions are, that to this machine first; else None."""
    if len(dimensions) != 2:  # noqa: PLR2004
        return None
    first, second = dimensions
    return next((pair for pair in ((first, second), (second, first)) if pair in _PAIRS), None)


def title_of(context: Context) -> str:
    """What a person calls a context, which not every source tells."""
    return context.title or context.id


def family_of(context: Context) -> str:
    """What a context is among, unless that is the name of one of its instances alone."""
    names = {value for _, values in context.labels for value in values}
    is_name = context.family in names or context.family.startswith(("/", "["))
    return "" if is_name else context.family


def is_summed(context: Context, grouping: Grouping, filters: Filters) -> bool:
    """Whether the values of several instances are added up in one line."""
    count = len(filters.instances or context.instances)
    if grouping.by is By.LABEL:
        return count > len(dict(context.labels).get(grouping.key, ()))
    return grouping.by is By.DIMENSION and count > 1


def spec_for(context: Context, grouping: Grouping, filters: Filters) -> ChartSpec:
    """The chart of a context as it is to be grouped and filtered."""
    dimensions = tuple(
        one for one in context.dimensions if one in (filters.dimensions or context.dimensions)
    )
    is_split = grouping.by is not By.DIMENSION
    pair = directions(dimensions)
    style = _style(context, grouping, dimensions)
    return ChartSpec(
        id=context.id,
        title=title_of(context),
        context=context.id,
        style=style,
        reading=_reading(context, style, dimensions, is_split=is_split, filters=filters),
        label=grouping.key or None,
        every=context.every or 1,
        dimensions=pair or _ordered(context, dimensions),
        unfilled=("free",) if context.id == "system.ram" and style is Style.STACKED else (),
        short_names=_ARROWS.get(pair[0], _LETTERS) if pair is not None else (),
        top=_top(context, grouping, filters),
        by_instance=grouping.by is By.INSTANCE,
        only=filters.dimensions,
        instances=filters.instances,
        labels=filters.labels,
    )


def _style(context: Context, grouping: Grouping, dimensions: tuple[str, ...]) -> Style:
    """Layers only where the parts make a whole: lines of several instances never do."""
    if directions(dimensions) is not None:
        return Style.MIRRORED
    if grouping.by is By.DIMENSION and len(dimensions) > 1 and _has_parts(context, dimensions):
        return Style.STACKED
    return Style.LINES


def _has_parts(context: Context, dimensions: tuple[str, ...]) -> bool:
    section, _, rest = context.id.partition(".")
    return (
        context.id in _WHOLES
        or any(parts <= set(dimensions) for parts in _PARTS)
        or (section in _SHARED and rest not in _NOT_SHARED)
    )


def _reading(
    context: Context,
    style: Style,
    dimensions: tuple[str, ...],
    *,
    is_split: bool,
    filters: Filters,
) -> Reading:
    if style is Style.MIRRORED and not is_split:
        return Reading.BOTH
    if style is Style.STACKED:
        is_memory = context.id == "system.ram" and filters == NO_FILTERS
        return Reading.USED if is_memory else Reading.TOTAL
    is_one = not is_split and (len(dimensions) == 1 or context.id == "system.load")
    return Reading.FIRST if is_one else Reading.GREATEST


def _ordered(context: Context, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """The order of the layers: what is in use is below what is free."""
    last = ("cached", "buffers", "free", "avail", "reserved for root")
    if context.id == "system.cpu":
        first = ("user", "system", "nice", "iowait")
        return tuple(sorted(dimensions, key=lambda one: first.index(one) if one in first else 9))
    return tuple(sorted(dimensions, key=lambda one: last.index(one) if one in last else -1))


def _top(context: Context, grouping: Grouping, filters: Filters) -> float | None:
    """The end of the axis where the values are shares of one whole, and not of several."""
    if context.units not in _SHARES or is_summed(context, grouping, filters):
        return None
    return _ALL if context.id in ("system.cpu", "cpu.cpu") else None
