"""The real program, started as `wodesk` is, telling when its window and its charts are drawn.

Nothing is imported here before the first frame but what the program itself imports for it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import wodesk.ui.first_frame
from wodesk.launch import main

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from wodesk.ui.tokens import Theme


class TellingFrame(wodesk.ui.first_frame.FirstFrame):
    """Prints `shown` after the first frame, and has the rest told by who watches the content."""

    hides = False
    """Whether the window is hidden once its charts are drawn, as in a tray."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.painted.connect(_shown)

    def furnish(self, content: QWidget) -> None:
        """Watch the content, too."""
        # Loads what it watches, which is there by now.
        from tests.benchmarks.telling import Telling  # noqa: PLC0415

        super().furnish(content)
        self._telling = Telling(self, content, hides=self.hides)


def _shown() -> None:
    print("shown", flush=True)


def program(hidden: str = "") -> None:
    """Run `wodesk` with the saved servers; hide the window if any argument is given."""
    TellingFrame.hides = bool(hidden)
    # Tools of the tests, which httpx would load for a command of its own; a user has none of them.
    sys.modules.update(dict.fromkeys(("click", "pygments", "rich")))  # type: ignore[arg-type]
    wodesk.ui.first_frame.FirstFrame = TellingFrame  # type: ignore[misc]
    sys.exit(main([]))
