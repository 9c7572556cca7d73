"""What is worth a look, in order of time, and what a person can answer to it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core import edits
from granite_studio.core.checks import Checker, Problem, Severity
from granite_studio.core.cues import Cue
from granite_studio.core.document import Change, Document, Finding, Span, alike
from granite_studio.core.edits.reviewing import SAME_SPEAKER
from granite_studio.core.timing import short_clock
from granite_studio.pipeline import translate
from granite_studio.pipeline.results import Failed
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.answers import Answers
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles

_FAILURES = frozenset({Failed.KIND, translate.Failed.KIND})
_CUES = 500
"""So many cues are judged at a time, about a frame's work; then the window has its turn."""
_NEAR_MS = 2000
"""So long behind the chosen finding the playhead still counts as being there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `is_bad` is for text that is missing, the rest is doubt.

    A row without `finding` is speech without text, or a fault of a cue, which only another
    cue can mend.
    """

    start: int
    end: int
    text: str
    is_bad: bool
    finding: Finding | None = None
    is_gap: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def lacks_text(self) -> bool:
        """Whether this is a place without words, so that leaving it means leaving it empty."""
        return self.is_gap or (self.finding is not None and self.finding.kind == Failed.KIND)

    @property
    def is_of_speakers(self) -> bool:
        """Whether it asks which of two speakers it is, and not for words."""
        return self.finding is not None and self.finding.kind == SAME_SPEAKER

    @property
    def can_be_kept(self) -> bool:
        """Whether a person can answer that it is no fault."""
        return self.is_gap or self.finding is not None


