"""The metrics of a server as rows: a tree of all of them, or a list of those that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from wodesk.models.explored import family_of, title_of
from wodesk.models.metric import Context
from wodesk.models.plain_text import plain
from wodesk.ui.text import tooltip
from wodesk.ui.units import unit_of

if TYPE_CHECKING:
    from wodesk.models.search import Branch, Hit

Index = QModelIndex | QPersistentModelIndex

_MANY = 12
"""From how many metrics on a section is divided by family."""
_MOST_MATCHES = 3
_OTHERS = "other"


@dataclass(slots=True, eq=False)
class Row:
    """A section, a family, or a metric.

    `count` is how many metrics are below it, `matches` what of a metric was looked for.
    """

    title: str
    place: int
    parent: Row | None = None
    context: Context | None = None
    matches: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many metrics are in it."""
        return 1 if self.context is not None else sum(row.count for row in self.rows)


class ContextRows(QAbstractItemModel):
    """One column of rows; metrics that are shown beside it are marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_flat = False
        """Whether it is a list of what was found."""
        self._rows: list[Row] = []
        self._shown: frozenset[str] = frozenset()

    def show_tree(self, branches: Sequence[Branch]) -> None:
        """Have all metrics in their sections."""
        self._reset([_section(branch, place) for place, branch in enumerate(branches)], flat=False)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Have those that were found, the best first."""
        rows = [
            Row(title_of(hit.context), place, context=hit.context, matches=_matches(hit))
            for place, hit in enumerate(hits)
        ]
        self._reset(rows, flat=True)

    def mark_shown(self, contexts: frozenset[str]) -> None:
        """Mark the metrics of which there is a chart."""
        self._shown = contexts

    def is_shown(self, row: Row) -> bool:
        """Whether there is a chart of it."""
        return row.context is not None and row.context.id in self._shown

    def row(self, index: Index) -> Row | None:
        """What a row is of."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Row) else None

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The place of a row."""
        rows = self._rows_of(parent)
        if column or not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, column, rows[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """The section or family that a row is in."""
        row = self.row(index)
        if row is None or row.parent is None:
            return QModelIndex()
        return self.createIndex(row.parent.place, 0, row.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many there are below one."""
        return len(self._rows_of(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether there is anything below it."""
        return bool(self._rows_of(parent))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title for the eye, all that it shows for the ear and the tooltip."""
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(row.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._words(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(" · ".join(self._words(row)))
        return None

    def _words(self, row: Row) -> list[str]:
        if row.context is None:
            return [plain(row.title), f"{row.count} metrics"]
        context = row.context
        words = [plain(row.title), plain(context.id), unit_of(context.units).base, row.matches]
        if not context.is_live:
            words.append("not measured now")
        if self.is_shown(row):
            words.append("shown")
        return [word for word in words if word]

    def _rows_of(self, parent: Index) -> list[Row]:
        row = self.row(parent)
        return self._rows if row is None else row.rows

    def _reset(self, rows: list[Row], *, flat: bool) -> None:
        self.beginResetModel()
        self._rows, self.is_flat = rows, flat
        self.endResetModel()


def _section(branch: Branch, place: int) -> Row:
    """A section with its metrics, by family where there are many."""
    section = Row(branch.name or _OTHERS, place)
    families: dict[str, list[Context]] = {}
    for context in branch.contexts:
        families.setdefault(family_of(context), []).append(context)
    if len(branch.contexts) < _MANY or len(families) == 1:
        _put(section, branch.contexts)
        return section
    alone = families.pop("", [])
    for family, contexts in families.items():
        group = Row(family, len(section.rows), section)
        _put(group, contexts)
        section.rows.append(group)
    _put(section, alone)
    return section


def _put(parent: Row, contexts: Sequence[Context]) -> None:
    first = len(parent.rows)
    parent.rows += [
        Row(title_of(context), place, parent, context)
        for place, context in enumerate(contexts, first)
    ]


def _matches(hit: Hit) -> str:
    """The dimensions and instances that were meant, as many as there is room for."""
    names = (*hit.dimensions, *hit.instances)
    shown = ", ".join(plain(name, 40) for name in names[:_MOST_MATCHES])
    rest = len(names) - _MOST_MATCHES
    return f"{shown} and {rest} more" if rest > 0 else shown
