"""What PySide6 and a virtual environment need of the operating system."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

from wodesk.bootstrap.commands import Trouble, explain, program, run, say

TYPE_CHECKING = False  # typing's own constant would cost its import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What PySide6's wheel loads from the system, and Debian's package of each; whatever else it loads
# comes with these. The X and Wayland parts are wanted only where there is such a display.
CORE = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
XCB = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND = {"libwayland-cursor.so.0": "libwayland-cursor0"}

# The module that puts pip into a virtual environment: Debian has it in a package of its own.
ENSUREPIP = "ensurepip"

# Package managers that find a package by the library in it.
BY_LIBRARY = ("dnf", "zypper")


def missing_parts(environ: "Mapping[str, str]", *, venv: bool) -> "dict[str, str]":
    """Map what this machine lacks to Debian's packages; `venv` tells that one is to be filled."""
    parts: dict[str, str] = {}
    if sys.platform.startswith("linux"):
        parts.update(CORE)
        parts.update(XCB if environ.get("DISPLAY") else {})
        parts.update(WAYLAND if environ.get("WAYLAND_DISPLAY") else {})
    if venv and not program("uv"):
        parts[ENSUREPIP] = venv_package()
    return {part: package for part, package in parts.items() if not there(part)}


def there(part: str) -> bool:
    """Tell whether a shared library can be loaded, or ensurepip be found."""
    if part == ENSUREPIP:
        importlib.invalidate_caches()
        return importlib.util.find_spec(part) is not None
    try:
        ctypes.CDLL(part)
    except OSError:
        return False
    return True


def venv_package() -> str:
    """Name the package with ensurepip; for a Python beside the system's own it has the version."""
    own = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    return "python3-venv" if own else f"python3.{sys.version_info[1]}-venv"


def install(missing: "Mapping[str, str]") -> None:
    """Install what is missing where we have leave to; else raise, and say how it is done."""
    if not missing:
        return
    if not program("apt-get"):
        raise Trouble(other_way(missing))
    packages = sorted(set(missing.values()))
    root = leave_to_install(packages)
    say(f"installing with apt-get: {' '.join(packages)}")
    # The lock is often held by the system's own daily updates: wait for them.
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive"]
    apt += ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300"]
    # One source that cannot be read fails the update, and may not matter: what counts is whether
    # the libraries load in the end.
    output = run(*apt, "update").stdout
    output += run(*apt, "install", "--no-install-recommends", *packages).stdout
    if not all(map(there, missing)):
        raise Trouble(explain("apt-get", output))


def leave_to_install(packages: "Sequence[str]") -> "list[str]":
    """Return the words that make a command run as root, or raise where nobody gives leave."""
    if os.geteuid() == 0:
        return []
    sudo = program("sudo")
    if sudo and run(sudo, "-n", "true").returncode == 0:
        return [sudo, "-n"]
    if sudo and os.isatty(0):
        say(f"these system packages are missing: {' '.join(packages)}")
        say("install them now, with sudo? [Y/n]")
        if sys.stdin.readline() in ("\n", "y\n", "Y\n", "yes\n"):
            return [sudo]
    raise Trouble(
        "system packages are missing. Install them with this line, and start again:\n"
        + apt_line(packages, sudo=bool(sudo))
    )


def apt_line(packages: "Sequence[str]", *, sudo: bool) -> str:
    """Return the one line that a user can give to a shell to install packages."""
    install = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if sudo:
        return f"sudo apt-get update && sudo {install}"
    return f"su -c 'apt-get update && {install}'"


def other_way(missing: "Iterable[str]") -> str:
    """Say what is missing on a system without apt, in the terms of its own package manager."""
    libraries = [part for part in missing if part != ENSUREPIP]
    manager = next(filter(program, BY_LIBRARY), None)
    if manager and libraries:
        names = " ".join(f"'{library}()(64bit)'" for library in libraries)
        return (
            "system libraries are missing. Install them with this line, and start again:\n"
            f"sudo {manager} install {names}"
        )
    names = " ".join(missing)
    return f"this system lacks {names}. Install that with its package manager, and start again."
