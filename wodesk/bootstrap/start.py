"""The way from the Python that was called to the one that can run the project."""

import importlib.util
import os
import sys

from wodesk.bootstrap.commands import (
    ROOT,
    Trouble,
    program,
    say,
    straight_environment,
)
from wodesk.bootstrap.environment import Environment, first_writable, homes
from wodesk.bootstrap.system import install, missing_parts

TYPE_CHECKING = False  # typing's own constant would cost its import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import NoReturn

OLDEST = (3, 11)
NEWEST = (3, 15)

# A module that each set of packages brings: a virtual environment of the user's own in which they
# are found is used as it is.
PROOFS = {"": "PySide6", "serve": "fastapi", "test": "pytest"}


def ensure(*extras: str) -> None:
    """Return where this Python can run the project with these extras; else mend it and restart.

    Does not return where that cannot be mended: it says why, and ends the process.
    """
    try:
        _ensure(extras)
    except Trouble as trouble:
        sys.exit(f"wodesk: {trouble}")
    except OSError as error:
        sys.exit(f"wodesk: cannot get ready: {error}")
    except KeyboardInterrupt:
        say("interrupted; the next start begins where it has to")
        sys.exit(130)


def _ensure(extras: "Sequence[str]") -> None:
    complain_if_old(sys.version_info[:3])
    if not needed(extras):
        return
    environments = [Environment(home) for home in homes()]
    ready = next((each for each in environments if each.ready(extras)), None)
    install(missing_parts(os.environ, venv=ready is None))
    if ready and ready.is_this_one():
        return
    chosen = ready or first_writable(environments)
    if not ready:
        chosen.prepare(extras)
    start_again(chosen.python)


def complain_if_old(version: "tuple[int, ...]") -> None:
    """Raise for a Python that the packages do not run on, naming a newer one where there is one."""
    if version[:2] >= OLDEST:
        return
    newer = (f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1))
    found = next(filter(program, newer), "")
    hint = f"start it with {found}" if found else "Debian 12, Ubuntu 24.04 and later ones have it"
    this = ".".join(map(str, version))
    raise Trouble(f"Python 3.11 or newer is needed, and this is {this}: {hint}")


def needed(extras: "Sequence[str]") -> bool:
    """Tell whether the packages are ours to provide.

    They are not where the project was installed, where the user says so, and in a virtual
    environment of the user's own that has them.
    """
    if os.environ.get("WODESK_NO_BOOTSTRAP") or not (ROOT / "pyproject.toml").is_file():
        return False
    if sys.prefix == sys.base_prefix or any(Environment(home).is_this_one() for home in homes()):
        return True
    proofs = [PROOFS[extra] for extra in ("", *extras) if extra in PROOFS]
    return not all(map(importlib.util.find_spec, proofs))


def start_again(python: "Path") -> "NoReturn":
    """Replace this process by the same command under another Python, which then goes ahead."""
    command = [str(python), *sys.orig_argv[1:]]
    environment = {**straight_environment(), "WODESK_NO_BOOTSTRAP": "1"}
    if os.name == "nt":
        # There exec would return to the shell at once and leave two programs at one terminal.
        import subprocess  # noqa: PLC0415  slow to load, and needed on Windows only

        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    os.execve(command[0], command, environment)  # noqa: S606  no shell is wanted
