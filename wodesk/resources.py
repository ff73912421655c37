"""The files that come with the program."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from wodesk.models.page import Page

_SHIPPED = ("server", "wordpress")
"""The names of the pages that every server has, in the order of their tabs."""


@cache
def resource_root() -> Path:
    """The folder of resources: inside an installed package, beside it in a checkout."""
    inside = Path(__file__).resolve().parent / "resources"
    return inside if inside.is_dir() else inside.parents[1] / "resources"


@lru_cache(maxsize=64)
def icon_text(name: str) -> str:
    """An icon as SVG, in which `currentColor` stands for its colour."""
    return (resource_root() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def load_pages() -> tuple[Page, ...]:
    """The pages that come with the program, which never change while it runs."""
    return tuple(load_page(name) for name in _SHIPPED)


def load_page(name: str) -> Page:
    """A page that comes with the program."""
    # Icons are resources too, and there are some in the tray, where no page is.
    from wodesk.models.page import Page  # noqa: PLC0415

    text = (resource_root() / "pages" / f"{name}.toml").read_text(encoding="utf-8")
    return replace(msgspec.convert(tomllib.loads(text), Page), name=name)
