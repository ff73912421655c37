"""Text from servers is made harmless, and nothing else is done to it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.plain_text import plain


@given(st.text())
def test_what_is_shown_has_no_control_or_direction_characters_and_is_short(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= 300
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co"}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=300))
def test_ordinary_text_of_any_language_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert plain("x" * 301) == "x" * 299 + "…"
    assert plain("x" * 300) == "x" * 300


def test_lines_become_one_and_what_is_unseen_goes() -> None:
    assert plain("a\tb\r\nc\x1b[2Jd\u202e\ud800") == "a b  c[2Jd"


def test_a_limit_counts_what_is_shown() -> None:
    assert plain("\u200b" * 10 + "abcdef", 5) == "abcd…"


def test_the_narrow_space_before_a_unit_stays_whatever_is_beside_it() -> None:
    assert plain("12\u202fMB/s") == "12\u202fMB/s"
    assert plain("12\u202fMB\u202e/s") == "12\u202fMB/s"
