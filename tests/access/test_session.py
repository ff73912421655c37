"""What was answered under one id can serve another, or be forgotten."""

from __future__ import annotations

from wodesk.access.session import Answers, Held, Session
from wodesk.access.ssh_memory import Memory
from wodesk.models.secret import Lock, Secret, SecretKind

LOGIN = Lock(SecretKind.LOGIN, "https://web1:22222 WordOps")


def known() -> Session:
    session = Session()
    answers = session.of("trial")
    answers.memory, answers.pin, answers.is_trusted = Memory(), "ab" * 32, True
    answers.user = "WordOps"
    answers.held[LOGIN] = Held(Secret("canary"), keep=True)
    answers.refused.add(Lock(SecretKind.SSH, "me@web1:22"))
    return session


def test_everything_moves_and_nothing_stays_behind() -> None:
    session = known()
    answers = session.of("trial")
    session.of("web1").pin = "of before"
    session.move("trial", "web1")
    assert session.of("web1") is answers
    assert session.of("trial") == Answers()


def test_what_is_forgotten_is_gone() -> None:
    session = known()
    session.forget("trial")
    assert session.of("trial") == Answers()


def test_answers_show_no_secret() -> None:
    assert "canary" not in repr(known().of("trial"))
