"""Questions on a terminal: what is secret is not echoed, and what is to be saved is saved."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.access.test_secrets import Desktop
from tests.leaks import Home
from tests.servers.guarded import GuardedAgent
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh, ScriptedSshApart, new_key, public_line
from tests.terminal import Terminal
from wodesk.models.fingerprint import readable
from wodesk.models.server import Server, server_at
from wodesk.settings import Servers

LOGIN = ("anna", "k3y b&rd=x")
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def agent() -> Iterator[GuardedAgent]:
    with GuardedAgent(login=LOGIN) as agent:
        yield agent


@pytest.fixture
def nginx() -> Iterator[LiveNginx]:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        yield nginx


def file_of(home: Home) -> Servers:
    folder = home.folder / "config" / "wodesk"
    folder.mkdir(exist_ok=True)
    return Servers(folder / "servers.toml")


def save(home: Home, server: Server) -> None:
    file_of(home).add(server)


def saved(home: Home) -> Server:
    (server,) = file_of(home).load()
    return server


def at_terminal(home: Home, *arguments: str) -> Terminal:
    return Terminal(home.environment, home.folder, "-m", "wodesk", *arguments)


def without_terminal(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wodesk", *arguments],
        env=home.environment,
        cwd=home.folder,
        check=False,
        capture_output=True,
        text=True,
        input="save\n" * 5,
        timeout=60,
    )


# A user and a password.


def test_a_user_is_echoed_and_saved_and_a_password_is_neither(
    home: Home, agent: GuardedAgent
) -> None:
    save(home, server_at(agent.url, "web1"))
    with at_terminal(home, "check", "web1") as terminal:
        terminal.answer("User [WordOps]", LOGIN[0])
        terminal.answer("Password", LOGIN[1])
        assert terminal.to_its_end() == 0, terminal.screen
        assert "anna" in terminal.screen
        assert LOGIN[1] not in terminal.screen
        assert "The user anna is used for web1 from now on" in terminal.screen
    assert saved(home).user == "anna"
    assert LOGIN[1].encode() not in b"".join(home.files().values())
    with at_terminal(home, "metrics", "web1") as terminal:
        terminal.until("asks for the password of anna")
        terminal.answer("Password", "wrong")
        assert terminal.to_its_end() == 1
        assert "does not accept this user name or password" in terminal.screen
    assert agent.wrong == [401]


def test_the_user_of_a_server_that_is_not_saved_lasts_for_the_run(
    home: Home, agent: GuardedAgent
) -> None:
    with at_terminal(home, "check", agent.url) as terminal:
        terminal.answer("User", LOGIN[0])
        terminal.answer("Password", LOGIN[1])
        assert terminal.to_its_end() == 0, terminal.screen
        assert "for this run only" in terminal.screen
    assert file_of(home).load() == ()


def test_a_password_is_kept_in_the_keyring_if_that_is_wanted(
    home: Home, agent: GuardedAgent, tmp_path: Path
) -> None:
    save(home, replace(server_at(agent.url, "web1"), user=LOGIN[0]))
    (tmp_path / "desktop").mkdir()
    with Desktop(tmp_path / "desktop", "of the login") as desktop:
        home.more["DBUS_SESSION_BUS_ADDRESS"] = desktop["DBUS_SESSION_BUS_ADDRESS"]
        home.more["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        for typed, word in (("wrong", "yes"), (LOGIN[1], "no"), (LOGIN[1], "yes")):
            with at_terminal(home, "metrics", "web1") as terminal:
                terminal.answer("Password", typed)
                terminal.answer("Keep it in the keyring", word)
                assert terminal.to_its_end() == int(typed == "wrong"), terminal.screen
        told = without_terminal(home, "metrics", "web1")
        assert told.returncode == 0, told.stderr
        agent.login = ("anna", "of tomorrow")
        for _ in range(2):
            told = without_terminal(home, "metrics", "web1")
            assert told.returncode == 1
        # What the keyring had was tried once, and forgotten when it was refused.
        assert agent.wrong == [401, 401]


def test_a_keyring_that_is_locked_is_said_to_keep_nothing(
    home: Home, agent: GuardedAgent, tmp_path: Path
) -> None:
    save(home, replace(server_at(agent.url, "web1"), user=LOGIN[0]))
    (tmp_path / "desktop").mkdir()
    # It is made at the first login.
    with Desktop(tmp_path / "desktop", "of the login"):
        pass
    with Desktop(tmp_path / "desktop", None) as desktop:
        home.more["DBUS_SESSION_BUS_ADDRESS"] = desktop["DBUS_SESSION_BUS_ADDRESS"]
        home.more["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        with at_terminal(home, "metrics", "web1") as terminal:
            terminal.answer("Password", LOGIN[1])
            terminal.until("for this session only")
            terminal.answer("Keep it in the keyring", "yes")
            assert terminal.to_its_end() == 0, terminal.screen


def test_without_a_terminal_nobody_is_asked_for_a_password(home: Home, agent: GuardedAgent) -> None:
    told = without_terminal(home, "check", agent.url)
    assert told.returncode == 1
    assert "asks for a user name and a password" in told.stderr
    assert agent.wrong == []


def test_a_picture_asks_on_the_terminal_too(home: Home, agent: GuardedAgent) -> None:
    save(home, replace(server_at(agent.url, "web1"), user=LOGIN[0]))
    with at_terminal(home, "screenshot", "web1", "-o", "shot.png") as terminal:
        terminal.answer("Password", LOGIN[1])
        assert terminal.to_its_end() == 0, terminal.screen
        assert LOGIN[1] not in terminal.screen
    assert (home.folder / "shot.png").stat().st_size > 0


# Certificates.


def test_a_certificate_that_is_to_be_saved_is_saved_with_its_server(
    home: Home, nginx: LiveNginx
) -> None:
    save(home, replace(server_at(nginx.url, "web1"), user=USER))
    home.more["WODESK_PASSWORD"] = PASSWORD
    with at_terminal(home, "check", "web1") as terminal:
        terminal.answer("Type once, save or no:", "save")
        assert terminal.to_its_end() == 0, terminal.screen
        assert readable(nginx.fingerprint) in terminal.screen
        assert "CN=localhost" in terminal.screen
        assert "openssl x509 -noout -fingerprint -sha256 -in" in terminal.screen
        assert "The certificate is accepted for web1 from now on" in terminal.screen
    assert saved(home).pin == nginx.fingerprint
    told = without_terminal(home, "check", "web1")
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("word", ["once", "save"])
def test_a_certificate_of_a_server_that_is_not_saved_lasts_for_the_run(
    word: str, home: Home, nginx: LiveNginx
) -> None:
    with at_terminal(home, "check", nginx.url) as terminal:
        terminal.answer("Type once, save or no:", word)
        terminal.answer("User", USER)
        terminal.answer("Password", PASSWORD)
        assert terminal.to_its_end() == 0, terminal.screen
        assert ("The certificate is accepted for this run only" in terminal.screen) is (
            word == "save"
        )
    assert file_of(home).load() == ()


@pytest.mark.parametrize("word", ["no", "", "yes", "ONCE AND FOR ALL"])
def test_any_other_word_refuses_a_certificate(word: str, home: Home, nginx: LiveNginx) -> None:
    before = len(nginx.access_log)
    with at_terminal(home, "check", nginx.url) as terminal:
        terminal.answer("Type once, save or no:", word)
        assert terminal.to_its_end() == 1
    assert len(nginx.access_log) == before


def test_without_a_terminal_a_certificate_is_refused_with_its_fingerprint(
    home: Home, nginx: LiveNginx
) -> None:
    save(home, replace(server_at(nginx.url, "web1"), user=USER))
    home.more["WODESK_PASSWORD"] = PASSWORD
    told = without_terminal(home, "check", "web1")
    assert told.returncode == 1
    assert readable(nginx.fingerprint) in told.stderr
    assert saved(home).pin == ""


# Host keys.


@pytest.fixture
def sshd(home: Home) -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        (home.folder / ".ssh").mkdir(mode=0o700)
        (home.folder / ".ssh/config").write_text(
            f"IdentityFile {sshd.client_key}\nIdentityAgent none\nGlobalKnownHostsFile /dev/null\n"
        )
        yield sshd


@pytest.mark.parametrize("word", ["save", "once", "no"])
def test_an_unknown_host_key_is_shown_and_saved_where_that_is_wanted(
    word: str, home: Home, sshd: LiveSshd
) -> None:
    known_hosts = home.folder / ".ssh/known_hosts"
    with ReplayAgent() as agent:
        address = f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{agent.port}"
        with at_terminal(home, "metrics", address) as terminal:
            terminal.until("SHA256:")
            terminal.answer("Type once, save or no:", word)
            assert terminal.to_its_end() == int(word == "no"), terminal.screen
        assert known_hosts.exists() is (word == "save")
        told = without_terminal(home, "metrics", address)
        assert told.returncode == int(word != "save"), told.stderr
        assert ("SHA256:" in told.stderr) is (word != "save")


def test_a_passphrase_is_asked_for_once_by_a_command_about_many_servers(
    home: Home, sshd: LiveSshd
) -> None:
    key = new_key(home.folder / "id", passphrase="correct horse")
    sshd.authorized_keys.write_text(f"{public_line(key)}\n")
    (home.folder / ".ssh/known_hosts").write_text(sshd.known_hosts())
    (home.folder / ".ssh/config").write_text(
        f"IdentityFile {home.folder}/id\nIdentityAgent none\nGlobalKnownHostsFile /dev/null\n"
    )
    with ReplayAgent() as agent:
        address = f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{agent.port}"
        for name in ("web1", "web2"):
            save(home, replace(server_at(address, name), id=name))
        with at_terminal(home, "alerts") as terminal:
            terminal.answer("Passphrase:", "correct horse")
            assert terminal.to_its_end() == 0, terminal.screen
            assert terminal.screen.endswith("No alert is raised.\n")
    assert sshd.connections == 2


# Questions of an SSH server that a program waits for.


@pytest.fixture
def asking(home: Home) -> Iterator[ScriptedSshApart]:
    """A server that is known, and asks for a code."""
    script = ScriptedSsh(rounds=[[("Verification code: ", False, "123456")]])
    with ScriptedSshApart(script) as asking:
        (home.folder / ".ssh").mkdir(mode=0o700)
        (home.folder / ".ssh/config").write_text("IdentityAgent none\nIdentityFile none\n")
        (home.folder / ".ssh/known_hosts").write_text(f"* {public_line(script.key)}\n")
        yield asking


def asked_for_a_code(home: Home, asking: ScriptedSshApart) -> Terminal:
    return at_terminal(home, "check", f"ssh://anna@127.0.0.1:{asking.server.port}")


def test_a_wrong_code_ends_the_run_and_is_given_once(home: Home, asking: ScriptedSshApart) -> None:
    with asked_for_a_code(home, asking) as terminal:
        terminal.answer("Verification code:", "654321")
        assert terminal.to_its_end() == 1
        assert "refused the login of anna. It was given answers" in terminal.screen
        assert "654321" not in terminal.screen
    assert asking.server.attempts == [("keyboard-interactive", False)]


def test_a_question_whose_server_has_gone_keeps_nobody(
    home: Home, asking: ScriptedSshApart
) -> None:
    with asked_for_a_code(home, asking) as terminal:
        terminal.until("Verification code:")
        asking.cut()
        assert terminal.to_its_end() == 1
        assert "ended before its question was answered" in terminal.screen
        assert terminal.echoes


def test_a_question_can_be_left_by_an_interrupt_and_by_an_end_of_file(
    home: Home, asking: ScriptedSshApart
) -> None:
    for key, code in (("\x03", 130), ("\x04", 1)):
        with asked_for_a_code(home, asking) as terminal:
            terminal.until("Verification code:")
            terminal.press(key)
            assert terminal.to_its_end() == code, terminal.screen
            assert terminal.echoes
    assert asking.server.attempts == []
