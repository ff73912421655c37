"""What was answered under one id can serve another, or be forgotten."""

from __future__ import annotations

from wodesk.access.session import Session
from wodesk.access.ssh_memory import Memory
from wodesk.models.secret import Secret, SecretKind


def known() -> Session:
    session = Session()
    session.memories["trial"] = Memory()
    session.pins["trial"] = "ab" * 32
    session.trusted.add("trial")
    session.typed["trial", SecretKind.LOGIN] = Secret("canary")
    session.refused.add(("trial", SecretKind.SSH))
    return session


def test_everything_moves_and_nothing_stays_behind() -> None:
    session = known()
    memory = session.memories["trial"]
    session.pins["web1"] = "of before"
    session.move("trial", "web1")
    assert session.memories == {"web1": memory}
    assert session.pins == {"web1": "ab" * 32}
    assert session.trusted == {"web1"}
    assert session.typed == {("web1", SecretKind.LOGIN): Secret("canary")}
    assert session.refused == {("web1", SecretKind.SSH)}


def test_what_is_forgotten_is_gone() -> None:
    session = known()
    session.forget("trial")
    assert not any(vars(session).values())
