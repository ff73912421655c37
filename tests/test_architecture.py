"""The rules of the house (DESIGN.md sections 3 and 4), and that breaking one is noticed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = ROOT / "tests" / "importlinter.toml"
LONGEST_FILE = 300
_LINT = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"

BARE_LABELS = {
    "ui/notices.py": "shows a mark, never text",
    "ui/export_strip.py": "for the shape of a state",
    "ui/status.py": "shows a mark, never text",
    "ui/pages/server.py": "shows a mark, never text",
    "ui/text.py": "is where text is made harmless",
}
"""Files that may make a QLabel themselves, and why."""
BARE_TOOLTIPS = {
    "ui/ranges.py": "has sentences of its own only",
    "ui/text.py": "is where text is made harmless",
    "ui/tray.py": "has counts only, and a tray takes no markup",
}
"""Files that may set a tooltip themselves, and why."""

# fmt: off
_SIDE_EFFECTS = frozenset({
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "mkdtemp", "unlink",
    "touch", "iterdir", "glob", "socket", "socketpair", "create_connection", "create_server",
    "connect", "listen", "bind", "Thread", "Process", "Popen", "run", "call", "check_call",
    "check_output", "system", "start", "create_task", "submit", "sleep", "basicConfig", "signal",
    "set_wakeup_fd", "setswitchinterval", "register", "QApplication", "QGuiApplication",
    "QCoreApplication", "QObject", "QTimer", "QThread", "QWidget", "AsyncClient", "Client", "get",
    "post", "urlopen", "getaddrinfo", "print", "input", "exit",
})
# fmt: on
"""Calls that have no business at import: they touch files, sockets, threads, Qt or the user."""
_VAGUE = re.compile(r"(Managers?|Helpers?|Utils?|Base|Impl)(?![a-z])")

FORBIDDEN = [
    ("Each floor stands on", "models/host.py", "import wodesk.client.source\n"),
    ("Each floor stands on", "sampling/tail.py", "import wodesk.worker\n"),
    ("The window knows models", "ui/store.py", "from wodesk.sampling import engine\n"),
    ("The gateway knows no window", "gateway/app.py", "import wodesk.ui.units\n"),
    ("Alerts are judged on models", "alerts/desk.py", "import wodesk.client.source\n"),
    ("Qt is in the window", "sampling/tail.py", "from PySide6 import QtCore\n"),
    ("pyqtgraph is in the chart", "ui/card.py", "import pyqtgraph\n"),
    ("httpx is in the HTTP of client", "client/agent.py", "def f():\n    import httpx\n"),
    ("Files are made of models alone", "export.py", "import wodesk.client.http\n"),
    ("psutil is in client.local_gauges", "commands.py", "import psutil\n"),
    ("rapidfuzz is in the search", "ui/store.py", "import rapidfuzz\n"),
    ("FastAPI is in the gateway", "cli.py", "import fastapi\n"),
    ("The session bus is in desktop", "worker.py", "import jeepney\n"),
    ("What the first frame needs", "models/metric.py", "import numpy\n"),
]
"""Imports that break a contract: its name, a file, and what is added there."""

Rule = Callable[[Path, ast.Module, list[str]], Iterator[str]]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts on the package in a folder."""
    return subprocess.run(
        [sys.executable, "-c", _LINT, "--config", str(CONTRACTS), "--no-cache", "--no-logo"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def imports_are_at_the_top(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No import in a function, unless its line says that it is lazy."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and (
                    "noqa: PLC0415" not in lines[node.lineno - 1]
                ):
                    yield f"{path}:{node.lineno} imports inside a function"


def imports_are_absolute(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{path}:{node.lineno} imports relatively"


def nothing_happens_at_import(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No call that touches the world outside functions."""
    if path.name == "__main__.py":
        return
    for node in _at_import(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _SIDE_EFFECTS:
                yield f"{path}:{node.lineno} calls {name}() when it is imported"


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs at import: bodies of modules and classes, and decorators."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, *child.args.defaults):
                yield part
                yield from _at_import(part)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _at_import(child)


def packages_hold_names_only(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """`__init__.py` has a docstring, imports of names, `__all__` and `__version__`.

    Names of something heavy come when one is asked for: `__getattr__` gives them.
    """
    if path.name != "__init__.py":
        return
    if ast.get_docstring(tree) is None:
        yield f"{path} has no docstring"
    for node in tree.body[1:]:
        names = [ast.unparse(target) for target in getattr(node, "targets", [])]
        is_name = isinstance(node, ast.Assign) and set(names) <= {"__all__", "__version__"}
        is_lazy = isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
        if not (_imports_only(node) or is_name or is_lazy):
            yield f"{path}:{node.lineno} has code"


def frozen_values_are_structs(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No frozen dataclass where a Struct does: to define one takes forty times as long.

    What a Struct cannot do is to hide a field, to have one of its own making, or to cache; and its
    library loads after the first frame.
    """
    if path.as_posix().startswith(("wodesk/bootstrap/", "wodesk/ui/tokens.py")):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            is_frozen = any("frozen=True" in ast.unparse(one) for one in node.decorator_list)
            body = ast.unparse(node)
            if is_frozen and "field(" not in body and "cached_property" not in body:
                yield f"{path}:{node.lineno} is a frozen dataclass: take a Struct"


def _imports_only(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        is_for_types = ast.unparse(node.test) == "TYPE_CHECKING" and not node.orelse
        return is_for_types and all(map(_imports_only, node.body))
    return isinstance(node, ast.Import | ast.ImportFrom)


def text_is_made_harmless(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No bare QLabel and no bare tooltip, except where it is known to be safe."""
    place = path.as_posix().removeprefix("wodesk/")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "QLabel" and place not in BARE_LABELS:
            yield f"{path}:{node.lineno} makes a QLabel: take PlainLabel"
        if name == "setToolTip" and place not in BARE_TOOLTIPS:
            yield f"{path}:{node.lineno} sets a tooltip: take ElidedLabel or tooltip()"


def files_are_short(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No file of more than 300 lines."""
    if len(lines) > LONGEST_FILE:
        yield f"{path} has {len(lines)} lines, more than {LONGEST_FILE}"


def names_are_of_the_field(path: Path, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """No Manager, Helper, Utils, Base or Impl."""
    words = re.sub(r"(^|_)([a-z])", lambda match: "_" + match[2].upper(), path.stem)
    if _VAGUE.search(words):
        yield f"{path} has a vague name"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and _VAGUE.search(node.name):
            yield f"{path}:{node.lineno} class {node.name} has a vague name"


RULES: tuple[Rule, ...] = (
    imports_are_at_the_top,
    imports_are_absolute,
    nothing_happens_at_import,
    packages_hold_names_only,
    text_is_made_harmless,
    files_are_short,
    frozen_values_are_structs,
    names_are_of_the_field,
)


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a file, of which most are read again and again."""
    return ast.parse(text)


def broken(rule: Rule, folder: Path) -> list[str]:
    """Where the package in a folder breaks a rule."""
    found: list[str] = []
    for file in sorted((folder / "wodesk").rglob("*.py")):
        text = file.read_text("utf-8")
        found += rule(file.relative_to(folder), parsed(text), text.splitlines())
    return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package to break rules in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "wodesk", folder / "wodesk", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


@pytest.fixture
def plant(house: Path) -> Iterator[Callable[[str, str], None]]:
    """Appends code to a file of the copy, which may be new, until the test is over."""
    before: dict[Path, str | None] = {}

    def append(name: str, code: str) -> None:
        file = house / "wodesk" / name
        text = file.read_text("utf-8") if file.exists() else None
        before[file] = text
        file.write_text((text or "") + code, "utf-8")

    yield append
    for file, text in before.items():
        if text is None:
            file.unlink()
        else:
            file.write_text(text, "utf-8")


def test_every_import_is_one_that_the_design_allows() -> None:
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_the_house_holds(rule: Rule) -> None:
    assert broken(rule, ROOT) == []


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy of the package in which each contract is broken."""
    folder = tmp_path_factory.mktemp("ruin")
    shutil.copytree(
        ROOT / "wodesk", folder / "wodesk", ignore=shutil.ignore_patterns("__pycache__")
    )
    for _, name, code in FORBIDDEN:
        with (folder / "wodesk" / name).open("a", encoding="utf-8") as file:
            file.write(code)
    run = lint(folder)
    assert run.returncode == 1
    return run.stdout


@pytest.mark.parametrize(("contract", "name", "code"), FORBIDDEN)
def test_a_forbidden_import_is_reported(report: str, contract: str, name: str, code: str) -> None:
    kept, _, details = report.partition("Broken contracts")
    assert re.search(rf"{re.escape(contract)}[^.]*? BROKEN", re.sub(r"\s+", " ", kept)), report
    assert f"wodesk.{name.removesuffix('.py').replace('/', '.')} -> " in details


@pytest.mark.parametrize(
    ("rule", "name", "code", "report"),
    [
        (imports_are_at_the_top, "app.py", "def f():\n    import json\n", "inside a function"),
        (imports_are_absolute, "ui/card.py", "from . import theme\n", "relatively"),
        (nothing_happens_at_import, "settings.py", "X = open('/etc/passwd')\n", "open()"),
        (nothing_happens_at_import, "app.py", "import threading\nthreading.Thread()\n", "Thread()"),
        (nothing_happens_at_import, "app.py", "class A:\n    x = socket.socket()\n", "socket()"),
        (nothing_happens_at_import, "app.py", "def f(a=QApplication()): ...\n", "QApplication()"),
        (packages_hold_names_only, "ui/__init__.py", "\nX = 1\n", "has code"),
        (packages_hold_names_only, "ui/__init__.py", "\ndef made(): ...\n", "has code"),
        (
            packages_hold_names_only,
            "ui/__init__.py",
            "\nif TYPE_CHECKING:\n    X = 1\n",
            "has code",
        ),
        (packages_hold_names_only, "more/__init__.py", "", "no docstring"),
        (
            frozen_values_are_structs,
            "ui/card.py",
            "@dataclass(frozen=True)\nclass A: ...\n",
            "take a Struct",
        ),
        (text_is_made_harmless, "ui/card.py", "QLabel('x')\n", "makes a QLabel"),
        (text_is_made_harmless, "ui/window.py", "w.setToolTip('x')\n", "sets a tooltip"),
        (files_are_short, "ui/more.py", "\n" * 301, "301 lines"),
        (names_are_of_the_field, "ui/utils.py", "", "vague name"),
        (names_are_of_the_field, "ui/card.py", "class CardManager: ...\n", "CardManager"),
        (names_are_of_the_field, "ui/card.py", "class BaseCard: ...\n", "BaseCard"),
    ],
)
def test_a_broken_rule_is_reported(  # noqa: PLR0917
    house: Path, plant: Callable[[str, str], None], rule: Rule, name: str, code: str, report: str
) -> None:
    (house / "wodesk" / name).parent.mkdir(exist_ok=True)
    plant(name, code)
    found = broken(rule, house)
    assert any(report in line for line in found)
    assert any(line.startswith(f"wodesk/{name}") for line in found)


@pytest.mark.parametrize("allowed", [BARE_LABELS, BARE_TOOLTIPS], ids=["labels", "tooltips"])
def test_every_exception_is_still_needed_and_has_a_reason(allowed: dict[str, str]) -> None:
    for name, reason in allowed.items():
        text = (ROOT / "wodesk" / name).read_text("utf-8")
        assert "QLabel" in text or "setToolTip" in text, name
        assert reason
