"""The commands, as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client.peers import Answering, PlainOnly
from tests.servers.faults import FaultServer
from tests.servers.nginx import LiveNginx
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk import __version__
from wodesk.cli import main
from wodesk.models.fingerprint import readable
from wodesk.models.server import Server, server_at
from wodesk.models.system import SystemMetrics
from wodesk.settings import Servers

Capture = pytest.CaptureFixture[str]
PARTS = ("cpu", "ram", "disk", "network_in", "network_out")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No servers, and no Netdata on this machine."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with ReplayAgent() as agent:
        return agent.url


def failure(capsys: Capture, *words: str) -> str:
    """What a command that fails says on stderr: one line, and nothing of Python."""
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.err.startswith("wodesk: ")
    assert said.err.count("\n") == 1
    assert said.err.endswith((".\n", "/\n", "web1\n", "netdata\n", "?\n", ".crt\n"))
    assert "Traceback" not in said.err + said.out
    return said.err


def misused(capsys: Capture, *words: str) -> str:
    """What a command says that was called wrongly."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: wodesk" in said.err
    return said.err


# metrics


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("span", "points"), [("5m", 60), ("1h", 60), ("24h", 144)])
def test_metrics_prints_exactly_a_system_metrics(
    capsys: Capture, agent: ReplayAgent, version: str, span: str, points: int
) -> None:
    agent.version = version
    assert main(["metrics", agent.url, "--range", span, "--format", "json"]) == 0
    said = capsys.readouterr()
    metrics = SystemMetrics.model_validate_json(said.out)
    assert said.out == metrics.model_dump_json() + "\n"
    assert said.err == ""
    assert set(json.loads(said.out)) == set(PARTS)
    assert all(len(getattr(metrics, part).points) >= points - 1 for part in PARTS)


def test_metrics_are_of_the_last_five_minutes_in_a_table_by_default(
    capsys: Capture, agent: ReplayAgent
) -> None:
    assert main(["metrics", agent.url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:12].strip() for line in lines] == [
        "",
        "CPU",
        "Memory",
        "Disk",
        "Network in",
        "Network out",
    ]
    assert "5" in lines[0]
    assert all(line.count("%") == 4 for line in lines[1:4])
    assert all("bit/s" in line for line in lines[4:])


def test_metrics_of_this_machine_need_no_agent(capsys: Capture) -> None:
    assert main(["metrics", "local:", "--format", "json"]) == 0
    metrics = SystemMetrics.model_validate_json(capsys.readouterr().out)
    assert 0 <= metrics.cpu.current <= 100.001
    assert 0 < metrics.ram.current < 100
    assert 0 <= metrics.disk.current <= 100


