"""The look in one place: colours, sizes and the palette made of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from wodesk.resources import resource_root
from wodesk.ui.inks import mixed
from wodesk.ui.looks import COLORS, own_look
from wodesk.ui.tokens import DARK, GRID, LIGHT, Mark, Theme

__all__ = [
    "DARK",
    "GRID",
    "LIGHT",
    "Mark",
    "Theme",
    "apply_theme",
    "look_color",
    "scaled",
    "series_color",
    "system_theme",
    "tabular",
    "theme_of",
]

_SHADE = 0.6
"""The share of a colour in its next shade; the rest is the colour of text, which is seen better."""


def series_color(theme: Theme, name: str) -> str:
    """The colour of a dimension that is drawn by itself, or beside others that have other ones."""
    return theme.series[own_look(name)]


def look_color(theme: Theme, look: int) -> str:
    """The colour of a line of this look (see `wodesk.ui.looks`), `#rrggbb`."""
    shade, place = divmod(look, COLORS)
    color = theme.series[place]
    return mixed(color, theme.text, _SHADE**shade).name() if shade else color


def system_theme() -> Theme:
    """The appearance that the desktop asks for; light where it does not say."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def theme_of(palette: QPalette) -> Theme:
    """The appearance that a palette belongs to."""
    return DARK if palette.window().color() == QColor(DARK.window) else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give every widget the palette of `theme`."""
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))


def tabular(font: QFont) -> QFont:
    """The font with digits of one width, so that numbers do not dance."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def scaled(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font in another size and weight, digits of one width."""
    font = tabular(font)
    font.setPointSizeF(max(6.0, font.pointSizeF() * factor))
    font.setWeight(weight)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for target, color in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.BrightText: theme.text,
        role.Light: theme.hover,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
    }.items():
        palette.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.muted))
    return palette


def _picture(name: str, theme: Theme) -> str:
    """The file of a picture for a style sheet, which takes no other."""
    name = f"{name}-{'dark' if theme.dark else 'light'}.svg"
    return str(resource_root() / "icons" / name).replace("\\", "/")


