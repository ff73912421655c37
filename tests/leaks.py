"""Planted secrets, and the search for them in everything that a program leaves behind."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
_LOOK = 0.02
"""Seconds between two looks at the processes."""
_FOLDERS = ("CONFIG", "DATA", "CACHE", "STATE")


@dataclass(frozen=True, slots=True)
class Canary:
    """A planted secret: `core` is a part that no escaping changes, so no form of it is missed."""

    name: str
    text: str
    core: str

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """What to search for, and what that would be."""
        for kind, text in (("whole", self.text), ("core", self.core)):
            for form, data in _forms(text):
                yield f"{self.name}, {kind} as {form}", data


SSH = Canary("SSH password", 'K4narienV0gel"%s/+\\&é', "K4narienV0gel")
BASIC = Canary("basic login", "Rotk3hlchenX:%d'<&>/+\\é", "Rotk3hlchenX")
DASHBOARD = Canary("dashboard password", 'Zaunk0enigQ{0}%%"\\&= é', "Zaunk0enigQ")
TOKEN = Canary("bearer token", "G1mpelYw.abc/def+ghi=", "G1mpelYw.abc")
PASSPHRASE = Canary("passphrase", 'St1eglitzF{1}%d"\\&/é', "St1eglitzF")
JUMP = Canary("password of a jump host", "Kl3iberM%s'<>+/\\é", "Kl3iberM")
JWT = Canary("JWT", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJhbGciOiJIUzI1NiIs")
"""How every token of the gateway begins; which one it gives is not known before."""
CANARIES = (SSH, BASIC, DASHBOARD, TOKEN, PASSPHRASE, JUMP, JWT)


def leaks(places: Mapping[str, bytes], canaries: Iterable[Canary] = CANARIES) -> list[str]:
    """Where a canary is, and in what form."""
    needles = [form for canary in canaries for form in canary.forms()]
    return [
        f"{place}: {what}"
        for place, data in places.items()
        for what, needle in needles
        if needle in data
    ]


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    data = text.encode()
    yield "it is", data
    yield "UTF-16", text.encode("utf-16-le")
    yield "Latin-1", text.encode("latin-1")
    for escaped in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
        yield "JSON", escaped[1:-1].encode()
    for escaped in (repr(text), ascii(text), repr(data)[1:]):
        yield "repr", escaped[1:-1].encode()
    for quoted in (quote(text), quote(text, safe=""), quote_plus(text)):
        yield "a part of a URL", quoted.encode()
        yield "a part of a URL", quote_lower(quoted).encode()
    for digits in (data.hex(), data.hex(" "), data.hex(":")):
        yield "hex", digits.encode()
        yield "hex", digits.upper().encode()
    for offset in range(3):
        core = base64_core(data, offset)
        yield f"base64 at {offset}", core
        yield f"base64 at {offset}", core.translate(bytes.maketrans(b"+/", b"-_"))


def quote_lower(quoted: str) -> str:
    """The same with small hexadecimal digits."""
    parts = quoted.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def base64_core(data: bytes, offset: int) -> bytes:
    """What base64 holds of the data for certain, whatever stands `offset` bytes before and after.

    The characters at both ends depend on the neighbours too.
    """
    whole = base64.b64encode(bytes(offset) + data)
    return whole[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]


@dataclass
class Home:
    """The folders of a person of their own, with nothing in them."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*_FOLDERS, "RUNTIME", "TMP"):
            (self.folder / name.lower()).mkdir(mode=0o700, parents=True)

    @property
    def environment(self) -> dict[str, str]:
        """Without any keyring, and with asyncio's debug mode."""
        folders = {f"XDG_{name}_HOME": str(self.folder / name.lower()) for name in _FOLDERS}
        return {
            **os.environ,
            **folders,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONASYNCIODEBUG": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "WODESK_NO_BOOTSTRAP": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "QT_FORCE_STDERR_LOGGING": "1",
            **self.more,
        }

    def files(self) -> dict[str, bytes]:
        """All files and the names of all folders, whatever they are."""
        found: dict[str, bytes] = {}
        for path in self.folder.rglob("*"):
            place = str(path.relative_to(self.folder))
            is_file = path.is_file() and not path.is_symlink()
            found[place] = place.encode() + b"\n" + (path.read_bytes() if is_file else b"")
        return found


class Running:
    """A program, and everything that can be seen of it from outside; a context manager."""

    def __init__(self, home: Home, output: Path, *arguments: str, typed: str = "") -> None:
        self.home = home
        self._seen: set[bytes] = set()
        self._files = {name: output / f"{name}-{time.monotonic_ns()}" for name in ("out", "err")}
        with self._files["out"].open("wb") as out, self._files["err"].open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                env=home.environment,
                cwd=home.folder,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
            )
        assert self._process.stdin is not None
        # Given like this, as an argument or a variable would be found.
        self._process.stdin.write(typed.encode())
        self._process.stdin.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)

    @property
    def out(self) -> str:
        """What it has written to stdout so far."""
        return self._files["out"].read_text("utf-8", "replace")

    @property
    def err(self) -> str:
        """What it has written to stderr so far."""
        return self._files["err"].read_text("utf-8", "replace")

    def to_its_end(self) -> int:
        """Watch it until it ends; its exit code."""
        self.until(lambda: self._process.poll() is not None)
        return self._process.returncode

    def until(self, holds: Callable[[], bool]) -> None:
        """Watch it until this holds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._look()
            if holds():
                break
            if self._process.poll() is not None and not holds():
                raise AssertionError(f"it ended: {self.out}{self.err}")
            assert time.monotonic() < deadline, f"nothing comes: {self.out}{self.err}"
            time.sleep(_LOOK)
        self._look()

    def end_once(self, holds: Callable[[], bool]) -> int:
        """Watch it until this holds, then end it as the desktop does; its exit code."""
        self.until(holds)
        self._process.send_signal(signal.SIGTERM)
        return self.to_its_end()

    def places(self) -> dict[str, bytes]:
        """Everything that it has left behind."""
        return {
            "stdout": self._files["out"].read_bytes(),
            "stderr": self._files["err"].read_bytes(),
            "process list": b"\n".join(self._seen),
            **self.home.files(),
        }

    def _look(self) -> None:
        """Note the command lines of the program and of its children."""
        try:
            own = psutil.Process(self._process.pid)
            processes = [own, *own.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                self._seen.add(Path(f"/proc/{process.pid}/cmdline").read_bytes())
            except OSError:
                continue
