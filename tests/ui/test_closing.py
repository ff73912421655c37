"""Closing never hides a window where nothing would bring it back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from wodesk.models.preferences import CloseAction
from wodesk.ui.closing import Closing


@dataclass
class Wish:
    """What the desktop has, and what the user wants."""

    has_tray: bool = True
    action: CloseAction = CloseAction.TRAY


@pytest.fixture
def wish() -> Wish:
    """A tray, and closing that hides in it."""
    return Wish()


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The exit codes with which the program was ended."""
    codes: list[int] = []
    monkeypatch.setattr(QApplication, "exit", codes.append)
    return codes


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window on screen."""
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def closing(window: QWidget, wish: Wish) -> Closing:
    """What closing that window means."""
    return Closing(window, lambda: wish.has_tray, lambda: wish.action)


def test_a_window_is_hidden_in_the_tray_and_shown_again(
    qtbot: QtBot, window: QWidget, closing: Closing, exits: list[int]
) -> None:
    with qtbot.waitSignal(closing.hidden):
        assert not window.close()
    assert not window.isVisible()
    closing.show()
    assert window.isVisible()
    assert exits == []


def test_without_a_tray_closing_ends_the_program(
    window: QWidget, closing: Closing, wish: Wish, exits: list[int]
) -> None:
    wish.has_tray = False
    assert window.close()
    assert exits == [0]


@pytest.mark.parametrize("has_tray", [True, False])
def test_who_wants_the_program_to_end_gets_that(
    window: QWidget, closing: Closing, wish: Wish, exits: list[int], has_tray: bool
) -> None:
    wish.has_tray, wish.action = has_tray, CloseAction.QUIT
    assert window.close()
    assert exits == [0]


def test_who_wants_it_minimised_gets_that(
    window: QWidget, closing: Closing, wish: Wish, exits: list[int]
) -> None:
    wish.action = CloseAction.MINIMISE
    assert not window.close()
    assert window.isMinimized()
    closing.show()
    assert not window.isMinimized()
    assert exits == []


def test_putting_away_hides_or_minimises_and_never_ends_anything(
    window: QWidget, closing: Closing, wish: Wish, exits: list[int]
) -> None:
    wish.action = CloseAction.QUIT
    closing.put_away()
    assert not window.isVisible()
    closing.show()
    wish.has_tray = False
    closing.put_away()
    assert window.isMinimized()
    assert exits == []


def test_quitting_closes_whatever_closing_does(
    window: QWidget, closing: Closing, exits: list[int]
) -> None:
    closing.quit()
    assert exits == [0]
    assert window.close()
