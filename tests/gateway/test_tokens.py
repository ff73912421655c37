"""Tokens: what is accepted, and all that is not."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.gateway.given import KEY, NAME, Clock
from wodesk.gateway.errors import BrokenFile
from wodesk.gateway.tokens import ALGORITHM, AUDIENCE, ISSUER, InvalidToken, Session, Tokens, key_in


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good token, but for the changes; None takes a claim away."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": NAME,
        "jti": "one",
        "iat": now,
        "exp": now + 60,
        "pwd": 7,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(key: bytes = KEY, algorithm: str = ALGORITHM, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm)


def raw(header: Any, payload: Any, signature: bytes = b"") -> str:
    """A token of any parts."""
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def test_a_token_says_who_logged_in_with_which_password() -> None:
    tokens = Tokens(KEY)
    token = tokens.issue(NAME, 7)
    assert tokens.read(token) == Session(NAME, 7)
    assert tokens.read(signed()) == Session(NAME, 7)
    assert token != tokens.issue(NAME, 7), "the same jti twice"
    said = jwt.decode(token, options={"verify_signature": False})
    assert said["exp"] - said["iat"] == 3600
    assert len(token) < 512


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é.é.é",
        "." * 1024,
        "x" * 100_000,
        raw({"alg": "none", "typ": "JWT"}, claims()),
        raw({"alg": "None"}, claims()),
        raw({"alg": "HS256"}, claims()),
        raw([], claims()),
        raw({"alg": ["HS256"]}, claims()),
        base64.urlsafe_b64encode(b"[" * 700).decode() + ".e30.e30",
        signed(key=bytes(32)),
        signed(key=KEY + KEY, algorithm="HS512"),
        signed(aud="another"),
        signed(aud=None),
        signed(iss="another"),
        signed(iss=None),
        signed(sub=None),
        signed(jti=None),
        raw({"alg": "HS256"}, claims(jti=5)),
        signed(iat=None),
        signed(iat=int(time.time()) + 3600),
        signed(exp=None),
        signed(exp=int(time.time()) - 60),
        signed(exp="never"),
        signed(pwd=None),
        signed(pwd="x"),
        signed(pwd=[]),
        signed()[:-2],
        signed() + "A",
        " " + signed(),
    ],
)
def test_what_is_not_a_token_of_this_gateway_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        Tokens(KEY).read(token)


def test_a_token_ends_when_its_time_is_over_but_for_a_small_leeway() -> None:
    clock = Clock()
    tokens = Tokens(KEY, minutes=1, clock=clock)
    for age in (0, 58, 62):
        clock.now = time.time() - age
        assert tokens.read(tokens.issue(NAME, 7)).user == NAME
    clock.now = time.time() - 67
    with pytest.raises(InvalidToken):
        tokens.read(tokens.issue(NAME, 7))


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "serve.key"
    key = key_in(path)
    assert len(key) == 32
    assert key_in(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["serve.key"]
    assert Tokens(key_in(path)).read(Tokens(key).issue(NAME, 7)) == Session(NAME, 7)
    assert key_in(tmp_path / "another") != key


def test_a_key_made_by_another_process_at_the_same_time_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "serve.key"

    def quicker(_place: Path, _data: bytes) -> bool:
        path.write_bytes(KEY)
        path.chmod(0o600)
        return False

    monkeypatch.setattr("wodesk.gateway.tokens.create_private", quicker)
    assert key_in(path) == KEY


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_broken_key_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "serve.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BrokenFile, match=str(path)):
        key_in(path)
    assert path.read_bytes() == content


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "serve.key"
    path.write_bytes(KEY)
    path.chmod(0o644)
    with pytest.raises(BrokenFile, match="chmod 600"):
        key_in(path)


def test_a_short_key_is_a_bug() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"secret")
