"""Which libraries of the system are wanted, and who installs them."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bootstrap.checkout import PYTHON, Checkout
from wodesk.bootstrap import commands, system


@pytest.fixture
def machine(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    """A machine that lacks a library, where this user is not root and nobody is at the terminal."""
    monkeypatch.setitem(system.CORE, "libnot-there.so.1", "libnot-there1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", str(checkout.bin))
    keyboard = os.dup(0)
    with Path(os.devnull).open() as nobody:
        os.dup2(nobody.fileno(), 0)
    yield checkout
    os.dup2(keyboard, 0)
    os.close(keyboard)


def install_refused(missing: dict[str, str]) -> str:
    """Return the last line of what `install` says when it cannot install."""
    with pytest.raises(commands.Trouble) as refused:
        system.install(missing)
    return str(refused.value).splitlines()[-1]


def test_only_what_cannot_be_loaded_is_missing(machine: Checkout) -> None:
    machine.add_program("uv")
    assert system.missing_parts({}, venv=True) == {"libnot-there.so.1": "libnot-there1"}


def test_libraries_for_a_display_are_wanted_only_where_there_is_one(
    machine: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(system.XCB, "libnot-there-x.so.1", "libnot-there-x1")
    monkeypatch.setitem(system.WAYLAND, "libnot-there-w.so.1", "libnot-there-w1")
    plain = set(system.missing_parts({}, venv=False))
    both = set(system.missing_parts({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, venv=False))
    assert plain.isdisjoint({"libnot-there-x.so.1", "libnot-there-w.so.1"})
    assert both >= {*plain, "libnot-there-x.so.1", "libnot-there-w.so.1"}


def test_without_leave_the_line_for_root_is_printed(machine: Checkout) -> None:
    machine.add_program("apt-get")
    apt = "apt-get install -y --no-install-recommends liba1 libb2"
    missing = {"libb.so.2": "libb2", "liba.so.1": "liba1"}
    assert install_refused(missing) == f"su -c 'apt-get update && {apt}'"
    machine.add_program("sudo", "exit 1")
    assert install_refused(missing) == f"sudo apt-get update && sudo {apt}"
    assert not [call for call in machine.called() if call.startswith("apt-get")]


def test_sudo_without_a_password_is_used(machine: Checkout) -> None:
    machine.add_program("sudo", 'shift; PATH=$PATH:/usr/bin:/bin; "$@"')
    machine.add_program("apt-get", "echo E: it is not there >&2; exit 100")
    missing = {"libnot-there.so.1": "libnot-there1"}
    assert install_refused(missing) == "E: it is not there"
    calls = [call.split() for call in machine.called() if call.startswith("apt-get")]
    assert [call[-1] for call in calls] == ["update", "libnot-there1"]
    assert calls[1][-3:] == ["install", "--no-install-recommends", "libnot-there1"]


def test_nothing_is_run_where_nothing_is_missing(machine: Checkout) -> None:
    machine.add_program("sudo")
    machine.add_program("apt-get")
    system.install({})
    assert machine.called() == []


def test_a_library_that_is_there_after_the_installation_is_enough(machine: Checkout) -> None:
    machine.add_program("sudo", "exit 0")
    machine.add_program("apt-get")
    system.install({"libc.so.6": "libc6"})


@pytest.mark.parametrize(("answer", "installs"), [("y\n", True), ("\n", True), ("n\n", False)])
def test_at_a_terminal_the_user_is_asked(machine: Checkout, answer: str, installs: bool) -> None:
    machine.add_program("sudo", '[ "$1" != -n ]')
    machine.add_program("apt-get")
    keyboard, terminal = os.openpty()
    os.write(keyboard, answer.encode())
    code = (
        "import os; os.geteuid = lambda: 1000\n"
        "from wodesk.bootstrap import commands, system\n"
        "try: system.install({'libnot-there.so.1': 'libnot-there1'})\n"
        "except commands.Trouble: pass"
    )
    done = subprocess.run(
        [PYTHON, "-c", code],
        cwd=machine.root,
        env=machine.environment(),
        stdin=terminal,
        capture_output=True,
        text=True,
        check=True,
    )
    os.close(terminal)
    os.close(keyboard)
    assert "install them now, with sudo? [Y/n]" in done.stderr
    ran = [call for call in machine.called() if call.endswith("libnot-there1")]
    assert bool(ran) is installs


def test_without_apt_the_missing_libraries_are_named(machine: Checkout) -> None:
    missing = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}
    assert install_refused(missing).startswith("this system lacks libEGL.so.1 libGL.so.1.")
    machine.add_program("dnf")
    line = "sudo dnf install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)'"
    assert install_refused(missing) == line
