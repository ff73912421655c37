"""The pages that servers have, as they are shown; every change of them begins here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.page import Page
from wodesk.models.page_edits import Edit, given_to
from wodesk.models.page_tabs import Tab, beginning_of, name_of, tabs_of

_MOST_STEPS = 50


class _Change(Struct, frozen=True):
    """A page before and after it, None where there is none, and how the one becomes the other."""

    before: Page | None
    after: Page | None
    edit: Edit | None = None


class _Step(Struct, frozen=True):
    """What was done at once, in words."""

    words: str
    changes: tuple[_Change, ...]


class PageBook(QObject):
    """Pages by the names of their files; a change is shown at once, and written soon after.

    What is in the files counts in the end: `take` brings it.

    Attributes:
        looked_at: the key of the page that each server showed last, by its id.

    Signals:
        changed(): some server has other pages.
        looked(str, str): this server shows the page of this key.
        did(str): what has been changed, for those who may want it undone.
        change_wanted(Page, Edit): make this edit in the file of this page.
        add_wanted(Page): write this page, which is new.
        remove_wanted(str): remove the file of this name.
        export_wanted(Page, str): write this page into this file, which is anywhere.
        import_wanted(str, str): take in the page of this file, for this server.
        opened(str): show the page of this name.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]
    looked: SignalInstance = Signal(str, str)  # type: ignore[assignment]
    did: SignalInstance = Signal(str)  # type: ignore[assignment]
    change_wanted: SignalInstance = Signal(object, object)  # type: ignore[assignment]
    add_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    remove_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    export_wanted: SignalInstance = Signal(object, str)  # type: ignore[assignment]
    import_wanted: SignalInstance = Signal(str, str)  # type: ignore[assignment]
    opened: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.looked_at: dict[str, str] = {}
        self._shipped: tuple[Page, ...] = ()
        self._own: dict[str, Page] = {}
        self._taken: frozenset[str] = frozenset()
        self._steps: list[_Step] = []

    def set_shipped(self, pages: Sequence[Page]) -> None:
        """These pages come with wodesk."""
        self._shipped = tuple(pages)
        self.changed.emit()

    def take(self, pages: Sequence[Page], names: Collection[str]) -> None:
        """These are in the files, whose names are taken, even if not all are understood."""
        self._taken = frozenset(names)
        own = {page.name: page for page in pages}
        if own != self._own:
            self._own = own
            self.changed.emit()

    def tabs(self, server: str) -> tuple[Tab, ...]:
        """The tabs of a server."""
        return tabs_of(server, self._shipped, self._own.values())

    def tab(self, server: str, key: str) -> Tab | None:
        """One tab of a server."""
        return next((tab for tab in self.tabs(server) if tab.key == key), None)

    def page_of(self, server: str) -> str:
        """The key of the page that a server shows: that of the last time, else the first."""
        keys = [tab.key for tab in self.tabs(server)]
        last = self.looked_at.get(server, "")
        return last if last in keys else next(iter(keys), "")

    def look(self, server: str, key: str) -> None:
        """Have a server show a page."""
        if key and self.looked_at.get(server) != key:
            self.looked_at[server] = key
            self.looked.emit(server, key)

    def edit(self, server: str, key: str, edit: Edit, words: str) -> bool:
        """Change the page of a tab; of one that came with wodesk it is that of this server alone.

        Gives whether anything has changed.
        """
        tab = self.tab(server, key)
        if tab is None:
            return False
        page = beginning_of(tab, server)
        is_new = page.name not in self._own
        if is_new:
            page = replace(page, name=self._name(f"{page.title} {server}"))
        after = edit(page)
        if after != page:
            self._do(words, _Change(None if is_new else page, after, None if is_new else edit))
        return after != page

    def add(self, page: Page, words: str) -> Page:
        """Have another page, by a name that is free, and show it; it is given as it is kept."""
        new = replace(page, name=self._name(page.title))
        self._do(words, _Change(None, new))
        self.opened.emit(new.name)
        return new

    def remove(self, page: Page, words: str) -> None:
        """Remove a page of the user."""
        if self._own.get(page.name) == page:
            self._do(words, _Change(page, None))

    def give(self, server: str, key: str, to: str, words: str) -> None:
        """Let the page of a tab be that of this server, or of all if that is empty."""
        tab = self.tab(server, key)
        if tab is None or (tab.shipped is not None and not tab.is_changed):
            return
        rivals = [
            _Change(page, None)
            for page in self._own.values()
            if page.instead_of and (page.instead_of, page.server) == (tab.page.instead_of, to)
        ]
        edit = partial(given_to, server=to)
        self._do(words, *rivals, _Change(tab.page, edit(tab.page), edit))

    def undo(self) -> str:
        """Take the last step back; in words, or nothing where somebody else changed a page."""
        if not self._steps:
            return ""
        step = self._steps.pop()
        if any(
            self._own.get(change.after.name) != change.after
            for change in step.changes
            if change.after is not None
        ):
            return ""
        for change in reversed(step.changes):
            self._make(_Change(change.after, change.before, partial(_swapped, change)))
        self.changed.emit()
        return step.words

    def can_undo(self) -> bool:
        """Whether anything was changed here."""
        return bool(self._steps)

    def _do(self, words: str, *changes: _Change) -> None:
        for change in changes:
            self._make(change)
        self._steps = [*self._steps, _Step(words, changes)][-_MOST_STEPS:]
        self.changed.emit()
        self.did.emit(words)

    def _make(self, change: _Change) -> None:
        """Make a change here, and ask for it in the files."""
        before, after, edit = change.before, change.after, change.edit
        if after is None:
            if before is not None:
                self._own.pop(before.name, None)
                self.remove_wanted.emit(before.name)
        elif before is None or edit is None:
            self._own[after.name] = after
            self.add_wanted.emit(after)
        else:
            self._own[after.name] = after
            self.change_wanted.emit(before, edit)

    def _name(self, title: str) -> str:
        return name_of(title, {*self._own, *self._taken, *(page.name for page in self._shipped)})


def _swapped(change: _Change, page: Page) -> Page:
    """The page as it was before a change, if it is what that made of it."""
    return change.before if change.before is not None and page == change.after else page
