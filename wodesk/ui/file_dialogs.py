"""Asks for a file without waiting for the answer: the window lives on below the dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where_to(
    parent: QWidget,
    title: str,
    name: str,
    kind: str,
    chosen: Callable[[str], object],
    *,
    confirms: bool = True,
) -> QFileDialog:
    """Ask where to write a file of a kind, as in "CSV (*.csv)"; a name or path is offered.

    Whoever asks about a file that is there already does not have the dialog do it, too.
    """
    dialog = _dialog(parent, title, kind, chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirms)
    dialog.setDefaultSuffix(PurePath(name).suffix)
    dialog.selectFile(name)
    dialog.open()
    return dialog


def ask_which(
    parent: QWidget, title: str, kind: str, chosen: Callable[[str], object]
) -> QFileDialog:
    """Ask which file of a kind to read."""
    dialog = _dialog(parent, title, kind, chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, kind: str, chosen: Callable[[str], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title, "", kind)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(chosen)
    return dialog
