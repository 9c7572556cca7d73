"""From the text that a person left in a paragraph to the smallest edit of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from granite_studio.core import edits
from granite_studio.core.document import Document, Segment, difference, joined, tokens
from granite_studio.core.edits import Place
from granite_studio.ui.transcript.spans import Stretch, index_of, shared_edges, shown, units


@dataclass(frozen=True, slots=True)
class Correction:
    """Words `first` up to `last` of a paragraph become `text`."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in the text of a row: units before it, and where the row's words stand."""

    row: int
    offset: int
    text: str
    words: tuple[Stretch, ...]

    def between(self, start: int, end: int) -> str:
        """The text between two offsets; nothing if they are not in order."""
        return self.text[index_of(self.text, start) : index_of(self.text, max(start, end))]

    @property
    def cuts_word(self) -> bool:
        """Whether it lies inside a word."""
        return any(start < self.offset < end for start, end in self.words)

    @property
    def rest(self) -> str:
        """The words behind this place as running text."""
        return joined(tokens(self.text[index_of(self.text, self.offset) :]))


def correction(document: Document, row: int, text: str) -> Correction | None:
    """The fewest words to rewrite so that the row reads as this; None if it does already.

    Words are compared as running text: two Japanese words stay two, though no space says so.
    """
    segment = document.segments[row]
    old = shown(segment.text)
    new = joined(tokens(text))
    if new == old:
        return None
    head, tail = shared_edges(old, new)
    first, last = len(segment.words), 0
    start, end = len(old), 0
    at = 0
    for index, word in enumerate(segment.words):
        at = old.index(shown(word.text), at)
        if at + len(word.text) >= head and at <= len(old) - tail:
            first, last = min(first, index), index + 1
            start, end = min(start, at), at + len(word.text)
        at += len(word.text)
    return Correction(first, last, new[start : len(new) - (len(old) - end)])


def corrected(document: Document, row: int, text: str) -> Document:
    """The document after a person typed in a row; an empty text takes the row out."""
    change = correction(document, row, text)
    if change is None:
        return document
    return edits.replace_text(
        document, Place(row, change.first), Place(row, change.last), change.text
    )


def typed_over(document: Document, start: TextPlace, end: TextPlace, text: str) -> Document:
    """The document after a person wrote this over a stretch of text, newlines parting paragraphs.

    Words that the stretch cuts lose that part. Two halves that meet without a word between them
    become one.
    """
    i, head = _cut_front(start)
    j, tail = _cut_back(end)
    lines = [line for line in text.splitlines() if tokens(line)]
    between = "\n".join(lines) if lines else "" if head and tail else " "
    return edits.replace_text(
        document, Place(start.row, i), Place(end.row, j), head + between + tail
    )


def _cut_front(place: TextPlace) -> tuple[int, str]:
    """The first word that this place is not behind, and what of it lies before the place."""
    for index, (start, end) in enumerate(place.words):
        if place.offset < end:
            return index, place.between(start, place.offset)
    return len(place.words), ""


def _cut_back(place: TextPlace) -> tuple[int, str]:
    """The number of words that begin before this place, and what of the last lies behind it."""
    for index in range(len(place.words), 0, -1):
        start, end = place.words[index - 1]
        if start < place.offset:
            return index, place.between(place.offset, end)
    return 0, ""


def with_paragraphs(
    document: Document, row: int, lines: Sequence[str], *, moment: int, emptied: Segment | None
) -> Document:
    """The document with new paragraphs in front of a row.

    A single one gets the speaker and the start of the paragraph `emptied` to write it, or else
    begins at the `moment` (ms) the recording is at, if that lies between its neighbours.
    """
    before = document.segments
    if not before:
        after = edits.insert(document, Place(0, 0), "\n".join(lines))
    elif row:
        end = Place(row - 1, len(before[row - 1].words))
        after = edits.insert(document, end, "\n".join(["", *lines]))
    else:
        after = edits.insert(document, Place(0, 0), "\n".join([*lines, ""]))
    if len(lines) > 1:
        return after
    made = after.segments[row]
    if emptied:
        after = edits.assign_speaker(after, (row,), emptied.speaker)
    start = emptied.start if emptied else moment
    end_ms = start + made.end - made.start
    earliest = before[row - 1].end if row else 0
    latest = before[row].start if row < len(before) else end_ms
    if earliest <= start <= latest:
        return edits.retime_segment(after, row, start, min(end_ms, latest))
    return after


def changed_end(before: Document, after: Document) -> tuple[int, int] | None:
    """Row and units where the text that changed ends; None if no text did or none is left.

    The units may reach into the rows behind, each border counting as one.
    """
    change = difference(before, after)
    old = _text(before.segments[change.first : change.first + change.removed])
    new = _text(after.segments[change.first : change.first + change.inserted])
    if old == new or not after.segments:
        return None
    _, tail = shared_edges(old, new)
    return min(change.first, len(after.segments) - 1), units(new[: len(new) - tail])


def _text(segments: Sequence[Segment]) -> str:
    return "\n".join(shown(segment.text) for segment in segments)
