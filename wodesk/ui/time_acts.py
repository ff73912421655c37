"""What can be done with the time that charts look at, with the keys that do it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.chart_gestures import ZOOM_STEP
from wodesk.ui.looking import Looking
from wodesk.ui.ranges import LONG_NAMES, RANGES

_KEYS = {"5m": ("1",), "1h": ("2",), "24h": ("3",), "7d": ("4",)}
"""The keys of the ranges that have one."""


class TimeActs(QObject):
    """Moves what is looked at: by keys, a dialog and the clipboard.

    `say` shows a sentence; `first_entry` tells where the history of what is on screen begins.
    """

    def __init__(
        self,
        looking: Looking,
        window: QWidget,
        say: Callable[[str], object],
        first_entry: Callable[[], float | None],
    ) -> None:
        super().__init__(window)
        self._looking = looking
        self._window = window
        self._say = say
        self._first_entry = first_entry

    def add_to(self, actions: Actions, choose_range: Callable[[str], object]) -> None:
        """Have them done by their keys."""
        section, look = Section.TIME, self._looking
        for name in RANGES:
            choose, words = partial(choose_range, name), f"Show the last {LONG_NAMES[name]}"
            actions.add(Action(f"range.{name}", words, section, _KEYS.get(name, ()), choose))
        some = self._has_selection
        actions.add(
            Action("time.reset", "Go live at the last range", section, ("Ctrl+End",), look.reset),
            Action("time.first", "Go to the beginning", section, ("Ctrl+Home",), self.go_to_first),
            Action("time.custom", "Choose from and to", section, ("Ctrl+Shift+T",), self.ask),
            Action("time.earlier", "Step back half a window", section, ("[",), self._earlier),
            Action("time.later", "Step on half a window", section, ("]",), self._later),
            Action("time.in", "Zoom in", section, ("=", "+"), partial(look.zoom, ZOOM_STEP)),
            Action("time.out", "Zoom out", section, ("-",), partial(look.zoom, 1 / ZOOM_STEP)),
            Action("time.undo", "Undo a view", section, ("Ctrl+Z",), look.undo, look.can_undo),
            Action(
                "time.redo", "Redo a view", section, ("Ctrl+Shift+Z",), look.redo, look.can_redo
            ),
            Action("time.copy", "Copy the range", section, ("Ctrl+Alt+C",), self.copy),
            Action("time.paste", "Paste a range", section, ("Ctrl+Alt+V",), self.paste),
            Action("select.zoom", "Zoom to the selection", section, ("Z",), self.zoom, some),
            Action("select.none", "Select nothing", section, ("Esc",), look.clear_selection, some),
        )

    def ask(self) -> None:
        """Ask from when to when."""
        # Times that are typed are understood by what loads when some are.
        from wodesk.ui.range_dialog import RangeDialog  # noqa: PLC0415

        dialog = RangeDialog(self._looking, self._window)
        dialog.chosen.connect(self._looking.go)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy(self) -> None:
        """Put what is looked at on the clipboard, as text that is a range in any zone."""
        # As what understands them.
        from wodesk.models.span_text import span_text  # noqa: PLC0415

        text = span_text(self._looking.window, self._looking.zone)
        QGuiApplication.clipboard().setText(text)
        self._say(f"Copied: {text}")

    def paste(self) -> None:
        """Look at the range that is on the clipboard."""
        # As those that are typed.
        from wodesk.models.span_text import InvalidSpan, parse_span  # noqa: PLC0415

        text = QGuiApplication.clipboard().text()
        try:
            window = parse_span(text, self._looking.now(), self._looking.zone)
        except InvalidSpan as exc:
            self._say(f"What is on the clipboard is no range: {exc}")
        else:
            self._looking.go(window)

    def zoom(self) -> None:
        """Look at what is selected alone."""
        stretch = self._looking.selection
        if stretch is not None:
            self._looking.clear_selection()
            self._looking.show(*stretch)

    def go_to_first(self) -> None:
        """Look at where the history begins."""
        begins = self._first_entry()
        if begins is None:
            self._say("Nobody knows where the history of these charts begins.")
        else:
            self._looking.show_beginning(begins)

    def _has_selection(self) -> bool:
        return self._looking.selection is not None

    def _earlier(self) -> None:
        self._looking.step(-1)

    def _later(self) -> None:
        self._looking.step(1)
