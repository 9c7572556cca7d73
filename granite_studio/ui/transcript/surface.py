"""The transcript: one text to read, correct and hear, and every command that works on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtGui import QAction, QContextMenuEvent, QCursor, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from granite_studio.core import edits
from granite_studio.core.document import Speaker
from granite_studio.core.edits import Place
from granite_studio.services.session import Session
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript import spans
from granite_studio.ui.transcript.headers import Zone
from granite_studio.ui.transcript.writing import WritingView

LAST_KEY = 9
"""Speakers up to this place have a key of their own."""


class TranscriptView(WritingView):
    """The session's transcript. Commands work at the caret or on the selection, take no argument
    and do nothing where there is nothing to do, so that any key or menu may call them."""

    def __init__(
        self, session: Session, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, playback, parent)
        self._show_all()

    # Who speaks.

    def assign(self, number: int) -> None:
        """The speaker in this place of the list, from 1, says the chosen paragraphs."""
        speakers = self._shown.speakers
        if 1 <= number <= len(speakers):
            self._assign(self._chosen_rows(), speakers[number - 1].id)

    def assign_nobody(self) -> None:
        """It is not known who says the chosen paragraphs."""
        self._assign(self._chosen_rows(), None)

    def new_speaker_here(self) -> None:
        """From the word at the caret on, somebody new speaks; named by number until renamed."""
        place = self._nearest_place()
        if place is None:
            return
        if place.word == len(self._shown.segments[place.row].words):
            place = Place(place.row, 0)
        names = {speaker.name for speaker in self._shown.speakers}
        number = len(names) + 1
        while (name := self.tr("Speaker {number}").format(number=number)) in names:
            number += 1
        document, speaker = edits.add_speaker(self._shown, name)
        after = edits.speaker_from(document, place, speaker.id)
        self._commit(after, self.tr("New speaker"))
        self.reveal(place if not place.word else Place(place.row + 1, 0))

    def rename_speaker_here(self) -> None:
        """Ask for another name for whoever says the paragraph at the caret, everywhere."""
        rows = self._chosen_rows()
        speaker = self._shown.speaker(self._shown.segments[rows[0]].speaker) if rows else None
        if speaker:
            self._ask_rename(speaker)
        elif rows:
            self._ask_new_speaker(rows)

    def move_tail_to_next(self) -> None:
        """The words from the caret to the paragraph's end belong to the next paragraph."""
        place = self._nearest_place()
        if place and place.row + 1 < len(self._shown.segments):
            count = len(self._shown.segments[place.row].words) - place.word
            self._move_boundary(place.row + 1, -count)

    def move_head_to_previous(self) -> None:
        """The words from the paragraph's start to the caret belong to the paragraph before."""
        place = self._nearest_place()
        if place and place.row > 0:
            self._move_boundary(place.row, place.word)

    def speaker_menu(self, rows: Iterable[int]) -> QMenu:
        """Who may say these paragraphs, and what can be done about names."""
        rows = tuple(rows)
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Who speaks"))
        now = {self._shown.segments[row].speaker for row in rows}
        for number, speaker in enumerate(self._shown.speakers, start=1):
            hint = QKeySequence(f"Ctrl+{number}").toString(_NATIVE) if number <= LAST_KEY else ""
            name = speaker.name.replace("&", "&&")
            assign = partial(self._assign, rows, speaker.id)
            action = _add(menu, f"{name}\t{hint}" if hint else name, assign)
            action.setCheckable(True)
            action.setChecked(now == {speaker.id})
        if self._shown.speakers:
            menu.addSeparator()
        _add(menu, self.tr("New speaker …"), partial(self._ask_new_speaker, rows))
        if len(now) == 1 and (known := self._shown.speaker(now.pop())):
            name = known.name.replace("&", "&&")
            rename = self.tr("Rename {name} everywhere …").format(name=name)
            _add(menu, rename, partial(self._ask_rename, known))
            _add(menu, self.tr("Unknown speaker"), partial(self._assign, rows, None))
        menu.setEnabled(not self.isReadOnly())
        return menu

    def _zone_clicked(self, row: int, zone: Zone) -> None:
        if zone == "name" and not self.isReadOnly():
            self.speaker_menu((row,)).popup(QCursor.pos())
        else:
            super()._zone_clicked(row, zone)

    def _assign(self, rows: tuple[int, ...], speaker_id: int | None) -> None:
        after = edits.assign_speaker(self._shown, rows, speaker_id)
        self._commit(after, self.tr("Assign speaker"))

    def _ask_new_speaker(self, rows: tuple[int, ...]) -> None:
        def accept(name: str) -> None:
            document, speaker = edits.add_speaker(self._shown, name)
            after = edits.assign_speaker(document, rows, speaker.id)
            self._commit(after, self.tr("New speaker"))

        self._ask(self.tr("New speaker"), self.tr("Who speaks here?"), "", accept)

    def _ask_rename(self, speaker: Speaker) -> None:
        def accept(name: str) -> None:
            after = edits.rename_speaker(self._shown, speaker.id, name)
            self._commit(after, self.tr("Rename speaker"))

        question = self.tr("Another name, here and everywhere else:")
        self._ask(self.tr("Rename speaker"), question, speaker.name, accept)

    def _ask(self, title: str, question: str, text: str, accept: Callable[[str], None]) -> None:
        """Ask for a name in a dialog that stops nothing else; an empty one changes nothing."""
        if self.isReadOnly():
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(question)
        dialog.setTextValue(text)
        shown = self._session.project

        def answered(name: str) -> None:
            if name.strip() and self._session.project is shown:
                accept(name)

        dialog.textValueSelected.connect(answered)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Words.

    def confirm_selection(self) -> None:
        """The selected words, else the one at the caret, are right: no machine changes them."""
        if chosen := self._chosen_words():
            self._commit(edits.confirm(self._shown, *chosen), self.tr("Confirm words"))

    def mark_quote(self) -> None:
        """Mark the selected words, else the paragraph, as a quote."""
        chosen = self.selection
        rows = self._chosen_rows()
        if chosen is None and rows:
            chosen = (Place(rows[0], 0), Place(rows[0], len(self._shown.segments[rows[0]].words)))
        if chosen:
            self._commit(edits.add_highlight(self._shown, *chosen), self.tr("Mark quote"))

    def _chosen_words(self) -> tuple[Place, Place] | None:
        rows = self._chosen_rows()
        if self.selection or not rows:
            return self.selection
        index = spans.word_at(self._stretches(rows[0]), self.textCursor().positionInBlock())
        return Place(rows[0], index), Place(rows[0], index + 1)

    def _chosen_rows(self) -> tuple[int, ...]:
        """The paragraphs that the selection or the caret is in."""
        chosen = self.selection
        if chosen:
            return tuple(range(chosen[0].row, chosen[1].row + 1))
        row = self._row_of(self.textCursor().blockNumber())
        return () if row is None or row >= len(self._shown.segments) else (row,)

    def _nearest_place(self) -> Place | None:
        """The gap next to the caret; None in a paragraph that is not written yet."""
        cursor = self.textCursor()
        row = self._row_of(cursor.blockNumber())
        if row is None or row >= len(self._shown.segments):
            return None
        return Place(row, spans.nearest_gap(self._stretches(row), cursor.positionInBlock()))

    def _move_boundary(self, row: int, words: int) -> None:
        after = edits.move_boundary(self._shown, row, words)
        self._commit(after, self.tr("Move words to the other paragraph"))
        self.ensureCursorVisible()

    # The menu.

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.context_menu()
        menu.popup(event.globalPos())
        event.accept()

    def context_menu(self) -> QMenu:
        """What can be done at the caret."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Transcript"))
        chosen, writable = self.textCursor().hasSelection(), not self.isReadOnly()
        words = self.word is not None
        write = words and writable
        _add(menu, self.tr("Play from here"), self.play_from_caret, words)
        menu.addSeparator()
        _add(menu, self.tr("Cut"), self.cut, chosen and writable)
        _add(menu, self.tr("Copy"), self.copy, chosen)
        _add(menu, self.tr("Copy as quote"), self.copy_quote, words)
        _add(menu, self.tr("Paste"), self.paste, writable and self.canPaste())
        _add(menu, self.tr("Select all"), self.selectAll, words)
        menu.addSeparator()
        _add(menu, self.tr("Split paragraph"), self.split_here, write)
        _add(menu, self.tr("Join with previous"), self.merge_with_previous, writable)
        _add(menu, self.tr("Join with next"), self.merge_with_next, writable)
        _add(menu, self.tr("New speaker from here"), self.new_speaker_here, words and writable)
        rows = self._chosen_rows()
        if rows and writable:
            speakers = self.speaker_menu(rows)
            speakers.setTitle(self.tr("Who speaks"))
            menu.addMenu(speakers)
        _add(menu, self.tr("Mark as quote"), self.mark_quote, write)
        return menu


def _add(menu: QMenu, text: str, command: Callable[[], None], enabled: bool = True) -> QAction:
    action = menu.addAction(text)
    action.setEnabled(enabled)
    action.triggered.connect(lambda _checked=False: command())
    return action


_NATIVE = QKeySequence.SequenceFormat.NativeText
