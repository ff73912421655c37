"""What has to be installed, what has not, and what happens when that goes wrong."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.bootstrap.checkout import PYPROJECT, PYTHON, Checkout, told, wait_for
from wodesk.bootstrap import system


def test_what_the_tests_need_stays_when_the_program_is_started(with_uv: Checkout) -> None:
    with_uv.start("test")
    with_uv.start()
    assert [call.split()[-1] for call in with_uv.called()] == [".[test]"]
    with_uv.change()
    with_uv.start()
    assert [call.split()[-1] for call in with_uv.called()] == [".[test]", ".[test]"]


def test_what_the_tests_need_is_added_to_what_the_program_needs(with_uv: Checkout) -> None:
    with_uv.start()
    second = with_uv.start("test")
    with_uv.start("test")
    assert [call.split()[-1] for call in with_uv.called()] == [".", ".[test]"]
    assert "making" not in second.stderr


@pytest.mark.parametrize("changed", ["pyproject.toml", "resources/lock.txt"])
def test_a_change_of_what_is_needed_installs_again(with_uv: Checkout, changed: str) -> None:
    with_uv.start()
    with (with_uv.root / changed).open("a") as file:
        file.write("# changed\n")
    told(with_uv.start())
    assert len(with_uv.called()) == 2


def test_a_checkout_that_was_moved_installs_again(with_uv: Checkout) -> None:
    with_uv.start()
    with_uv.root = with_uv.root.rename(with_uv.root.with_name("elsewhere"))
    assert told(with_uv.start())["prefix"] == str(with_uv.root / ".venv")
    assert len(with_uv.called()) == 2


def test_an_environment_whose_python_went_away_is_made_anew(with_uv: Checkout) -> None:
    with_uv.start()
    python = with_uv.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("nowhere")
    done = with_uv.start()
    assert told(done)["prefix"] == str(with_uv.venv)
    assert "making" in done.stderr


def test_an_environment_of_the_users_own_making_is_filled_not_made_anew(with_uv: Checkout) -> None:
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", with_uv.venv], check=True)
    (with_uv.venv / "mine").touch()
    assert "making" not in with_uv.start().stderr
    assert (with_uv.venv / "mine").exists()
    assert len(with_uv.called()) == 1


def test_a_killed_start_is_made_good_by_the_next(with_uv: Checkout) -> None:
    with_uv.add_program("uv", ": > begun; /bin/sleep 60")
    killed = with_uv.popen()
    wait_for(with_uv.root / "begun")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (with_uv.venv / "half").touch()

    with_uv.add_program("uv")
    done = with_uv.start()
    assert told(done)["prefix"] == str(with_uv.venv)
    assert "making" in done.stderr
    assert not (with_uv.venv / "half").exists()


def test_ctrl_c_while_installing_ends_in_a_sentence(with_uv: Checkout) -> None:
    with_uv.add_program("uv", ": > begun; exec /bin/sleep 60")
    interrupted = with_uv.popen()
    wait_for(with_uv.root / "begun")
    os.killpg(interrupted.pid, signal.SIGINT)
    _, errors = interrupted.communicate()
    assert interrupted.returncode == 130
    assert errors.splitlines()[-1].startswith("wodesk: interrupted")
    assert "Traceback" not in errors


def test_of_two_starts_at_once_one_installs_and_the_other_waits(with_uv: Checkout) -> None:
    wait = "until [ -e go ] || [ $((n += 1)) -gt 400 ]; do /bin/sleep 0.05; done"
    with_uv.add_program("uv", wait)
    with with_uv.popen() as first:
        wait_for(with_uv.calls)
        with with_uv.popen() as second:
            assert second.stderr
            assert "waiting for another start" in second.stderr.readline()
            (with_uv.root / "go").touch()
            second.communicate()
        first.communicate()
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(with_uv.called()) == 1


def test_a_checkout_that_cannot_hold_the_packages_has_them_in_the_cache(with_uv: Checkout) -> None:
    with_uv.venv.write_text("a file, where the folder should be")
    prefix = Path(str(told(with_uv.start())["prefix"]))
    assert prefix.parent == with_uv.cache / "wodesk"
    told(with_uv.start())
    assert len(with_uv.called()) == 1


def test_no_place_for_the_packages_is_a_sentence(with_uv: Checkout) -> None:
    with_uv.venv.write_text("a file")
    with_uv.cache.write_text("a file")
    done = with_uv.start()
    assert done.returncode == 1
    assert done.stderr.startswith("wodesk: the Python packages have no place: neither ")


@pytest.mark.skipif(not system.there(system.ENSUREPIP), reason="no ensurepip: python3-venv")
def test_no_network_is_a_sentence_and_the_next_start_tries_again(checkout: Checkout) -> None:
    pyproject = checkout.root / "pyproject.toml"
    pyproject.write_text(PYPROJECT.format(requires='"hatchling"'))
    # A port that nobody listens at: what a machine without a network comes to, but quicker.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1"}
    done = checkout.start(PIP_CONFIG_FILE=os.devnull, **nowhere)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("wodesk: pip cannot reach the servers")
    assert "Traceback" not in done.stderr

    checkout.add_program("uv")
    told(checkout.start())


def test_an_update_that_fails_leaves_what_was_installed(with_uv: Checkout) -> None:
    with_uv.start()
    pyproject = with_uv.root / "pyproject.toml"
    before = pyproject.read_text()
    pyproject.write_text(before.replace("build-backend", "#"))
    with_uv.add_program("uv", "echo no such package; exit 1")
    failed = with_uv.start()
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr

    pyproject.write_text(before)
    assert with_uv.start().stderr == ""
