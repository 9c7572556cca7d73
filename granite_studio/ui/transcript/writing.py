"""Typing in the transcript: what a person does to the text becomes edits of the document."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QMimeData, Qt, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QWidget

from granite_studio.core import edits
from granite_studio.core.document import Document, Segment, tokens
from granite_studio.core.edits import Clip, Place
from granite_studio.services.session import Session
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript import spans
from granite_studio.ui.transcript.correcting import (
    TextPlace,
    changed_end,
    corrected,
    typed_over,
    with_paragraphs,
)
from granite_studio.ui.transcript.listening import ListeningView
from granite_studio.ui.transcript.rewriting import remove_blocks, rewrite_block

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEEP = QTextCursor.MoveMode.KeepAnchor


class WritingView(ListeningView):
    """Lets the widget edit inside a paragraph, and does itself what goes beyond one.

    So input methods, dead keys, bidirectional text and screen readers work as in any text field.
    After each event the paragraph is compared with the document, and the fewest words are
    rewritten there. Each word that is typed is one step of undo; moving the caret ends a step.
    """

    def __init__(
        self, session: Session, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, playback, parent)
        self._touched: tuple[int, int] | None = None
        self._native_depth = 0
        self._visited: list[QTextCursor] = []
        self._emptied: Segment | None = None
        self._clip = Clip()
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.document().contentsChange.connect(self._note_change)
        self.document().contentsChanged.connect(self._absorb_stray)

    @Slot()
    def _show_all(self) -> None:
        self._visited, self._emptied = [], None
        super()._show_all()
        read_only = self._session.is_read_only
        if read_only != self.isReadOnly():
            self.setReadOnly(read_only)
        if read_only:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def _has_changed(self) -> None:
        super()._has_changed()
        self._caret_settled()

    # Keys and input methods.

    def event(self, event: QEvent) -> bool:
        # These delete a word and, at the border of a paragraph, join two, whatever else has them.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.isReadOnly()
            and (
                event.matches(QKeySequence.StandardKey.DeleteStartOfWord)
                or event.matches(QKeySequence.StandardKey.DeleteEndOfWord)
            )
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = None if self.isReadOnly() else self._command(event)
        if command:
            command()
            self._typed_at = time.monotonic()
            event.accept()
            return
        with self._natively():
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        writes = event.commitString() or event.preeditString()
        if writes and not self.isReadOnly() and self._crosses_paragraphs():
            self.delete_selection()
        with self._natively():
            super().inputMethodEvent(event)

    def _command(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What this key does beyond one paragraph; None leaves it to the widget."""
        standard = {
            QKeySequence.StandardKey.Undo: self.undo,
            QKeySequence.StandardKey.Redo: self.redo,
            QKeySequence.StandardKey.Cut: self.cut,
            QKeySequence.StandardKey.Copy: self.copy,
            QKeySequence.StandardKey.Paste: self.paste,
        }
        for key, command in standard.items():
            if event.matches(key):
                return command
        control = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in _ENTER and not control:
            return self.split_here
        cursor = self.textCursor()
        deletes = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
        if self._crosses_paragraphs():
            if deletes:
                return self.delete_selection
            return (lambda: self._write_over(event.text())) if _types(event) else None
        if cursor.hasSelection():
            return None
        if event.key() == Qt.Key.Key_Backspace and cursor.atBlockStart():
            return self.merge_with_previous
        if event.key() == Qt.Key.Key_Delete and cursor.atBlockEnd():
            return self.merge_with_next
        return None

    def _crosses_paragraphs(self) -> bool:
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        return first != self.document().findBlock(cursor.selectionEnd())

    # From the widget's own editing to the document.

    @contextmanager
    def _natively(self) -> Iterator[None]:
        """Let the widget edit; afterwards the document follows."""
        before = self.textCursor().position()
        self._native_depth += 1
        try:
            yield
        finally:
            self._native_depth -= 1
        if self._touched:
            self._typed_at = time.monotonic()
            try:
                self._absorb()
            except Exception:
                self._show_all()  # the text must never say what the document does not
                raise
        elif self.textCursor().position() != before:
            self._session.seal()
        self._caret_settled()

    @Slot(int, int, int)
    def _note_change(self, start: int, removed: int, added: int) -> None:
        if self._is_rewriting:
            return
        if self._touched:
            first, end = self._touched
            end = end + added - removed if end >= start else end
            self._touched = (min(first, start), max(end, start + added))
        else:
            self._touched = (start, start + added)

    @Slot()
    def _absorb_stray(self) -> None:
        """Something else than a key changed the text: a screen reader, a drag to elsewhere."""
        if self._touched and not self._native_depth and not self._is_rewriting:
            self._absorb()
            self._caret_settled()

    def _absorb(self) -> None:
        """Bring what the widget did to the text into the document."""
        assert self._touched
        (start, end), self._touched = self._touched, None
        text = self.document()
        first = text.findBlock(start).blockNumber()
        last = text.findBlock(min(end, text.characterCount() - 1)).blockNumber()
        grown = text.blockCount() - len(self._shown.segments) - (self._blank is not None)
        if grown:
            self._absorb_blocks(first, last, grown)
            return
        for number in range(last, first - 1, -1):
            self._absorb_block(number)

    def _absorb_block(self, number: int) -> None:
        block = self.document().findBlockByNumber(number)
        row, text = self._row_of(number), block.text()
        if row is None:
            if tokens(text):
                self._fill_blank(number, text)
            return
        segment = self._shown.segments[row]
        if tokens(text):
            after = corrected(self._shown, row, text)
            self._commit(after, self.tr("Correct text"), self._typing_key(segment.id))
            return
        self._close_blank()
        self._emptied, self._blank = segment, self._number_of(row)
        self._commit(edits.retype(self._shown, row, ""), self.tr("Delete paragraph"))

    def _absorb_blocks(self, first: int, last: int, grown: int) -> None:
        """Blocks came or went: write all that the change reached anew, then show the outcome."""
        blocks = (self.document().findBlockByNumber(n) for n in range(first, last + 1))
        text = "\n".join(block.text() for block in blocks)
        rows = [self._row_of(number) for number in range(first, last - grown + 1)]
        known = [row for row in rows if row is not None]
        start, end = Place(0, 0), Place(0, 0)
        if known:
            start = Place(known[0], 0)
            end = Place(known[-1], len(self._shown.segments[known[-1]].words))
        elif first and self._shown.segments:
            text = "\n" + text
            start = end = Place(first - 1, len(self._shown.segments[first - 1].words))
        position = self.textCursor().position()
        after = edits.replace_text(self._shown, start, end, text)
        self._blank = None
        with self._rewriting():
            self._commit(after, self.tr("Correct text"))
            self._show_all()
        cursor = self.textCursor()
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        self.setTextCursor(cursor)

    def _fill_blank(self, number: int, text: str) -> None:
        """The first words of a new paragraph."""
        after = self._with_paragraphs(number, [text])
        self._blank = self._emptied = None
        key = self._typing_key(after.segments[number].id)
        self._commit(after, self.tr("Write paragraph"), key)

    def _with_paragraphs(self, row: int, lines: list[str]) -> Document:
        return with_paragraphs(
            self._shown, row, lines, moment=self._playback.position, emptied=self._emptied
        )

    def _typing_key(self, segment_id: int) -> str:
        """Equal for all that is typed in one word."""
        cursor = self.textCursor()
        text = cursor.block().text()
        before = text[: spans.index_of(text, cursor.positionInBlock())]
        return f"type {segment_id} {len(tokens(before))}"

    def _commit(self, document: Document, label: str, merge_key: str | None = None) -> bool:
        """Make this the document; False if it is already or if nothing may be changed."""
        if document is self._session.document or self._session.is_read_only:
            return False
        self._session.commit(document, label, merge_key)
        return True

    # The caret leaves a paragraph.

    @Slot()
    def _caret_moved(self) -> None:
        if not self._is_rewriting and not self._native_depth:
            self._session.seal()
            self._caret_settled()

    def _caret_settled(self) -> None:
        """Take away what is only there while the caret is: spare white space, an empty block."""
        if self._is_rewriting:
            return
        cursor, text = self.textCursor(), self.document()
        blocks = [text.findBlock(place) for place in (cursor.anchor(), cursor.position())]
        near = {block.blockNumber() for block in blocks}
        for visited in self._visited:
            if visited.blockNumber() not in near:
                self._tidy(visited.blockNumber())
        self._visited = [QTextCursor(block) for block in blocks]
        if self._blank is not None and self._blank not in near:
            self._close_blank()
        self._tell_place()

    def _tidy(self, number: int) -> None:
        """Take white space away that the document knows nothing of."""
        row = self._row_of(number)
        if row is not None and row < len(self._shown.segments):
            with self._rewriting():
                words = spans.shown(self._shown.segments[row].text)
                rewrite_block(self.document(), number, words)

    def _close_blank(self) -> None:
        """Take the paragraph that nobody wrote away, unless it is all there is."""
        self._emptied = None
        if self._blank is None or not self._shown.segments:
            return
        blank, self._blank = self._blank, None
        with self._held(), self._rewriting():
            remove_blocks(self.document(), blank, 1)

    # Beyond one paragraph.

    def undo(self) -> None:
        """Take the last step back and go where it happened."""
        if self._blank is not None and self._shown.segments and self._emptied is None:
            self._leave_blank(-1 if self._blank else 1)  # it is in no document yet
            return
        self._travel(self._session.undo)

    def redo(self) -> None:
        """Do again what was undone and go where it happened."""
        self._travel(self._session.redo)

    def cut(self) -> None:
        """Copy the selection and delete it."""
        if self.textCursor().hasSelection():
            self.copy()
            self.delete_selection()

    def copy(self) -> None:
        """Copy the selection as plain text; pasted here again, whole words keep their times."""
        chosen = self.selection
        cursor = self.textCursor()
        super().copy()
        self._clip = Clip()
        if chosen and not self._cuts_word(cursor.selectionStart(), cursor.selectionEnd()):
            self._clip = edits.copy(self._shown, *chosen)

    def delete_selection(self) -> None:
        """Delete what is selected; paragraphs that it reaches into become one."""
        if self.isReadOnly() or not self.textCursor().hasSelection():
            return
        if self._crosses_paragraphs():
            self._write_over("", self.tr("Delete"))
            return
        with self._natively():
            self.textCursor().removeSelectedText()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.isReadOnly() or not tokens(source.text()):
            return
        cursor = self.textCursor()
        own = self._clip.parts and self._clip.text == source.text()
        between_words = not self._cuts_word(cursor.position(), cursor.position())
        row = self._row_of(cursor.blockNumber())
        if own and between_words and not cursor.hasSelection() and row is not None:
            self._paste_words()
        else:
            self._write_over(source.text(), self.tr("Paste"))

    def split_here(self) -> None:
        """Begin a new paragraph at the caret; inside a word, at whichever end of it is nearer."""
        if self.isReadOnly():
            return
        self.delete_selection()
        number = self.textCursor().blockNumber()
        row = self._row_of(number)
        if row is None:
            return
        gap = spans.nearest_gap(self._stretches(row), self.textCursor().positionInBlock())
        if gap == len(self._shown.segments[row].words):
            self._emptied = None
            with self._rewriting():
                self._put_blank(number + 1)
                self._enter_blank()
            self._caret_settled()
            self.ensureCursorVisible()
        elif gap:
            after = edits.split(self._shown, Place(row, gap))
            self._commit(after, self.tr("Split paragraph"))
            self.reveal(Place(row + 1, 0))

    def merge_with_previous(self) -> None:
        """Join the paragraph with the one before it."""
        self._merge(-1)

    def merge_with_next(self) -> None:
        """Join the paragraph with the one after it."""
        self._merge(1)

    def _merge(self, step: int) -> None:
        if self.isReadOnly():
            return
        number = self.textCursor().blockNumber()
        row = self._row_of(number)
        if row is None:
            self._leave_blank(step)
        elif number + step == self._blank:
            self._close_blank()
        elif 0 <= row + step < len(self._shown.segments):
            after = edits.merge(self._shown, min(row, row + step))
            self._commit(after, self.tr("Join paragraphs"))
            self._caret_settled()

    def _leave_blank(self, step: int) -> None:
        """Go from a paragraph that nobody wrote to the one before or after it."""
        assert self._blank is not None
        row = self._blank - (step < 0)
        if 0 <= row < len(self._shown.segments):
            words = self._shown.segments[row].words
            self.reveal(Place(row, len(words) if step < 0 else 0))

    def _write_over(self, text: str, label: str = "") -> None:
        """Write over the selection, which may reach over paragraphs, and go behind the text."""
        cursor, before = self.textCursor(), self._shown
        label = label or self.tr("Correct text")
        if self._blank == cursor.blockNumber() and not cursor.hasSelection():
            self._write_paragraphs(cursor.blockNumber(), text, label)
            return
        start = self._text_place(cursor.selectionStart(), 1)
        end = self._text_place(cursor.selectionEnd(), -1)
        if start is None or end is None or (start.row, start.offset) > (end.row, end.offset):
            return
        self._close_blank()
        after = typed_over(before, start, end, text)
        if not self._commit(after, label):
            return
        row = len(after.segments) - len(before.segments) + end.row
        if row >= start.row:
            self._go_behind(row, end)
        elif after.segments:
            with self._rewriting():
                self._put_blank(start.row)
                self._enter_blank()
        self._emptied = before.segments[start.row] if row < start.row else None
        self._caret_settled()

    def _write_paragraphs(self, row: int, text: str, label: str) -> None:
        """Paste paragraphs where an empty one is open."""
        lines = [line for line in text.splitlines() if tokens(line)]
        after = self._with_paragraphs(row, lines)
        self._close_blank()
        self._commit(after, label)
        last = row + len(lines) - 1
        self.reveal(Place(last, len(after.segments[last].words)))

    def _paste_words(self) -> None:
        """Paste what was copied here: words with their times and speakers."""
        place = self._text_place(self.textCursor().position(), 1)
        if place is None:
            return
        before = self._shown
        gap = spans.nearest_gap(place.words, place.offset)
        after = edits.paste(before, Place(place.row, gap), self._clip)
        if self._commit(after, self.tr("Paste")):
            self._go_behind(len(after.segments) - len(before.segments) + place.row, place)
            self._caret_settled()

    def _go_behind(self, row: int, end: TextPlace) -> None:
        """Put the caret in front of what stood behind a place, which is in this row now."""
        block = self._block_of(row)
        text, rest = block.text(), end.rest
        before = text[: len(text) - len(rest)] if rest else text
        if not end.cuts_word:
            before = before.rstrip(" ")
        cursor = self.textCursor()
        cursor.setPosition(block.position() + spans.units(before))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _text_place(self, position: int, step: int) -> TextPlace | None:
        """A position as a place in a row; from a blank, the next row or the one before."""
        for row, offset in self._row_from(position, step):
            text = self._block_of(row).text()
            return TextPlace(row, min(offset, spans.units(text)), text, self._stretches(row))
        return None

    def _cuts_word(self, *positions: int) -> bool:
        places = (self._text_place(position, 1) for position in positions)
        return any(place is not None and place.cuts_word for place in places)

    def _travel(self, move: Callable[[], None]) -> None:
        """Move in the history and put the caret where the text changed."""
        before = self._session.document
        move()
        after = self._session.document
        if after is before or not after.segments:
            return
        end = changed_end(before, after)
        if end is None:
            return
        row, offset = end
        cursor = self.textCursor()
        cursor.setPosition(self._block_of(row).position() + offset)
        self._go_to(cursor)


def _types(event: QKeyEvent) -> bool:
    """Whether a key writes a character: AltGr is Control and Alt together on some systems."""
    modifiers = event.modifiers()
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    return bool(event.text()) and event.text().isprintable() and control == alt
