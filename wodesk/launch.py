"""The entry point: a window at once where one is wanted, and the program behind it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wodesk.instance import Begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Run wodesk; the exit code is 0, 1 for a failure with a sentence, or 2 for usage.

    Words may be wrong, and are read first; without any the window cannot be but wanted, and it is
    on screen before the rest of the program is loaded.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # numpy's linear algebra, which nothing uses here, would start threads that spin at first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not words:
        # Nothing that is loaded for a window is garbage; `wodesk.program` looks for some later.
        gc.disable()
    try:
        begun = None if words else _begin()
        if isinstance(begun, int):
            return begun
        from wodesk.cli import main as run  # noqa: PLC0415  after the first frame

        return run(words, begun)
    except KeyboardInterrupt:
        return 130


def _begin() -> Begun | int | None:
    """The window without content; None where there is no screen for it, or the exit code."""
    from wodesk.display import NoDisplay, import_plainly, open_display  # noqa: PLC0415

    # Before the rest is loaded, for the window only.
    import_plainly()
    from wodesk.instance import Begun, Busy, only_instance  # noqa: PLC0415
    from wodesk.place import restore_place  # noqa: PLC0415
    from wodesk.ui.first_frame import FirstFrame  # noqa: PLC0415
    from wodesk.ui.tokens import likely_theme  # noqa: PLC0415

    try:
        open_display()
        instance = only_instance()
    except NoDisplay:
        # What a table in the terminal leaves behind, second for second, is garbage.
        gc.enable()
        return None
    except Busy as busy:
        print(f"wodesk: {busy}", file=sys.stderr)
        return 1
    if instance is None:
        return 0
    frame = FirstFrame(likely_theme())
    restore_place(frame)
    if not frame.wait_until_painted():
        instance.close()
        return 0
    return Begun(frame, instance)
