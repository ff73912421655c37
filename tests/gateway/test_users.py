"""The file of users, and who is let in."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from tests.gateway.given import NAME, PASSWORD, hasher, users_in
from wodesk.gateway.errors import BrokenFile, CannotServe
from wodesk.gateway.users import Users

HASH = hasher().hash(PASSWORD)


class Watched(PasswordHasher):
    """Notes each hash that is verified, and in which thread."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[tuple[str, int]] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        """Note it, then do it."""
        self.verified.append((str(hash), threading.get_ident()))
        return super().verify(hash, password)


def write(path: Path, text: str | bytes) -> Users:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(0o600)
    return Users(path, hasher=hasher())


async def test_the_right_password_is_let_in_and_no_other(tmp_path: Path) -> None:
    users = users_in(tmp_path)
    user = await users.verified(NAME, PASSWORD)
    assert user is not None
    assert user.name == NAME
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", "\udc80", "x" * 3000):
        assert await users.verified(NAME, wrong) is None
    assert await users.verified("ANNA", PASSWORD) is None


async def test_a_hash_is_verified_for_an_unknown_user_too(tmp_path: Path) -> None:
    users_in(tmp_path)
    watched = Watched()
    users = Users(tmp_path / "users", hasher=watched)
    await users.verified(NAME, "wrong password")
    await users.verified("nobody", "wrong password")
    (known, thread), (decoy, other_thread) = watched.verified
    assert extract_parameters(decoy) == extract_parameters(known)
    assert decoy != known
    assert threading.get_ident() not in (thread, other_thread), "it held up the loop"


async def test_the_decoy_costs_what_the_hashes_in_the_file_cost(tmp_path: Path) -> None:
    Users(tmp_path / "users", hasher=hasher(time_cost=4)).set_password(NAME, PASSWORD)
    watched = Watched()
    await Users(tmp_path / "users", hasher=watched).verified("nobody", "wrong password")
    assert extract_parameters(watched.verified[0][0]).time_cost == 4


async def test_without_any_user_a_hash_is_verified_all_the_same(tmp_path: Path) -> None:
    watched = Watched()
    assert await Users(tmp_path / "users", hasher=watched).verified(NAME, PASSWORD) is None
    assert len(watched.verified) == 1


async def test_a_password_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    users = users_in(tmp_path)
    users.set_password("zoe", "Zoe\u0308 liebt Ka\u0308se")
    assert await users.verified("zoe", "Zo\u00eb liebt K\u00e4se") is not None


async def test_the_default_hash_is_argon2id_of_64_mib(tmp_path: Path) -> None:
    users = Users(tmp_path / "users")
    users.set_password(NAME, PASSWORD)
    costs = extract_parameters(users.known()[NAME].hash)
    assert (costs.type.name, costs.memory_cost, costs.time_cost) == ("ID", 64 << 10, 3)
    assert await users.verified(NAME, PASSWORD) is not None


async def test_a_login_brings_an_old_hash_to_todays_parameters(tmp_path: Path) -> None:
    old = users_in(tmp_path)
    changed = old.known()[NAME].changed
    users = Users(tmp_path / "users", hasher=hasher(time_cost=2))
    assert await users.verified(NAME, "wrong password") is None
    assert extract_parameters(users.known()[NAME].hash).time_cost == 1
    assert await users.verified(NAME, PASSWORD) is not None
    assert extract_parameters(users.known()[NAME].hash).time_cost == 2
    assert users.holds(NAME, changed), "the sessions are over"
    assert await users.verified(NAME, PASSWORD) is not None


async def test_a_hash_that_cannot_be_written_again_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    users_in(tmp_path)

    def fail(path: Path, data: bytes) -> None:
        raise CannotServe(f"{path} cannot be written.")

    monkeypatch.setattr("wodesk.gateway.users.write_private", fail)
    users = Users(tmp_path / "users", hasher=hasher(time_cost=2))
    assert await users.verified(NAME, PASSWORD) is not None
    assert "cannot be written" in caplog.text


def test_the_file_is_its_owners_alone_and_has_no_password_in_it(tmp_path: Path) -> None:
    users = Users(tmp_path / "new" / "users", hasher=hasher())
    assert users.set_password(NAME, PASSWORD) is True
    assert users.path.stat().st_mode & 0o777 == 0o600
    assert users.path.parent.stat().st_mode & 0o777 == 0o700
    assert PASSWORD not in users.path.read_text()
    assert [entry.name for entry in users.path.parent.iterdir()] == ["users"]
    assert users.known()[NAME].hash not in repr(users.known())


def test_a_new_password_takes_the_line_of_the_old_and_touches_no_other(tmp_path: Path) -> None:
    users = write(tmp_path / "users", f"# mine\n\n  bob:{HASH}:5  \nanna:{HASH}:7\n# the end")
    assert users.set_password("bob", "another password") is False
    assert users.set_password("carl", "another password") is True
    lines = users.path.read_text().split("\n")
    assert lines[:2] == ["# mine", ""]
    assert lines[2].startswith("bob:")
    assert lines[3:5] == [f"anna:{HASH}:7", "# the end"]
    assert lines[5].startswith("carl:")
    assert list(users.known()) == ["bob", "anna", "carl"]


def test_a_password_changed_twice_in_a_second_is_another_each_time(tmp_path: Path) -> None:
    users = Users(tmp_path / "users", hasher=hasher(), clock=lambda: 5.0)
    for changed in (5, 6, 7):
        users.set_password(NAME, f"{PASSWORD} {changed}")
        assert users.known()[NAME].changed == changed


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    users = users_in(tmp_path)
    changed = users.known()[NAME].changed
    assert users.holds(NAME, changed)
    write(users.path, f"bob:{HASH}\n")
    assert not users.holds(NAME, changed)
    assert users.holds("bob", 0)
    users.path.unlink()
    assert not users.holds("bob", 0)
    assert not users.known()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("anna", "a line is NAME:HASH:CHANGED"),
        (f"anna:{HASH}:1:2", "a line is NAME:HASH:CHANGED"),
        (f"an na:{HASH}", "this cannot be a name"),
        (f":{HASH}", "this cannot be a name"),
        ("anna:s3cr3t", "this is no Argon2id hash"),
        ("anna:$2b$12$abcdefghijklmnopqrstuv", "this is no Argon2id hash"),
        (f"anna:{HASH.replace('argon2id', 'argon2i')}", "this is no Argon2id hash"),
        (f"anna:{HASH.replace('m=8', 'm=99999999')}", "this is no Argon2id hash"),
        (f"anna:{HASH}:yesterday", "the time of the change is no number"),
        (f"anna:{HASH}:\u0665", "the time of the change is no number"),
        (f"bob:{HASH}", "this name was there before"),
        (b"anna:\xff", "it is not UTF-8"),
    ],
)
async def test_a_broken_file_is_named_with_its_line_and_left_as_it_is(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    raw = line.encode() if isinstance(line, str) else line
    text = f"# users\nbob:{HASH}\n".encode() + raw + b"\n"
    users = write(tmp_path / "users", text)
    for attempt in (users.known, lambda: users.set_password("carl", PASSWORD)):
        with pytest.raises(BrokenFile) as caught:
            attempt()
        assert str(caught.value).startswith(f"{users.path}, line 3: {reason}.")
        assert "s3cr3t" not in str(caught.value)
    with pytest.raises(BrokenFile):
        await users.verified("bob", PASSWORD)
    assert users.path.read_bytes() == text


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    users = write(tmp_path / "users", f"bob:{HASH}\n")
    users.path.chmod(0o640)
    with pytest.raises(BrokenFile, match="chmod 600"):
        users.known()


def test_a_folder_in_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="cannot be read"):
        Users(tmp_path, hasher=hasher()).known()
    (tmp_path / "file").touch()
    with pytest.raises(BrokenFile, match="cannot be read"):
        Users(tmp_path / "file" / "users", hasher=hasher()).known()


@pytest.mark.parametrize("name", ["", "a:b", "a b", "#a", "-a", "ä", "a" * 65, "a\n"])
def test_a_name_that_would_break_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotServe, match="A user's name"):
        Users(tmp_path / "users", hasher=hasher()).set_password(name, PASSWORD)
    assert not (tmp_path / "users").exists()


@pytest.mark.parametrize("password", ["", "1234567", "x" * 257, "eight\nlines", "\udc80" * 8])
def test_a_password_that_nobody_could_use_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(CannotServe, match="A password"):
        Users(tmp_path / "users", hasher=hasher()).set_password(NAME, password)


async def test_no_more_than_two_hashes_are_computed_at_a_time(tmp_path: Path) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    class Slow(Watched):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1
            return super().verify(hash, password)

    users_in(tmp_path)
    users = Users(tmp_path / "users", hasher=Slow())
    await asyncio.gather(*(users.verified(NAME, PASSWORD) for _ in range(8)))
    assert most == 2
