"""Small parts that several dialogs are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.ui import theme

_PAUSE_MS = 300
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


class DeedDialog(QDialog):
    """Says first what will happen, or why nothing can; then `start` begins, and it closes.

    Who makes one of it fills the form, then frames it, and connects what it hangs on to
    `look_soon`.
    """

    def __init__(self, title: str, deed: str, parent: QWidget | None, *, note_height: int) -> None:
        """`deed` is what the button is called that begins."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.GRID * 72)
        self._form = form()
        self._note = line()
        self._note.setMinimumHeight(note_height)
        self._start = QPushButton(deed)
        self._start.setProperty("primary", True)
        self._start.setDefault(True)
        self._start.clicked.connect(self.start)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._later.timeout.connect(self.look)

    @property
    def note(self) -> str:
        """What will happen, or why nothing can."""
        return self._note.text()

    def start(self) -> None:
        """Begin, if it can be done."""
        raise NotImplementedError

    def look(self) -> None:
        """Offer what can be done with the project as it is now."""
        raise NotImplementedError

    def look_soon(self, *_anything: object) -> None:
        """Something changed; `look` when the hand rests."""
        if self.isVisible():  # showing it looks again
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def _frame(self) -> None:
        """Put the note and the button below the form, which is full, so that Tab comes last to
        the button."""
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._start)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        rows.addLayout(self._form)
        rows.addWidget(self._note)
        rows.addLayout(foot)

    def _say(self, text: str, *, is_bad: bool = False) -> None:
        colours = theme.current()
        self._note.setStyleSheet(f"color: {(colours.red if is_bad else colours.quiet).name()}")
        self._note.setText(text)
