"""The command: its options, its sentences, and the adding of users."""

from __future__ import annotations

import argparse
import io
import os
import socket
from pathlib import Path

import pytest

from tests.gateway.given import NAME, PASSWORD, users_in
from wodesk.gateway import listening, serve
from wodesk.gateway.errors import CannotServe
from wodesk.gateway.users import Users


def options(*words: str | Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    serve.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key is; and nothing is ever served."""

    def run_server(*_arguments: object, **_named: object) -> None:
        raise AssertionError("it serves")

    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    monkeypatch.setattr("wodesk.gateway.running.run_server", run_server)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr."""
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("wodesk: ")
    assert err.count("\n") == 1
    return err


def test_the_defaults_are_this_machine_alone() -> None:
    chosen = options()
    assert (chosen.host, chosen.port, chosen.address) == ("127.0.0.1", 8321, None)
    assert (chosen.tls_cert, chosen.tls_key, chosen.behind_proxy) == (None, None, False)
    assert (chosen.allowed_host, chosen.trusted_proxy) == ([], [])
    assert (chosen.token_minutes, chosen.users, chosen.add_user) == (60, None, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--port", "65536"),
        ("--port", "-1"),
        ("--port", "http"),
        ("--token-minutes", "0"),
        ("--token-minutes", "1.5"),
        ("--token-minutes", "99999"),
        ("--trusted-proxy", "nginx"),
        ("--trusted-proxy", "10.0.0.1/8"),
        ("--allowed-host", "*.example.org"),
        ("--allowed-host", "web3:8321"),
        ("--allowed-host", ""),
    ],
)
def test_what_cannot_be_an_option_is_refused(words: tuple[str, str]) -> None:
    with pytest.raises(argparse.ArgumentError):
        options(*words)


def test_names_and_proxies_may_be_repeated() -> None:
    chosen = options(
        *("--allowed-host", "web3.example.org", "--allowed-host", "[2001:db8::1]"),
        *("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8"),
    )
    assert chosen.allowed_host == ["web3.example.org", "2001:db8::1"]
    assert [str(network) for network in chosen.trusted_proxy] == ["127.0.0.1/32", "10.0.0.0/8"]


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "argon2", "jwt", "python_multipart"])
def test_a_missing_extra_is_a_sentence_that_says_how_to_install_it(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == missing else object()
    )
    assert serve.run(options()) == 1
    assert 'pip install "wodesk[serve]"' in said(capsys)


def test_without_users_it_says_how_to_add_one(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve.run(options("--users", state / "users")) == 1
    assert f"--users {state / 'users'} --add-user NAME" in said(capsys)
    assert not list(state.iterdir())


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_beyond_loopback_it_wants_tls_or_a_proxy(
    state: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    users_in(state)
    assert serve.run(options("--host", host, "--users", state / "users")) == 1
    assert "--tls-cert" in said(capsys)
    with pytest.raises(AssertionError, match="it serves"):
        serve.run(
            options("--host", host, "--port", "0", "--behind-proxy", "--users", state / "users")
        )


def test_a_port_that_is_taken_is_a_sentence(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    users_in(state)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve.run(options("--port", port, "--users", state / "users")) == 1
    assert f"port {port} of 127.0.0.1: Address already in use" in said(capsys)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--host", "no-such-host.invalid"), "'no-such-host.invalid' to listen on is not known"),
        (("--host", ""), "The host '' to listen on is not known"),
        (("--host", "192.0.2.1", "--behind-proxy"), "cannot listen on port 8321 of 192.0.2.1"),
        (("--tls-key", "x"), "--tls-key needs --tls-cert"),
        (("--tls-cert", "missing.pem"), "missing.pem cannot be read: No such file"),
        (("--tls-cert", "text.pem"), "text.pem and the key in it are no certificate"),
        (("--tls-cert", "text.pem", "--tls-key", "no.key"), "no.key cannot be read"),
        (("--tls-cert", "."), "cannot be read: Is a directory"),
        (("--address", "ftp://host"), "does not know the scheme ftp://"),
        (("--address", "http://me:pw@host"), "must not hold a user name"),
        (("--users", "text.pem"), "text.pem, line 1: a line is NAME:HASH:CHANGED"),
        (("--users", "."), "cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_served_is_a_sentence(
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(state)
    users_in(state)
    (state / "text.pem").write_text("not PEM\n")
    (state / "text.pem").chmod(0o600)
    assert serve.run(options("--users", "users", *words)) == 1
    assert sentence in said(capsys)


def test_a_broken_key_of_the_tokens_is_a_sentence(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    users_in(state)
    (state / "serve.key").write_text("short")
    (state / "serve.key").chmod(0o600)
    assert serve.run(options("--users", state / "users")) == 1
    assert f"{state / 'serve.key'} is not a key of 32 bytes" in said(capsys)


def test_without_options_the_files_are_where_the_users_own_files_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert serve.run(options()) == 1
    assert f"{os.environ['XDG_CONFIG_HOME']}/wodesk/serve-users" in said(capsys)
    assert str(serve._state_folder()) == f"{os.environ['XDG_STATE_HOME']}/wodesk"


# Where it listens.


def test_localhost_is_every_loopback_address_on_one_port() -> None:
    places = listening.resolved("localhost", 0)
    assert listening.is_loopback(places)
    with listening.listeners(places) as opened:
        assert len({listener.getsockname()[1] for listener in opened}) == 1


def test_of_two_places_none_stays_open_if_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        places = [(socket.AF_INET, ("127.0.0.2", 0)), (socket.AF_INET, taken.getsockname())]
        with pytest.raises(CannotServe), listening.listeners(places):
            pass


# Users.


class Terminal(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_user_is_added_from_one_line_of_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "users"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\r\nanother line\n"))
    assert serve.run(options("--users", path, "--add-user", NAME)) == 0
    assert Users(path)._matches(Users(path).known()[NAME].hash, PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO("the next password"))
    assert serve.run(options("--users", path, "--add-user", NAME)) == 0
    out, err = capsys.readouterr()
    assert out == f"{NAME} was added to {path}.\n{NAME} has a new password.\n"
    assert not err


def test_a_terminal_is_asked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "users"
    typed = iter([PASSWORD, PASSWORD, PASSWORD, PASSWORD.upper()])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert serve.run(options("--users", path, "--add-user", NAME)) == 0
    before = path.read_bytes()
    capsys.readouterr()
    assert serve.run(options("--users", path, "--add-user", NAME)) == 1
    assert "differ" in said(capsys)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "A password has 8 to 256 characters."),
        ("short\n", "A password has 8 to 256 characters."),
    ],
)
def test_no_password_is_no_user(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    assert serve.run(options("--users", tmp_path / "users", "--add-user", NAME)) == 1
    assert sentence in said(capsys)
    assert not list(tmp_path.iterdir())


def test_bytes_that_are_no_text_and_a_closed_terminal_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = options("--users", tmp_path / "users", "--add-user", NAME)
    raw = io.TextIOWrapper(io.BytesIO(b"\xff\xfe password\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", raw)
    assert serve.run(chosen) == 1
    assert "not UTF-8" in said(capsys)

    def leave(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", leave)
    assert serve.run(chosen) == 1
    assert "No password was given" in said(capsys)


def test_a_broken_file_is_told_before_a_password_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "users"
    path.write_text("broken\n")
    path.chmod(0o600)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: pytest.fail("asked"))
    assert serve.run(options("--users", path, "--add-user", NAME)) == 1
    assert "line 1" in said(capsys)
    assert path.read_text() == "broken\n"
