"""Places in the transcript: where the caret is, what is selected, found or to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QGuiApplication,
    QPainter,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from granite_studio.core.document import Document, Highlight, Word
from granite_studio.core.edits import Place
from granite_studio.core.search import Match
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.transcript import quoting, spans
from granite_studio.ui.transcript.painting import Ground
from granite_studio.ui.transcript.paragraphs import ParagraphView

_READ_FROM = 0.3
"""Where a line that is brought into view is put, as a share of the view's height."""
_KEEP = QTextCursor.MoveMode.KeepAnchor


class ReadingView(ParagraphView):
    """Says and shows places by row and word. `quote_form` is how `copy_quote` writes (see
    `quoting.QUOTE`)."""

    place_changed = Signal(object)
    """The `Place` of the caret."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._place = Place(0, 0)
        self._matches: dict[int, tuple[Match, ...]] = {}
        self._quotes: dict[int, list[_Piece]] = {}
        self._quotes_state: tuple[tuple[Highlight, ...], int] = ((), 0)
        self.quote_form = quoting.QUOTE
        self.cursorPositionChanged.connect(self._caret_moved)
        self.selectionChanged.connect(self._caret_moved)

    # Places.

    @property
    def place(self) -> Place:
        """The gap at the caret: before the word it is in, behind the one it follows."""
        cursor = self.textCursor()
        row = self._row_of(cursor.blockNumber())
        if row is None or row >= len(self._shown.segments):
            above = cursor.blockNumber() - 1
            return self._end_of(above) if above >= 0 else Place(0, 0)
        return Place(row, spans.gap_at(self._stretches(row), cursor.positionInBlock()))

    @property
    def selection(self) -> tuple[Place, Place] | None:
        """The gaps around the words that are selected, even in part; None without any."""
        cursor = self.textCursor()
        start = self._gap_behind(cursor.selectionStart())
        end = self._gap_before(cursor.selectionEnd())
        return (start, end) if start is not None and end is not None and start < end else None

    @property
    def chosen_characters(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Start and end of the selection, or the caret twice: row and characters before it."""
        cursor = self.textCursor()
        found = []
        for position in (cursor.selectionStart(), cursor.selectionEnd()):
            block = self.document().findBlock(position)
            row = self._row_of(block.blockNumber())
            offset = spans.index_of(block.text(), position - block.position())
            found.append((block.blockNumber(), 0) if row is None else (row, offset))
        return found[0], found[1]

    @property
    def word(self) -> Word | None:
        """The word at the caret, the one before it at a paragraph's end."""
        row = self._row_of(self.textCursor().blockNumber())
        if row is None or row >= len(self._shown.segments):
            return None
        index = spans.word_at(self._stretches(row), self.textCursor().positionInBlock())
        return self._shown.segments[row].words[index]

    def reveal(self, place: Place, *, focus: bool = False) -> None:
        """Put the caret at a place and bring it into view; ValueError if there is none."""
        self._select(place, place)
        if focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_words(self, start: Place, end: Place) -> None:
        """Select the words between two places and bring them into view."""
        self._select(start, end)

    def highlight_matches(self, matches: Sequence[Match]) -> None:
        """Colour what was found in the document as it is now; an empty sequence ends that."""
        by_row: dict[int, list[Match]] = {}
        for match in matches:
            by_row.setdefault(match.start.row, []).append(match)
        self._matches = {row: tuple(found) for row, found in by_row.items()}
        self.viewport().update()

    def select_match(self, match: Match) -> None:
        """Select the characters that were found and bring them into view."""
        block = self._block_of(match.start.row)
        start, end = self._match_stretch(match, self._shown.segments[match.start.row].text)
        cursor = self.textCursor()
        cursor.setPosition(block.position() + start)
        cursor.setPosition(block.position() + min(end, block.length() - 1), _KEEP)
        self._go_to(cursor)

    def _match_stretch(self, match: Match, text: str) -> spans.Stretch:
        return spans.units(text[: match.first]), spans.units(text[: match.last])

    def _end_of(self, row: int) -> Place:
        return Place(row, len(self._shown.segments[row].words))

    def _select(self, start: Place, end: Place) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._position_of(start))
        cursor.setPosition(self._position_of(end, behind=start != end), _KEEP)
        self._go_to(cursor)

    def _go_to(self, cursor: QTextCursor) -> None:
        """Make this the caret and selection; what was not in view comes into its upper part."""
        bar = self.verticalScrollBar()
        before = bar.value()
        self.setTextCursor(cursor)
        if bar.value() != before:
            bar.setValue(before)  # Qt brings it to the edge
        self._bring_into_view(self.cursorRect())

    def _position_of(self, place: Place, *, behind: bool = False) -> int:
        """Where a gap is in the text: before the word after it, or `behind` the word before it."""
        segments = self._shown.segments
        if place == Place(0, 0) and not segments:
            return 0
        if not 0 <= place.row < len(segments):
            raise ValueError(f"there is no paragraph {place.row}")
        places = self._stretches(place.row)
        if not 0 <= place.word <= len(places):
            raise ValueError(f"there is no place {place.word} in paragraph {place.row}")
        block = self._block_of(place.row)
        behind = place.word > 0 if behind else place.word == len(places)
        offset = places[place.word - 1][1] if behind else places[place.word][0]
        return block.position() + offset

    def _gap_behind(self, position: int) -> Place | None:
        """The gap before the first word that ends after this position."""
        for row, offset in self._row_from(position, 1):
            for index, (_, end) in enumerate(self._stretches(row)):
                if end > offset:
                    return Place(row, index)
        return None

    def _gap_before(self, position: int) -> Place | None:
        """The gap behind the last word that starts before this position."""
        for row, offset in self._row_from(position, -1):
            places = self._stretches(row)
            for index in range(len(places), 0, -1):
                if places[index - 1][0] < offset:
                    return Place(row, index)
        return None

    def _row_from(self, position: int, step: int) -> Iterator[tuple[int, int]]:
        """The row at a position and its offset there, then the rows beyond it, whole."""
        block = self.document().findBlock(position)
        row = self._row_of(block.blockNumber())
        offset = position - block.position()
        if row is None:
            row = block.blockNumber() - (step < 0)
            offset = 0 if step > 0 else 1 << 30
        while 0 <= row < len(self._shown.segments):
            yield row, offset
            row += step
            offset = 0 if step > 0 else 1 << 30

    @Slot()
    def _caret_moved(self) -> None:
        if not self._is_rewriting:
            self._tell_place()

    def _tell_place(self) -> None:
        place = self.place
        if place != self._place:
            if place.row != self._place.row and place.row < len(self._shown.segments):
                header = self._header(place.row)
                self.setAccessibleDescription(f"{header.name}, {header.time}")
            self._place = place
            self.place_changed.emit(place)

    def _has_changed(self) -> None:
        self._matches = {}
        state = (self._shown.highlights, self._rows_version)
        if state[0] is not self._quotes_state[0] or (state[0] and state != self._quotes_state):
            self._quotes_state = state
            self._quotes = _quotes_by_row(self._shown)
            self.viewport().update()
        self._tell_place()

    # Copying.

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        cursor = self.textCursor()
        lines = cursor.selectedText().split("\u2029")
        data.setText("\n".join(line.strip(" ") for line in lines if line.strip(" ")))
        return data

    def copy_quote(self) -> None:
        """Copy the selected words, else the paragraph, as a quote that says who and when."""
        row = self._row_of(self.textCursor().blockNumber())
        chosen = self.selection
        if chosen is None:
            if row is None or row >= len(self._shown.segments):
                return
            chosen = (Place(row, 0), Place(row, len(self._shown.segments[row].words)))
        text = quoting.quote(self._shown, *chosen, self.quote_form)
        QGuiApplication.clipboard().setText(text)

    def _bring_into_view(self, rect: QRect, *, lowest: float = 1.0) -> None:
        """Scroll so that this part of the view is well inside it; not at all if it is."""
        height = self.viewport().height()
        if rect.top() >= 0 and rect.bottom() <= height * lowest:
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + rect.top() - round(height * _READ_FROM))

    def _paint_block(
        self,
        painter: QPainter,
        block: QTextBlock,
        rect: QRectF,
        context: QAbstractTextDocumentLayout.PaintContext,
    ) -> None:
        super()._paint_block(painter, block, rect, context)
        row = self._row_of(block.blockNumber())
        if row is None or row not in self._quotes:
            return
        first = next((piece.first for piece in self._quotes[row] if piece.first is not None), None)
        if first is None:
            return
        words = self._shown.segments[row].words
        index = next((i for i, word in enumerate(words) if word.id == first), 0)
        line = block.layout().lineForTextPosition(self._stretches(row)[index][0])
        painter.setPen(theme.current().quiet)
        painter.setFont(self.font())
        painter.drawText(QPointF(rect.left() - 20, rect.top() + line.y() + line.ascent()), "“")

    def _marks(self, row: int) -> Iterator[Ground]:
        yield from self._quote_grounds(row)
        text = self._shown.segments[row].text if row in self._matches else ""
        for match in self._matches.get(row, ()):
            yield Ground(*self._match_stretch(match, text), theme.current().amber_soft)

    def _quote_grounds(self, row: int) -> Iterator[Ground]:
        """What lies behind marked quotes."""
        if row not in self._quotes:
            return
        where = {word.id: index for index, word in enumerate(self._shown.segments[row].words)}
        places = self._stretches(row)
        for piece in self._quotes[row]:
            first = 0 if piece.first is None else where.get(piece.first, 0)
            last = -1 if piece.last is None else where.get(piece.last, -1)
            yield Ground(places[first][0], places[last][1], theme.current().line)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What of a quote lies in one row, by the ids of words; None is the row's own end."""

    first: int | None
    last: int | None


def _quotes_by_row(document: Document) -> dict[int, list[_Piece]]:
    wanted = {word for quote in document.highlights for word in (quote.first, quote.last)}
    rows: dict[int, int] = {}
    for row, segment in enumerate(document.segments) if wanted else ():
        rows |= {word.id: row for word in segment.words if word.id in wanted}
    found: dict[int, list[_Piece]] = {}
    for quote in document.highlights:
        first, last = rows[quote.first], rows[quote.last]
        for row in range(first, last + 1):
            piece = _Piece(
                quote.first if row == first else None, quote.last if row == last else None
            )
            found.setdefault(row, []).append(piece)
    return found
