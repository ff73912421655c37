"""How the program looks: as the system does, or as somebody has chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

from wodesk.ui.icons import app_icon
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme, system_theme


class Appearance(QObject):
    """Applies a theme, and follows the system unless one is given.

    Attributes:
        theme: what is applied.

    Signals:
        changed(Theme): the system has another one.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, app: QApplication, theme: Theme | None = None) -> None:
        super().__init__()
        self._app = app
        self.theme = theme or system_theme()
        app.setWindowIcon(app_icon())
        apply_theme(app, self.theme)
        if theme is None:
            app.styleHints().colorSchemeChanged.connect(self._follow)

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self.theme = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        apply_theme(self._app, self.theme)
        self.changed.emit(self.theme)
