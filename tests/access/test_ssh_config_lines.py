"""Lines of ssh_config are split as ssh splits them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.access.ssh_config_lines import BadLine, included, lines_of, shown, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("web1 web2", ("web1", "web2")),
        ("  web1\tweb2  ", ("web1", "web2")),
        ("22 # the usual", ("22",)),
        ("# nothing", ()),
        ("a#b", ("a#b",)),
        ("22 # don't", ("22",)),
        ('"My Key" b', ("My Key", "b")),
        ("'a b'c", ("a bc",)),
        (r"My\ Key", ("My Key",)),
        (r"C:\Users\me", (r"C:\Users\me",)),
        (r"\"a\"", ('"a"',)),
        ('"#1" b', ("#1", "b")),
        ('""', ("",)),
    ],
)
def test_words_are_those_of_ssh(text: str, words: tuple[str, ...]) -> None:
    assert split(text) == words


@pytest.mark.parametrize("text", ['"a', "'a b", 'a "b'])
def test_a_quote_that_is_not_closed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quote"):
        split(text)


@given(st.text())
def test_any_text_is_split_or_refused(text: str) -> None:
    try:
        words = split(text)
    except ValueError:
        return
    assert all(isinstance(word, str) for word in words)


def test_settings_have_their_keyword_their_rest_and_their_place(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_bytes(
        b"# a comment\r\n\r\n  HOST = web1 web2\r\n\tPort=2222\nUser  me \nNumber\n"
        b'"HostName" x\n# caf\xe9\nProxyCommand nc %h %p # no comment\n'
    )
    lines = [(line.number, line.keyword, line.rest) for line in lines_of(file)]
    assert lines == [
        (3, "host", "web1 web2"),
        (4, "port", "2222"),
        (5, "user", "me"),
        (6, "number", ""),
        (7, "hostname", "x"),
        (9, "proxycommand", "nc %h %p # no comment"),
    ]


def test_a_line_that_cannot_be_split_tells_its_place(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text('Port 22\nHost "web1\n')
    line = list(lines_of(file))[1]
    with pytest.raises(BadLine, match=r"config line 2: a quote is not closed"):
        _ = line.words


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config"
    with file.open("wb") as opened:
        os.ftruncate(opened.fileno(), 2_000_000)
    with pytest.raises(BadLine, match="larger than 1 MB"):
        list(lines_of(file))


def test_includes_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("20.conf", "10.conf", "30.txt"):
        (tmp_path / name).touch()
    (tmp_path / "15.conf").mkdir()
    found = included(str(tmp_path / "*.conf"), tmp_path / "config")
    assert found == [tmp_path / "10.conf", tmp_path / "20.conf"]


@pytest.mark.parametrize("pattern", ["~nobody-of-this-name/x", "a\0b/*", "", "[", "**/"])
def test_an_include_that_means_nothing_means_no_file(pattern: str, tmp_path: Path) -> None:
    assert included(pattern, tmp_path / "config") == []


def test_a_relative_include_is_beside_the_users_or_the_systems_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    mine = tmp_path / ".ssh" / "work"
    mine.touch()
    assert included("work", tmp_path / ".ssh" / "config") == [mine]
    assert included("~/.ssh/work", tmp_path / "config") == [mine]
    assert included("work", Path("/etc/ssh/ssh_config")) == []
    assert shown(mine) == "~/.ssh/work"
    assert shown(Path("/etc/ssh/ssh_config")) == "/etc/ssh/ssh_config"
