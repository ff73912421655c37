"""A secret shows itself to nobody who does not ask for it by name."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass

import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.secret import KeyringState, KeyringStatus, Secret, SecretKind

CANARY = "tweety-7Q'\\é"


@dataclass
class Holder:
    """Something with a secret among its fields."""

    secret: Secret


@pytest.fixture
def secret() -> Secret:
    """A secret to look for."""
    return Secret(CANARY)


def test_a_secret_is_revealed_on_demand(secret: Secret) -> None:
    assert secret.reveal() == CANARY
    assert Secret("").reveal() == ""


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        pprint.pformat,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r:>40}",
        lambda secret: f"{secret:>40}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: str([secret, {"a": secret}]),
        lambda secret: repr(Holder(secret)),
        lambda secret: json.dumps({"a": secret}, default=str),
    ],
)
def test_a_secret_looks_the_same_whatever_it_holds(show: Callable[[Secret], str]) -> None:
    assert "tweety" not in show(Secret(CANARY))
    assert show(Secret(CANARY)) == show(Secret("another one, and longer than that"))


@pytest.mark.parametrize(
    "use",
    [
        *(lambda secret, p=p: pickle.dumps(secret, p) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
        pickle._dumps,  # type: ignore[attr-defined]
        lambda secret: pickle.Pickler(io.BytesIO()).dump([secret]),
        copy.copy,
        copy.deepcopy,
        lambda secret: copy.deepcopy(Holder(secret)),
        lambda secret: asdict(Holder(secret)),
        lambda secret: object.__reduce_ex__(secret, 2),
        lambda secret: secret.__getstate__(),
        json.dumps,
        lambda secret: json.dumps({"a": secret}, default=vars),
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        lambda secret: pydantic.TypeAdapter(object).dump_json(secret),
        vars,
        hash,
        lambda secret: {secret},
        len,
        list,
        bytes,
        lambda secret: secret + "x",
        lambda secret: sorted([secret, Secret("x")]),
        lambda secret: setattr(secret, "_content", "x"),
        lambda secret: setattr(secret, "other", "x"),
        lambda secret: delattr(secret, "_content"),
    ],
)
def test_a_secret_refuses_without_showing_itself(
    secret: Secret, use: Callable[[Secret], object]
) -> None:
    with pytest.raises((TypeError, AttributeError, pydantic.PydanticUserError, ValueError)) as why:
        use(secret)
    assert "tweety" not in "".join(traceback.format_exception(why.value))
    assert secret.reveal() == CANARY


def test_a_secret_has_no_dict_and_no_hash(secret: Secret) -> None:
    assert not hasattr(secret, "__dict__")
    assert Secret.__hash__ is None


def test_what_is_no_string_is_refused_unseen() -> None:
    with pytest.raises(TypeError) as why:
        Secret(CANARY.encode())  # type: ignore[arg-type]
    assert "tweety" not in str(why.value)


def test_a_traceback_with_locals_does_not_show_it(secret: Secret) -> None:
    held = [secret]
    try:
        raise ValueError(held)
    except ValueError as exc:
        shown = traceback.TracebackException.from_exception(exc, capture_locals=True)
    assert "tweety" not in "".join(shown.format())


def test_a_log_record_does_not_show_it(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        logging.getLogger("wodesk").debug("login with %s and %r", secret, Holder(secret))
    assert "tweety" not in caplog.text
    assert "login with" in caplog.text


@given(st.text(), st.text())
def test_secrets_are_equal_when_their_contents_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert (Secret(one) != Secret(other)) is (one != other)
    assert Secret(one) == Secret(one)


def test_a_secret_equals_no_string(secret: Secret) -> None:
    assert secret != CANARY
    assert Secret("\udcff") == Secret("\udcff")


def test_kinds_and_states_are_words() -> None:
    assert [str(kind) for kind in SecretKind] == ["login", "passphrase", "token", "ssh"]
    lasting = [s for s in KeyringState if not KeyringStatus(s, "").session_only]
    assert lasting == [KeyringState.UNTRIED, KeyringState.OPEN]
