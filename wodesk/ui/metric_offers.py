"""The metrics of the server on screen as the command palette offers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.choice import Choice, Kind
from wodesk.models.exploration import Chosen
from wodesk.models.explored import title_of
from wodesk.models.metric import Context
from wodesk.models.plain_text import plain
from wodesk.ui.finder import Finder, Found

if TYPE_CHECKING:
    from wodesk.ui.window import MainWindow

_LIMIT = 20
_LONGEST = 120
_PREFIX = "metric:"


class MetricOffers(QObject):
    """Looks for metrics while somebody types, in the catalogue of the server.

    Signals:
        found(str, list[Choice], list[float]): what fits a text, and how well.
    """

    found: SignalInstance = Signal(str, object, object)  # type: ignore[assignment]

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._server = ""
        self._text = ""
        self._finder = Finder(self)
        self._finder.found.connect(self._take)
        window.catalogues.listed.connect(self._listed)

    def begin(self, recent: Sequence[str]) -> list[Choice]:
        """Look in the catalogue of the server on screen, and give those chosen lately of it."""
        self._server, self._text = self._window.server(), ""
        self._window.catalogues.wanted(self._server)
        contexts = [self.context(key) for key in recent]
        return [_choice(context) for context in contexts if context is not None]

    def look_for(self, text: str) -> None:
        """Look for what is typed."""
        self._text = text
        catalogue = self._window.catalogues.catalogue(self._server)
        if text.strip() and catalogue is not None:
            self._finder.look_for(catalogue, text, _LIMIT)
        else:
            self._finder.give_up()

    def context(self, key: str) -> Context | None:
        """The context that the key of a choice stands for, if the server has it."""
        catalogue = self._window.catalogues.catalogue(self._server)
        if catalogue is None or not key.startswith(_PREFIX):
            return None
        return catalogue.get(key.removeprefix(_PREFIX))

    def open(self, context: Context) -> None:
        """Show a metric on the page of all metrics."""
        self._window.navigation.show_context(self._server, context.id)

    def pin(self, context: Context) -> None:
        """Put a metric on the page of the server, as it is shown by itself."""
        self._window.area.pin(Chosen.usual(context).spec)

    def _listed(self, server: str) -> None:
        """What is typed already is looked for as soon as it is known where."""
        if server == self._server and self._text:
            self.look_for(self._text)

    def _take(self, found: Found) -> None:
        choices = [_choice(hit.context) for hit in found.hits]
        self.found.emit(found.text, choices, [hit.score for hit in found.hits])


def _choice(context: Context) -> Choice:
    title = plain(title_of(context), _LONGEST)
    detail = plain(context.id, _LONGEST)
    return Choice(f"{_PREFIX}{context.id}", title, Kind.METRIC, "" if detail == title else detail)
