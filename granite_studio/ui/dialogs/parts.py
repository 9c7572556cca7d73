"""Small parts that several dialogs are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel

from granite_studio.ui import theme

PAUSE_MS = 300
"""So long after a change a dialog that is open looks again: typing comes first."""


def line(text: str = "", *, quiet: bool = False) -> QLabel:
    """Plain text that wraps and can be copied."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("quiet", quiet)
    return label


def form() -> QFormLayout:
    """Names on the left, fields as wide as there is room on the right."""
    made = QFormLayout()
    made.setHorizontalSpacing(theme.GRID * 2)
    made.setVerticalSpacing(theme.GRID * 3 // 2)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def rule() -> QFrame:
    """A hairline from side to side."""
    made = QFrame()
    made.setObjectName("rule")
    made.setFixedHeight(1)
    return made
