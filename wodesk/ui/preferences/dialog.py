"""The preferences: sections in a list, each of which applies at once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.preferences import Preferences
from wodesk.models.rule import AlertSettings, QuietHours, Rule
from wodesk.models.server import Server
from wodesk.ui.preferences.alerting import AlertSection
from wodesk.ui.preferences.charts import ChartsSection
from wodesk.ui.preferences.general import GeneralSection
from wodesk.ui.preferences.parts import Section
from wodesk.ui.preferences.quiet import QuietSection
from wodesk.ui.preferences.rules import RuleSection
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID

_SIZE = (760, 664)
_LIST = 152
_LINE = 34


class PreferencesDialog(QDialog):
    """What the user can choose; there is nothing to save, since everything is done at once.

    Signals:
        preferences_changed(Preferences): how wodesk behaves on the desktop.
        alerts_changed(AlertSettings): how alerts become notices.
        autostart_changed(bool): whether wodesk starts with the session.
        test_wanted(): show what a notification looks like.
    """

    preferences_changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    alerts_changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    autostart_changed: SignalInstance = Signal(bool)  # type: ignore[assignment]
    test_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        preferences: Preferences,
        settings: AlertSettings,
        servers: Sequence[Server],
        autostart: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._settings = settings
        self._list = QListWidget()
        self._stack = QStackedWidget()
        self._complaint = PlainLabel(wrap=True)
        self._general = GeneralSection(preferences, autostart)
        self._charts = ChartsSection(preferences)
        self._alerts = AlertSection(settings)
        self._quiet = QuietSection(settings.quiet, servers)
        self._rules = RuleSection(settings.rules, servers)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle("Preferences")
        self.resize(*_SIZE)
        self._list.setObjectName("sections")
        self._list.setAccessibleName("Sections")
        self._list.setFixedWidth(_LIST)
        sections: dict[str, Section] = {
            "General": self._general,
            "Charts": self._charts,
            "Alerts": self._alerts,
            "Quiet hours": self._quiet,
            "Rules": self._rules,
        }
        for name, section in sections.items():
            self._list.addItem(name)
            self._list.item(self._list.count() - 1).setSizeHint(QSize(0, _LINE))
            self._stack.addWidget(_scrolled(section))
        buttons = QDialogButtonBox()
        close = buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self._complaint.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(4 * GRID, 0, 4 * GRID, 3 * GRID)
        foot.addWidget(self._complaint)
        foot.addWidget(buttons)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self._stack, 1)
        side.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addLayout(side, 1)
        self._list.setCurrentRow(0)

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._general.changed.connect(self._take_general)
        self._charts.changed.connect(self._take_charts)
        self._general.autostart_changed.connect(self.autostart_changed)
        for section in (self._general, self._alerts):
            section.test_wanted.connect(self.test_wanted)
        self._alerts.changed.connect(self._take_delays)
        self._quiet.changed.connect(self._take_quiet)
        self._rules.changed.connect(self._take_rules)

    def show_section(self, name: str) -> None:
        """Show a section by its name."""
        for row in range(self._list.count()):
            if self._list.item(row).text() == name:
                self._list.setCurrentRow(row)

    def complain(self, sentence: str) -> None:
        """Say why something could not be kept; empty if all is well again."""
        self._complaint.setText(sentence)
        self._complaint.setVisible(bool(sentence))

    def _take_general(self, told: Preferences) -> None:
        self._tell_preferences(
            replace(self._preferences, close=told.close, notifications=told.notifications)
        )

    def _take_charts(self, told: Preferences) -> None:
        kept = self._preferences
        self._tell_preferences(replace(told, close=kept.close, notifications=kept.notifications))

    def _tell_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.preferences_changed.emit(preferences)

    def _take_delays(self, settings: AlertSettings) -> None:
        self._tell(replace(settings, rules=self._settings.rules, quiet=self._settings.quiet))

    def _take_quiet(self, hours: tuple[QuietHours, ...]) -> None:
        self._tell(replace(self._settings, quiet=hours))

    def _take_rules(self, rules: tuple[Rule, ...]) -> None:
        self._tell(replace(self._settings, rules=rules))

    def _tell(self, settings: AlertSettings) -> None:
        self._settings = settings
        self.alerts_changed.emit(settings)


def _scrolled(section: Section) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("detail")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(section)
    section.setObjectName("charts")
    return area
