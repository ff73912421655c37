"""The whole program on a screen, with a session bus and a tray of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, Properties
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtGui import QImage

from tests.servers.bus import NotificationDaemon, SessionBus
from tests.servers.replay import ReplayAgent
from tests.servers.screen import Screen, insist, until
from tests.servers.tray_host import TrayHost, labels
from tests.ui.given import count_color
from wodesk.alert_settings import AlertsFile
from wodesk.models.rule import AlertSettings
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_drawing import COLORS
from wodesk.ui.tray_icon import SIZES

Start = Callable[..., "subprocess.Popen[str]"]
_FOR_THE_WINDOW = (
    "pyqtgraph",
    "numpy",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "encodings.idna",
    "truststore",
    "wodesk.access.certificates",
    "wodesk.access.pins",
    "wodesk.access.tls",
    "wodesk.alert_entries",
    "wodesk.app",
    "wodesk.appearance",
    "wodesk.models.page",
    "wodesk.page_files",
    "wodesk.place",
    "wodesk.ui.actions",
    "wodesk.ui.icons",
    "wodesk.ui.theme",
    "zoneinfo",
)
"""What a program that stays in the tray would hold in memory for nothing,
with a server over plain http and no settings."""
_RUN = f"""
import sys
# Measuring the coverage of a process loads modules into it before it begins.
before = set(sys.modules)
from wodesk.launch import main
code = main(sys.argv[1:])
print(*(name for name in {_FOR_THE_WINDOW} if name in sys.modules and name not in before))
if "Qt" in vars(sys.modules["PySide6.QtCore"]):
    print("and all the enums of Qt")
sys.exit(code)
"""
_PANEL = """
rounded = 0
border_width = 0
background_color = #202428 100
panel_items = S
panel_size = 100% 32
panel_position = bottom left horizontal
panel_background_id = 1
systray_padding = 0 0 0
systray_icon_size = 24
"""
_XFCE = """\
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=4;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""
_XFCONF = Path("/usr/share/dbus-1/services/org.xfce.Xfconf.service")
_ICON = ("12", "884")
"""Where the only icon of that panel is."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    """A session bus."""
    with SessionBus() as made:
        yield made


@pytest.fixture
def screen(bus: SessionBus, tmp_path: Path) -> Iterator[Screen]:
    """A screen of somebody who has never used wodesk."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "DBUS_SESSION_BUS_ADDRESS": bus.address,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    with Screen(environment) as made:
        yield made


@pytest.fixture
def start(screen: Screen) -> Iterator[Start]:
    """Starts wodesk; whatever runs when the test is over is killed."""
    running: list[subprocess.Popen[str]] = []

    def start_one(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *words],
            env=screen.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start_one
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> str:
    """What a wodesk has printed that has ended well, and complained of nothing."""
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    return out


def _save(screen: Screen, address: str) -> None:
    """Have a server in the file of servers."""
    file = Path(screen.environment["XDG_CONFIG_HOME"]) / "wodesk" / "servers.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[[server]]\naddress = "{address}"\n', "utf-8")


def test_it_begins_hidden_is_operated_from_the_tray_and_ends(
    bus: SessionBus, screen: Screen, start: Start
) -> None:
    with (
        TrayHost(bus.address) as host,
        NotificationDaemon(bus.address) as daemon,
        ReplayAgent() as agent,
    ):
        _save(screen, agent.url)
        wodesk = start("--tray")
        host.wait_for_item()
        until(lambda: host.tooltip.startswith("wodesk: 1 ok; updated"), "the server is not ok")
        assert host.id == "wodesk"
        assert host.sizes == set(SIZES)
        assert screen.windows("wodesk") == []
        agent.health.put("10min_cpu_usage", "CRITICAL")
        host.click("Refresh now")
        until(lambda: "1 critical" in host.tooltip, "the alert is not shown")
        first, _, server, *_ = labels(host.menu())
        assert first == "1 critical"
        assert server.endswith(": 1 critical")
        host.click(server, "Snooze", "1 hour")
        until(lambda: "1 snoozed" in host.tooltip, "the alert is not snoozed")
        host.click("Do not disturb")
        until(
            lambda: any(e.checked for e in host.menu() if e.label == "Do not disturb"), "disturbed"
        )
        host.click("Quit")
        assert ended(wodesk) == "\n"
        assert daemon.bubbles == []


def test_the_window_comes_and_goes_and_a_second_start_brings_it(
    bus: SessionBus, screen: Screen, start: Start
) -> None:
    with (
        TrayHost(bus.address) as host,
        NotificationDaemon(bus.address) as daemon,
        ReplayAgent() as agent,
        ReplayAgent() as other,
    ):
        screen.manage()
        wodesk = start("--tray", agent.url)
        host.wait_for_item()
        host.activate()
        until(lambda: screen.windows("wodesk"), "the window is not shown")
        window, *_ = screen.windows("wodesk")
        insist(
            lambda: screen.press(window, "ctrl+w"),
            lambda: not screen.windows("wodesk"),
            "the window is not hidden",
        )
        until(lambda: daemon.bubbles, "nothing explains where the window is")
        assert "goes on in the tray" in daemon.bubbles[0].title
        second = start(other.url)
        assert ended(second) == "\n"
        until(lambda: screen.windows("wodesk"), "the window is not brought back")
        until(lambda: other.requests, "the other server is not asked")
        host.click("Quit")
        assert "pyqtgraph" in ended(wodesk)


