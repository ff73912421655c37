"""How a metric is grouped, and what of it is shown."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QPushButton, QWidget

from wodesk.models.explored import (
    Filters,
    Grouping,
    groupings,
    label_keys,
    usual_filters,
    usual_grouping,
)
from wodesk.models.metric import Context
from wodesk.models.plain_text import plain
from wodesk.models.server import Access
from wodesk.ui.explore.picker import Picker
from wodesk.ui.explore.words import name_of, why_no_instances, why_no_labels
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID

_NAME = 40
_HIGH = 30
_LEAST_LETTERS = 10
_MOST_VALUES = 200
"""Values of one label that can be chosen from."""


class GroupingBar(QWidget):
    """One line each of what, and which dimensions, instances and labels.

    These are in a row of their own where there is no room for both beside each other.

    Signals:
        changed(): it is to be shown in another way.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context: Context | None = None
        self._groupings: tuple[Grouping, ...] = ()
        self._by = QComboBox()
        self._dimensions = Picker("Dimensions")
        self._instances = Picker("Instances")
        self._labels = Picker("Labels")
        self._usual = QPushButton("Reset")
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        self._build()
        self._by.activated.connect(self._changed)
        self._usual.clicked.connect(self._reset)
        for picker in (self._dimensions, self._instances, self._labels):
            picker.changed.connect(self._changed)

    def _build(self) -> None:
        self._by.setAccessibleName("Group by")
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self._by.setSizeAdjustPolicy(policy)
        self._by.setMinimumContentsLength(_LEAST_LETTERS)
        self._usual.setAccessibleName("Group and filter as usual")
        words = PlainLabel("One line per")
        self._by.setFixedHeight(_HIGH)
        grouping, filters = self._rows
        grouping.addWidget(words)
        grouping.addWidget(self._by)
        for part in (self._dimensions, self._instances, self._labels, self._usual):
            part.setFixedHeight(_HIGH)
            filters.addWidget(part)
        self._whole.setContentsMargins(0, 0, 0, 0)
        for row, stretch in ((grouping, 0), (filters, 1)):
            row.setSpacing(2 * GRID)
            row.addStretch(stretch)
            self._whole.addLayout(row, stretch)

    def minimumSizeHint(self) -> QSize:
        """It is cut off where there is no room, rather than make the window wider."""
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in as many rows as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Have both rows beside each other if they fit so."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        wanted = 3 * GRID
        for row in self._rows:
            # What a row has kept of its size may be from before one of its parts changed.
            row.invalidate()
            wanted += row.sizeHint().width()
        fits = wanted <= self.width()
        self._whole.setSpacing(3 * GRID if fits else GRID)
        self._whole.setDirection(across if fits else down)

    def show_choice(
        self, context: Context, grouping: Grouping, filters: Filters, access: Access
    ) -> None:
        """Show how a metric is grouped and filtered; nothing is told of that."""
        self._context = context
        self._groupings = groupings(context)
        self._by.clear()
        self._by.addItems([plain(name_of(one), _NAME) for one in self._groupings])
        self._by.setCurrentIndex(self._groupings.index(grouping))
        self._by.setEnabled(len(self._groupings) > 1)
        hidden = context.hidden or ()
        self._dimensions.offer(_named(context.dimensions), filters.dimensions, hidden=hidden)
        self._instances.offer(
            _named(context.instances), filters.instances, why_no_instances(access)
        )
        self._labels.offer(_labels_of(context), filters.labels, why_no_labels(access))
        self._show_usual()

    def grouping(self) -> Grouping:
        """What has a line of its own."""
        return self._groupings[max(0, self._by.currentIndex())]

    def filters(self) -> Filters:
        """What is wanted of the metric."""
        return Filters(
            _texts(self._dimensions.chosen()),
            _texts(self._instances.chosen()),
            tuple(one for one in self._labels.chosen() if isinstance(one, tuple)),
        )

    def _changed(self, *_: object) -> None:
        self._show_usual()
        self.changed.emit()

    def _reset(self) -> None:
        if self._context is not None:
            usual = usual_grouping(self._context)
            self._by.setCurrentIndex(self._groupings.index(usual))
            filters = usual_filters(self._context)
            self._dimensions.choose(filters.dimensions)
            self._instances.choose(filters.instances)
            self._labels.choose(filters.labels)
            self._changed()

    def _show_usual(self) -> None:
        """Reset is there where there is something to reset."""
        context = self._context
        is_usual = context is None or (
            (self.grouping(), self.filters()) == (usual_grouping(context), usual_filters(context))
        )
        self._usual.setVisible(not is_usual)
        self._arrange()


def _named(names: Sequence[str]) -> list[tuple[Hashable, str]]:
    return [(name, name) for name in names]


def _labels_of(context: Context) -> list[tuple[Hashable, str]]:
    values = dict(context.labels)
    return [
        ((key, value), f"{key}: {value}")
        for key in label_keys(context)
        for value in values[key][:_MOST_VALUES]
    ]


def _texts(chosen: Sequence[Hashable]) -> tuple[str, ...]:
    return tuple(str(one) for one in chosen)
