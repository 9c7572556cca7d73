"""The one way an edit puts segments into a document: order kept, marks mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import is_

from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.edits import anchors


def splice(
    document: Document,
    first: int,
    removed: int,
    segments: Sequence[Segment],
    *,
    next_id: int | None = None,
    moved: Mapping[int, int] | None = None,
    typed: bool = False,
) -> Document:
    """Put these segments where `removed` rows from `first` stood.

    Segments equal to what was there stay the same objects; if all are, so does the document.
    Rows are sorted again where a start moved past a neighbour. Marks on words that vanished go to
    the word `moved` names, else to the nearest one left inside their range, else they go. `typed`
    words between cues made by hand become part of one.
    """
    old = document.segments[first : first + removed]
    by_id = {segment.id: segment for segment in old}
    segments = [by_id[s.id] if by_id.get(s.id) == s else s for s in segments]
    if len(segments) == removed and all(map(is_, old, segments)):
        return document
    rows = (*document.segments[:first], *segments, *document.segments[first + removed :])
    ordered = _in_order(rows, first, len(segments))
    result = replace(
        document,
        segments=ordered,
        next_id=document.next_id if next_id is None else next_id,
    )
    kept = {word.id for segment in segments for word in segment.words}
    known = {word.id for segment in old for word in segment.words}
    gone = frozenset(known - kept)
    if gone and anchors.has_marks(document):
        before = document.segments[max(first - 1, 0) : first]
        after = document.segments[first + removed : first + removed + 1]
        result = anchors.mend(result, anchors.Reading(before, old, after, gone, moved or {}))
    if ordered is not rows or moved or _reading(old, kept) != _reading(segments, known):
        result = anchors.drop_crossed(result)
    fresh = kept - known
    if typed and fresh and document.cue_overrides:
        result = anchors.adopt(result, segments, fresh)
    if document.translations:
        lost = {segment.id for segment in old} - {segment.id for segment in segments}
        result = anchors.drop_translations(result, frozenset(lost))
    return result


def _reading(segments: Sequence[Segment], among: set[int]) -> list[int]:
    """The ids in reading order of those words that are among these."""
    return [word.id for segment in segments for word in segment.words if word.id in among]


def in_line(words: Iterable[Word]) -> tuple[Word, ...]:
    """These words one after another: a word that starts too early waits for the one before."""
    line: list[Word] = []
    reached = 0
    for word in words:
        if word.start < reached:
            word = replace(word, start=reached, end=max(reached, word.end), estimated=True)
        line.append(word)
        reached = word.end
    return tuple(line)


def _in_order(rows: tuple[Segment, ...], first: int, inserted: int) -> tuple[Segment, ...]:
    """The rows by start; the same tuple when the new ones stand right among their neighbours."""
    near = rows[max(first - 1, 0) : first + inserted + 1]
    if all(a.start <= b.start for a, b in pairwise(near)):
        return rows
    return tuple(sorted(rows, key=lambda segment: segment.start))
