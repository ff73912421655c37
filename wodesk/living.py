"""A window on its desktop, from the first frame to the end."""

from __future__ import annotations

from PySide6.QtCore import QObject

from wodesk.alert_settings import AlertsFile
from wodesk.announcer import native_notifications
from wodesk.choosing import Choosing, places_of_user
from wodesk.edited import Edited
from wodesk.instance import Instance
from wodesk.presence import Parts, Presence


class Living(QObject):
    """Tray, notifications, preferences and other starts; `close` comes before it is dropped."""

    def __init__(self, parts: Parts, instance: Instance) -> None:
        super().__init__(parts.front)
        places = places_of_user()
        self._instance = instance
        self._presence = Presence(parts, native_notifications())
        self._presence.load(places.desktop)
        self._choosing = Choosing(parts, self._presence, places)
        self._choosing.begin()
        edited = Edited(AlertsFile.of_user().path, self)
        edited.stirred.connect(self._choosing.begin)
        instance.asked.connect(self._presence.answer)

    def begin(self, *, is_hidden: bool = False) -> None:
        """Be there: once the window is on screen, or instead of it."""
        self._instance.listen()
        self._presence.begin(is_hidden=is_hidden)

    def close(self) -> None:
        """Leave the desktop; safe to call twice."""
        self._choosing.close()
        self._presence.close()
        self._instance.close()
