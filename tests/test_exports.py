"""Files that the window wants, fetched and written while it goes on."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.servers.replay import ReplayAgent
from tests.ui.given import CPU, series
from tests.ui.sights import sight
from wodesk.access.opening import open_source
from wodesk.cli import main
from wodesk.client.stretches import fetched
from wodesk.export import Format, Heading, csv_of, json_parts
from wodesk.exports import Exports
from wodesk.models.errand import Declined, Errand, Gather, Gathered, Gathering, Outcome, Stretch
from wodesk.models.event import Brought
from wodesk.models.measures import USUAL
from wodesk.models.metric import Metric, Series
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.models.server import Server, server_at
from wodesk.ui.export_subject import Choice, Kind, Subject, command_of, order_of
from wodesk.ui.fetches import Fetches
from wodesk.ui.orders import Ended, ImageOrder, Order, Piece, Place, Progress, SamplesOrder
from wodesk.ui.theme import LIGHT

HEADING = Heading("web1", "system.cpu")
SPACE = ChartSpec(
    "space", "Disk space", "disk.space", Style.LINES, Reading.FULLEST, "mount_point", every=60
)
WHOLE = Gather("web1", Stretch(Metric("system.cpu"), 0.0, 100.0))
OTHER = Gather("web1", Stretch(Metric("system.ram"), 0.0, 100.0))


class Rig:
    """Exports with the other side of their errands in hand."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.fetches = Fetches()
        self.exports = Exports(self.fetches)
        self.sent: list[Errand] = []
        self.dropped: list[Errand] = []
        self.ends: list[Ended] = []
        self.words: list[Progress] = []
        self.fetches.wanted.connect(self.sent.append)
        self.fetches.unwanted.connect(self.dropped.append)
        self.exports.ended.connect(self.ends.append)
        self.exports.progressed.connect(self.words.append)

    def bring(self, outcome: Outcome, errand: Errand = WHOLE) -> None:
        self.qtbot.waitUntil(lambda: errand in self.sent)
        self.fetches.take(Brought("web1", errand, outcome))

    def end(self) -> Ended:
        self.qtbot.waitUntil(lambda: bool(self.ends))
        return self.ends.pop(0)


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot)
    yield rig
    rig.exports.close()


def samples(rows: int = 5) -> Series:
    values = np.arange(rows, dtype=np.float64).tolist()
    return series({"user": values}, times=np.arange(1000.0, 1000.0 + rows))


def wanted(file: Path, *pieces: Piece, form: Format = Format.CSV) -> SamplesOrder:
    return SamplesOrder("CPU of web1", file, form, pieces or (Piece(HEADING, WHOLE),), UTC)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("form", Format)
def test_what_an_errand_brings_is_written(rig: Rig, tmp_path: Path, form: Format) -> None:
    file = tmp_path / "a.csv"
    order = wanted(file, form=form)
    rig.exports.add(order)
    rig.bring(Gathering(2, 5))
    rig.bring(Gathered(samples()))
    assert rig.end() == Ended(order)
    as_json = "".join(json_parts(samples(), HEADING, UTC))
    as_text = csv_of(samples(), UTC) if form is Format.CSV else as_json
    assert file.read_bytes() == as_text.encode()
    assert left_in(tmp_path) == ["a.csv"]
    assert Progress(order, 2, 5) in rig.words


def test_what_is_at_hand_asks_no_server(rig: Rig, tmp_path: Path) -> None:
    rig.exports.add(wanted(tmp_path / "a.csv", Piece(HEADING, samples())))
    assert rig.end().failure == ""
    assert rig.sent == []
    assert (tmp_path / "a.csv").read_text("utf-8") == csv_of(samples(), UTC)


