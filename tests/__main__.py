"""Run every check of the project: ``python3 -m tests``, on a bare machine too.

With arguments only pytest runs, and gets them: ``python3 -m tests tests/test_cli.py -k usage``.
"""

import os
import subprocess
import sys
from pathlib import Path

TYPE_CHECKING = False  # an old Python is to get as far as the bootstrap's sentence
if TYPE_CHECKING:
    import pytest

CHECKS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
}
FAILED = "WODESK_FAILED_CHECKS"


def main(arguments: "list[str]") -> int:
    """Run pytest with these arguments, or without any all checks; return an exit code."""
    prepare(os.environ)
    if arguments:
        return run("pytest", *arguments)
    failed = [name for name, command in CHECKS.items() if run(*command) != 0]
    os.environ[FAILED] = ", ".join(failed)
    # This file is a plugin of pytest too, so that what failed before stands near the end.
    options = ["-p", "tests.__main__"]
    if sys.version_info >= (3, 12):  # without sys.monitoring it takes twice the time
        options += ["--cov", "--cov-report=term"]
    if sys.version_info >= (3, 14):  # before, sys.monitoring counts lines only
        options.append("--cov-branch")
    return run("pytest", *options) or int(bool(failed))


def prepare(environ: "os._Environ[str]") -> None:
    """Keep the tests off this desktop: no windows, no notifications, no settings of the user's."""
    environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
    if sys.version_info >= (3, 12):
        # Only this way the lines are counted that run in Qt's threads.
        environ.setdefault("COVERAGE_CORE", "sysmon")


def run(*command: str) -> int:
    """Run a tool of this Python's environment, under its name; return its exit code."""
    print(f"tests: {' '.join(command)}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Name the checks before pytest that failed, as they have long scrolled away."""
    failed = os.environ.get(FAILED)
    if failed:
        terminalreporter.section("other checks", red=True)
        terminalreporter.line(f"failed: {failed} (see above)", red=True)


if __name__ == "__main__":
    if not __package__:
        # `python3 tests` puts this folder on the path instead of the one that it is in.
        sys.path[0] = str(Path(__file__).resolve().parent.parent)

    from wodesk import bootstrap

    bootstrap.ensure("test")
    sys.exit(main(sys.argv[1:]))
