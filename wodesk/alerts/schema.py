"""The tables of the journal, and how an older one becomes one of today."""

from __future__ import annotations

import sqlite3

_KEY = "server TEXT NOT NULL, origin TEXT NOT NULL, name TEXT NOT NULL, instance TEXT NOT NULL"

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"CREATE TABLE track ({_KEY}, data BLOB NOT NULL, "
        "PRIMARY KEY (server, origin, name, instance)) WITHOUT ROWID",
        "CREATE TABLE keep (one INTEGER PRIMARY KEY CHECK (one = 1), data BLOB NOT NULL)",
        f"CREATE TABLE change (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, {_KEY}, "
        "old INTEGER NOT NULL, new INTEGER NOT NULL, told INTEGER NOT NULL, "
        "while_away INTEGER NOT NULL, words TEXT NOT NULL, data BLOB NOT NULL)",
        "CREATE INDEX change_by_time ON change (at)",
        "CREATE INDEX change_by_key ON change (server, name, instance, origin, number)",
        "CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, "
        "data BLOB NOT NULL)",
    ),
)
"""What leads from each version to the next; an empty file has version 0."""
VERSION = len(MIGRATIONS)
TABLES = frozenset({"track", "keep", "change", "notice"})


class NewerJournal(Exception):
    """The file was written by a wodesk that knows more tables than this one."""


def bring_up_to_date(base: sqlite3.Connection) -> None:
    """Make the tables, or those that are missing; raises `NewerJournal` or `sqlite3.Error`."""
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise NewerJournal(f"it has version {version}, and this wodesk knows up to {VERSION}")
    for number in range(version, VERSION):
        base.execute("BEGIN IMMEDIATE")
        for statement in MIGRATIONS[number]:
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {number + 1}")
        base.execute("COMMIT")
