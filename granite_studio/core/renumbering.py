"""Other ids for what was drawn from the counter of a document that went another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Highlight,
    Note,
    Segment,
    Speaker,
    TranslatedText,
    Translation,
)

Item = TypeVar("Item")


class Renumbering:
    """Raises all ids from `first` on by the same number.

    Documents that share segments share them afterwards; what has none of these ids is the same
    object. `first` is the `next_id` of a document that the others were made of.
    """

    def __init__(self, origin: Document, by: int) -> None:
        self._first = origin.next_id
        self._by = by
        self._rows = {id(row): row for row in origin.segments}
        lanes = (origin.cue_overrides, origin.emphases, origin.highlights, origin.notes)
        self._known = {id(item) for lane in lanes for item in lane}
        self._seen: list[Segment] = []  # an id() is one object's for as long as that lives

    def document(self, document: Document) -> Document:
        return replace(
            document,
            segments=tuple(self._rows.get(id(row)) or self._row(row) for row in document.segments),
            speakers=self._all(document.speakers, self._speaker),
            cue_overrides=self._all(document.cue_overrides, self._cue),
            emphases=self._all(document.emphases, self._emphasis),
            highlights=self._all(document.highlights, self._highlight),
            notes=self._all(document.notes, self._note),
            translations=self._all(document.translations, self._lane),
            next_id=document.next_id + self._by,
        )

    def _all(self, items: tuple[Item, ...], renew: Callable[[Item], Item]) -> tuple[Item, ...]:
        """The items made anew; the old tuple itself where none of them differs."""
        known = self._known
        new = tuple([item if id(item) in known else renew(item) for item in items])
        return items if new == items else new

    def _id(self, given: int) -> int:
        return given + self._by if given >= self._first else given

    def _row(self, row: Segment) -> Segment:
        words = tuple(
            word if word.id < self._first else replace(word, id=self._id(word.id))
            for word in row.words
        )
        speaker = None if row.speaker is None else self._id(row.speaker)
        new = Segment(self._id(row.id), words, speaker)
        self._seen.append(row)
        return self._rows.setdefault(id(row), row if new == row else new)

    def _speaker(self, speaker: Speaker) -> Speaker:
        return replace(speaker, id=self._id(speaker.id))

    def _cue(self, cue: CueOverride) -> CueOverride:
        breaks = cue.breaks and tuple(map(self._id, cue.breaks))
        return replace(cue, first=self._id(cue.first), last=self._id(cue.last), breaks=breaks)

    def _emphasis(self, mark: Emphasis) -> Emphasis:
        return replace(mark, first=self._id(mark.first), last=self._id(mark.last))

    def _highlight(self, mark: Highlight) -> Highlight:
        first, last = self._id(mark.first), self._id(mark.last)
        return replace(mark, id=self._id(mark.id), first=first, last=last)

    def _note(self, note: Note) -> Note:
        return replace(note, id=self._id(note.id), word=self._id(note.word))

    def _text(self, text: TranslatedText) -> TranslatedText:
        return replace(text, segment=self._id(text.segment))

    def _lane(self, lane: Translation) -> Translation:
        return replace(lane, texts=self._all(lane.texts, self._text))
