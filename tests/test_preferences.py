"""What the user has chosen outlives the program, and a broken file loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from wodesk.models.measures import Prefixes, Traffic
from wodesk.models.preferences import CloseAction, Drag, Preferences
from wodesk.preferences import BrokenPreferences, PreferencesFile


@pytest.fixture
def file(tmp_path: Path) -> PreferencesFile:
    """A file that is not there yet."""
    return PreferencesFile(tmp_path / "config" / "preferences.toml")


def test_without_a_file_everything_is_as_usual(file: PreferencesFile) -> None:
    assert file.load() == Preferences()
    assert not file.path.exists()


def test_what_is_saved_is_loaded(file: PreferencesFile) -> None:
    chosen = Preferences(
        CloseAction.MINIMISE,
        notifications=False,
        traffic=Traffic.BYTES,
        prefixes=Prefixes.IEC,
        band=False,
        anomaly=False,
        drag=Drag.PAN,
    )
    file.save(chosen)
    assert file.load() == chosen


def test_what_else_is_in_the_file_stays(file: PreferencesFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('# mine\nclose = "quit"\nfuture = [1]\n', "utf-8")
    file.save(Preferences(CloseAction.TRAY))
    text = file.path.read_text("utf-8")
    assert "# mine" in text
    assert "future = [1]" in text
    assert file.load() == Preferences(CloseAction.TRAY)


@pytest.mark.parametrize("text", ["close = ", 'close = "vanish"', "notifications = 3", "\xff"])
def test_a_broken_file_is_named_and_kept_aside(file: PreferencesFile, text: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text, "latin-1")
    with pytest.raises(BrokenPreferences, match=r"preferences\.toml"):
        file.load()
    if text.startswith("close = ") and "vanish" not in text:
        file.save(Preferences())
        assert file.load() == Preferences()
        assert (file.path.parent / "preferences.broken.toml").read_text("utf-8") == text


def test_a_file_that_cannot_be_written_is_named(file: PreferencesFile) -> None:
    file.path.parent.parent.joinpath("config").write_text("in the way", "utf-8")
    with pytest.raises(BrokenPreferences, match=r"preferences\.toml"):
        file.save(Preferences())


def test_a_link_to_a_file_that_is_kept_elsewhere_stays_one(
    file: PreferencesFile, tmp_path: Path
) -> None:
    there = tmp_path / "dotfiles.toml"
    file.path.parent.mkdir()
    file.path.symlink_to(there)
    file.save(Preferences(CloseAction.TRAY))
    assert file.path.is_symlink()
    assert PreferencesFile(there).load() == Preferences(CloseAction.TRAY)
