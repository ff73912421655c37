"""The way from the Python that was called to a program that runs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bootstrap.checkout import PYTHON, ROOT, Checkout, told
from wodesk.bootstrap import commands, start, system


@pytest.mark.skipif(not system.there(system.ENSUREPIP), reason="no ensurepip: python3-venv")
def test_the_first_start_installs_with_pip_and_the_second_is_silent(checkout: Checkout) -> None:
    first = checkout.start()
    assert told(first) == {
        "prefix": str(checkout.venv),
        "arguments": ["local:", "--flag"],
        "folder": str(checkout.root),
        "misleading": [],
    }
    assert [line.split()[1] for line in first.stderr.splitlines()] == ["making", "installing"]
    assert list(checkout.venv.glob("lib/*/site-packages/wodesk.pth"))

    second = checkout.start()
    assert told(second) == told(first)
    assert second.stderr == ""


def test_uv_is_taken_where_it_is_there(with_uv: Checkout) -> None:
    told(with_uv.start())
    told(with_uv.start())
    python = with_uv.venv / "bin" / "python"
    assert with_uv.called() == [f"uv pip install --python {python} -c resources/lock.txt -e ."]


@pytest.mark.skipif(not system.there(system.ENSUREPIP), reason="no ensurepip: python3-venv")
def test_pip_is_tried_where_uv_fails(with_uv: Checkout) -> None:
    with_uv.add_program("uv", "exit 2")
    assert "with pip" in with_uv.start().stderr.splitlines()[-1]
    assert list(with_uv.venv.glob("lib/*/site-packages/wodesk.pth"))


def test_a_second_start_loads_nothing_that_only_an_installation_needs(with_uv: Checkout) -> None:
    told(with_uv.start())
    code = """
import os, sys
os.execve = lambda *_: (print(*sys.modules), sys.stdout.flush(), os._exit(0))
from wodesk import bootstrap
bootstrap.ensure()
"""
    done = subprocess.run(
        [PYTHON, "-S", "-c", code],
        cwd=with_uv.root,
        env=with_uv.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "wodesk.bootstrap.environment" in loaded
    assert not loaded & {"subprocess", "shutil", "tempfile", "json", "importlib.metadata", "venv"}


def test_a_folder_can_be_started_as_well_as_a_module(with_uv: Checkout) -> None:
    done = subprocess.run(
        [PYTHON, with_uv.root / "wodesk", "local:"],
        env=with_uv.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told(done)["prefix"] == str(with_uv.venv)


def test_it_keeps_out_when_told_to(with_uv: Checkout) -> None:
    assert told(with_uv.start(WODESK_NO_BOOTSTRAP="1"))["prefix"] == sys.base_prefix
    assert not with_uv.venv.exists()


def test_it_keeps_out_where_the_project_is_installed(with_uv: Checkout) -> None:
    (with_uv.root / "pyproject.toml").unlink()
    assert told(with_uv.start())["prefix"] == sys.base_prefix


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="the tests run in no virtual environment")
def test_a_virtual_environment_that_has_the_packages_is_used_as_it_is(with_uv: Checkout) -> None:
    code = "import sys; from wodesk import bootstrap; bootstrap.ensure('test'); print(sys.prefix)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=with_uv.root,
        env=with_uv.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == sys.prefix
    assert not with_uv.venv.exists()


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 12)])
def test_an_old_python_hears_what_is_needed(
    version: tuple[int, ...], checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout.bin))
    this = ".".join(map(str, version))
    with pytest.raises(commands.Trouble, match=f"3.11 or newer is needed, and this is {this}"):
        start.complain_if_old(version)
    checkout.add_program("python3.12")
    with pytest.raises(commands.Trouble, match=r"start it with python3\.12$"):
        start.complain_if_old(version)


def test_python_3_11_is_not_too_old() -> None:
    start.complain_if_old((3, 11, 0))


@pytest.mark.parametrize(
    "path",
    [*(ROOT / "wodesk" / "bootstrap").glob("*.py"), *ROOT.glob("*/__main__.py")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_python_3_6_can_read_what_comes_before_that(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    arguments = [
        argument
        for function in functions
        for argument in (
            *function.args.args,
            *function.args.kwonlyargs,
            *filter(None, (function.args.vararg, function.args.kwarg)),
        )
    ]
    annotations = [node.annotation for node in arguments] + [node.returns for node in functions]
    # Evaluated when the function is made, where an old Python knows neither list[str] nor X | Y.
    evaluated = [note for note in annotations if isinstance(note, ast.Subscript | ast.BinOp)]
    assert not [ast.unparse(note) for note in evaluated]
