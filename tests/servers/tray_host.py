"""A panel with a tray, as StatusNotifierItem and dbusmenu have it, that only a test looks at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.servers.bus import Service
from tests.servers.lasting import Lasting

_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM = "org.kde.StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"
_PATIENCE = 60.0
_TURN = 0.05


@dataclass(frozen=True)
class Entry:
    """An entry of a menu, and those below it."""

    id: int
    label: str
    checked: bool
    below: tuple[Entry, ...]


class _Watcher(Service):
    """Where icons register."""

    def __init__(self, address: str) -> None:
        self.items: list[str] = []
        super().__init__(address, _WATCHER)

    def answer(self, call: Message) -> tuple[str, tuple[Any, ...]] | None:
        """A host is there, and takes every icon."""
        properties = {
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
            "RegisteredStatusNotifierItems": ("as", list(self.items)),
        }
        match call.header.fields[HeaderFields.member]:
            case "Get":
                return "v", (properties[call.body[1]],)
            case "GetAll":
                return "a{sv}", (properties,)
            case "RegisterStatusNotifierItem":
                self.items.append(call.header.fields[HeaderFields.sender])
                return "", ()
        return None


class TrayHost(Lasting):
    """A tray on a bus; a context manager."""

    def __init__(self, address: str) -> None:
        self._watcher = _Watcher(address)
        self._link = open_dbus_connection(bus=address)

    @property
    def count(self) -> int:
        """How many icons have registered so far."""
        return len(self._watcher.items)

    def wait_for_item(self, count: int = 1) -> None:
        """Wait until there is an icon, or until so many have registered."""
        deadline = time.monotonic() + _PATIENCE
        while self.count < count:
            assert time.monotonic() < deadline, "no icon has registered"
            time.sleep(_TURN)

    @property
    def tooltip(self) -> str:
        """What is shown over the icon."""
        _, _, title, words = self._property("ToolTip")
        return f"{title} {words}".strip()

    @property
    def sizes(self) -> set[int]:
        """The sizes in which the icon is drawn."""
        return {width for width, _, _ in self._property("IconPixmap")}

    @property
    def id(self) -> str:
        """The program that the icon is of."""
        return str(self._property("Id"))

    def activate(self) -> None:
        """Click on the icon."""
        self._call(DBusAddress("/StatusNotifierItem", self._item, _ITEM), "Activate", "ii", (0, 0))

    def menu(self) -> tuple[Entry, ...]:
        """The whole menu; separators have no label."""
        menu = DBusAddress("/MenuBar", self._item, _MENU)
        _, layout = self._call(menu, "GetLayout", "iias", (0, -1, []))
        return _entry(layout).below

    def click(self, *labels: str) -> None:
        """Choose an entry, by the labels of those above it."""
        menu = DBusAddress("/MenuBar", self._item, _MENU)
        self._call(menu, "AboutToShow", "i", (0,))
        below, found = self.menu(), None
        for label in labels:
            found = next(entry for entry in below if entry.label == label)
            below = found.below
        assert found is not None
        for entry, event in ((found.id, "clicked"), (0, "closed")):
            self._call(menu, "Event", "isvu", (entry, event, ("s", ""), 0))

    def close(self) -> None:
        """Take the tray away."""
        self._link.close()
        self._watcher.close()

    @property
    def _item(self) -> str:
        return self._watcher.items[-1]

    def _property(self, name: str) -> Any:
        address = DBusAddress("/StatusNotifierItem", self._item, _ITEM)
        reply = self._link.send_and_get_reply(Properties(address).get(name), timeout=_PATIENCE)
        return reply.body[0][1]

    def _call(
        self, address: DBusAddress, method: str, signature: str, body: tuple[Any, ...]
    ) -> Any:
        call = new_method_call(address, method, signature, body)
        return self._link.send_and_get_reply(call, timeout=_PATIENCE).body


def labels(entries: tuple[Entry, ...]) -> Iterator[str]:
    """The labels of a menu, from the top."""
    for entry in entries:
        yield entry.label


def _entry(layout: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> Entry:
    number, properties, below = layout
    return Entry(
        number,
        str(properties.get("label", ("s", ""))[1]),
        properties.get("toggle-state", ("i", 0))[1] == 1,
        tuple(_entry(child) for _, child in below),
    )
