"""How this very program is started from anywhere: by a session, or by cron."""

from __future__ import annotations

import sys


def own_command(*arguments: str) -> tuple[str, ...]:
    """The words of a command line, from the path of this Python on.

    A checkout has no command of the name on anybody's path, and what lies in the folder in which
    the command begins must not be imported (-P).
    """
    return (sys.executable, "-P", "-m", "wodesk", *arguments)
