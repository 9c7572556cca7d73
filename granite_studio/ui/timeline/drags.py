"""What a press of the mouse that moves can do. A drag previews; only dropping it commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt

from granite_studio.core import edits
from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document, Span, Word, joined
from granite_studio.core.edits import Place
from granite_studio.core.timing import clock
from granite_studio.ui.timeline.content import Cues
from granite_studio.ui.timeline.desk import Desk

LEAST_WORD_MS = 20
LEAST_CUE_MS = 100


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is: the moment below it, pixels, and the scale they have.

    `free` (Shift) turns snapping off; `apart` (Alt) leaves a neighbour where it is.
    """

    ms: float
    x: float
    pixel_ms: float
    free: bool = False
    apart: bool = False


class Drag(Protocol):
    """Follows the pointer from a press to a release, or to Esc."""

    cursor: Qt.CursorShape

    def move(self, at: Pointer) -> None: ...
    def drop(self) -> None: ...
    def cancel(self) -> None: ...


class Scrub:
    """Moves the playhead."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._home = desk.playback.position

    def move(self, at: Pointer) -> None:
        self._desk.playback.seek(max(0, min(round(at.ms), self._desk.content.duration)))

    def drop(self) -> None:
        pass

    def cancel(self) -> None:
        self._desk.playback.seek(self._home)


class SelectSpan:
    """Selects a span of time between where it began (`anchor`, ms) and the pointer."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, desk: Desk, anchor: float) -> None:
        self._desk = desk
        self._anchor = anchor
        self._home = desk.content.span

    def move(self, at: Pointer) -> None:
        desk = self._desk
        anchor = desk.snapped(self._anchor, at.pixel_ms, free=at.free)
        here = desk.snapped(at.ms, at.pixel_ms, free=at.free)
        desk.content.span = Span(min(anchor, here), max(anchor, here))
        desk.readout = f"{clock(here)}  ({abs(here - anchor) / 1000:.2f} s)"
        desk.repainted.emit()

    def drop(self) -> None:
        span = self._desk.content.span
        self._desk.restore()
        self._desk.select_span(span if span is not None and span.start < span.end else None)

    def cancel(self) -> None:
        self._desk.content.span = self._home
        self._desk.restore()


class _Edit:
    """A drag that makes another document of the session's."""

    cursor = Qt.CursorShape.SizeHorCursor
    label = ""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._document: Document | None = None

    def move(self, at: Pointer) -> None:
        try:
            self._document = self._edited(self._desk.content.kept.document, at)
        except KeyError:  # what is dragged has gone: a machine heard this stretch again
            self._document = None
            self._desk.restore()
            return
        self._desk.preview(self._document)

    def drop(self) -> None:
        if self._document is None:
            self._desk.restore()
        else:
            self._desk.commit(self._document, self.label)

    def cancel(self) -> None:
        self._desk.restore()

    def _edited(self, document: Document, at: Pointer) -> Document:
        raise NotImplementedError


