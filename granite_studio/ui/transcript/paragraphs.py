"""Shows the session's document as one text, a block for each segment, and keeps the two alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextLayout,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from granite_studio.core.document import Change, Document, Span
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.transcript import headers, spans
from granite_studio.ui.transcript.headers import Header, HeaderStyle
from granite_studio.ui.transcript.layout import FOOT, TranscriptLayout
from granite_studio.ui.transcript.looks import Looks
from granite_studio.ui.transcript.painting import Ground, paint_ground, paint_line
from granite_studio.ui.transcript.rewriting import insert_blank, remove_blocks, rewrite
from granite_studio.ui.transcript.spans import Stretch


@dataclass(frozen=True, slots=True)
class _Pin:
    """A place in the text, held by a word: so many units after its first one."""

    word: int
    offset: int


class ParagraphView(QTextEdit):
    """One block for each segment, its text exactly the segment's, and at most one block more.

    That one is empty: a paragraph that a person is about to write. In the block that holds the
    caret there may be more white space than in the segment, as long as the caret is there.
    What changes in the session is brought over paragraph by paragraph, and neither the caret nor
    the selection nor what is seen moves away from its words. The constructor of the last subclass
    calls `_show_all`.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Document()
        self._looks = Looks()
        self._blank: int | None = 0
        self._gaps: dict[int, Span] = {}
        self._rows_version = 0
        """Another number whenever rows may have moved."""
        self._hint = ""
        self._hovered: tuple[int, str] | None = None
        self._is_rewriting = False
        self._is_settling = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(QPalette.ColorRole.Base)  # behind the scroll bar too
        self.setAutoFillBackground(True)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)  # the layout breaks lines
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptRichText(False)
        self.setAccessibleName(self.tr("Transcript"))
        self.setFont(theme.reading_font())
        self._style = HeaderStyle(self.font())
        text = QTextDocument(self)
        text.setUndoRedoEnabled(False)  # undo belongs to the session
        text.setDefaultFont(self.font())
        self._layout = TranscriptLayout(text, self._head_height, self._fonts, self._paint_block)
        text.setDocumentLayout(self._layout)
        self.setDocument(text)
        self.setCursorWidth(2)
        session.changed.connect(self._show_change)
        session.replaced.connect(self._show_all)

    @property
    def session(self) -> Session:
        """Whose document is shown."""
        return self._session

    def set_hint(self, text: str) -> None:
        """What to say in the middle while there is not a word."""
        self._hint = text
        self.viewport().update()

    # Rows and blocks.

    def _row_of(self, number: int) -> int | None:
        """The row that a block shows; None for the paragraph that is not written yet."""
        if self._blank is None or number < self._blank:
            return number
        return None if number == self._blank else number - 1

    def _number_of(self, row: int) -> int:
        """The number of the block that shows a row."""
        return row + (self._blank is not None and row >= self._blank)

    def _block_of(self, row: int) -> QTextBlock:
        return self.document().findBlockByNumber(self._number_of(row))

    def _stretches(self, row: int) -> tuple[Stretch, ...]:
        """Where the words of a row stand in its block."""
        return spans.stretches(self._block_of(row).text(), self._shown.segments[row])

    # Bringing the document over.

    @Slot()
    def _show_all(self) -> None:
        self._shown = self._session.document
        self._looks.show(self._shown)
        self._rows_version += 1
        segments = self._shown.segments
        self._blank = None if segments else 0
        self._gaps = headers.gaps_by_row(self._shown.untranscribed, segments)
        self._layout.foot = self._foot()
        with self._rewriting():
            self.document().setPlainText("\n".join(spans.shown(s.text) for s in segments))
            self.setTextCursor(QTextCursor(self.document()))
        self.verticalScrollBar().setValue(0)
        self._settle()
        self._has_changed()

    @Slot(object, object, object)
    def _show_change(self, before: Document, after: Document, change: Change) -> None:
        up_to_date = self._is_up_to_date(after, change)
        if up_to_date and _keeps_heads(before, after, change):
            self._take_over(after, change)
            for row in range(change.first, change.first + change.inserted):
                self._layout.updateBlock.emit(self._block_of(row))
            self._has_changed()
            return
        with self._held():
            if not up_to_date:
                count = len(before.segments) + (self._blank is not None)
                if not (before.segments and after.segments) or (
                    self.document().blockCount() != count
                ):
                    self._show_all()
                    return
                with self._rewriting(), self._caret_kept(before, after, change):
                    self._rewrite_rows(before, after, change)
            self._take_over(after, change)
            self._rows_version += 1
            self._forget_heads(before, change)
            if before.emphases is not after.emphases:
                self._layout.forget_stale()
        self._settle()
        self.viewport().update()
        self._has_changed()

    def _take_over(self, after: Document, change: Change) -> None:
        """From now on this document is shown, its text and its fonts."""
        self._shown = after
        self._looks.show(after, change)
        if after.emphases:  # while the text was written, these words were not known yet
            self._layout.refresh(self._number_of(change.first), change.inserted + 1)

    def _has_changed(self) -> None:
        """Called when the text shows another document or another state of it."""

    def _is_up_to_date(self, after: Document, change: Change) -> bool:
        """Whether the blocks say so already: a person typed it here, or no word changed."""
        if self.document().blockCount() != len(after.segments) + (self._blank is not None):
            return False
        for row in range(change.first, change.first + change.inserted):
            old, new = self._block_of(row).text(), spans.shown(after.segments[row].text)
            if old != new and spans.squeezed(old) != spans.squeezed(new):
                return False
        return True

    def _rewrite_rows(self, before: Document, after: Document, change: Change) -> None:
        first, end = change.first, change.first + change.removed
        old, new = before.segments[first:end], after.segments[first : first + change.inserted]
        blank, self._blank = self._blank, None
        if blank is None or blank <= first or blank >= end:
            at = first + (blank is not None and blank <= first)
            rewrite(self.document(), at, old, new)
            if blank is not None and blank > first:
                blank += change.inserted - change.removed
            self._blank = blank
            return
        remove_blocks(self.document(), blank, 1)
        rewrite(self.document(), first, old, new)
        above = before.segments[blank - 1].id
        place = next((i for i, s in enumerate(new) if s.id == above), len(new) - 1)
        self._put_blank(first + place + 1)

    def _put_blank(self, number: int) -> None:
        """Open an empty paragraph that is in no document yet."""
        insert_blank(self.document(), number)
        self._blank = number
        self._layout.refresh(number, 2)

    def _enter_blank(self) -> None:
        """Put the caret into it."""
        assert self._blank is not None
        cursor = self.textCursor()
        cursor.setPosition(self.document().findBlockByNumber(self._blank).position())
        self.setTextCursor(cursor)

    def _forget_heads(self, before: Document, change: Change) -> None:
        """Measure paragraphs again whose header, or the header before it, is another one now."""
        after, shift = self._shown, change.inserted - change.removed
        old = {
            row if row < change.first + change.removed else row + shift: gap
            for row, gap in self._gaps.items()
        }
        if change.head or change.removed or change.inserted:
            self._gaps = headers.gaps_by_row(after.untranscribed, after.segments)
        for row in {row for row, _ in old.items() ^ self._gaps.items()}:
            self._layout.forget(self._number_of(row), 1)
        if [s.speaker for s in before.segments[change.first : change.first + change.removed]] != [
            s.speaker for s in after.segments[change.first : change.first + change.inserted]
        ] or shift:
            start = self._number_of(change.first)
            self._layout.forget(max(start - 1, 0), change.inserted + 3)
        self._layout.foot = self._foot()

    @contextmanager
    def _rewriting(self) -> Iterator[None]:
        """What the text undergoes in here comes from the document, not from a person."""
        outer, self._is_rewriting = self._is_rewriting, True
        try:
            yield
        finally:
            self._is_rewriting = outer

    # The caret and the view stay.

    @contextmanager
    def _caret_kept(self, before: Document, after: Document, change: Change) -> Iterator[None]:
        """The caret and the other end of the selection stay with their words."""
        cursor = self.textCursor()
        ends = (cursor.anchor(), cursor.position())
        in_blank = cursor.blockNumber() == self._blank and not cursor.hasSelection()
        pins = [self._pin(before, change, position) for position in ends]
        keepers = [self._keeper(position) for position in ends]
        gap = self._has_spare_space(before, cursor)
        preedit = cursor.block().layout().preeditAreaText()
        yield
        if in_blank:
            self._enter_blank()
            return
        cursor = self.textCursor()
        found = [
            self._unpinned(pin, after, change, keeper.position())
            for pin, keeper in zip(pins, keepers, strict=True)
        ]
        if found != [cursor.anchor(), cursor.position()]:
            cursor.setPosition(found[0])
            cursor.setPosition(found[1], QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
        if gap and ends[0] == ends[1] and pins[1] is not None:
            self._spare_space_again()
        if preedit:
            cursor = self.textCursor()
            cursor.block().layout().setPreeditArea(cursor.positionInBlock(), preedit)

    def _pin(self, document: Document, change: Change, position: int) -> _Pin | None:
        """Where this is in words, if it lies in rows that change."""
        block = self.document().findBlock(position)
        row = self._row_of(block.blockNumber())
        if row is None or not change.first <= row < change.first + change.removed:
            return None
        segment = document.segments[row]
        places = spans.stretches(block.text(), segment)
        offset = position - block.position()
        index = spans.word_at(places, offset)
        return _Pin(segment.words[index].id, offset - places[index][0])

    def _keeper(self, position: int) -> QTextCursor:
        """A place that goes along with its text, also where paragraphs come in behind the last."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.setKeepPositionOnInsert(position == self.document().characterCount() - 1)
        return cursor

    def _unpinned(self, pin: _Pin | None, after: Document, change: Change, otherwise: int) -> int:
        if pin is None:
            return otherwise
        for row in range(change.first, change.first + change.inserted):
            segment = after.segments[row]
            for index, word in enumerate(segment.words):
                if word.id == pin.word:
                    block = self._block_of(row)
                    start = spans.stretches(block.text(), segment)[index][0]
                    offset = min(max(start + pin.offset, 0), block.length() - 1)
                    return block.position() + offset
        return otherwise

    def _has_spare_space(self, document: Document, cursor: QTextCursor) -> bool:
        """Whether a person has just typed a space that the document knows nothing of."""
        text, offset = cursor.block().text(), cursor.positionInBlock()
        row = self._row_of(cursor.blockNumber())
        if row is None or row >= len(document.segments) or not offset:
            return False
        before = text[: spans.index_of(text, offset)]
        return before[-1:] == " " and text != spans.shown(document.segments[row].text)

    def _spare_space_again(self) -> None:
        cursor = self.textCursor()
        text, offset = cursor.block().text(), cursor.positionInBlock()
        index = spans.index_of(text, offset)
        if text[index - 1 : index] != " ":
            cursor.insertText(" ")
        if text[index : index + 1].strip():
            position = cursor.position()
            cursor.insertText(" ")
            cursor.setPosition(position)
            self.setTextCursor(cursor)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """What is looked at stays where it is: the caret's line, else the uppermost one seen."""
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        y = self._line_top(self.textCursor())
        by_caret = top <= y <= top + height
        position = self._layout.hitTest(QPointF(0, top), Qt.HitTestAccuracy.FuzzyHit)
        held = self._keeper(position)
        if not by_caret:
            y = self._line_top(held)
        yield
        if top:
            moved = self._line_top(self.textCursor() if by_caret else held) - y
            self.verticalScrollBar().setValue(round(top + moved))

    def _line_top(self, cursor: QTextCursor) -> float:
        """Where the line that a cursor is in begins, in the text."""
        block = cursor.block()
        top = self._layout.blockBoundingRect(block).top()
        line = block.layout().lineForTextPosition(cursor.positionInBlock())
        return top + (line.y() if line.isValid() else 0)

    def _settle(self) -> None:
        """Lay out what is seen; what is looked at does not move by that."""
        if self._is_settling:
            return
        self._is_settling = True
        bar = self.verticalScrollBar()
        moved = self._layout.settle(bar.value(), bar.value() + self.viewport().height())
        if round(moved):
            bar.setValue(bar.value() + round(moved))
        self._is_settling = False

    # Geometry and painting.

    def _head_height(self, number: int) -> float:
        row = self._row_of(number)
        known = row is not None and row < len(self._shown.segments)
        return self._style.height(
            is_first=number == 0,
            is_turn=known and row is not None and headers.shows_name(self._shown, row),
            has_gap=known and row in self._gaps,
        )

    def _header(self, row: int) -> Header:
        return headers.header(self._shown, row, self._gaps.get(row))

    def _foot(self) -> float:
        """Space below the last paragraph."""
        return FOOT + (self._style.gap_height() if self._last_gap() else 0)

    def _last_gap(self) -> Span | None:
        """Speech without text behind the last paragraph."""
        return self._gaps.get(len(self._shown.segments))

    def _last_gap_zone(self) -> QRectF:
        """Where the line about it lies in the text."""
        gap = self._last_gap()
        top = self._layout.documentSize().height() - self._foot() + headers.TURN
        return self._style.gap_zone(headers.gap_text(gap) if gap else "", self._layout.left, top)

    def _paint_block(
        self,
        painter: QPainter,
        block: QTextBlock,
        rect: QRectF,
        context: QAbstractTextDocumentLayout.PaintContext,
    ) -> None:
        number, origin = block.blockNumber(), rect.topLeft()
        row = self._row_of(number)
        if row is not None and row < len(self._shown.segments):
            header = self._header(row)
            zones = self._style.zones(header, rect, self._head_height(number))
            hovered = self._hovered[1] if self._hovered and self._hovered[0] == row else ""
            self._style.paint(painter, header, zones, hovered)
        for ground in self._grounds(block, row):
            paint_ground(painter, block, origin, ground, self._layout.pitch)
        painter.setPen(theme.current().text)
        block.layout().draw(painter, origin, [], context.clip)
        for line in self._looks.colours(row, block.text()):
            paint_line(painter, block, origin, line, self._layout.pitch)
        self._paint_caret(painter, block, origin, context.cursorPosition)

    def _fonts(self, block: QTextBlock) -> list[QTextLayout.FormatRange]:
        return self._looks.fonts(self._row_of(block.blockNumber()), block.text())

    def _marks(self, row: int) -> Iterator[Ground]:
        """What lies behind a row's text apart from the selection, the lowest first."""
        return iter(())

    def _grounds(self, block: QTextBlock, row: int | None) -> Iterator[Ground]:
        if row is not None and row < len(self._shown.segments):
            yield from self._marks(row)
        cursor = self.textCursor()
        start = cursor.selectionStart() - block.position()
        end = cursor.selectionEnd() - block.position()
        if cursor.hasSelection() and start < block.length() - 1 and end > 0:
            colour = theme.current().selection
            yield Ground(max(start, 0), min(end, block.length() - 1), colour, is_round=False)

    def _paint_caret(
        self, painter: QPainter, block: QTextBlock, origin: QPointF, position: int
    ) -> None:
        """Qt says where: -1 is nowhere, and below that the place in what an input method shows."""
        layout = block.layout()
        if position >= 0 and block.contains(position):
            offset = position - block.position()
        elif position < -1 and layout.preeditAreaText():
            offset = layout.preeditAreaPosition() - (position + 2)
        else:
            return
        painter.setPen(theme.current().text)
        # Half of it lies left of its place, so that it does not cover the letter behind it.
        layout.drawCursor(painter, origin - QPointF(1, 0), offset, self.cursorWidth())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        empty = not self._shown.segments and self.document().isEmpty()
        gap = self._last_gap()
        if not gap and not (empty and self._hint):
            return
        painter = QPainter(self.viewport())
        if gap:
            zone = self._last_gap_zone().translated(0, -self.verticalScrollBar().value())
            self._style.paint_gap(painter, zone, headers.gap_text(gap))
        if empty and self._hint:
            painter.setFont(self.font())
            painter.setPen(theme.current().quiet)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            room = self.viewport().rect().adjusted(48, 48, -48, -48)
            painter.drawText(room, flags, self._hint)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        with self._held():
            super().resizeEvent(event)
            self._layout.set_width(self.viewport().width())
        self._settle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() != QEvent.Type.FontChange or not hasattr(self, "_layout"):
            super().changeEvent(event)
            return
        with self._held():
            self._style = HeaderStyle(self.font())
            super().changeEvent(event)
        self.verticalScrollBar().setSingleStep(round(self._layout.pitch))
        self._settle()

    def _to_text(self, point: QPoint | QPointF) -> QPointF:
        """A place in the view as one in the text."""
        return QPointF(point) + QPointF(0, self.verticalScrollBar().value())


def _keeps_heads(before: Document, after: Document, change: Change) -> bool:
    """Whether no paragraph came, went, changed its speaker or may have moved in time."""
    if change.head or change.removed != change.inserted:
        return False
    rows = range(change.first, change.first + change.inserted)
    return all(
        before.segments[row].speaker == after.segments[row].speaker
        and (not after.untranscribed or before.segments[row].start == after.segments[row].start)
        for row in rows
    )
