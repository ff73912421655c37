"""The desktop entry and the AppStream data are what desktops expect, and agree with the program."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import wodesk
from tests.servers.program import require
from wodesk.cli import _parser, _taken_apart
from wodesk.display import APP_ID

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "desktop"
ENTRY = FOLDER / f"{APP_ID}.desktop"
METADATA = FOLDER / f"{APP_ID}.metainfo.xml"


@pytest.fixture
def entry() -> configparser.ConfigParser:
    """The desktop entry, whose keys have their case."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(ENTRY.read_text("utf-8"))
    return parser


def test_the_desktop_entry_is_valid() -> None:
    program = require("desktop-file-validate", "desktop-file-utils")
    run = subprocess.run([program, ENTRY], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def test_the_appstream_data_are_valid() -> None:
    program = require("appstreamcli", "appstream")
    run = subprocess.run(
        [program, "validate", "--no-net", "--pedantic", METADATA],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_both_are_of_this_program(entry: configparser.ConfigParser) -> None:
    component = ElementTree.fromstring(METADATA.read_text("utf-8"))  # noqa: S314  our own file
    assert component.findtext("id") == APP_ID == APP_ID.lower()
    assert component.findtext("launchable") == ENTRY.name
    assert entry["Desktop Entry"]["Icon"] == APP_ID
    newest = component.find("releases/release")
    assert newest is not None
    assert newest.get("version") == wodesk.__version__


def test_every_command_of_the_entry_is_understood(entry: configparser.ConfigParser) -> None:
    for section in entry.sections():
        program, *words = entry[section]["Exec"].split()
        assert program == "wodesk"
        command, rest = _taken_apart(words)
        assert _parser(command).parse_args(rest).command == "window"
    assert len(entry.sections()) == 1 + entry["Desktop Entry"]["Actions"].count(";")
