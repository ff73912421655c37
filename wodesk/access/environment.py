"""Secrets that a command is given in its environment."""

from __future__ import annotations

import os
import sys


def taken(name: str) -> str | None:
    """The value of a variable, which is then in the environment no more."""
    value = os.environ.get(name)
    if value is None:
        return None
    if sys.platform == "linux":
        _overwrite(name, value)
    del os.environ[name]
    return value


def _overwrite(name: str, value: str) -> None:
    """Blank the value where the kernel shows it: `ps e` and /proc tell what we started with."""
    import ctypes  # noqa: PLC0415 - only a command that is given a password needs it

    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    library.getenv.argtypes = [ctypes.c_char_p]
    place = library.getenv(os.fsencode(name))
    content = os.fsencode(value)
    if place and ctypes.string_at(place) == content:
        ctypes.memset(place, ord("*"), len(content))
