"""The user's pages, each in a TOML file of its own that a person can read, edit and pass on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from wodesk.atomic import locked, sweep, write_atomically
from wodesk.folders import config_folder
from wodesk.mistakes import Mistake
from wodesk.models.page import Page
from wodesk.models.page_edits import Edit
from wodesk.models.page_tabs import name_of
from wodesk.page_entries import page_in
from wodesk.text_files import BOM, BrokenSettings, misunderstood, read_text

_MOST = 200
"""Files that are read of a folder."""
_END = ".toml"
_SAFE = re.compile(r"[\w][\w. -]{0,99}")


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the folder: the pages, and a sentence for each file that is not understood.

    `names` are those that no new page can have.
    """

    pages: tuple[Page, ...] = ()
    broken: tuple[str, ...] = ()
    names: frozenset[str] = field(default=frozenset(), compare=False)


class PagesFolder(Struct, frozen=True):
    """The folder of pages at `path`, which need not exist.

    What changes a page reads its file as it is then.  It raises `BrokenSettings`, and leaves the
    file alone, if that cannot be read, is not understood, or cannot be written.
    """

    path: Path

    @classmethod
    def of_user(cls) -> PagesFolder:
        """The folder of the person who runs wodesk."""
        return cls(config_folder() / "pages")

    def load(self) -> Found:
        """The pages by the names of their files."""
        pages, broken = [], []
        try:
            files = self.files()
        except OSError as exc:
            return Found((), (f"{self.path} cannot be read: {exc.strerror}.",))
        for file in files:
            try:
                pages.append(read_page(file))
            except BrokenSettings as exc:
                broken.append(str(exc))
        return Found(tuple(pages), tuple(broken), frozenset(file.stem for file in files))

    def files(self) -> list[Path]:
        """The files of pages, as many as are read; raises `OSError`."""
        return self._all()[:_MOST]

    def _all(self) -> list[Path]:
        try:
            found = sorted(self.path.iterdir())
        except FileNotFoundError:
            return []
        return [one for one in found if one.suffix == _END and _SAFE.fullmatch(one.stem)]

    def add(self, page: Page) -> Page:
        """Keep a page under its name, or another if that is taken."""
        with self._alone():
            taken = {file.stem.casefold() for file in self._all()}
            name = page.name if page.name and page.name.casefold() not in taken else ""
            new = replace(page, name=name or name_of(page.title, taken))
            self._write(new, "")
        return new

    def change(self, page: Page, edit: Edit) -> Page:
        """Make an edit in the file of this page; it begins with the page if there is none."""
        with self._alone():
            text = _read(self._file(page.name))
            now = page if text is None else _understood(self._file(page.name), text)
            new = edit(now)
            if text is None or new != now:
                self._write(new, text or "")
        return new

    def remove(self, name: str) -> None:
        """Remove a page, if it is there and understood; of a link, the link alone."""
        with self._alone():
            if _read(self._file(name)) is not None:
                read_page(self._file(name))
                self._file(name).unlink()

    def _file(self, name: str) -> Path:
        if not _SAFE.fullmatch(name):
            raise BrokenSettings(self.path, f"No page can have the name {name!r}.")
        return self.path / f"{name}{_END}"

    def _write(self, page: Page, text: str) -> None:
        # A link stays one, to a file that is kept elsewhere.
        path = Path(os.path.realpath(self._file(page.name)))
        sweep(path)
        write_page(path, page, text)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other wodesks out of the folder, and make it if it is not there."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self.path):
                yield
        except OSError as exc:
            sentence = f"{exc.filename or self.path} cannot be written: {exc.strerror}."
            raise BrokenSettings(self.path, sentence) from exc


def read_page(path: Path) -> Page:
    """The page in a file; raises `BrokenSettings` with the file, the place and the reason."""
    text = _read(path)
    if text is None:
        raise BrokenSettings(path, f"{path} is not there.")
    return _understood(path, text)


def write_page(path: Path, page: Page, text: str = "") -> None:
    """Write a page into a file that holds a `text`; raises `OSError` or `BrokenSettings`."""
    # Brings tomlkit along, which reading does without.
    from wodesk.page_text import text_of, with_page  # noqa: PLC0415

    try:
        write_atomically(path, with_page(text, page) if text else text_of(page))
    except Mistake as exc:
        raise BrokenSettings(path, f"{path} was left as it is: {exc.reason}.") from exc
    except UnicodeError as exc:
        sentence = "What was entered holds half a character, which no file can hold."
        raise BrokenSettings(path, sentence) from exc


def _read(path: Path) -> str | None:
    """The text of a file, or None if there is none."""
    text = read_text(path, "a page")
    return text and text.removeprefix(BOM)


def _understood(path: Path, text: str) -> Page:
    try:
        return page_in(text, path.stem)
    except Mistake as exc:
        raise misunderstood(path, exc) from exc
