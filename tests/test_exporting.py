"""`wodesk export`, as a person runs it."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.cli import main

_RUN = "import sys; from wodesk.launch import main; sys.exit(main())"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


def exported(capsys: Capture, agent: ReplayAgent, *words: str) -> list[dict[str, str]]:
    assert main(["export", agent.url, "--context", "system.net", *words]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return list(csv.DictReader(io.StringIO(said.out)))


@pytest.mark.parametrize("version", VERSIONS)
def test_csv_of_the_last_minutes_has_every_second(
    capsys: Capture, agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    begun = time.time()
    rows = exported(capsys, agent, "--after", "-5m")
    lasted = math.ceil(time.time() - begun)
    assert list(rows[0]) == ["time", "epoch [s]", "received [kilobits/s]", "sent [kilobits/s]"]
    epochs = [int(row["epoch [s]"]) for row in rows]
    assert epochs == list(range(epochs[0], epochs[0] + len(epochs)))
    assert 297 <= len(rows) <= 301 + lasted
    assert all(float(row["sent [kilobits/s]"]) >= 0 for row in rows)


def test_an_hour_is_the_default(capsys: Capture, agent: ReplayAgent) -> None:
    begun = time.time()
    rows = exported(capsys, agent)
    assert 3595 <= len(rows) <= 3601 + math.ceil(time.time() - begun)


def test_a_window_in_absolute_times_is_that_window(capsys: Capture, agent: ReplayAgent) -> None:
    end = math.floor(time.time()) - 1000
    rows = exported(capsys, agent, "--after", str(end - 60), "--before", str(end))
    assert [int(row["epoch [s]"]) for row in rows] == list(range(end - 59, end + 1))


def test_points_are_the_most_rows(capsys: Capture, agent: ReplayAgent) -> None:
    assert 9 <= len(exported(capsys, agent, "--after=-10m", "--points", "10")) <= 11


def test_extremes_show_the_spike_that_an_average_hides(capsys: Capture, agent: ReplayAgent) -> None:
    rows = exported(capsys, agent, "--after=-1h", "--points", "6", "--extremes")
    assert len(rows[0]) == 2 + 3 * 2
    for row in rows:
        low, mean, high = (float(row[f"sent{of} [kilobits/s]"]) for of in (" min", "", " max"))
        assert 0 <= low < mean < high


def test_extremes_of_single_samples_are_the_samples(capsys: Capture, agent: ReplayAgent) -> None:
    assert len(exported(capsys, agent, "--after=-1m", "--extremes")[0]) == 2 + 2


def test_json_names_the_server_and_the_context(capsys: Capture, agent: ReplayAgent) -> None:
    assert main(["export", agent.url, "--context", "disk.space", "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["context"] == "disk.space"
    assert {column["units"] for column in read["columns"]} == {"GiB"}
    assert read["server"]
    assert len(read["rows"]) > 100


def test_each_disk_has_columns_of_its_own(capsys: Capture, agent: ReplayAgent) -> None:
    words = ["export", agent.url, "--context", "disk.space", "--after=-1m", "--points", "1"]
    assert main(words) == 0
    header = next(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert "disk_space./: used [GiB]" in header
    assert "disk_space./srv/wo/mnt/My_Data: avail [GiB]" in header
    assert len(header) == 2 + 12


def test_this_machine_is_exported_without_an_agent(capsys: Capture) -> None:
    assert main(["export", "local:", "--context", "system.ram", "--after", "-1m"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 2


def test_mounts_have_columns_by_their_label_and_only_what_is_chosen(
    capsys: Capture, agent: ReplayAgent
) -> None:
    words = ["export", agent.url, "--context", "disk.space", "--after=-1m", "--points", "1"]
    chosen = ["--by", "mount_point", "--dimension", "used", "--label", "mount_point=/"]
    assert main([*words, *chosen]) == 0
    header = next(csv.reader(io.StringIO(capsys.readouterr().out)))
    # The name of a lone mount says no more than what was asked for.
    assert header[2:] == ["used [GiB]"]


def test_instances_are_added_up_where_dimensions_alone_are_wanted(
    capsys: Capture, agent: ReplayAgent
) -> None:
    words = ["export", agent.url, "--context", "disk.space", "--after=-1m", "--points", "1"]
    assert main([*words, "--by", "dimension"]) == 0
    header = next(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert sorted(header[2:]) == ["avail [GiB]", "reserved for root [GiB]", "used [GiB]"]


def test_times_are_of_the_zone_that_is_wanted(capsys: Capture, agent: ReplayAgent) -> None:
    rows = exported(capsys, agent, "--after=-1m", "--zone", "Asia/Kathmandu")
    assert all(row["time"].endswith("+05:45") for row in rows)
    rows = exported(capsys, agent, "--after=-1m", "--zone", "utc")
    assert all(row["time"].endswith("+00:00") for row in rows)


def test_before_its_history_the_server_says_when_that_begins(capsys: Capture) -> None:
    words = ["--context", "system.ram", "--after=-2h", "--before=-1h"]
    assert main(["export", "local:", *words]) == 1
    said = capsys.readouterr().err
    assert "no samples of system.ram in this window. Its samples begin on 2" in said
    assert "spelling" not in said


def test_a_file_is_written_as_a_whole_with_nothing_beside_it(
    capsys: Capture, agent: ReplayAgent, tmp_path: Path
) -> None:
    file = tmp_path / "out" / "net.csv"
    file.parent.mkdir()
    file.write_text("old", "utf-8")
    words = ["export", agent.url, "--context", "system.net", "-o", str(file)]
    assert main(words) == 0
    assert file.read_text("utf-8").startswith('"time"')
    assert [path.name for path in file.parent.iterdir()] == ["net.csv"]
    assert capsys.readouterr() == ("", "")


def test_a_pipe_is_written_to_and_not_replaced(agent: ReplayAgent, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        words = ["export", agent.url, "--context", "system.net", "--after=-1m", "-o", str(pipe)]
        assert main(words) == 0
        text, _ = reader.communicate()
    assert text.startswith('"time"')
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--context", "no.such"], "no samples of no.such in this window"),
        (["--context", "system.net", "-o", "/nowhere/x.csv"], "there is no folder /nowhere"),
        (["--context", "system.net", "-o", "/"], "it is a folder"),
        (["--context", "system.net", "--after", "-1h", "--before=-2h"], "before it begins"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    capsys: Capture, agent: ReplayAgent, words: list[str], reason: str
) -> None:
    assert main(["export", agent.url, *words]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("wodesk: ")
    assert said.err.count("\n") == 1
    assert reason in said.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "--context"),
        (["--context", "x", "--after", "soon"], "'soon' is no time. Examples"),
        (["--context", "x", "--before", "-2y"], "'-2y' is no time"),
        (["--context", "x", "--points", "0"], "from 1 to"),
        (["--context", "x", "--points", "many"], "from 1 to"),
        (["--context", "x", "--format", "xml"], "invalid choice"),
        (["--context", "x", "--zone", "../etc/passwd"], "is no zone"),
        (["--context", "x", "--label", "mount_point"], "is no label"),
    ],
)
def test_a_wrong_option_is_a_matter_of_usage(
    capsys: Capture, words: list[str], reason: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "local:", *words])
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_ctrl_c_leaves_the_old_file_as_it_was(agent: ReplayAgent, tmp_path: Path) -> None:
    file = tmp_path / "net.csv"
    file.write_text("old", "utf-8")
    agent.latency = 0.05
    words = [sys.executable, "-c", _RUN, "export", agent.url, "--context", "system.net"]
    with subprocess.Popen(
        [*words, "--after", "-7d", "-o", str(file)],
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background ignore Ctrl+C, and so would this.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as command:
        _wait_for_a_piece(agent)
        command.send_signal(signal.SIGINT)
        _, said = command.communicate()
    assert command.returncode == 130
    assert said == ""
    assert file.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["net.csv"]


def _wait_for_a_piece(agent: ReplayAgent) -> None:
    deadline = time.monotonic() + 60
    while not any("before" in params for _, params in list(agent.requests)):
        assert time.monotonic() < deadline
        select.select([], [], [], 0.01)


def test_progress_is_shown_where_stderr_is_a_terminal_and_wiped_in_the_end(
    agent: ReplayAgent,
) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-c", _RUN, "export", agent.url, "--context", "system.net"]
    with subprocess.Popen([*words, "--after", "-3h"], stderr=theirs, stdout=subprocess.PIPE) as run:
        os.close(theirs)
        assert run.stdout is not None
        rows = run.stdout.read().count(b"\n")
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert rows > 10_000
    assert b"% of" not in said
    assert b" rows" in said
    assert said.endswith(b"\r\x1b[K")
