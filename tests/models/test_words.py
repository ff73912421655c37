"""Lines are taken apart as people meant them."""

from __future__ import annotations

import pytest

from wodesk.models.words import cells_of, delimiter_of, tidied, words_of


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("  web1  ", "web1"),
        ("# web1", ""),
        ("web1 # here", "web1"),
        ("web1#1", "web1#1"),
        ("https://web1/x // the shop", "https://web1/x"),
        ("* web1", "web1"),
        ("3) web1", "web1"),
        ("10.0.0.7 web1", "10.0.0.7 web1"),
        ("\x1b[1;32mweb1\x1b[0m", "web1"),
        ("\u200bweb1\x00", "web1"),
    ],
)
def test_a_line_is_freed_of_what_surrounds_it(line: str, left: str) -> None:
    assert tidied(line) == left


def test_words_and_cells_may_be_quoted() -> None:
    assert words_of("a 'b c' d") == ["a", "b c", "d"]
    assert words_of("a 'b c") == ["a", "'b", "c"]
    assert cells_of('a; "b; c" ;', ";") == ["a", "b; c", ""]
    assert cells_of('"a\0', ",") == ["a\0"]


@pytest.mark.parametrize(
    ("text", "delimiter"), [("a b", ""), ("a, b", ","), ("a; b, c", ";"), ("a\tb; c, d", "\t")]
)
def test_the_rarest_delimiter_is_the_one_that_was_meant(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter
