"""What views with cells to write in have in common."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)


def finish_writing(view: QAbstractItemView) -> None:
    """Take what is being written in a cell, and stop."""
    for editor in view.viewport().findChildren(QWidget):
        if isinstance(editor, QLineEdit | QPlainTextEdit) and editor.isVisible():
            view.commitData(editor)
            view.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