class MoveWordEdge(_Edit):
    """Retimes a word. A neighbour that touches the edge moves along, unless held apart."""

    def __init__(self, desk: Desk, place: Place, is_end: bool) -> None:
        super().__init__(desk)
        self.label = QCoreApplication.translate("Timeline", "Retime word")
        self._place = place
        self._is_end = is_end
        self._id = desk.content.kept.segment(place.row).words[place.word].id

    def _edited(self, document: Document, at: Pointer) -> Document:
        place = self._place = _found(document, self._place, self._id)
        words = document.segments[place.row].words
        left = place.word if self._is_end else place.word - 1
        before = words[left] if left >= 0 else None
        after = words[left + 1] if left + 1 < len(words) else None
        ms = self._desk.snapped(at.ms, at.pixel_ms, free=at.free)
        home = words[place.word].end if self._is_end else words[place.word].start
        rolls = not at.apart and before and after and before.end == after.start
        if rolls and before and after:
            least = min(LEAST_WORD_MS, (after.end - before.start) // 2)
            ms = _between(ms, before.start + least, after.end - least)
        elif self._is_end:
            floor = words[place.word].start + LEAST_WORD_MS
            ms = _between(ms, floor, after.start if after else self._desk.content.duration)
        else:
            ms = _between(ms, before.end if before else 0, words[place.word].end - LEAST_WORD_MS)
        self._desk.readout = f"{clock(ms)}  ({(ms - home) / 1000:+.3f} s)"
        if rolls:
            return _rolled(document, Place(place.row, left), ms)
        word = words[place.word]
        start, end = (word.start, ms) if self._is_end else (ms, word.end)
        return edits.retime_word(document, place, start, end)


class MoveTurnEdge(_Edit):
    """Moves words over the border between a turn and the one before it."""

    cursor = Qt.CursorShape.SplitHCursor

    def __init__(self, desk: Desk, row: int) -> None:
        super().__init__(desk)
        self.label = QCoreApplication.translate("Timeline", "Move words to the other turn")
        self._id = desk.content.kept.segment(row).id
        self._row = row

    def _edited(self, document: Document, at: Pointer) -> Document:
        self._row = document.row_of(self._id)
        if self._row == 0:
            raise KeyError(self._id)
        above, below = document.segments[self._row - 1], document.segments[self._row]
        given = 0
        if at.ms > below.start:
            given = sum(_middle(word) < at.ms for word in below.words[:-1])
            moved, to = below.words[:given], above.speaker
        else:
            given = -sum(_middle(word) > at.ms for word in above.words[1:])
            moved, to = above.words[len(above.words) + given :], below.speaker
        self._desk.readout = _said(document, moved, to)
        return edits.move_boundary(document, self._row, given)


class MoveCueEdge:
    """Sets when a cue begins or ends; its words become a cue made by hand."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, desk: Desk, cue: int, is_end: bool) -> None:
        self._desk = desk
        self._cue = cue
        self._is_end = is_end
        self._home: Cues = desk.content.cues
        self._moved: Cue | None = None

    def move(self, at: Pointer) -> None:
        desk, cue = self._desk, self._home.items[self._cue]
        ms = desk.snapped(at.ms, at.pixel_ms, free=at.free, shots=True)
        others = self._home.items
        if self._is_end:
            later = others[self._cue + 1].start if self._cue + 1 < len(others) else None
            limit = desk.content.duration if later is None or later < cue.end else later
            ms = _between(ms, cue.start + LEAST_CUE_MS, limit)
            self._moved, home = replace(cue, end=ms), cue.end
        else:
            earlier = others[self._cue - 1].end if self._cue else 0
            ms = _between(ms, min(earlier, cue.start), cue.end - LEAST_CUE_MS)
            self._moved, home = replace(cue, start=ms), cue.start
        desk.readout = f"{clock(ms)}  ({(ms - home) / 1000:+.3f} s)"
        desk.content.cues = self._home.moved(self._cue, self._moved.start, self._moved.end)
        desk.repainted.emit()

    def drop(self) -> None:
        moved = self._moved
        if moved is None or moved == self._home.items[self._cue]:
            self.cancel()
            return
        document = self._desk.content.kept.document
        override = next(
            (o for o in document.cue_overrides if (o.first, o.last) == (moved.first, moved.last)),
            CueOverride(moved.first, moved.last, settings=moved.settings),
        )
        timed = (
            replace(override, end=moved.end)
            if self._is_end
            else replace(override, start=moved.start)
        )
        label = QCoreApplication.translate("Timeline", "Retime cue")
        try:
            fixed = edits.fix_cue(document, timed)
        except ValueError:  # its words have gone meanwhile: a machine heard this stretch again
            self.cancel()
            return
        self._desk.commit(fixed, label)

    def cancel(self) -> None:
        self._desk.content.cues = self._home
        self._desk.restore()


def _rolled(document: Document, left: Place, ms: int) -> Document:
    """Two words that touch, parted at another moment: the one that gives way goes first."""
    before, after = document.segments[left.row].words[left.word : left.word + 2]
    right = Place(left.row, left.word + 1)
    if ms < before.end:
        document = edits.retime_word(document, left, before.start, ms)
        return edits.retime_word(document, right, ms, after.end)
    document = edits.retime_word(document, right, ms, after.end)
    return edits.retime_word(document, left, before.start, ms)


def _found(document: Document, place: Place, word_id: int) -> Place:
    """Where the word is now; KeyError when it has gone."""
    if place.row < len(document.segments):
        words = document.segments[place.row].words
        if place.word < len(words) and words[place.word].id == word_id:
            return place
    return edits.find_word(document, word_id)


def _said(document: Document, words: tuple[Word, ...], speaker_id: int | None) -> str:
    """The words that change hands, and who gets them."""
    if not words:
        return QCoreApplication.translate("Timeline", "Drag over words to move them")
    said = joined(word.text for word in words)
    said = said if len(said) <= 40 else said[:19] + " … " + said[-19:]
    speaker = document.speaker(speaker_id)
    nobody = QCoreApplication.translate("Timeline", "Unknown speaker")
    return f"“{said}” → {speaker.name if speaker else nobody}"


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2


def _between(ms: int, low: int, high: int) -> int:
    return max(low, min(ms, high))
