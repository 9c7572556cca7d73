"""Find and replace, in a bar above the transcript."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from granite_studio.core import search
from granite_studio.core.document import Document
from granite_studio.core.errors import StudioError
from granite_studio.core.search import Match
from granite_studio.ui import theme
from granite_studio.ui.transcript.surface import TranscriptView

_OURS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
PAUSE_MS = 120
"""How long after a key the search begins: a long transcript takes longer than a key."""


class FindBar(QWidget):
    """Looks for a text while it is typed, shows all places and goes from one to the next.

    Where the search stands is where the selection is, so that a person may move it at any time.
    Enter finds the next, Shift+Enter the previous, Esc closes.
    """

    def __init__(self, transcript: TranscriptView) -> None:
        super().__init__()
        self._view = transcript
        self._session = transcript.session
        self._matches: tuple[Match, ...] = ()
        self._is_stale = False
        self._moves = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self._is_dressed = False
        self._build()
        self.hide()
        transcript.selectionChanged.connect(self._tell)
        self._session.changed.connect(self._document_changed)
        self._session.replaced.connect(self._document_changed)

    # What actions call.

    def open_find(self) -> None:
        """Show the bar for finding; a selection inside a paragraph is looked for."""
        self._open(replace=False)

    def open_replace(self) -> None:
        """Show the bar for finding and replacing."""
        self._open(replace=True)

    def find_next(self) -> None:
        """Go to the next place, from the last one to the first."""
        if self._is_ready():
            places = [(match.start.row, match.first) for match in self._matches]
            self._show(bisect_left(places, self._view.chosen_characters[1]) % len(places))

    def find_previous(self) -> None:
        """Go to the previous place, from the first one to the last."""
        if self._is_ready():
            places = [(match.start.row, match.first) for match in self._matches]
            self._show(bisect_left(places, self._view.chosen_characters[0]) - 1)

    def replace(self) -> None:
        """Replace the place that is selected and go to the next; without one only the latter."""
        if not self._is_ready() or self._session.is_read_only:
            return
        current = self._current()
        if current is None:
            self.find_next()
            return
        match, before = self._matches[current], self._session.document
        after = search.replace_all(before, [match], self.replacement.text())
        self._session.commit(after, self.tr("Replace"))
        self._pause.stop()
        # Go on behind what was written: it may hold the text that is looked for.
        self._refresh()
        row, behind = match.start.row, 0
        if len(after.segments) == len(before.segments):
            behind = match.last + _length(after, row) - _length(before, row)
        places = [(other.start.row, other.first) for other in self._matches]
        if places:
            self._show(bisect_left(places, (row, behind)) % len(places))

    def replace_all(self) -> None:
        """Replace every place, as one step of undo."""
        if not self._is_ready() or self._session.is_read_only:
            return
        count, text = len(self._matches), self.replacement.text()
        after = search.replace_all(self._session.document, self._matches, text)
        self._session.seal()
        self._session.commit(after, self.tr("Replace all"))
        self._pause.stop()
        self._refresh()
        self.count.setText(self.tr("{count} replaced").format(count=count))

    def close_bar(self) -> None:
        """Hide the bar and go on in the text."""
        self._pause.stop()
        self._is_stale = True
        self._view.highlight_matches(())
        self.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    # Searching.

    def _open(self, *, replace: bool) -> None:
        self._dress()
        chosen = self._view.textCursor().selectedText().strip()
        if chosen and "\u2029" not in chosen:
            self.query.setText(chosen)
        for widget in (self.replacement, self.replace_button, self.replace_all_button):
            widget.setVisible(replace)
        self.show()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()
        self._wanted()
        self._search()

    def _wanted(self) -> None:
        """Another text is looked for, or otherwise: the first place from here on is shown."""
        self._is_stale = self._moves = True
        self._pause.start()

    @Slot()
    def _document_changed(self) -> None:
        self._is_stale = True
        self._matches = ()
        if self.isVisible():
            self._pause.start()

    @Slot()
    def _search(self) -> None:
        self._pause.stop()
        self._refresh()
        moves, self._moves = self._moves, False
        if moves and self._matches:
            places = [(match.start.row, match.first) for match in self._matches]
            self._show(bisect_left(places, self._view.chosen_characters[0]) % len(places))

    def _refresh(self) -> None:
        """Look for the text in the document as it is now."""
        self._is_stale = False
        self.count.setToolTip("")
        try:
            self._matches = search.find(
                self._session.document,
                self.query.text(),
                match_case=self.match_case.isChecked(),
                whole_words=self.whole_words.isChecked(),
                regex=self.regex.isChecked(),
            )
        except StudioError as error:
            self._matches = ()
            self.count.setToolTip(str(error))
        self._view.highlight_matches(self._matches if self.isVisible() else ())
        self._tell()

    def _is_ready(self) -> bool:
        """Whether something has been found; without a text to look for, the bar asks for one."""
        if not self.query.text():
            self.open_find()
        elif self._is_stale:
            self._pause.stop()
            self._moves = False
            self._refresh()
        return bool(self._matches)

    def _show(self, index: int) -> None:
        self._moves = False
        self._view.select_match(self._matches[index])
        self._tell()

    def _current(self) -> int | None:
        """Which of the places found is selected."""
        if not self._matches:
            return None
        start, end = self._view.chosen_characters
        places = [(match.start.row, match.first) for match in self._matches]
        index = bisect_left(places, start)
        if index == len(places) or places[index] != start:
            return None
        return index if (start[0], self._matches[index].last) == end else None

    @Slot()
    def _tell(self) -> None:
        """Say how many there are, which one is selected, and what can be done."""
        found = bool(self._matches)
        writable = found and not self._session.is_read_only
        for button in (self.next_button, self.previous_button):
            button.setEnabled(found)
        for push in (self.replace_button, self.replace_all_button):
            push.setEnabled(writable)
        if not self._is_stale:
            self.count.setText(self._verdict())

    def _verdict(self) -> str:
        if not self.query.text():
            return ""
        if self.count.toolTip():
            return self.tr("Not a pattern")
        if not self._matches:
            return self.tr("Not found")
        current = self._current()
        if current is None:
            return self.tr("{count} found").format(count=len(self._matches))
        return self.tr("{number} of {count}").format(number=current + 1, count=len(self._matches))

    # The bar itself.

    def _build(self) -> None:
        self.setAccessibleName(self.tr("Find and replace"))
        self.query = _field(self.tr("Find"))
        self.query.textChanged.connect(self._wanted)
        self.query.returnPressed.connect(self._enter)
        self.replacement = _field(self.tr("Replace with"))
        self.replacement.returnPressed.connect(self.replace)
        self.count = QLabel()
        self.count.setProperty("quiet", "true")
        self.count.setAccessibleName(self.tr("Places found"))
        widest = self.tr("{number} of {count}").format(number=99999, count=99999)
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance(widest))
        self.match_case = self._switch("Aa", self.tr("Match case"))
        self.whole_words = self._switch("W", self.tr("Whole words"))
        self.regex = self._switch(".*", self.tr("Regular expression"))
        self.previous_button = self._button(self.tr("Find the previous"), self.find_previous)
        self.next_button = self._button(self.tr("Find the next"), self.find_next)
        self.close_button = self._button(self.tr("Close"), self.close_bar)
        self.replace_button = QPushButton(self.tr("Replace"))
        self.replace_button.clicked.connect(self.replace)
        self.replace_all_button = QPushButton(self.tr("Replace all"))
        self.replace_all_button.clicked.connect(self.replace_all)
        first, second = QHBoxLayout(), QHBoxLayout()
        for switch in (self.match_case, self.whole_words, self.regex):
            first.addWidget(switch)
        first.addWidget(self.count)
        for button in (self.previous_button, self.next_button):
            first.addWidget(button)
        first.addStretch()
        first.addWidget(self.close_button)
        second.addWidget(self.replace_button)
        second.addWidget(self.replace_all_button)
        second.addStretch()
        for row in (first, second):
            row.setSpacing(theme.GRID // 2)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.GRID * 2, theme.GRID, theme.GRID, theme.GRID)
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(theme.GRID)
        grid.addWidget(self.query, 0, 0)
        grid.addLayout(first, 0, 1)
        grid.addWidget(self.replacement, 1, 0)
        grid.addLayout(second, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        order: list[QWidget] = [
            self.query,
            self.replacement,
            self.match_case,
            self.whole_words,
            self.regex,
        ]
        order += [self.previous_button, self.next_button, self.replace_button]
        order += [self.replace_all_button, self.close_button]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _switch(self, text: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._wanted)
        return button

    def _button(self, name: str, command: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: command())
        return button

    def _dress(self) -> None:
        """Icons take a moment to load, so they come with the first use."""
        self._is_dressed = True
        self.previous_button.setIcon(theme.icon("chevron-up"))
        self.next_button.setIcon(theme.icon("chevron-down"))
        self.close_button.setIcon(theme.icon("close"))

    @Slot()
    def _enter(self) -> None:
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._pause.isActive() and not shift:
            self._search()
        elif shift:
            self.find_previous()
        else:
            self.find_next()

    def event(self, event: QEvent) -> bool:
        # What these keys do elsewhere in the window they do not do in here.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _OURS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        event.accept()  # whatever holds the bar has no use for it

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(event.rect(), colours.base)
        painter.setPen(colours.line)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_dressed:
            self._dress()


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    return field


def _length(document: Document, row: int) -> int:
    return len(document.segments[row].text)
