"""`wodesk screenshot`: the real window as a picture."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage

from tests.servers.faults import FaultServer
from tests.servers.replay import ReplayAgent
from tests.ui.given import HOST, WEB, count_color
from wodesk.models.event import Connected
from wodesk.models.measures import Traffic
from wodesk.models.metric import Window
from wodesk.models.preferences import Preferences
from wodesk.models.server import server_at
from wodesk.models.zones import Zone
from wodesk.place import keep_theme
from wodesk.screenshot import Shot, aim, preferred, take
from wodesk.ui.looking import Looking
from wodesk.ui.manner import Manner
from wodesk.ui.store import Store
from wodesk.ui.theme import DARK, LIGHT, Mark, Theme, series_color

pytestmark = pytest.mark.timeout(600)
_RUN = """
import sys
from wodesk import screenshot
from wodesk.launch import main
screenshot._PATIENCE = 200.0  # for what several of them take at once on the slowest machine
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Taken:
    """A picture, and how taking it ended."""

    image: QImage
    code: int
    out: str
    errors: str


@pytest.fixture
def store(qapp: object) -> Store:
    """A store that knows a server."""
    made = Store()
    made.set_servers([WEB])
    return made


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Taken]:
    """Ten pictures, taken three or four at a time."""
    folder = tmp_path_factory.mktemp("pictures")
    with ReplayAgent() as good, FaultServer("status_401") as closed:
        wanted = {
            "light": [good.url, "--size", "1000x700"],
            "dark": [good.url, "--size", "1000x700", "--theme", "dark", "--range", "1h"],
            "double": [good.url, "--size", "1000x700", "--scale", "2"],
            "denied": [closed.url, "--size", "1000x700"],
            "small": [good.url, "--size", "640x480"],
            "past": [good.url, "--size", "1000x700", "--range", "-2h - -1h"],
            "alerts": [good.url, "--size", "1000x700", "--page", "alerts"],
            "explore": [good.url, "--page", "explore", "--context", "system.load"],
            "changed": [good.url, "--page", "changed", "--range", "-20m - -10m"],
            "unknown": [good.url, "--page", "explore", "--context", "no.such"],
        }
        groups = (
            ("light", "dark", "small"),
            ("double", "denied", "alerts", "unknown"),
            ("past", "explore", "changed"),
        )
        taken: dict[str, Taken] = {}
        for names in groups:
            runs = {name: _start(wanted[name], folder / f"{name}.png") for name in names}
            for name, run in runs.items():
                out, errors = run.communicate(timeout=250)
                image = QImage(str(folder / f"{name}.png"))
                image = image.convertToFormat(QImage.Format.Format_RGB32)
                taken[name] = Taken(image, run.returncode, out, errors)
    return taken


def _start(arguments: list[str], file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, "screenshot", *arguments, "-o", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )


@pytest.mark.parametrize("name", ["light", "dark", "double", "small", "past", "explore", "changed"])
def test_a_picture_of_a_good_server_is_taken_without_a_word(
    pictures: dict[str, Taken], name: str
) -> None:
    taken = pictures[name]
    assert (taken.code, taken.out, taken.errors) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("light", (1000, 700)),
        ("dark", (1000, 700)),
        ("double", (2000, 1400)),
        ("denied", (1000, 700)),
        ("small", (640, 480)),
        ("past", (1000, 700)),
    ],
)
def test_a_picture_has_the_size_that_was_asked_for(
    pictures: dict[str, Taken], name: str, size: tuple[int, int]
) -> None:
    image = pictures[name].image
    assert (image.width(), image.height()) == size


@pytest.mark.parametrize(
    ("name", "theme"), [("light", LIGHT), ("dark", DARK), ("double", LIGHT), ("past", LIGHT)]
)
def test_a_picture_is_in_its_theme_and_has_curves(
    pictures: dict[str, Taken], name: str, theme: Theme
) -> None:
    image = pictures[name].image
    pixels = image.width() * image.height()
    assert count_color(image, theme.surface) > 0.15 * pixels
    assert count_color(image, theme.window) > 0.02 * pixels
    assert count_color(image, series_color(theme, "load1")) > 100


def test_the_page_of_alerts_says_how_the_server_is(pictures: dict[str, Taken]) -> None:
    taken = pictures["alerts"]
    assert (taken.code, taken.errors) == (0, "")
    found = {mark: count_color(taken.image, LIGHT.marks[mark]) for mark in Mark}
    assert max(found[Mark.OK], found[Mark.WARNING], found[Mark.CRITICAL]) > 300
    curve = count_color(taken.image, series_color(LIGHT, "user"), near=3)
    assert curve < count_color(pictures["light"].image, series_color(LIGHT, "user"), near=3)


