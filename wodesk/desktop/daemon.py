"""The notification daemon of the desktop, as freedesktop.org specifies it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_method_call
from msgspec import Struct

from wodesk.desktop.bus import Bus
from wodesk.models.alert import Level
from wodesk.models.notice import Notice, NoticeKind
from wodesk.models.plain_text import plain

_NAME = "org.freedesktop.Notifications"
_DAEMON = DBusAddress("/org/freedesktop/Notifications", _NAME, _NAME)
_NEW = 0
_LOW, _NORMAL, _HIGH = range(3)
_AS_THE_DAEMON_LIKES = -1
_CLEARED_MS = 10_000
_MOST_LINES = 8
_TAG = re.compile(r"<(?=[a-zA-Z/!])")
_SOUNDS = {Level.CRITICAL: "dialog-error", Level.WARNING: "dialog-warning"}


class Action(StrEnum):
    """What can be done with a notification; the values are those that the daemon knows."""

    DEFAULT = "default"
    """Open, by a click on the text; there are daemons that only dismiss by it."""
    OPEN = "open"
    SNOOZE = "snooze"


_ACTIONS = {action.value: action for action in Action}


class Acted(Struct, frozen=True):
    """Somebody has chosen an action of the notification with this tag.

    `token` lets a window come to the front where the desktop wants a reason for that.
    """

    tag: str
    action: Action
    token: str = ""


class Picture(Struct, frozen=True):
    """Pixels as the daemon takes them: red, green, blue and alpha, row by row."""

    width: int
    height: int
    pixels: bytes


class Look(Struct, frozen=True):
    """What every notification of the program has in common."""

    name: str
    desktop_entry: str
    icon: str = ""
    pictures: Mapping[Level, Picture] = msgspec.field(default_factory=dict)


class Daemon:
    """Shows notices, each tag once, and knows which of them are on screen.

    Every method raises `BusFault` as the bus does.  What is not on screen any more cannot be
    changed in place: a notice that comes quietly is then not shown at all.
    """

    def __init__(self, bus: Bus, look: Look) -> None:
        self._bus = bus
        self._look = look
        self._ids: dict[str, int] = {}
        self._tags: dict[int, str] = {}
        self._tokens: dict[int, str] = {}
        self._capabilities: frozenset[str] | None = None
        for rule in (
            MatchRule(type="signal", interface=_NAME, path=_DAEMON.object_path),
            _owner_rule(),
        ):
            bus.call(message_bus.AddMatch(rule))

    def show(self, notice: Notice, *, sound: bool = False) -> None:
        """Show a notice in place of the one with its tag."""
        shown = self._ids.get(notice.tag, _NEW)
        if notice.quietly and shown == _NEW:
            return
        arguments = (
            self._look.name,
            shown,
            self._look.icon,
            plain(notice.title),
            self._body(notice.body),
            self._actions(notice),
            self._hints(notice, sound=sound),
            _CLEARED_MS if _is_over(notice) else _AS_THE_DAEMON_LIKES,
        )
        call = new_method_call(_DAEMON, "Notify", "susssasa{sv}i", arguments)
        (number,) = self._bus.call(call)
        self._forget(shown)
        self._ids[notice.tag], self._tags[number] = number, notice.tag

    def withdraw(self, tag: str) -> None:
        """Take a notice off the screen."""
        number = self._ids.get(tag, _NEW)
        if number != _NEW:
            self._forget(number)
            self._bus.call(new_method_call(_DAEMON, "CloseNotification", "u", (number,)))

    def take(self, signal: Message) -> Acted | None:
        """Take in a signal; what somebody wants done."""
        match signal.header.fields.get(HeaderFields.member), signal.body:
            case "NotificationClosed", (int(number), *_):
                self._forget(number)
            case "ActivationToken", (int(number), str(token)) if number in self._tags:
                self._tokens[number] = token
            case "ActionInvoked", (int(number), str(action)) if number in self._tags:
                if action in _ACTIONS:
                    token = self._tokens.pop(number, "")
                    return Acted(self._tags[number], _ACTIONS[action], token)
            case "NameOwnerChanged", (str(name), *_) if name == _NAME:
                # Another daemon knows nothing of what this one has shown.
                self._ids.clear()
                self._tags.clear()
                self._capabilities = None
        return None

    def _forget(self, number: int) -> None:
        self._ids.pop(self._tags.pop(number, ""), None)
        self._tokens.pop(number, None)

    def _can(self, capability: str) -> bool:
        if self._capabilities is None:
            (names,) = self._bus.call(new_method_call(_DAEMON, "GetCapabilities"))
            self._capabilities = frozenset(names)
        return capability in self._capabilities

    def _body(self, body: str) -> str:
        lines = body.split("\n")
        text = "\n".join(plain(line) for line in lines[:_MOST_LINES])
        if self._can("body-markup"):
            return html.escape(text, quote=False)
        # There are daemons that make markup of it all the same.
        return _TAG.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", text)

    def _actions(self, notice: Notice) -> list[str]:
        if not self._can("actions"):
            return []
        actions = [Action.DEFAULT, "Open", Action.OPEN, "Open"]
        if notice.keys and not _is_over(notice):
            actions += [Action.SNOOZE, "Snooze 1 h"]
        return [str(word) for word in actions]

    def _hints(self, notice: Notice, *, sound: bool) -> dict[str, tuple[str, Any]]:
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", _urgency(notice)),
            "desktop-entry": ("s", self._look.desktop_entry),
            "category": ("s", "x-wodesk.alert"),
        }
        picture = self._look.pictures.get(notice.level)
        # Nobody is to be told by a green mark that nothing is the matter, but of what has cleared.
        if picture is not None and (notice.level is not Level.CLEAR or _is_over(notice)):
            hints["image-data"] = ("(iiibiiay)", _image(picture))
        if _is_over(notice):
            hints["transient"] = ("b", True)
        if sound and not notice.quietly and notice.level in _SOUNDS:
            hints["sound-name"] = ("s", _SOUNDS[notice.level])
        else:
            hints["suppress-sound"] = ("b", True)
        return hints


def _is_over(notice: Notice) -> bool:
    """Whether it tells that nothing is the matter any more, so that it may go by itself."""
    return notice.kind is NoticeKind.CLEARED


def _urgency(notice: Notice) -> int:
    """The spec's byte; one that is over, or comes quietly, is low."""
    if notice.quietly or _is_over(notice):
        return _LOW
    return {Level.CRITICAL: _HIGH, Level.WARNING: _NORMAL}.get(notice.level, _LOW)


def _image(picture: Picture) -> tuple[int, int, int, bool, int, int, bytes]:
    stride = picture.width * 4
    return picture.width, picture.height, stride, True, 8, 4, picture.pixels


def _owner_rule() -> MatchRule:
    rule = MatchRule(
        type="signal",
        sender="org.freedesktop.DBus",
        interface="org.freedesktop.DBus",
        member="NameOwnerChanged",
    )
    rule.add_arg_condition(0, _NAME)
    return rule
