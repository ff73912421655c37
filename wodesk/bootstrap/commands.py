"""Running other programs, and what to say when they fail."""

import os
import sys
from pathlib import Path

TYPE_CHECKING = False  # typing's own constant would cost its import
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]

# What pip, uv and apt write when there is no way to the servers they download from.
NO_WAY_OUT = (
    "Retrying (Retry(",
    "error sending request",
    "Temporary failure resolving",
    "Could not resolve",
    "Could not connect",
    "Unable to connect",
)

# Variables that make a Python, or a pip, of one place use the packages of another.
MISLEADING = (
    "PIP_PREFIX",
    "PIP_TARGET",
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
)


class Trouble(Exception):
    """What keeps the program from starting, as a sentence for the user."""


def say(words: str) -> None:
    """Tell the user of a step."""
    print(f"wodesk: {words}", file=sys.stderr, flush=True)


def program(name: str) -> "str | None":
    """Find a program on the user's path."""
    import shutil  # noqa: PLC0415  slow to load, and not needed once all is in place

    return shutil.which(name)


def run(*command: "str | Path") -> "subprocess.CompletedProcess[str]":
    """Run a command in the checkout and keep what it prints."""
    import subprocess  # noqa: PLC0415  slow to load, and not needed once all is in place

    return subprocess.run(
        command,
        cwd=ROOT,
        # A user's pip may be set to install for the user, which it refuses to do in an environment.
        env={**straight_environment(), "PIP_USER": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def first_failure(commands: "Sequence[Sequence[str | Path]]") -> "str | None":
    """Run commands in turn up to one that fails, and return what that one printed."""
    for command in commands:
        done = run(*command)
        if done.returncode:
            return done.stdout
    return None


def straight_environment() -> "dict[str, str]":
    """Return the environment variables without those that lead a Python to other packages."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


def explain(tool: str, output: str) -> str:
    """Turn the output of a tool that failed into something to act upon."""
    if any(words in output for words in NO_WAY_OUT):
        return (
            f"{tool} cannot reach the servers that it downloads from. "
            "Is there a network? Start again once there is."
        )
    tail = "\n".join(output.strip().splitlines()[-10:])
    return f"{tool} failed and said:\n{tail}"
