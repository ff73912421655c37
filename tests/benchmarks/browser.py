"""The same page in uPlot, the quickest of the browser's plotters, in headless Chromium.

People choose a desktop program for what it saves them: the same charts in a browser are the thing
to beat.  `WODESK_UPLOT` names the folder of the unpacked npm package (`npm pack uplot`).  The
page draws as many ticks as it is told, one a frame; CPU and PSS are those of all of Chromium's
processes.

uPlot's legend shows no value where no pointer is.  So it is measured as it is, and with values: the
legend and the title tell the newest ones, as wodesk's cards do.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    cpu_ms,
    family,
    interleaved,
    platforms,
    pss,
    ratio,
)

_FILES = {"/uplot.js": "uPlot.iife.min.js", "/uplot.css": "uPlot.min.css"}
_PATIENCE = 60.0
_PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/uplot.css">
<style>body{margin:0;display:grid;grid-template-columns:repeat(3,1fr);font:12px sans-serif}</style>
<body><script src="/uplot.js"></script><script>
const CHARTS = 12, LINES = 4, POINTS = 300;
const colors = ["#0072B2", "#C98500", "#008F68", "#B65C90"];
let now = 1800000000, withValues = false;
const step = v => Math.min(25, Math.max(0.1, v * 0.97 + 0.36 + (Math.random() - 0.5) * 3.4));
const percent = number => number.toFixed(1) + " %";
const shown = (plot, value, line, place) => {
  const told = withValues && place == null ? plot.data[line].at(-1) : value;
  return told == null ? told : percent(told);
};
const charts = [];
for (let c = 0; c < CHARTS; c++) {
  const data = [Array.from({length: POINTS}, (_, i) => now - POINTS + 1 + i)];
  for (let s = 0; s < LINES; s++) {
    const line = [12]; while (line.length < POINTS) line.push(step(line.at(-1))); data.push(line);
  }
  const series = [{}, ...colors.map((stroke, s) => ({label: "line" + s, stroke, width: 1,
    points: {show: false}, value: shown}))];
  const options = {title: "Chart " + c, width: 630, height: 200, series, legend: {live: true}};
  const plot = new uPlot(options, data, document.body);
  charts.push([plot, data, plot.root.querySelector(".u-title")]);
}
function tick() {
  now++;
  for (const [c, [plot, data, title]] of charts.entries()) {
    data[0].shift(); data[0].push(now);
    for (let s = 1; s <= LINES; s++) { data[s].shift(); data[s].push(step(data[s].at(-1))); }
    plot.setData(data);
    if (withValues) {
      const sum = data.slice(1).reduce((sum, line) => sum + line.at(-1), 0);
      title.textContent = `Chart ${c}: ${percent(sum)}`;
    }
  }
}
const frame = () => new Promise(requestAnimationFrame);
(async () => {
  for (;;) {
    const asked = await (await fetch("/next")).json();
    withValues = asked.with_values;
    charts.forEach(([,, title], c) => title.textContent = "Chart " + c);
    for (let i = 0; i < asked.ticks; i++) { tick(); await frame(); }
    await frame();
  }
})();
</script>"""


