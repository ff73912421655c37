"""How the benchmarks measure: interleaved, as medians, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.servers.lasting import Lasting

ROOT = Path(__file__).parents[2]
SCREEN = (1920, 1800)
"""Pixels of the screen that is started for a run: room for 24 charts in view."""
_MIB = 1024.0
_JIFFY = 1000.0 / os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table; `goal` is the largest value that meets what was aimed at."""

    label: str
    value: float
    unit: str = ""
    goal: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is met; nothing where there is none."""
        if self.goal is None:
            return ""
        return "met" if self.value <= self.goal else "not met"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one case, or the reason why there are none."""

    title: str
    figures: tuple[Figure, ...] = ()
    skipped: str = ""

    def lines(self) -> Iterator[str]:
        """The table as aligned text."""
        yield self.title
        if self.skipped:
            yield f"  skipped: {self.skipped}"
        width = max((len(figure.label) for figure in self.figures), default=0)
        for figure in self.figures:
            goal = "" if figure.goal is None else f"goal <= {_number(figure.goal)}"
            cells = f"  {figure.label:{width}}  {_number(figure.value):>9} {figure.unit:9}"
            yield f"{cells} {goal:15} {figure.verdict}".rstrip()


def ratio(label: str, part: float, whole: float, goal: float | None = None) -> Figure:
    """How often `whole` goes into `part`."""
    return Figure(label, part / whole if whole else float("nan"), "x", goal)


def interleaved(
    cases: Mapping[str, Callable[[], float]], rounds: int, *, warm_up: bool = True
) -> dict[str, float]:
    """The median of each case; every round runs all of them, so that a busy minute hits all."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + warm_up):
        for name, case in cases.items():
            value = case()
            if number >= warm_up:
                taken[name].append(value)
    return {name: statistics.median(values) for name, values in taken.items()}


def cpu_of(work: Callable[[], object]) -> float:
    """Milliseconds of user and system time that this process spends on `work`."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000.0


def pss(pid: int | str = "self") -> float:
    """The proportional set size of a process in MB."""
    return _mapped(pid, "Pss:")


def anonymous(pid: int | str = "self") -> float:
    """What it has written itself in MB: libraries that others load or leave are no part of it."""
    return _mapped(pid, "Pss_Anon:")


def _mapped(pid: int | str, name: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / _MIB
    raise RuntimeError(f"no {name} in smaps_rollup")


def cpu_ms(pid: int) -> float:
    """Milliseconds of user and system time that a process has used, in steps of the kernel's."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _JIFFY


def thread_cpu_ms(pid: int) -> float:
    """The same from the scheduler, exact, of the threads that are alive."""
    spent = (path.read_text(encoding="ascii") for path in _threads(pid, "schedstat"))
    return sum(int(text.split()[0]) for text in spent) / 1e6


def wake_ups(pid: int) -> int:
    """How often the threads of a process went to sleep by themselves so far."""
    total = 0
    for path in _threads(pid, "status"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                total += int(line.split()[1])
    return total


def _threads(pid: int, file: str) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").glob(f"*/{file}"))


def family(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8")
        except OSError:
            continue
        children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(
            int(stat.parent.name)
        )
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


class Child(Lasting):
    """A Python process that runs one function of this package and talks in lines.

    `target` is `module:function` below `tests.benchmarks`; `arguments` are strings.  What it
    prints to stderr is shown when it fails.
    """

    def __init__(self, target: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        module, _, function = target.partition(":")
        code = f"import sys; from tests.benchmarks.{module} import {function} as run; "
        code += "run(*sys.argv[1:])"
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            bufsize=1,
            cwd=ROOT,
            env={**_environment(), **(env or {})},
        )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def line(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"a measured process ended: {self._errors.read()[-2000:]}")
        return line.strip()

    def await_line(self, wanted: str) -> float:
        """Milliseconds from its start to when it printed this line."""
        while self.line() != wanted:
            pass
        return (time.perf_counter() - self.started) * 1000.0

    def ask(self, question: str) -> dict[str, float]:
        """Send a line; the answer is a line of JSON."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(question + "\n")
        answer: dict[str, float] = json.loads(self.line())
        return answer

    def close(self) -> None:
        """End it; it is killed where it does not listen."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()


def _environment() -> dict[str, str]:
    """That of somebody who starts the program for the second time: with compiled modules."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT)}


def replies(answer: Callable[[str], dict[str, float]]) -> None:
    """The other end of `Child.ask`: answer each line until there are no more."""
    for line in sys.stdin:
        print(json.dumps(answer(line.strip())), flush=True)


@contextmanager
def x_server() -> Iterator[dict[str, str] | None]:
    """The environment for windows on a real X server, or None where Xvfb is not installed."""
    program = which("Xvfb")
    if program is None:
        yield None
        return
    read, write = os.pipe()
    screen = f"{SCREEN[0]}x{SCREEN[1]}x24"
    server = subprocess.Popen(
        [program, "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"} if number else None
    finally:
        server.terminate()
        server.wait(_PATIENCE)


@contextmanager
def platforms() -> Iterator[dict[str, dict[str, str]]]:
    """The environments to draw in, by name: always off screen, and on X where there is one."""
    with x_server() as x:
        found = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
        if x is not None:
            found["X"] = x
        yield found


@contextmanager
def fresh_home(address: str) -> Iterator[dict[str, str]]:
    """The environment of somebody who has saved one server."""
    with tempfile.TemporaryDirectory(prefix="wodesk-bench-") as home:
        settings = Path(home, ".config", "wodesk", "servers.toml")
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[[server]]\nname = "bench"\naddress = "{address}"\n', "utf-8")
        folders = {"CONFIG": ".config", "DATA": ".local/share", "CACHE": ".cache"}
        yield {
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            **{f"XDG_{name}_HOME": str(Path(home, path)) for name, path in folders.items()},
        }


def first_of(names: Sequence[str], known: Iterable[str]) -> str:
    """The first of `names` that is known; there is one."""
    there = set(known)
    return next(name for name in names if name in there)


def _number(value: float) -> str:
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"