def test_an_alert_is_notified_opened_and_snoozed(
    bus: SessionBus, screen: Screen, start: Start
) -> None:
    config = Path(screen.environment["XDG_CONFIG_HOME"]) / "wodesk"
    # Nobody waits here for what grows quiet by itself after a start.
    AlertsFile(config / "alerts.toml").save(AlertSettings(grace=0.0))
    with (
        TrayHost(bus.address) as host,
        NotificationDaemon(bus.address) as daemon,
        ReplayAgent() as agent,
    ):
        screen.manage()
        wodesk = start("--tray", agent.url)
        host.wait_for_item()
        until(lambda: host.tooltip.startswith("wodesk: 1 ok; updated"), "the server is not ok")
        agent.health.put("disk_space_usage", "CRITICAL", "disk_space._", value=97.2)
        host.click("Refresh now")
        until(lambda: daemon.bubbles, "the alert is not told")
        bubble = daemon.bubbles[0]
        assert bubble.urgency == 2
        assert "disk" in bubble.title.lower()
        assert "Snooze 1 h" in bubble.actions
        assert screen.windows("wodesk") == []
        daemon.act(bubble, "open")
        until(lambda: screen.windows("wodesk"), "the alert is not opened")
        daemon.act(bubble, "snooze")
        until(lambda: "1 snoozed" in host.tooltip, "the alert is not snoozed")
        host.click("Quit")
        assert "pyqtgraph" in ended(wodesk)


def test_real_clicks_in_a_real_panel(
    bus: SessionBus, screen: Screen, start: Start, tmp_path: Path
) -> None:
    panel = tmp_path / "tint2rc"
    panel.write_text(_PANEL, "utf-8")
    screen.manage()
    screen.show("tint2", "tint2", "tint2", "-c", str(panel))
    screen.launch("dunst", "dunst")
    with ReplayAgent() as agent:
        wodesk = start(agent.url)
        until(lambda: screen.windows("wodesk"), "the window is not shown")
        green = COLORS[Mark.OK]
        until(lambda: _looks(screen, tmp_path, green), "the icon is not green")
        window, *_ = screen.windows("wodesk")
        insist(
            lambda: screen.press(window, "alt+F4"),
            lambda: not screen.windows("wodesk"),
            "the window is not hidden",
        )
        until(lambda: _shown_by_dunst(bus) == 1, "nothing explains where the window is")
        screen.grab(tmp_path / "hidden.png")
        _click_for_the_window(screen)
        _end_by_menu(screen, wodesk)


def test_real_clicks_in_the_panel_of_xfce(
    bus: SessionBus, screen: Screen, start: Start, tmp_path: Path
) -> None:
    settings = Path(screen.environment["XDG_CONFIG_HOME"]) / "xfce4/xfconf/xfce-perchannel-xml"
    settings.mkdir(parents=True)
    (settings / "xfce4-panel.xml").write_text(_XFCE, "utf-8")
    screen.manage()
    screen.launch(_settings_of_xfce(), "xfconf")
    screen.show("xfce4-panel", "xfce4-panel", "xfce4-panel", "--disable-wm-check")
    with ReplayAgent() as agent:
        wodesk = start("--tray", agent.url)
        until(lambda: _looks(screen, tmp_path, COLORS[Mark.OK]), "the icon is not green")
        assert screen.windows("wodesk") == []
        _click_for_the_window(screen)
        _end_by_menu(screen, wodesk)


def _click_for_the_window(screen: Screen) -> None:
    """Click on the icon until the window is there."""
    insist(
        lambda: screen.do("mousemove", *_ICON, "click", "1"),
        lambda: screen.windows("wodesk"),
        "the window is not brought",
    )


def _end_by_menu(screen: Screen, wodesk: subprocess.Popen[str]) -> None:
    """Choose the last entry of the menu of the icon, which ends the program."""
    insist(
        lambda: screen.do("mousemove", *_ICON, "click", "3", "sleep", "1", "key", "Up", "Return"),
        lambda: wodesk.poll() is not None,
        "the menu does not end it",
    )
    ended(wodesk)


def _settings_of_xfce() -> str:
    """The program that keeps what its panel is like, which that bus starts for nobody."""
    text = _XFCONF.read_text("utf-8") if _XFCONF.exists() else "Exec=xfconfd"
    return next(line for line in text.splitlines() if line.startswith("Exec=")).removeprefix(
        "Exec="
    )


def _shown_by_dunst(bus: SessionBus) -> int:
    """How many notifications are on the screen."""
    name = "org.dunstproject.cmd0"
    dunst = DBusAddress("/org/freedesktop/Notifications", "org.freedesktop.Notifications", name)
    with open_dbus_connection(bus=bus.address) as link:
        reply = link.send_and_get_reply(Properties(dunst).get("displayedLength"), timeout=30)
        return int(reply.body[0][1])


def _looks(screen: Screen, folder: Path, color: str) -> bool:
    """Whether there is a patch of this colour in the corner of the panel."""
    file = folder / "screen.png"
    screen.grab(file)
    corner = QImage(str(file)).copy(0, 868, 32, 32).convertToFormat(QImage.Format.Format_RGB32)
    return count_color(corner, color, near=12) > 100