def test_metrics_without_an_address_are_of_this_machine(
    capsys: Capture, agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
    assert main(["metrics", "--format", "json"]) == 0
    assert SystemMetrics.model_validate_json(capsys.readouterr().out)
    assert agent.requests


def test_metrics_without_an_address_or_an_agent_are_of_this_machine_too(
    capsys: Capture, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", closed)
    assert main(["metrics", "--format", "json"]) == 0
    assert SystemMetrics.model_validate_json(capsys.readouterr().out)


@pytest.mark.parametrize("words", [["Shop"], []], ids=["named", "first"])
def test_a_saved_server_is_meant_by_its_name_and_the_first_by_none(
    capsys: Capture, agent: ReplayAgent, words: list[str]
) -> None:
    Servers.of_user().add(server_at(agent.url, "Shop"))
    assert main(["metrics", *words, "--format", "json"]) == 0
    assert agent.requests
    assert SystemMetrics.model_validate_json(capsys.readouterr().out)


# check


@pytest.mark.parametrize("version", VERSIONS)
def test_check_tells_each_hop_and_that_all_is_well(
    capsys: Capture, agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    assert main(["check", agent.url]) == 0
    said = capsys.readouterr()
    title, *lines = said.out.splitlines()
    assert agent.url in title
    hops = ("name", "TCP", "login", "agent", "charts", "data", "alerts", "clock")
    assert [line.split()[:2] for line in lines] == [["ok", hop] for hop in hops]
    assert said.err == ""


def test_check_of_this_machine_needs_no_agent(capsys: Capture) -> None:
    assert main(["check", "local:"]) == 0
    assert "embedded" in capsys.readouterr().out


def test_check_stops_at_the_hop_that_fails(capsys: Capture, closed: str) -> None:
    assert main(["check", closed]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()[1:]
    assert [line.split()[:2] for line in lines] == [["ok", "name"], ["FAIL", "TCP"]]
    assert "refused" in lines[-1]
    assert said.err.startswith("wodesk: ")
    assert "refused" in said.err


def test_check_of_a_plain_port_by_https_names_tls(capsys: Capture) -> None:
    with PlainOnly() as server:
        assert main(["check", server.url.replace("http:", "https:")]) == 1
    assert "FAIL  TLS" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["metrics", "check"])
def test_a_stranger_is_refused_with_its_fingerprint_and_all_of_the_command_to_compare_it(
    capsys: Capture, command: str
) -> None:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        said = failure(capsys, command, nginx.url)
        assert nginx.access_log == []
        fingerprint = readable(nginx.fingerprint)
    assert f"nobody but itself has signed it. Its SHA-256 fingerprint is {fingerprint}." in said
    assert "/var/www/22222/cert/22222.crt" in said


# Failures.


@pytest.mark.parametrize("command", ["metrics", "check"])
def test_nobody_listening_is_a_sentence(capsys: Capture, closed: str, command: str) -> None:
    said = failure(capsys, command, closed)
    assert f"{closed.removeprefix('http://')} refused the connection" in said


@pytest.mark.parametrize("command", ["metrics", "check"])
def test_an_unknown_name_is_a_sentence(capsys: Capture, command: str) -> None:
    assert "nowhere.invalid" in failure(capsys, command, "nowhere.invalid")


@pytest.mark.parametrize("command", ["metrics", "check"])
@pytest.mark.parametrize("host", ["a..b", ".", "x" * 64 + ".org"], ids=["empty", "dot", "long"])
def test_a_name_that_no_resolver_takes_is_a_sentence(
    capsys: Capture, command: str, host: str
) -> None:
    failure(capsys, command, host)


@pytest.mark.parametrize("command", ["metrics", "check", "screenshot"])
@pytest.mark.parametrize(
    "address", ["ftp://web1", "http://[", "web1:0", "web 1", "http://a:hunter2@web1", ""]
)
def test_what_is_no_address_is_a_sentence(capsys: Capture, command: str, address: str) -> None:
    extra = ["-o", "/dev/null/x.png"] if command == "screenshot" else []
    assert "hunter2" not in failure(capsys, command, address, *extra)


@pytest.mark.parametrize("command", ["metrics", "check"])
@pytest.mark.parametrize(
    "fault",
    [
        *("status_401", "status_502", "status_503_echo", "html", "empty", "half_json", "nan"),
        *("huge", "redirect_loop", "reset", "not_http", "gzip_bomb", "deep_object"),
    ],
)
def test_a_wrong_answer_is_a_sentence(capsys: Capture, command: str, fault: str) -> None:
    with FaultServer(fault) as server:
        said = failure(capsys, command, server.url)
    assert "user-agent" not in said.lower()


@pytest.mark.parametrize("command", ["metrics", "check"])
@pytest.mark.parametrize(
    "location",
    ["/\x9b31m", "/\u202epath", "https://evil\u202e.invalid/", "http://[bad", "\x85\x85"],
    ids=["escape", "direction", "host", "brackets", "control"],
)
def test_what_a_peer_says_reaches_the_terminal_harmless(
    capsys: Capture, command: str, location: str
) -> None:
    header = location.encode().decode("latin-1")
    with Answering(302, b"", {"Location": header}) as server:
        said = failure(capsys, command, server.url)
    assert all(unicodedata.category(letter) not in ("Cc", "Cf") for letter in said.rstrip("\n"))


def test_what_an_agent_is_called_reaches_the_terminal_harmless(
    capsys: Capture, agent: ReplayAgent
) -> None:
    agent.hostname = "web1\x1b[31m\u202e\n\x9b"
    assert main(["check", agent.url]) == 0
    out = capsys.readouterr().out
    assert all(unicodedata.category(letter) not in ("Cc", "Cf") for letter in out.replace("\n", ""))
    assert len(out.splitlines()) == 9


@pytest.mark.parametrize("url", ["http://[", "nonsense", "http://a:hunter2@127.0.0.1:1"])
@pytest.mark.parametrize("command", ["metrics", "check"])
def test_an_environment_that_names_no_address_is_no_crash(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: str, url: str
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", url)
    assert main([command]) in (0, 1)
    said = capsys.readouterr()
    assert "hunter2" not in said.err + said.out


def test_a_part_that_is_not_measured_is_a_sentence(capsys: Capture, agent: ReplayAgent) -> None:
    agent.missing = {"system.net"}
    assert "network_in" in failure(capsys, "metrics", agent.url)


@pytest.mark.parametrize("command", ["metrics", "check"])
def test_a_broken_file_of_servers_is_a_sentence(
    capsys: Capture, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "wodesk" / "servers.toml"
    file.parent.mkdir()
    file.write_text("[[server]\n")
    said = failure(capsys, command, "local:")
    assert str(file) in said
    assert "line 1" in said
    assert file.read_text() == "[[server]\n"


# Usage.


@pytest.mark.parametrize(
    "words",
    [
        ["metrics", "--range", "15m"],
        ["metrics", "--range", "2h", "local:"],
        ["metrics", "--format", "xml"],
        ["metrics", "local:", "web1"],
        ["check", "local:", "web1"],
        ["check", "--range", "5m"],
        ["screenshot"],
        ["screenshot", "-o"],
        ["screenshot", "-o", "x.png", "--size", "big"],
        ["screenshot", "-o", "x.png", "--size", "1x1"],
        ["screenshot", "ftp://", "-o", "x.png", "--size", "1280x0"],
        ["screenshot", "-o", "x.png", "--theme", "pink"],
        ["--no-such-option"],
        ["metrics", "--password", "hunter2"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_the_usage(capsys: Capture, words: list[str]) -> None:
    misused(capsys, *words)


@given(st.lists(st.sampled_from(["metrics", "check"]) | st.text(max_size=8), max_size=3))
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_unknown_words_end_with_a_code_and_no_traceback(capsys: Capture, words: list[str]) -> None:
    """Only words that start no window and reach no network."""
    line = [words[0] if words and words[0] in ("metrics", "check") else "check", "ftp://", *words]
    try:
        code: object = main(line)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert code in (0, 1, 2)
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize("command", [[], ["metrics"], ["check"], ["screenshot"]], ids=" ".join)
def test_each_command_explains_itself(capsys: Capture, command: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert " ".join(["usage: wodesk", *command]) in out
    assert "local:" in out


def test_the_commands_are_told_with_what_they_do(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert "  check       Try the way to a server hop by hop, and say where it ends.\n" in out
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert "\nTry the way to a server hop by hop" in capsys.readouterr().out


def test_the_version_is_told(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"wodesk {__version__}\n"


# As a program.


def program(*words: str, pipe: str = "") -> subprocess.CompletedProcess[str]:
    """The program itself, with what it prints piped into a shell command."""
    start = "import sys; from wodesk.launch import main; sys.exit(main(sys.argv[1:]))"
    line = [sys.executable, "-c", start, *words]
    if pipe:
        line = ["sh", "-c", f'"$@" | {pipe}', "sh", *line]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_the_log_is_printed_where_it_is_asked_for_and_holds_no_traceback(closed: str) -> None:
    ended = program("--verbose", "metrics", closed)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "refused" in ended.stderr


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_has_gone_is_no_error(agent: ReplayAgent, form: str) -> None:
    ended = program("metrics", agent.url, "--format", form, pipe="exec true <&-")
    assert ended.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_takes_no_more_is_a_sentence(agent: ReplayAgent) -> None:
    start = "import sys; from wodesk.launch import main; sys.exit(main(sys.argv[1:]))"
    line = [sys.executable, "-c", start, "metrics", agent.url]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            line, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    reason = "wodesk: what was asked for cannot be printed: No space left on device.\n"
    assert (ended.returncode, ended.stderr) == (1, reason)


def test_an_unknown_word_is_understood_as_an_address_and_fails_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a screen the window is a table, which fails as a command does."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ended = program("nowhere.invalid")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "nowhere.invalid" in ended.stderr


def test_without_a_screen_the_window_is_a_table(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ended = program(agent.url)
    assert ended.returncode == 0
    assert "no display" in ended.stderr
    assert agent.hostname in ended.stdout
    assert "Network out" in ended.stdout


# a broken file of servers


def write_broken(tmp_path: Path) -> Path:
    file = tmp_path / "wodesk" / "servers.toml"
    file.parent.mkdir()
    file.write_text("this is no TOML\n", "utf-8")
    return file


@pytest.mark.parametrize("words", [["check"], ["metrics"], ["a-saved-name"]])
def test_a_broken_file_of_servers_ends_what_needs_it_with_a_sentence(
    capsys: Capture, tmp_path: Path, words: list[str]
) -> None:
    file = write_broken(tmp_path)
    said = failure(capsys, *words)
    assert f"{file} has a mistake in line 1" in said
    assert file.read_text("utf-8") == "this is no TOML\n"


def test_a_broken_file_of_servers_is_told_where_there_is_no_window_to_tell_it(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    write_broken(tmp_path)
    assert "line 1" in failure(capsys)


@pytest.mark.parametrize("words", [[], ["http://127.0.0.1:1"], ["admin@web1"]])
def test_the_window_opens_although_the_file_of_servers_is_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    opened: list[int] = []

    def run(servers: Sequence[Server], **_: object) -> int:
        opened.append(len(servers))
        return 0

    monkeypatch.setattr("wodesk.program.run", run)
    write_broken(tmp_path)
    assert main(words) == 0
    assert opened == [len(words)]
