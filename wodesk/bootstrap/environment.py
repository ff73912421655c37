"""The virtual environment that a checkout runs in."""

import contextlib
import hashlib
import os
import sys
import time
from pathlib import Path

from wodesk.bootstrap.commands import ROOT, Trouble, explain, first_failure, program, run, say
from wodesk.bootstrap.system import ENSUREPIP, there

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TYPE_CHECKING = False  # typing's own constant would cost its import
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Command = Sequence[str | Path]


class Environment:
    """A place for the packages, made and filled where that has not been done.

    Its stamp says what was installed there: a digest of what asked for it, then the extras. While
    something is being installed it is empty, so that what a killed start leaves is not trusted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.python = path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self._stamp = path / "wodesk.stamp"
        self._lock = path / "wodesk.lock"

    def ready(self, extras: "Iterable[str]") -> bool:
        """Tell whether all that these extras need is installed; more than that does no harm."""
        digest, *installed = self._read_stamp() or [""]
        fits = digest == wanted() and set(installed).issuperset(extras)
        return fits and self.python.exists() and (self.path / "pyvenv.cfg").exists()

    def writable(self) -> bool:
        """Tell whether this user may make or change it."""
        nearest = next(path for path in (self.path, *self.path.parents) if path.exists())
        return nearest.is_dir() and os.access(nearest, os.W_OK)

    def is_this_one(self) -> bool:
        """Tell whether the running Python is the one in here."""
        return Path(sys.prefix).resolve() == self.path.resolve()

    def prepare(self, extras: "Sequence[str]") -> None:
        """Install what these extras need, beside what was installed before."""
        self.path.mkdir(parents=True, exist_ok=True)
        with locked(self._lock):
            if self.ready(extras):
                return  # the start that held the lock has done it
            stamp = self._read_stamp()
            if stamp == [] or not self._works():
                self._make()
                stamp = []
            every = sorted({*extras, *(stamp or [])[1:]})
            self._write_stamp([])
            try:
                self._fill(every)
            except Trouble:
                # The installers download everything before they change anything: it is as it was.
                self._write_stamp(stamp)
                raise
            self._write_stamp([wanted(), *every])

    def _works(self) -> bool:
        code = (
            "import sys; "
            f"sys.exit(sys.prefix == sys.base_prefix or sys.version_info[:2] != {minor_version()})"
        )
        return self.python.exists() and run(self.python, "-Ic", code).returncode == 0

    def _make(self) -> None:
        import shutil  # noqa: PLC0415  slow to load, and not needed once all is in place

        say(f"making {self.path} with Python {sys.version.split()[0]}")
        self._write_stamp([])
        for child in set(self.path.iterdir()) - {self._stamp, self._lock}:
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()
        # This Python may be one in the environment itself, which is gone by now.
        base = getattr(sys, "_base_executable", sys.executable)
        made = run(base, "-Im", "venv", "--without-pip", "--prompt", "wodesk", self.path)
        if made.returncode:
            raise Trouble(explain("venv", made.stdout))

    def _fill(self, extras: "Sequence[str]") -> None:
        failure = "neither pip nor uv is there to install the Python packages"
        for tool, commands in installers(self.python, extras):
            say(f"installing the Python packages into {self.path} with {tool}")
            output = first_failure(commands)
            if output is None:
                return
            failure = explain(tool, output)
        raise Trouble(failure)

    def _read_stamp(self) -> "list[str] | None":
        try:
            return self._stamp.read_text(encoding="ascii").split()
        except OSError:
            return None  # none there, or another user's

    def _write_stamp(self, words: "list[str] | None") -> None:
        if words is None:
            self._stamp.unlink()
            return
        new = self._stamp.with_suffix(".new")
        new.write_text(" ".join(words), encoding="ascii")
        new.replace(self._stamp)


def homes() -> "list[Path]":
    """List where the environment may be: in the checkout, or for a read-only one in the cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    cache = Path(caches) if caches else Path.home() / ".cache"
    name = hashlib.sha256(bytes(ROOT)).hexdigest()[:12]
    return [ROOT / ".venv", cache / "wodesk" / f"venv-{name}"]


def first_writable(environments: "Sequence[Environment]") -> Environment:
    """Return the first environment that this user may make or change."""
    for environment in environments:
        if environment.writable():
            return environment
    names = " nor ".join(str(environment.path) for environment in environments)
    raise Trouble(f"the Python packages have no place: neither {names} can be written to")


def wanted() -> str:
    """Return a digest of all that decides what is to be installed, apart from the extras.

    Of the Python only the minor version counts, as packages are installed for that one: Debian
    may bring a newer patch of Python along with python3-venv. The checkout's own place counts, as
    the environment points to it.
    """
    digest = hashlib.sha256(f"{ROOT} {minor_version()}".encode())
    for path in (ROOT / "pyproject.toml", ROOT / "resources" / "lock.txt"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def minor_version() -> "tuple[int, int]":
    """Return the running Python's version as far as it decides which packages fit."""
    return sys.version_info[:2]


def installers(python: Path, extras: "Sequence[str]") -> "Iterator[tuple[str, list[Command]]]":
    """Yield the tools that can install the project here, best first, with their commands."""
    project = f".[{','.join(extras)}]" if extras else "."
    what = ["-c", "resources/lock.txt", "-e", project]
    uv = program("uv")
    if uv:
        yield "uv", [[uv, "pip", "install", "--python", python, *what]]
    if there(ENSUREPIP):
        # After uv too: that one reads none of pip's settings, which may name the only index around.
        fetch_pip: list[str | Path] = [python, "-Im", "ensurepip", "--upgrade"]
        pip: list[str | Path] = [python, "-Im", "pip", "--no-input", "--disable-pip-version-check"]
        yield "pip", [fetch_pip, [*pip, "install", *what]]


@contextlib.contextmanager
def locked(path: Path) -> "Iterator[None]":
    """Hold a lock file, so that of two starts at once one installs and the other waits for it."""
    with path.open("a") as file:
        waiting = False
        while not try_to_lock(file.fileno()):
            if not waiting:
                say("waiting for another start, which is installing")
            waiting = True
            time.sleep(0.2)
        yield


def try_to_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, or tell that another process has it locked."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
