"""What is worth a look, in order of time: stretches without text, failures, broken cues."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStackedLayout, QWidget

from granite_studio.core.checks import Checker, Severity
from granite_studio.core.document import Change, Document, alike
from granite_studio.core.timing import short_clock
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `is_bad` is for text that is missing, the rest is doubt."""

    start: int
    end: int
    text: str
    is_bad: bool


class Findings(QWidget):
    """Lists what the document and its cues have to tell; a row chosen moves the playback."""

    counted = Signal(int)
    """How many rows there are now."""

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
        self._checker = Checker(subtitles.style)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Findings"))
        self._list.setUniformItemSizes(False)
        self._list.setWordWrap(True)
        self._list.setIconSize(QSize(18, 18))
        self._list.setSpacing(2)
        self._list.itemClicked.connect(self._go_to_item)
        self._list.itemActivated.connect(self._go_to_item)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("quiet", True)
        self._empty.setContentsMargins(theme.GRID * 3, 0, theme.GRID * 3, 0)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        self.setFocusProxy(self._list)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().Base)
        session.changed.connect(self._follow)
        subtitles.changed.connect(self.refresh)
        self.refresh()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    def go_to_next(self) -> None:
        """Move to the first finding after the present moment; from the last on to the first."""
        starts, now = [row.start for row in self._rows], self._playback.position
        chosen = self._list.currentRow()
        # Several may begin at one moment: from the chosen one its neighbour is the next.
        is_there = 0 <= chosen < len(starts) and starts[chosen] == now
        self._go_to(chosen + 1 if is_there else bisect_right(starts, now))

    def go_to_previous(self) -> None:
        """Move to the last finding before the present moment; from the first on to the last."""
        starts, now = [row.start for row in self._rows], self._playback.position
        chosen = self._list.currentRow()
        is_there = 0 <= chosen < len(starts) and starts[chosen] == now
        self._go_to((chosen if is_there else bisect_left(starts, now)) - 1)

    def refresh(self) -> None:
        """Look at the document and its cues anew."""
        rows = sorted(self._of_document() + self._of_cues(), key=lambda row: row.start)
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
            rows = self._rows
            self._show([])
            self._show(rows)

    def _follow(self, _before: Document, _after: Document, change: Change) -> None:
        if change.head:
            self.refresh()

    def _of_document(self) -> list[Row]:
        document = self._session.document
        told = {(finding.span.start, finding.span.end) for finding in document.findings}
        rows = [
            Row(finding.span.start, finding.span.end, finding.message, True)
            for finding in document.findings
        ]
        for span in document.untranscribed:
            if (span.start, span.end) not in told:
                text = self.tr("Speech without text, {seconds} s").format(
                    seconds=f"{(span.end - span.start) / 1000:.1f}"
                )
                rows.append(Row(span.start, span.end, text, True))
        return rows

    def _of_cues(self) -> list[Row]:
        if self._checker.style is not self._subtitles.style:
            self._checker = Checker(self._subtitles.style)
        return [
            Row(cue.start, cue.end, problem.message, False)
            for cue, faults in self._checker.check(self._subtitles.cues)
            for problem in faults
            if problem.severity is Severity.ERROR
        ]

    def _show(self, rows: list[Row]) -> None:
        """List these. Rows that are there already stay, and with them the one that is chosen."""
        old, self._rows = self._rows, rows
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

    def _go_to(self, place: int) -> None:
        if self._rows:
            place %= len(self._rows)
            self._list.setCurrentRow(place)
            self._playback.seek(self._rows[place].start)

    def _go_to_item(self, item: QListWidgetItem) -> None:
        self._go_to(self._list.row(item))