def test_any_metric_is_shown_among_all_and_what_changed_with_the_stretch_marked(
    pictures: dict[str, Taken],
) -> None:
    explored, charts = pictures["explore"].image, range(540, 1280)
    assert count_color(explored, series_color(LIGHT, "load1"), columns=charts) > 100
    assert count_color(explored, series_color(LIGHT, "sent"), near=3, columns=charts) == 0
    accent, surface = QColor(LIGHT.accent), QColor(LIGHT.surface)
    share = 46 / 255
    pairs = [(one(accent), one(surface)) for one in (QColor.red, QColor.green, QColor.blue)]
    marked = QColor(*(round(share * one + (1 - share) * other) for one, other in pairs)).name()
    found = {
        name: count_color(pictures[name].image, marked, near=3) for name in ("changed", "past")
    }
    assert found["changed"] > 5000 > found["past"]


def test_a_metric_that_the_server_does_not_have_is_a_sentence(pictures: dict[str, Taken]) -> None:
    taken = pictures["unknown"]
    assert taken.code == 1
    assert taken.errors == "wodesk: The server has no metric 'no.such'.\n"


def test_light_and_dark_differ(pictures: dict[str, Taken]) -> None:
    corners = [pictures[name].image.pixelColor(5, 5) for name in ("light", "dark")]
    assert corners == [QColor(LIGHT.sidebar), QColor(DARK.sidebar)]


def test_a_server_that_fails_is_a_picture_a_sentence_and_a_failure(
    pictures: dict[str, Taken],
) -> None:
    taken = pictures["denied"]
    assert taken.code == 1
    assert taken.out == ""
    assert "asks for a user name and a password (401)" in taken.errors
    assert re.match(r"wodesk: Cannot watch \S+\. \w", taken.errors)
    assert taken.errors.count("\n") == 1
    assert "Traceback" not in taken.errors
    assert count_color(taken.image, LIGHT.marks[Mark.UNREACHABLE]) > 50


@pytest.mark.parametrize(
    ("file", "code", "reason"),
    [
        ("/proc/no/such/place.png", 1, "there is no folder /proc/no/such"),
        ("/dev/full", 1, "the disk is full"),
        ("/tmp/picture.jpg", 2, "a screenshot is a PNG"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_a_sentence(file: str, code: int, reason: str) -> None:
    run = _start(["local:", "--size", "640x480"], Path(file))
    _, errors = run.communicate(timeout=250)
    assert run.returncode == code
    assert reason in errors
    assert "Traceback" not in errors


OWN = """
title = "Only load"

[[charts]]
context = "system.load"
"""


def test_a_page_of_the_user_is_shown_by_its_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "wodesk" / "pages"
    pages.mkdir(parents=True)
    (pages / "own.toml").write_text(OWN)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keep_theme(dark=True)
    file = tmp_path / "own.png"
    with ReplayAgent() as good:
        run = _start([good.url, "--size", "1000x700", "--page", "only load"], file)
        out, errors = run.communicate(timeout=250)
    assert (run.returncode, out, errors) == (0, "", "")
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    plot = range(230, 1000)
    assert count_color(image, series_color(DARK, "load1"), columns=plot) > 100
    assert count_color(image, series_color(DARK, "sent"), near=3, columns=plot) == 0
    assert image.pixelColor(5, 5) == QColor(DARK.sidebar), "as the window was"


def test_a_page_that_is_not_there_is_said_before_anything_is_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = server_at("http://127.0.0.1:1")
    assert take(Shot((server,), tmp_path / "x.png", page="nothing")) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "wodesk: there is no page 'nothing'; there are alerts, explore, changed, Overview"
    )


@pytest.mark.parametrize(
    ("zone", "before"), [(Zone.UTC, 1767366000.0), (Zone.SERVER, 1767362400.0)]
)
def test_a_range_is_of_the_zone_that_the_user_prefers(
    store: Store, zone: Zone, before: float
) -> None:
    store.apply(Connected(WEB.id, replace(HOST, timezone="Europe/Berlin")))
    looking = Looking(store, 300)
    looking.server = WEB.id
    looking.show_manner(Manner(zone=zone))
    aim(looking, "2026-01-02 14:00 - 15:00")
    assert looking.window == Window(3600, before)


def test_preferences_are_those_of_the_user_or_the_usual_ones_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "wodesk" / "preferences.toml"
    file.parent.mkdir()
    file.write_text('traffic = "bytes"\nzone = "UTC"\n')
    assert preferred() == Preferences(traffic=Traffic.BYTES, zone=Zone.UTC)
    file.write_text("traffic =")
    assert preferred() == Preferences()
    said = capsys.readouterr().err
    assert said.startswith(f"wodesk: {file} cannot be understood: ")
    assert said.endswith("The picture has the usual units.\n")


def test_a_range_that_is_none_is_a_matter_of_usage() -> None:
    run = _start(["local:", "--range", "soon"], Path("/tmp/picture.png"))
    _, errors = run.communicate(timeout=250)
    assert run.returncode == 2
    assert "This is no stretch of time. Examples: " in errors