def _style_sheet(theme: Theme) -> str:
    """Only what a palette cannot say; kept flat and short."""
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.line};
        padding: 4px; }}
    QPushButton, QToolButton {{ border: 1px solid {theme.line}; border-radius: 4px;
        background: {theme.surface}; padding: 4px 12px; min-height: 18px; }}
    QToolButton {{ padding: 4px 8px; }}
    QPushButton:hover, QToolButton:hover {{ background: {theme.hover}; }}
    QPushButton:focus, QToolButton:focus, QLineEdit:focus
        {{ border: 1px solid {theme.accent}; }}
    QPushButton:default {{ background: {theme.accent}; color: {theme.on_accent};
        border-color: {theme.accent}; }}
    QPushButton:disabled, QPushButton:default:disabled {{ background: {theme.window};
        color: {theme.muted}; border-color: {theme.line}; }}
    QToolButton#flat {{ border: 1px solid transparent; background: transparent;
        padding: 4px 6px; }}
    QToolButton#flat:hover {{ background: {theme.hover}; }}
    QToolButton#flat:focus {{ border-color: {theme.accent}; }}
    QToolButton:checked {{ background: {theme.accent}; color: {theme.on_accent};
        border-color: {theme.accent}; }}
    QComboBox {{ border: 1px solid {theme.line}; border-radius: 4px; padding: 4px 8px;
        min-height: 18px; background: {theme.surface};
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QComboBox QAbstractItemView {{ background: {theme.surface}; border: 1px solid {theme.line}; }}
    QComboBox:hover {{ background: {theme.hover}; }}
    QComboBox:focus {{ border: 1px solid {theme.accent}; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow {{ width: 12px; height: 12px;
        image: url("{_picture("down", theme)}"); }}
    QAbstractSpinBox {{ border: 1px solid {theme.line}; border-radius: 4px; min-height: 26px;
        padding: 0 22px 0 7px; background: {theme.surface}; }}
    QAbstractSpinBox QLineEdit {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
    QAbstractSpinBox:focus {{ border: 1px solid {theme.accent}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0; width: 20px;
        subcontrol-origin: border; background: transparent; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover
        {{ background: {theme.hover}; }}
    QAbstractSpinBox::up-arrow {{ width: 10px; height: 10px;
        image: url("{_picture("up", theme)}"); }}
    QAbstractSpinBox::down-arrow {{ width: 10px; height: 10px;
        image: url("{_picture("down", theme)}"); }}
    QListWidget {{ border: 1px solid {theme.line}; border-radius: 4px; outline: 0;
        background: {theme.surface}; }}
    QListWidget:focus {{ border: 1px solid {theme.accent}; }}
    QListWidget::item {{ padding: 4px 8px; }}
    QListWidget::item:hover, QListWidget::item:selected {{ background: {theme.hover};
        color: {theme.text}; }}
    QListWidget#sections {{ background: {theme.sidebar}; border: 0; border-radius: 0;
        padding-top: 12px; }}
    QListWidget#sections:focus {{ border: 1px solid {theme.accent}; }}
    QListWidget#sections::item {{ padding-left: 12px; }}
    QLineEdit {{ border: 1px solid {theme.line}; border-radius: 4px; padding: 4px 8px;
        min-height: 20px; background: {theme.surface}; }}
    QLineEdit QToolButton {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
    QTableView {{ border: 1px solid {theme.line}; border-radius: 4px; outline: 0;
        background: {theme.surface}; selection-background-color: {theme.hover};
        selection-color: {theme.text}; }}
    QTableView#figures {{ border: 0; }}
    QTableView#figures::item {{ padding-right: 4px; }}
    QTableView:focus, QPlainTextEdit:focus {{ border: 1px solid {theme.accent}; }}
    QCheckBox::indicator, QTableView::indicator {{ width: 12px; height: 12px;
        border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.surface}; }}
    QCheckBox::indicator:checked, QTableView::indicator:checked {{ background: {theme.accent};
        border-color: {theme.accent}; image: url("{_picture("check", theme)}"); }}
    QCheckBox::indicator:focus {{ border-color: {theme.accent}; }}
    QHeaderView {{ background: {theme.surface}; }}
    QHeaderView::section {{ background: {theme.surface}; color: {theme.muted}; border: 0;
        border-bottom: 1px solid {theme.line}; padding: 4px; }}
    QPlainTextEdit {{ border: 1px solid {theme.line}; border-radius: 4px; padding: 4px;
        background: {theme.surface}; }}
    QListView#servers, QListView#tags {{ background: {theme.sidebar}; border: 0; outline: 0; }}
    QTreeView#contexts {{ border: 1px solid {theme.line}; border-radius: 4px; outline: 0;
        background: {theme.surface}; }}
    QTreeView#contexts:focus {{ border: 1px solid {theme.accent}; }}
    QFrame#picker {{ border: 1px solid {theme.muted}; background: {theme.window}; }}
    QScrollBar {{ border: 0; background: transparent; }}
    QScrollBar:vertical {{ width: 8px; }}
    QScrollBar:horizontal {{ height: 8px; }}
    QScrollBar::handle {{ background: {theme.line}; border-radius: 3px; margin: 1px; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QWidget#sidebar {{ background: {theme.sidebar}; }}
    QFrame#card {{ background: {theme.surface}; border: 1px solid {theme.line};
        border-radius: 6px; }}
    QFrame#card:focus {{ border-color: {theme.accent}; }}
    QFrame#selection {{ background: {theme.surface}; border: 1px solid {theme.accent};
        border-radius: 4px; }}
    QFrame#selection QToolButton {{ border: 1px solid transparent; padding: 3px; }}
    QFrame#selection QToolButton:focus {{ border-color: {theme.accent}; }}
    QFrame#panel {{ background: {theme.surface}; border: 1px solid {theme.line};
        border-radius: 8px; }}
    QLineEdit#palette {{ border: 0; border-bottom: 1px solid {theme.line}; border-radius: 0;
        padding: 4px 12px; min-height: 36px; background: transparent; }}
    QScrollArea#sheet, QWidget#sheet {{ border: 0; background: transparent; }}
    QLabel#key {{ border: 1px solid {theme.line}; border-radius: 4px; padding: 1px 6px;
        background: {theme.window}; }}
    QListView#choices {{ border: 0; outline: 0; background: transparent; }}
    QToolButton#more {{ border: 0; border-radius: 4px; padding: 0; min-height: 24px;
        min-width: 24px; background: transparent; color: {theme.muted}; }}
    QToolButton#more:hover {{ background: {theme.hover}; color: {theme.text}; }}
    QFrame#banner {{ background: {theme.notice}; border: 1px solid {theme.line};
        border-radius: 6px; }}
    QTabBar {{ border: 0; }}
    QTabBar::tab {{ padding: 6px 12px; margin-right: 4px; color: {theme.muted}; border: 0;
        border-bottom: 2px solid {theme.line}; background: {theme.window}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QSplitter::handle {{ background: {theme.window}; }}
    QScrollArea#detail {{ border: 0; background: {theme.window}; }}
    QStatusBar {{ border-top: 1px solid {theme.line}; }}
    QStatusBar::item {{ border: 0; }}
    QScrollArea, QScrollArea > QWidget > QWidget#charts {{ border: 0; background: {theme.window}; }}
    """
