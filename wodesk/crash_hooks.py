"""What Python prints of an exception that nobody caught, with its secrets taken out."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType


class CrashHooks:
    """What Python calls with an exception that nobody caught."""

    def __init__(self, scrub: Callable[[str], str]) -> None:
        self._scrub = scrub

    def install(self, undo: ExitStack) -> None:
        """Take the place of Python's own hooks until `undo` is closed."""
        main, thread, unraisable = self._in_main, self._in_thread, self._unraisable
        before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook, threading.excepthook, sys.unraisablehook = main, thread, unraisable

        def restore() -> None:
            # A hook that somebody has put in since stays.
            if sys.excepthook is main:
                sys.excepthook = before[0]
            if threading.excepthook is thread:
                threading.excepthook = before[1]
            if sys.unraisablehook is unraisable:
                sys.unraisablehook = before[2]

        undo.callback(restore)

    def _in_main(
        self, kind: type[BaseException], exc: BaseException, trace: TracebackType | None
    ) -> None:
        self._print(lambda: described(kind, exc, trace))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is SystemExit:
            return
        name = args.thread.name if args.thread is not None else threading.get_ident()
        self._print(
            lambda: (
                f"Exception in thread {name}:\n"
                + described(args.exc_type, args.exc_value, args.exc_traceback)
            )
        )

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        self._print(
            lambda: (
                f"{args.err_msg or 'Exception ignored in'}: {args.object!r}\n"
                + described(args.exc_type, args.exc_value, args.exc_traceback)
            )
        )

    def _print(self, describe: Callable[[], str]) -> None:
        """Print it scrubbed; Python would print what a hook raises, and the original with it."""
        try:
            text = self._scrub(describe())
        except BaseException as exc:
            text = f"An exception could not be described ({type(exc).__name__})."
        stream = sys.stderr
        if stream is None:  # as it is without a console on Windows
            return
        try:
            print(text, file=stream, flush=True)
        except (OSError, ValueError):
            return


def described(
    kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
) -> str:
    """The traceback as Python prints it, without its last line end."""
    return "".join(traceback.format_exception(kind, exc, trace)).rstrip("\n")