class Findings(QWidget):
    """Lists what the document and its cues have to tell; a row chosen moves the playback.

    Below the list stands what can be answered to the chosen row. One that is answered goes, and
    the next is chosen, so that each takes one key.
    """

    counted = Signal(int)
    """How many rows there are now."""
    choice_changed = Signal()
    """Another row is chosen, or none."""
    judged = Signal(object)
    """All cues were judged: a list of those with something wrong, and what."""
    went_to = Signal(object)
    """The `Span` of a row that somebody chose."""

    def __init__(
        self,
        session: Session,
        playback: Playback,
        subtitles: Subtitles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._subtitles = subtitles
        self._rows: list[Row] = []
        self._chosen: Row | None = None
        self._came_to = 0
        self._checker = Checker(subtitles.style, subtitles.film)
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self.refresh)
        self._list = _List()
        self._list.setAccessibleName(self.tr("Findings"))
        self._list.setUniformItemSizes(False)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setIconSize(QSize(18, 18))
        self._list.setSpacing(2)
        self._list.itemClicked.connect(self._go_to_item)
        self._list.itemActivated.connect(self._go_to_item)
        self._list.itemSelectionChanged.connect(self._follow_selection)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("quiet", True)
        self._empty.setContentsMargins(theme.GRID * 3, 0, theme.GRID * 3, 0)
        self._answers = Answers()
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(pages, 1)
        whole.addWidget(self._answers)
        self.setFocusProxy(self._list)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().Base)
        session.changed.connect(self._follow)
        subtitles.changed.connect(self.refresh)
        self.refresh()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    @property
    def chosen(self) -> Row | None:
        """The row that somebody went to, as long as it is there."""
        return self._chosen

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """What the buttons below the list do."""
        self._answers.set_actions(actions)

    def go_to_next(self) -> None:
        """Move to the first finding after the present moment; from the last on to the first."""
        starts, now = [row.start for row in self._rows], self._playback.position
        # Several may begin at one moment: from the chosen one its neighbour is the next.
        self._go_to(self._list.currentRow() + 1 if self._is_there() else bisect_right(starts, now))

    def go_to_previous(self) -> None:
        """Move to the last finding before the present moment; from the first on to the last."""
        starts, now = [row.start for row in self._rows], self._playback.position
        place = self._list.currentRow() if self._is_there() else bisect_left(starts, now)
        self._go_to(place - 1)

    def answer(self, after: Document, label: str) -> None:
        """Commit what answers the chosen finding, and go to the one behind it."""
        behind = self._rows[self._list.currentRow() + 1 :]
        self._session.commit(after, label)
        left = set(self._rows)
        self._go_to(next((self._rows.index(row) for row in behind if row in left), 0))

    def refresh(self) -> None:
        """Look at the document and its cues anew; at many cues in turn with the window, and once
        all are known."""
        if self._subtitles.is_opening and self._subtitles.cues:
            return
        style, film = self._subtitles.style, self._subtitles.film
        if self._checker.style is not style or self._checker.film is not film:
            self._checker = Checker(style, film)
        if not self._checker.prepare(self._subtitles.cues, count=_CUES):
            self._wait.start(0)
            return
        self._wait.stop()
        found = self._checker.check(self._subtitles.cues)
        self.judged.emit(found)
        rows = sorted(self._of_document() + _of_cues(found), key=lambda row: row.start)
        self._show(rows)
        self._pages.setCurrentIndex(0 if rows else 1)
        self._empty.setText(
            self.tr("Nothing needs a look.")
            if self._session.document.segments
            else self.tr("What is worth a look will be listed here once something was heard.")
        )
        self.counted.emit(len(rows))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            rows, chosen = self._rows, self._chosen
            self._show([])
            self._show(rows)
            self._choose(chosen)

    def _follow(self, _before: Document, _after: Document, change: Change) -> None:
        if change.head:
            self.refresh()

    def _of_document(self) -> list[Row]:
        document = self._session.document
        findings = edits.unanswered(document, document.findings)
        told = {(finding.span.start, finding.span.end) for finding in findings}
        rows = [Row(f.span.start, f.span.end, f.message, f.kind in _FAILURES, f) for f in findings]
        for span in document.untranscribed:
            if (span.start, span.end) not in told:
                text = self.tr("Speech without text, {seconds} s").format(
                    seconds=f"{(span.end - span.start) / 1000:.1f}"
                )
                rows.append(Row(span.start, span.end, text, True, is_gap=True))
        return rows

    def _show(self, rows: list[Row]) -> None:
        """List these. Rows that are there already stay, and with them the one that is chosen."""
        old, self._rows = self._rows, rows
        self._list.blockSignals(True)  # it would go on to a neighbour that nobody has looked at
        head, tail = alike(old, rows)
        for _ in range(len(old) - head - tail):
            self._list.takeItem(head)
        colours = theme.current()
        bad = theme.icon("alert-circle-outline", colours.red)
        doubt = theme.icon("alert-outline", colours.amber)
        for place, row in enumerate(rows[head : len(rows) - tail], head):
            item = QListWidgetItem(
                bad if row.is_bad else doubt, f"{short_clock(row.start)}   {row.text}"
            )
            item.setData(Qt.ItemDataRole.UserRole, row)
            self._list.insertItem(place, item)
        self._list.blockSignals(False)
        self._choose(self._chosen)

    def _choose(self, row: Row | None) -> None:
        """Mark this row and offer its answers; where it is gone, nothing is chosen."""
        place = self._rows.index(row) if row in self._rows else -1
        self._list.blockSignals(True)
        self._list.setCurrentRow(place)
        self._list.blockSignals(False)
        before, self._chosen = self._chosen, row if place >= 0 else None
        self._offer_answers()
        if self._chosen != before:
            self.choice_changed.emit()

    def _follow_selection(self) -> None:
        """An arrow key chooses without moving the playback."""
        items = self._list.selectedItems()
        self._choose(self._rows[self._list.row(items[0])] if items else None)

    def _offer_answers(self) -> None:
        row = self._chosen
        self._answers.setVisible(row is not None and row.can_be_kept)
        if row is not None:
            found = row.finding.alternatives if row.finding is not None else ()
            written = "" if row.is_of_speakers or not found else self._written(row.span)
            self._answers.offer(written, found)

    def _written(self, span: Span) -> str:
        """What is in the text there."""
        place = edits.words_at(self._session.document, span)
        return edits.copy(self._session.document, *place).text if place else ""

    def _is_there(self) -> bool:
        """Whether the playhead is where the chosen row is, so that the next is its neighbour."""
        row, now = self._chosen, self._playback.position
        return row is not None and self._came_to <= now <= row.end + _NEAR_MS

    def _go_to(self, place: int) -> None:
        if not self._rows:
            return
        row = self._rows[place % len(self._rows)]
        self._choose(row)
        # Words are understood from what is said before them; a cue is seen from its start.
        self._came_to = self._playback.lead_in(row.start) if row.can_be_kept else row.start
        self._playback.seek(self._came_to)
        self.went_to.emit(row.span)

    def _go_to_item(self, item: QListWidgetItem) -> None:
        self._go_to(self._list.row(item))


def _of_cues(found: list[tuple[Cue, tuple[Problem, ...]]]) -> list[Row]:
    return [
        Row(cue.start, cue.end, problem.message, False)
        for cue, faults in found
        for problem in faults
        if problem.severity is Severity.ERROR
    ]


class _List(QListWidget):
    """Keeps the chosen row in sight when the answers below take more of the room."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (item := self.currentItem()) is not None:
            self.scrollToItem(item)
