"""Text from servers: shown as what it is, and fast."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import count_color, pixels
from wodesk.models.plain_text import plain
from wodesk.ui.forms import level
from wodesk.ui.legend import Legend, Row
from wodesk.ui.lettering import Lettering
from wodesk.ui.text import ElidedLabel, PlainLabel, folded, tooltip
from wodesk.ui.theme import LIGHT

TABLES = "<table><tr><td>" * 16 + "x" + "</td></tr></table>" * 16
BIDI = "web\u202e1gpj.exe\u2066\u2069\u200f"
HOSTILE = {
    "markup": "<b>bold</b><img src='file:///etc/passwd'>",
    "tables": TABLES,
    "bidi": BIDI,
    "controls": "a\x00b\x1b[2Jc\x07",
    "long": "x" * 100_000,
    "lines": "\n" * 5_000,
    "surrogate": "a\ud800b",
    "combining": "e" + "\u0301" * 10_000,
    "wide": "\U0001f4a5" * 50_000,
}
AT_ONCE = 5.0
"""Seconds of work, many times what text needs that is cut before it is laid out."""
HOSTILE_TEXT = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@given(st.text(max_size=200))
def test_a_tooltip_shows_its_text_and_nothing_else(text: str) -> None:
    document = QTextDocument()
    document.setHtml(tooltip(text))
    shown = document.toPlainText().replace("\u00a0", " ")
    assert " ".join(shown.split()) == " ".join(plain(text).replace("\u00a0", " ").split())
    assert html.escape(plain(text)) in tooltip(text)


@HOSTILE_TEXT
def test_a_label_shows_hostile_text_as_plain_and_at_once(qtbot: QtBot, text: str) -> None:
    label = PlainLabel()
    qtbot.addWidget(label)
    label.show()
    started = time.thread_time()
    label.setText(text)
    label.grab()
    assert time.thread_time() - started < AT_ONCE
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in label.text()
    assert len(label.text()) <= 6_000


@HOSTILE_TEXT
def test_one_line_shows_hostile_text_as_plain_and_at_once(qtbot: QtBot, text: str) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(200, 20)
    label.show()
    started = time.thread_time()
    label.setText(text)
    label.grab()
    assert time.thread_time() - started < AT_ONCE
    assert len(label.text()) <= 300
    assert label.toolTip() == tooltip(label.text())
    assert label.accessibleName() == label.text()


def test_lines_of_a_label_stay_lines(qtbot: QtBot) -> None:
    label = PlainLabel("one\ntwo")
    qtbot.addWidget(label)
    assert label.text() == "one\ntwo"


def test_a_legend_shows_each_row_with_its_colour(qtbot: QtBot) -> None:
    legend = Legend(LIGHT, Lettering())
    qtbot.addWidget(legend)
    legend.resize(legend.width(), 120)
    rows = [Row("#ff0000", "user", "12.3 %"), Row("#00ff00", "system", "4.5 %")]
    legend.show_rows(rows)
    legend.show()
    image = pixels(legend)
    assert legend.rows() == tuple(rows)
    assert count_color(image, "#ff0000") == count_color(image, "#00ff00") == 64


def test_a_legend_counts_the_rows_that_do_not_fit(qtbot: QtBot) -> None:
    legend = Legend(LIGHT, Lettering())
    qtbot.addWidget(legend)
    line = legend.sizeHint().height()
    legend.resize(legend.width(), 4 * line)
    legend.show_rows([Row("#ff0000", f"eth{n}", "1") for n in range(40)])
    legend.show()
    assert count_color(pixels(legend), "#ff0000") == 3 * 64
    assert legend.sizeHint().height() == 40 * line
    assert legend.minimumSizeHint().height() == 3 * line


def test_a_legend_row_has_room_for_its_value_before_its_name(qtbot: QtBot) -> None:
    legend = Legend(LIGHT, Lettering())
    qtbot.addWidget(legend)
    legend.setFont(QFont(legend.font()))
    legend.resize(legend.width(), 60)
    legend.show()
    legend.show_rows([Row("#ffffff", "", "12.3 Mbit/s")])
    alone = pixels(legend).copy(70, 0, legend.width() - 70, 60)
    legend.show_rows([Row("#ffffff", "a very long name of an interface", "12.3 Mbit/s")])
    beside = pixels(legend).copy(70, 0, legend.width() - 70, 60)
    assert alone.copy(20, 0, 40, 60) == beside.copy(20, 0, 40, 60)


def legend_of(qtbot: QtBot, *rows: Row, width: int = 130) -> Legend:
    legend = Legend(LIGHT, Lettering())
    qtbot.addWidget(legend)
    legend.setFixedWidth(width)
    legend.resize(width, 60)
    legend.show()
    legend.show_rows(rows)
    return legend


def test_a_legend_shortens_no_name_that_fits(qtbot: QtBot) -> None:
    metrics = Legend(LIGHT, Lettering()).fontMetrics()
    name, value = "page faults", "1.2 k/s"
    needed = 16 + metrics.horizontalAdvance(name) + 4 + metrics.horizontalAdvance(value)
    row = Row("#ff0000", name, value)
    tight = pixels(legend_of(qtbot, row, width=needed))
    roomy = pixels(legend_of(qtbot, row, width=needed + 50))
    part = 16 + metrics.horizontalAdvance(name)
    assert tight.copy(0, 0, part, 60) == roomy.copy(0, 0, part, 60)


def test_the_values_of_a_legend_give_back_the_room_that_they_need_no_more(qtbot: QtBot) -> None:
    name = "a long name of an interface"
    small, large = Row("#ff0000", name, "1"), Row("#ff0000", name, "1,234.5 Mbit/s")
    usual = pixels(legend_of(qtbot, small))
    legend = legend_of(qtbot, large)
    legend.show_rows([small])
    assert pixels(legend) != usual, "names do not jump with each value"
    for value in "232323232323":
        legend.show_rows([Row("#ff0000", name, value)])
    legend.show_rows([small])
    assert pixels(legend) == usual


@HOSTILE_TEXT
def test_a_legend_paints_hostile_names_at_once(qtbot: QtBot, text: str) -> None:
    legend = Legend(LIGHT, Lettering())
    qtbot.addWidget(legend)
    legend.resize(legend.width(), 200)
    legend.show()
    started = time.thread_time()
    legend.show_rows([Row("#ff0000", text, "1")] * 8)
    legend.grab()
    assert time.thread_time() - started < AT_ONCE


def test_the_labels_of_a_form_are_as_high_as_their_fields(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    form = QFormLayout(box)
    field = QLineEdit()
    field.setStyleSheet("QLineEdit { min-height: 44px; }")
    form.addRow("Name", field)
    level(form)
    box.show()
    label = form.labelForField(field)
    assert label.geometry().center().y() == field.geometry().center().y()


def test_a_word_that_no_line_has_room_for_is_folded_and_no_other() -> None:
    fingerprint = "AB:" * 31 + "AB"
    first, second = folded(fingerprint).split("\n")
    assert first + second == fingerprint
    assert len(first) == len(second) + 1 == 48
    sentence = "Compare it with what this prints: openssl x509 -noout -fingerprint -sha256"
    assert folded(sentence) == sentence
    assert folded("SHA256:" + "x" * 43 + ", known") == "SHA256:" + "x" * 43 + ", known"
    assert folded("/a/long/path" * 9) == "/a/long/path" * 9
