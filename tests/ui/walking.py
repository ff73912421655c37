"""A walk over everything that a window says: to the eye, to the pointer and to a screen reader."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QBuffer,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
)
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QStatusBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

LONGEST = 6_000
ROOM = QSize(1280, 800)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_ITSELF = frozenset("\n\t")
"""White space, which labels and descriptions of several lines may have."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_TIPS = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole)
_MOST_ROWS = 50
_MOST_DEEP = 40


@dataclass(frozen=True, slots=True)
class Said:
    """One text: who says it, and by which property."""

    who: str
    how: str
    text: str
    is_markup: bool = False
    """Whether Qt may take it for rich text, as it does with tooltips."""
    has_keys: bool = False
    """Whether Qt takes & for the mark of a key."""

    def __str__(self) -> str:
        return f"{self.who}, {self.how}: {self.text[:60]!r}"


def said(root: QWidget) -> Iterator[Said]:
    """Every text of a window and of all that is in it."""
    for widget in (root, *root.findChildren(QWidget)):
        yield from _said_by(widget)
    yield from _read_aloud(QAccessible.queryAccessibleInterface(root), 0)
    yield from (Said(_name(root), "painted", text) for text in painted(root))


def complaints(root: QWidget, hostile: str) -> list[str]:
    """What is wrong with it, when it shows a hostile text somewhere."""
    found = [wrong for one in said(root) for wrong in _wrong_with(one, hostile)]
    found += [f"{_name(label)} takes markup" for label in _rich(root)]
    for how, size in (("least", root.minimumSizeHint()), ("own", root.minimumSize())):
        if not _fits(size):
            found.append(f"{_name(root)}: the {how} size is {size.toTuple()}")
    if root.isWindow() and not _fits(root.size()):
        found.append(f"{_name(root)} is {root.size().toTuple()}")
    return found


def painted(root: QWidget) -> list[str]:
    """The texts that it draws, each in the pieces in which it does."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(root.size())
    painter = QPainter(generator)
    root.render(painter, QPoint())
    painter.end()
    text = bytes(buffer.data().data()).decode("utf-8", "replace")
    document = ElementTree.fromstring(_parsable(text))  # noqa: S314 (our own)
    texts = [node.text or "" for node in document.iter() if _is_text(node)]
    typed = _parsable("\n".join(_typed(root)))
    return [text for text in texts if text not in typed]


def _parsable(text: str) -> str:
    """The text with what XML cannot hold as characters that nobody should see either."""
    return _NOT_XML.sub("\ue000", text)


def _typed(root: QWidget) -> Iterator[str]:
    """What is a person's own to change, and so has to be there as it is."""
    for field in root.findChildren(QLineEdit):
        if not field.isReadOnly():
            yield field.displayText()
    for editor in root.findChildren(QPlainTextEdit):
        if not editor.isReadOnly():
            yield editor.toPlainText()


def _is_text(node: ElementTree.Element) -> bool:
    return node.tag.endswith("}text")


def _said_by(widget: QWidget) -> Iterator[Said]:  # noqa: PLR0912 (one case a kind)
    who = _name(widget)
    for how in ("windowTitle", "accessibleName", "accessibleDescription", "statusTip"):
        yield Said(who, how, getattr(widget, how)())
    for how in ("toolTip", "whatsThis"):
        yield Said(who, how, getattr(widget, how)(), is_markup=True)
    for action in widget.actions():
        yield from _said_by_action(action)
    match widget:
        case QLabel():
            yield Said(who, "text", widget.text(), has_keys=widget.buddy() is not None)
        case QAbstractButton():
            yield Said(who, "text", widget.text(), has_keys=True)
        case QLineEdit():
            if widget.isReadOnly():
                yield Said(who, "text", widget.displayText())
            yield Said(who, "placeholderText", widget.placeholderText())
        case QPlainTextEdit():
            yield Said(who, "placeholderText", widget.placeholderText())
        case QGroupBox():
            yield Said(who, "title", widget.title(), has_keys=True)
        case QMenu():
            yield Said(who, "title", widget.title(), has_keys=True)
        case QStatusBar():
            yield Said(who, "currentMessage", widget.currentMessage())
        case QTabBar():
            for tab in range(widget.count()):
                yield Said(who, "tabText", widget.tabText(tab), has_keys=True)
                yield Said(who, "tabToolTip", widget.tabToolTip(tab), is_markup=True)
        case QComboBox():
            yield from _said_by_model(who, widget.model())
        case QAbstractItemView():
            yield from _said_by_model(who, widget.model())


def _said_by_action(action: QAction) -> Iterator[Said]:
    yield Said("QAction", "text", action.text(), has_keys=True)
    yield Said("QAction", "toolTip", action.toolTip(), is_markup=True)
    yield Said("QAction", "statusTip", action.statusTip())


def _said_by_model(who: str, model: QAbstractItemModel | None) -> Iterator[Said]:
    if model is None:
        return
    # That of a list is private.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for row in range(min(model.rowCount(QModelIndex()), _MOST_ROWS)):
        for column in range(columns):
            index: QModelIndex = model.index(row, column)
            for role in _ROLES:
                data = index.data(role)
                if isinstance(data, str):
                    yield Said(who, role.name, data, is_markup=role in _TIPS)


def _read_aloud(face: QAccessibleInterface | None, depth: int) -> Iterator[Said]:
    """What a screen reader is told, of the parts of views and menus too."""
    if face is None or not face.isValid() or depth > _MOST_DEEP:
        return
    who = face.role().name
    # The value of a text field is its content, which for a person's own text is as it is.
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description):
        yield Said(f"accessible {who}", kind.name, face.text(kind))
    for place in range(min(face.childCount(), 4 * _MOST_ROWS)):
        yield from _read_aloud(face.child(place), depth + 1)


def _wrong_with(one: Said, hostile: str) -> Iterator[str]:
    unseen = {letter for letter in one.text if unicodedata.category(letter) in _UNSEEN}
    if unseen - _ITSELF:
        yield f"{one} has {sorted(map(ascii, unseen - _ITSELF))}"
    if len(one.text) > LONGEST:
        yield f"{one} has {len(one.text)} characters"
    inside = one.text.removeprefix("<p>").removesuffix("</p>")
    is_raw = hostile in one.text and html.escape(hostile) != hostile
    if one.is_markup and ("<" in inside or is_raw):
        yield f"{one} is markup"
    is_of_others = hostile in one.text and "&" in hostile
    if one.has_keys and is_of_others:
        yield f"{one} has a key of its own"


def _rich(root: QWidget) -> Iterator[QWidget]:
    """What would take a text for markup, whatever it says now."""
    for widget in (root, *root.findChildren(QWidget)):
        match widget:
            case QLabel() if widget.text() and not widget.inherits("QTipLabel"):
                is_ours = widget.textFormat() is Qt.TextFormat.PlainText
                # Qt makes the labels of a form itself, of our own words.
                if not is_ours and not (widget.buddy() is not None and _is_word(widget.text())):
                    yield widget
            case QMessageBox() if widget.textFormat() is not Qt.TextFormat.PlainText:
                yield widget
            case QTextEdit() if widget.acceptRichText():
                yield widget


def _is_word(text: str) -> bool:
    return text.replace("&", "", 1).replace(" ", "").isalpha()


def _fits(size: QSize) -> bool:
    return size.width() <= ROOM.width() and size.height() <= ROOM.height()


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()
