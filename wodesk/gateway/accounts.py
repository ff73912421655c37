"""Adding a user at a terminal or from a script."""

from __future__ import annotations

import getpass
import sys

from wodesk.gateway.errors import CannotServe
from wodesk.gateway.users import Users


def add_user(users: Users, name: str) -> None:
    """Set the password of a user, old or new, and say so; raises `CannotServe`."""
    users.known()
    is_new = users.set_password(name, _password())
    print(f"{name} was added to {users.path}." if is_new else f"{name} has a new password.")


def _password() -> str:
    """Typed twice where somebody types, else one line of standard input."""
    try:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != password:
            raise CannotServe("The two passwords differ; nothing was changed.")
    except UnicodeDecodeError as exc:
        raise CannotServe("The password on standard input is not UTF-8.") from exc
    except EOFError as exc:
        raise CannotServe("No password was given; nothing was changed.") from exc
    return password