def test_several_charts_are_a_folder_that_is_there_as_a_whole(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    pieces = Piece(HEADING, WHOLE, "cpu.csv"), Piece(HEADING, OTHER, "ram.csv")
    rig.exports.add(wanted(folder, *pieces))
    rig.bring(Gathered(samples(3)), WHOLE)
    rig.qtbot.waitUntil(lambda: OTHER in rig.sent)
    assert not folder.exists()
    rig.bring(Gathering(2, 5), OTHER)
    assert (rig.words[-1].whole, rig.words[-1].files) == (1, 2)
    rig.bring(Gathered(samples(4)), OTHER)
    assert rig.end().failure == ""
    assert left_in(tmp_path) == ["page"]
    assert left_in(folder) == ["cpu.csv", "ram.csv"]


def test_a_cancelled_fetch_leaves_nothing_and_asks_no_more(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    pieces = Piece(HEADING, WHOLE, "cpu.csv"), Piece(HEADING, OTHER, "ram.csv")
    rig.exports.add(wanted(folder, *pieces))
    rig.bring(Gathered(samples(3)), WHOLE)
    rig.qtbot.waitUntil(lambda: OTHER in rig.sent)
    rig.exports.cancel()
    ended = rig.end()
    assert (ended.failure, ended.is_cancelled) == ("", True)
    assert rig.dropped == [OTHER]
    assert left_in(tmp_path) == []


def test_cancelling_while_it_is_written_leaves_the_old_file(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old", "utf-8")
    rig.exports.add(wanted(file, Piece(HEADING, samples(400_000))))
    rig.qtbot.waitUntil(lambda: any(word.is_writing for word in rig.words), timeout=20_000)
    rig.exports.cancel()
    assert rig.end().is_cancelled
    assert file.read_text("utf-8") == "old"
    assert left_in(tmp_path) == ["a.csv"]


def test_a_server_that_goes_away_is_a_sentence_and_no_file(rig: Rig, tmp_path: Path) -> None:
    rig.exports.add(wanted(tmp_path / "a.csv"))
    rig.bring(Gathering(2, 5))
    rig.bring(Declined("web1 does not answer.", "Is it on?"))
    assert rig.end().failure == "web1 does not answer. Is it on?"
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "reason"),
    [("/dev/full", "the disk is full"), ("/proc/a.csv", "cannot be written")],
)
def test_a_place_that_takes_no_file_is_a_sentence(rig: Rig, file: str, reason: str) -> None:
    rig.exports.add(wanted(Path(file), Piece(HEADING, samples(5000))))
    assert reason in rig.end().failure


def test_a_place_is_refused_before_a_server_is_asked(rig: Rig) -> None:
    rig.exports.add(wanted(Path("/nowhere/a.csv")))
    assert "there is no folder /nowhere" in rig.end().failure
    assert rig.sent == []


def test_a_folder_that_is_there_is_not_written_into(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    pieces = Piece(HEADING, samples(), "a.csv"), Piece(HEADING, samples(), "b.csv")
    rig.exports.add(wanted(tmp_path / "page", *pieces))
    assert "it is there already" in rig.end().failure
    assert left_in(tmp_path / "page") == []


def test_orders_are_done_one_after_the_other(rig: Rig, tmp_path: Path) -> None:
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    orders: list[Order] = [wanted(tmp_path / "a.csv"), ImageOrder("CPU", tmp_path / "b.png", image)]
    for order in orders:
        rig.exports.add(order)
    rig.bring(Gathered(samples()))
    assert [rig.end().order, rig.end().order] == orders
    assert QImage(str(tmp_path / "b.png")).pixelColor(1, 1) == QColor("#123456")


def test_an_image_of_lines_is_written_as_it_is(rig: Rig, tmp_path: Path) -> None:
    rig.exports.add(ImageOrder("CPU", tmp_path / "b.svg", b"<svg/>"))
    assert rig.end().failure == ""
    assert (tmp_path / "b.svg").read_bytes() == b"<svg/>"


def test_closing_gives_up_what_is_fetched(rig: Rig, tmp_path: Path) -> None:
    rig.exports.add(wanted(tmp_path / "a.csv"))
    rig.qtbot.waitUntil(lambda: WHOLE in rig.sent)
    rig.exports.close()
    assert rig.dropped == [WHOLE]
    assert left_in(tmp_path) == []


def test_a_place_is_told_of_without_being_touched(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "old.csv").touch()
    for name, is_there in (("old.csv", True), ("new.csv", False)):
        with rig.qtbot.waitSignal(rig.exports.looked) as told:
            rig.exports.look(tmp_path / name)
        assert told.args == [Place(tmp_path / name, "", is_there)]
    assert left_in(tmp_path) == ["old.csv"]


@pytest.mark.parametrize("kind", [Kind.CSV, Kind.JSON])
@pytest.mark.parametrize("spec", [CPU, SPACE], ids=["cpu", "space"])
def test_a_file_of_the_window_has_the_bytes_of_the_command(
    rig: Rig, tmp_path: Path, kind: Kind, spec: ChartSpec
) -> None:
    with ReplayAgent() as agent:
        server = server_at(agent.url)
        end = time.time() // 60 * 60 - 600
        shown = sight(spec=spec, is_live=False)
        shown = replace(shown, name=server.name, start=end - 120, end=end, zone=None)
        subject = Subject(shown, (shown,), "", None, (600, 300), (600, 300), 1)
        choice = Choice(kind, False, False, True, (600, 300), 1)
        file, by_command = tmp_path / "window", tmp_path / "command"
        order = order_of(subject, choice, file, LIGHT, USUAL)
        assert isinstance(order, SamplesOrder)
        gather = order.pieces[0].samples
        assert isinstance(gather, Gather)
        rig.exports.add(order)
        rig.bring(Gathered(asyncio.run(history(server, gather.stretch))), gather)
        assert rig.end().failure == ""
        line = shlex.split(command_of(shown, choice, by_command))
        assert main(["export", agent.url, *line[line.index("--context") :]]) == 0
    assert file.read_bytes() == by_command.read_bytes()
    assert len(file.read_bytes()) > 1000


async def history(server: Server, stretch: Stretch) -> Series:
    async with open_source(server) as source:
        await source.connect()
        return await fetched(source, stretch)
