"""The pages of a window and their files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.test_page_files import BY_HAND, MINE
from tests.ui.conftest import Shown, shown  # noqa: F401  a fixture
from tests.ui.given import WEB
from wodesk.models.page_edits import unpinned
from wodesk.page_files import PagesFolder, read_page
from wodesk.paging import Paging
from wodesk.ui.notices import Notice

WAIT = 20_000


class Kept:
    """A window whose pages are kept in a folder."""

    def __init__(self, shown: Shown, path: Path) -> None:  # noqa: F811
        self.shown = shown
        self.window = shown.window
        self.folder = PagesFolder(path)
        self.paging = Paging(self.window, self.folder, self.window)
        self.paging.begin()

    @property
    def titles(self) -> list[str]:
        """What the tabs of the server are called."""
        return [tab.page.title for tab in self.window.pages.tabs(WEB.id)]

    @property
    def said(self) -> list[str]:
        """The banners that are shown."""
        notices = self.window.findChildren(Notice)
        return [one.text() for one in notices if one.isVisible() and one.objectName() == "banner"]


@pytest.fixture
def kept(shown: Shown, tmp_path: Path, qtbot: QtBot) -> Iterator[Kept]:  # noqa: F811
    """A window with one page of the user in its folder."""
    path = tmp_path / "pages"
    PagesFolder(path).add(MINE)
    kept = Kept(shown, path)
    qtbot.waitUntil(lambda: kept.titles == ["Overview", "Mine"], timeout=WAIT)
    yield kept
    kept.paging.close()


def test_a_change_is_on_the_screen_at_once_and_in_the_file_soon(kept: Kept, qtbot: QtBot) -> None:
    edit = partial(unpinned, id="cpu")
    kept.window.pages.edit(WEB.id, "server", edit, "Took off CPU")
    assert "cpu" not in [card.spec.id for card in kept.shown.page.grid.cards()]
    qtbot.waitUntil(lambda: len(kept.folder.load().pages) == 2, timeout=WAIT)
    page = next(page for page in kept.folder.load().pages if page.instead_of == "server")
    assert page.server == WEB.id
    assert "cpu" not in [chart.id for chart in page.charts]


def test_what_an_editor_makes_of_a_page_is_shown_and_what_it_breaks_is_said_and_kept(
    kept: Kept, qtbot: QtBot
) -> None:
    path = kept.folder.path / "by-hand.toml"
    path.write_text(BY_HAND.replace("Mine", "By hand"))
    qtbot.waitUntil(lambda: kept.titles == ["Overview", "By hand", "Mine"], timeout=WAIT)
    path.write_text("title = <b>\n")
    qtbot.waitUntil(lambda: bool(kept.said), timeout=WAIT)
    assert kept.titles == ["Overview", "Mine"]
    assert "A page of yours cannot be read." in kept.said[0]
    assert "by-hand.toml has a mistake in line 1, column 9" in kept.said[0]
    assert path.read_text() == "title = <b>\n"
    path.unlink()
    qtbot.waitUntil(lambda: not kept.said, timeout=WAIT)


def test_a_change_that_cannot_be_kept_is_said_and_taken_back(kept: Kept, qtbot: QtBot) -> None:
    path = kept.folder.path / "mine.toml"
    said: list[str] = []
    kept.paging._shelf.failed.connect(said.append)
    path.write_text("[")
    kept.window.pages.edit(WEB.id, "mine", partial(unpinned, id="load"), "Took off Load")
    qtbot.waitUntil(lambda: bool(said) and kept.titles == ["Overview"], timeout=WAIT)
    assert "mine.toml has a mistake" in said[0]
    assert path.read_text() == "["


def test_a_page_goes_out_as_one_of_no_server_and_comes_in_as_one_of_this(
    kept: Kept, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "shared.toml"
    kept.window.pages.export_wanted.emit(MINE, str(path))
    qtbot.waitUntil(path.exists, timeout=WAIT)
    assert read_page(path).charts == MINE.charts
    assert read_page(path).server == ""
    kept.window.pages.import_wanted.emit(str(path), WEB.id)
    qtbot.waitUntil(lambda: kept.titles == ["Overview", "Mine", "Mine"], timeout=WAIT)
    qtbot.waitUntil((kept.folder.path / "mine-2.toml").exists, timeout=WAIT)
    assert read_page(kept.folder.path / "mine-2.toml").server == WEB.id


def test_a_file_that_is_no_page_is_not_taken_in(kept: Kept, qtbot: QtBot, tmp_path: Path) -> None:
    said: list[str] = []
    kept.paging._shelf.failed.connect(said.append)
    (tmp_path / "evil.toml").write_text("charts = 7")
    kept.window.pages.import_wanted.emit(str(tmp_path / "evil.toml"), WEB.id)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT)
    assert "evil.toml has a mistake in line 1" in said[0]
    assert kept.titles == ["Overview", "Mine"]