class Stage:
    """The page's server: hands out ticks and waits until they are drawn."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._wanted: queue.Queue[dict[str, int]] = queue.Queue()
        self._idle = threading.Semaphore(0)

    def draw(self, ticks: int, *, with_values: bool) -> None:
        """Let the page draw so many ticks, and return when it asks for more."""
        self._wanted.put({"ticks": ticks, "with_values": with_values})
        self.wait()

    def wait(self) -> None:
        """Return when the page asks what to do."""
        if not self._idle.acquire(timeout=_PATIENCE):
            raise RuntimeError("the page in Chromium does not answer")

    def answer(self, path: str) -> tuple[str, bytes]:
        """The body for a path, and its type."""
        if path == "/next":
            self._idle.release()
            return "application/json", json.dumps(self._wanted.get()).encode()
        if path in _FILES:
            kind = "text/css" if path.endswith("css") else "text/javascript"
            return kind, (self._package / "dist" / _FILES[path]).read_bytes()
        return "text/html", _PAGE.encode()

    def end(self) -> None:
        """Let a request that waits go."""
        self._wanted.put({"ticks": 0, "with_values": False})


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, stage: Stage, *arguments: object) -> None:
        self._stage = stage
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        kind, body = self._stage.answer(self.path)
        try:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def measure(*, quick: bool = False) -> Table:
    """uPlot's page and wodesk's, in turn; skipped where one of the two parts is not there."""
    title = "uPlot in headless Chromium: 12 charts with 4 lines of 300 points"
    program = which("chromium") or which("chromium-browser") or which("google-chrome")
    package = os.environ.get("WODESK_UPLOT", "")
    if program is None:
        return Table(title, skipped="chromium is not installed")
    if not (Path(package) / "dist" / _FILES["/uplot.js"]).is_file() or not package:
        return Table(title, skipped="WODESK_UPLOT does not name the folder of the uplot package")
    cost, memory = _measured(program, Path(package), quick=quick)
    return Table(
        title,
        (
            Figure("uPlot in Chromium", cost["uplot"], "ms"),
            Figure("uPlot in Chromium, with values", cost["uplot with values"], "ms"),
            Figure("wodesk, plots", cost["plots"], "ms"),
            Figure("wodesk, cards", cost["cards"], "ms"),
            ratio("plots : uPlot", cost["plots"], cost["uplot"], 0.3),
            ratio("cards : uPlot, which shows no values", cost["cards"], cost["uplot"]),
            ratio("cards : uPlot with values", cost["cards"], cost["uplot with values"], 0.3),
            Figure("memory: uPlot in Chromium", memory["uplot"], "MB PSS"),
            Figure("memory: wodesk, cards", memory["cards"], "MB PSS"),
            ratio("memory: cards : uPlot", memory["cards"], memory["uplot"], 0.25),
        ),
    )


def _measured(
    program: str, package: Path, *, quick: bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds of CPU a tick and MB of PSS of each page."""
    ticks = 6 if quick else 60
    memory: dict[str, float] = {}

    def own(name: str, child: Child) -> float:
        answer = child.ask(str(ticks))
        memory[name] = answer["pss"]
        return answer["cpu"]

    with platforms() as known, _stage(program, package) as (stage, pid):

        def chromium(*, with_values: bool) -> float:
            before = _cpu_of_all(pid)
            stage.draw(ticks, with_values=with_values)
            memory["uplot"] = sum(_pss_or_none(member) for member in family(pid))
            return (_cpu_of_all(pid) - before) / ticks

        env = known["offscreen"]
        with (
            Child("pages:serve", "plots", "12", env=env) as plots,
            Child("pages:serve", "cards", "12", env=env) as cards,
        ):
            cost = interleaved(
                {
                    "uplot": partial(chromium, with_values=False),
                    "uplot with values": partial(chromium, with_values=True),
                    "plots": partial(own, "plots", plots),
                    "cards": partial(own, "cards", cards),
                },
                rounds=1 if quick else 7,
            )
    return cost, memory


@contextmanager
def _stage(program: str, package: Path) -> Iterator[tuple[Stage, int]]:
    """Chromium with the page drawn once."""
    stage = Stage(package)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, stage))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="uplot-page")
    thread.start()
    with tempfile.TemporaryDirectory(prefix="wodesk-chromium-", ignore_cleanup_errors=True) as home:
        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")
        size = "--window-size=1920,1040"
        address = f"http://127.0.0.1:{server.server_port}/"
        process = subprocess.Popen(
            [program, *options, size, f"--user-data-dir={home}", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            stage.wait()
            yield stage, process.pid
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            stage.end()
            server.shutdown()
            server.server_close()
            thread.join(_PATIENCE)


def _cpu_of_all(pid: int) -> float:
    """Of the processes that live; Chromium starts none and ends none while it draws."""
    total = 0.0
    for member in family(pid):
        try:
            total += cpu_ms(member)
        except OSError:
            continue
    return total


def _pss_or_none(pid: int) -> float:
    try:
        return pss(pid)
    except OSError:
        return 0.0
