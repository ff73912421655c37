"""Which of the looks that lines have each line of a chart gets; names and numbers, no Qt.

A look is a number: the first `COLORS` are the colours of the theme, the next as many are other
shades of them, and dashed, and so on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

COLORS = 8
_FIXED = {
    "user": 0,
    "system": 5,
    "nice": 2,
    "iowait": 1,
    "softirq": 3,
    "irq": 7,
    "steal": 6,
    "guest": 4,
    "guest_nice": 4,
    "used": 0,
    "cached": 2,
    "buffers": 1,
    "free": 6,
    "reads": 0,
    "writes": 1,
    "received": 2,
    "sent": 3,
    "max": 1,
    "limit": 1,
    "load1": 0,
    "load5": 1,
    "load15": 2,
    "/": 0,
}
"""The dimensions that everybody looks at, which have their colours in every chart."""


def own_look(name: str) -> int:
    """The look that a name has where no other wants it, in every chart and after a restart."""
    look = _FIXED.get(name)
    if look is None:
        look = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=2).digest()[0]
    return look % COLORS


@lru_cache(maxsize=64)
def looks_of(names: tuple[str, ...]) -> Mapping[str, int]:
    """The look of each line of a chart, no two of them the same, in whatever order they come.

    A name has its own look where it can; else the next colour that is free, and where none is,
    the next of those after them.
    """
    looks: dict[str, int] = {}
    crowded: list[str] = []
    free = set(range(COLORS))
    for name in sorted(set(names), key=lambda name: (name not in _FIXED, name)):
        own = own_look(name)
        if own in free:
            free.remove(own)
            looks[name] = own
        else:
            crowded.append(name)
    start = 0
    for name in crowded:
        if not free:
            start += COLORS
            free.update(range(start, start + COLORS))
        wanted = (start + (own_look(name) + step) % COLORS for step in range(COLORS))
        looks[name] = next(look for look in wanted if look in free)
        free.remove(looks[name])
    return MappingProxyType(looks)
