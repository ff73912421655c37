"""Files of pages: read, written, broken, edited by hand, and killed while they are written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wodesk.models.page import ChartSpec, Page, Reading, Style
from wodesk.models.page_edits import moved, pinned, renamed, resized, unpinned
from wodesk.page_entries import page_in
from wodesk.page_files import Found, PagesFolder, read_page, write_page
from wodesk.page_text import text_of, with_page
from wodesk.resources import load_page
from wodesk.text_files import BrokenSettings

WAITS = ChartSpec(
    "waits",
    "Waits <b>",
    "disk.await",
    Style.LINES,
    Reading.FIRST,
    every=5,
    by_instance=True,
    only=("reads",),
    instances=("sda",),
    labels=(("device_type", "physical"),),
    top=12.5,
    columns=2,
    rows=3,
)
LOAD = ChartSpec("load", "Load", "system.load", Style.LINES, Reading.FIRST)
MINE = Page((WAITS, LOAD), "mine", "Mine", "http://web1:19999")
BY_HAND = """\
# What I look at first.
title = "Mine"

[[charts]]
# The disks are slow.
context = "disk.await"

[[charts]]  # from cron
context = "system.load"
title = "Load"
every = 5
"""


@pytest.fixture
def folder(tmp_path: Path) -> PagesFolder:
    """A folder that is not there yet."""
    return PagesFolder(tmp_path / "config" / "pages")


def keep(folder: PagesFolder, text: str, name: str = "mine") -> Path:
    """Have a person write a file."""
    folder.path.mkdir(parents=True, exist_ok=True)
    path = folder.path / f"{name}.toml"
    path.write_text(text)
    return path


def test_without_a_folder_there_are_no_pages_and_none_is_made(folder: PagesFolder) -> None:
    assert folder.load() == Found()
    assert not folder.path.exists()


@pytest.mark.parametrize("page", [MINE, replace(load_page("server"), name="x"), Page((), "e", "E")])
def test_a_page_comes_back_as_it_was(folder: PagesFolder, page: Page) -> None:
    assert folder.add(page) == page
    assert folder.load() == Found((page,))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_title_comes_back_as_it_was(title: str) -> None:
    page = Page((replace(LOAD, title=title),), "p", title)
    assert page_in(text_of(page), "p") == page


def test_a_page_whose_name_is_taken_gets_one_of_its_title(folder: PagesFolder) -> None:
    names = [folder.add(MINE).name for _ in range(3)]
    assert names == ["mine", "mine-2", "mine-3"]


def test_what_a_person_writes_needs_no_more_than_contexts(folder: PagesFolder) -> None:
    keep(folder, BY_HAND)
    (page,) = folder.load().pages
    assert [(one.id, one.title, one.every) for one in page.charts] == [
        ("disk.await", "disk.await", 1),
        ("system.load", "Load", 5),
    ]


def test_comments_and_spelling_survive_a_change(folder: PagesFolder) -> None:
    path = keep(folder, BY_HAND)
    (page,) = folder.load().pages
    folder.change(page, partial(moved, id="system.load", place=0))
    after = folder.change(page, partial(pinned, chart=WAITS))
    text = path.read_text()
    assert "# What I look at first." in text
    assert "# The disks are slow." in text
    assert text.index("system.load") < text.index("# The disks are slow.")
    assert "style" not in text.partition("waits")[0], "nothing is added that nobody changed"
    assert read_page(path) == after


def test_a_change_is_made_in_what_is_in_the_file_by_then(folder: PagesFolder) -> None:
    page = folder.add(MINE)
    path = folder.path / "mine.toml"
    path.write_text(path.read_text().replace('"Mine"', '"Ours"'))
    after = folder.change(page, partial(resized, id="load", columns=3, rows=1))
    assert (after.title, after.charts[1].columns) == ("Ours", 3)


def test_a_change_of_a_page_that_came_with_wodesk_begins_with_it(folder: PagesFolder) -> None:
    page = replace(load_page("server"), instead_of="server")
    after = folder.change(page, partial(unpinned, id="cpu"))
    assert folder.load().pages == (after,)
    assert len(after.charts) == len(page.charts) - 1


def test_a_page_is_removed_once(folder: PagesFolder) -> None:
    folder.add(MINE)
    folder.remove("mine")
    folder.remove("mine")
    assert folder.load() == Found()


def test_a_page_elsewhere_is_changed_there_and_its_link_alone_is_removed(
    folder: PagesFolder, tmp_path: Path
) -> None:
    there = tmp_path / "dotfiles.toml"
    there.write_text(BY_HAND)
    folder.path.mkdir(parents=True)
    (folder.path / "mine.toml").symlink_to(there)
    folder.change(folder.load().pages[0], partial(renamed, title="Ours"))
    assert 'title = "Ours"' in there.read_text()
    folder.remove("mine")
    assert folder.load() == Found()
    assert there.exists()


def test_a_page_that_is_marked_as_read_only_is_left_alone(folder: PagesFolder) -> None:
    keep(folder, BY_HAND, "mine").chmod(0o444)
    with pytest.raises(BrokenSettings, match="marked as read-only"):
        folder.change(folder.load().pages[0], partial(renamed, title="Ours"))
    assert folder.load().pages[0].title == "Mine"


def test_a_page_is_never_written_over_another_however_many_there_are(folder: PagesFolder) -> None:
    for number in range(201):
        keep(folder, BY_HAND, f"a{number:03}")
    last = keep(folder, BY_HAND, "mine")
    assert folder.add(MINE).name != "mine"
    assert last.read_text() == BY_HAND


BROKEN = [
    ("title = ", "line 1, column 8"),
    ('[[charts]]\ncontext = "a"\nevery = 0\n', "line 3, column 1: chart 1: `every`"),
    ('[[charts]]\ncontext = "a"\n[[charts]]\ntitle = "b"\n', "chart 2: the field `context`"),
    (
        '[[charts]]\ncontext = "a"\nwide = 2\n',
        "line 3, column 1: chart 1: there is no field `wide`",
    ),
    ('[[charts]]\ncontext = "a"\nstyle = "pie"\n', "line 3, column 1: chart 1: `style`"),
    ('[[charts]]\ncontext = "a"\n[[charts]]\ncontext = "a"\n', "line 3, column 1: chart 2"),
    ('[[charts]]\ncontext = "a"\ncolumns = 4\n', "`columns`"),
    ('[[charts]]\ncontext = "a"\ntop = inf\n', "`top`"),
    (
        "title = '''\n[[charts]]\n'''\n[[charts]]\ncontext = 5\n",
        "line 5, column 1: chart 1: `context`",
    ),
    ("titel = 'x'\n", "line 1, column 1: there is no field `titel`"),
    ("charts = 3\n", "line 1, column 1: `charts`"),
    ("a = " + "[" * 5000, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_a_broken_page_is_named_with_its_place_and_never_overwritten(
    folder: PagesFolder, text: str, said: str
) -> None:
    path = keep(folder, text)
    keep(folder, BY_HAND, "other")
    found = folder.load()
    assert [page.name for page in found.pages] == ["other"], "the others are there all the same"
    (sentence,) = found.broken
    assert str(path) in sentence
    assert said in sentence
    for change in (
        lambda: folder.change(replace(MINE, name="mine"), partial(renamed, title="x")),
        lambda: folder.remove("mine"),
    ):
        with pytest.raises(BrokenSettings):
            change()
    assert folder.add(MINE).name == "mine-2"
    assert path.read_text() == text


@pytest.mark.parametrize("content", [b"title = '\xff'\n", b"#" * ((1 << 20) + 1)])
def test_what_is_no_text_or_has_no_end_is_named(folder: PagesFolder, content: bytes) -> None:
    keep(folder, "").write_bytes(content)
    assert len(folder.load().broken) == 1


def test_what_would_be_waited_for_is_not_read(folder: PagesFolder) -> None:
    folder.path.mkdir(parents=True)
    os.mkfifo(folder.path / "pipe.toml")
    assert "not a file" in folder.load().broken[0]


def test_what_cannot_be_changed_without_loss_is_left_alone(folder: PagesFolder) -> None:
    text = 'charts = [\n  {context = "a"},  # mine\n]\n'
    path = keep(folder, text)
    (page,) = folder.load().pages
    with pytest.raises(BrokenSettings, match="without loss"):
        folder.change(page, partial(pinned, chart=LOAD))
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "-x"])
def test_a_name_leads_nowhere_else(folder: PagesFolder, name: str) -> None:
    with pytest.raises(BrokenSettings, match="No page can have"):
        folder.change(replace(MINE, name=name), partial(renamed, title="x"))


def test_a_folder_that_takes_no_files_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file")
    with pytest.raises(BrokenSettings, match="cannot be written"):
        PagesFolder(tmp_path / "pages").add(MINE)


def test_half_a_character_is_refused(folder: PagesFolder) -> None:
    with pytest.raises(BrokenSettings, match="half a character"):
        folder.add(replace(MINE, title="\ud800"))
    assert folder.load() == Found()


def test_a_page_is_passed_on_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shared.toml"
    write_page(path, MINE)
    assert read_page(path) == replace(MINE, name="shared")
    assert tomllib.loads(path.read_text())["charts"][0]["columns"] == 2


def test_a_text_that_is_not_changed_stays_to_the_letter() -> None:
    assert with_page(BY_HAND, page_in(BY_HAND, "mine")) == BY_HAND


_WRITE = """
import sys
from functools import partial
from pathlib import Path
from wodesk.models.page_edits import resized
from wodesk.page_files import PagesFolder

folder = PagesFolder(Path(sys.argv[1]))
page = folder.load().pages[0]
print("begun", flush=True)
while True:
    for size in (1, 2, 3):
        folder.change(page, partial(resized, id="load", columns=size, rows=size))
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_whoever_is_killed_leaves_the_old_page_or_the_new(folder: PagesFolder) -> None:
    folder.add(MINE)
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITE, str(folder.path)], stdout=subprocess.PIPE
        )
        with writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            # Some changes later, wherever in one of them that is.
            while folder.load().pages[0].charts[1].rows == MINE.charts[1].rows:
                pass
            writer.send_signal(signal.SIGKILL)
        found = folder.load()
        assert not found.broken
        assert found.pages[0].charts[0] == WAITS
        folder.change(MINE, partial(resized, id="load", columns=1, rows=1))
    assert [path.name for path in folder.path.iterdir()] == ["mine.toml"], "nothing is left behind"
