"""Forms whose labels stand where one looks for them."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout


def level(form: QFormLayout) -> None:
    """Put the labels of a form on the lines of its fields, which are a little too high for Qt."""
    for row in range(form.rowCount()):
        place = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
        field = place.widget() if place is not None else None
        label = form.labelForField(field) if field is not None else None
        if field is not None and label is not None:
            label.setMinimumHeight(field.sizeHint().height())
