"""The window on the screen, which is not there before somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from wodesk.ui.window import MainWindow


class Pane(NamedTuple):
    """`frame` is the window on the screen, and `window` what is in it."""

    frame: QWidget
    window: MainWindow


class Front(QObject):
    """Makes the window when it is wanted first: what begins in the tray may never show one.

    `dress` gives all that Qt draws its look, and may be called again.

    Signals:
        made(): there is a window.
    """

    made: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        make: Callable[[], Pane],
        parent: QObject | None = None,
        dress: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._dress = dress
        self._pane: Pane | None = None

    @property
    def is_made(self) -> bool:
        """Whether there is a window."""
        return self._pane is not None

    @property
    def is_visible(self) -> bool:
        """Whether it is on the screen."""
        return self._pane is not None and self._pane.frame.isVisible()

    def pane(self) -> Pane:
        """The window; it is made for this if there is none."""
        if self._pane is None:
            self._pane = self._make()
            self.made.emit()
        return self._pane

    def dress(self) -> None:
        """Have what Qt draws without a window look like one: in some trays, its menu is."""
        self._dress()

    def when_made(self, act: Callable[[], object]) -> None:
        """Do something as soon as there is a window."""
        if self._pane is None:
            self.made.connect(act)
        else:
            act()
