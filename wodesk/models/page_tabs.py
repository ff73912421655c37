"""Which pages a server has, and in which order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.page import Page
from wodesk.models.page_edits import free

_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40


class Tab(Struct, frozen=True):
    """A page under the key that it keeps, whichever page stands there.

    `shipped` is the page that comes with wodesk and has this place, if one does.
    """

    key: str
    page: Page
    shipped: Page | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the user has put another page in the place of the one that came."""
        return self.shipped is not None and self.page is not self.shipped


def tabs_of(server: str, shipped: Sequence[Page], own: Iterable[Page]) -> tuple[Tab, ...]:
    """The tabs of a server: the pages that came with wodesk, then the user's by their titles.

    In the place of one that came stands the one that the user has made of it for this server, or
    else for all.
    """
    mine = sorted(
        (page for page in own if page.server in ("", server)),
        key=lambda page: (page.title.casefold(), page.name),
    )
    instead: dict[str, Page] = {}
    for page in sorted(mine, key=lambda page: bool(page.server)):
        instead[page.instead_of] = page
    first = [Tab(page.name, instead.get(page.name, page), page) for page in shipped]
    known = {page.name for page in shipped}
    return (*first, *(Tab(page.name, page) for page in mine if page.instead_of not in known))


def tab_named(text: str, tabs: Iterable[Tab]) -> Tab | None:
    """The tab whose page has this name or title, written in small letters or large."""
    wanted = text.strip().casefold()
    return next(
        (
            tab
            for tab in tabs
            if wanted in (tab.key.casefold(), tab.page.name.casefold(), tab.page.title.casefold())
        ),
        None,
    )


def beginning_of(tab: Tab, server: str) -> Page:
    """The page from which changes to a tab begin, to be kept for this server, or all if empty."""
    if tab.shipped is None or tab.is_changed:
        return tab.page
    return replace(tab.page, server=server, instead_of=tab.shipped.name)


def name_of(title: str, taken: Collection[str]) -> str:
    """What the file of a page with this title is called, without its end."""
    plain = _NAME.sub("-", title.casefold())[:_LONGEST_NAME].strip("-")
    return free(plain or "page", taken)
