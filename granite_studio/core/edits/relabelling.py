"""Who is who, found out later: what a machine gave to the wrong speaker goes to the right one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.edits.anchors import join_translations
from granite_studio.core.edits.speakers import add_speaker, clean_name
from granite_studio.core.edits.splicing import splice
from granite_studio.core.edits.weaving import goes_on
from granite_studio.core.heard import Relabelled


def relabel(
    document: Document, facts: Iterable[Relabelled], *, voices: Mapping[str, int] | None = None
) -> Document:
    """Give what one speaker says in a window to whom it turned out to be.

    All facts are taken at once, so that two speakers can change places. A speaker whom a person
    renamed keeps everything, and words of a paragraph that were all written or confirmed by a
    person stay with their speaker. Paragraphs are parted where only some of their windows change,
    and joined where only the edge of a window parted them. Speakers left without a word go.

    `voices` says which speaker a label has meant so far in this run, so that what turns out to be
    by "Speaker 1" goes to the person who was named since.
    """
    moves = _Moves(document, facts)
    parted = ((row, moves.parted(segment)) for row, segment in enumerate(document.segments))
    changed = {row: parts for row, parts in parted if any(name for name, _ in parts)}
    if not changed:
        return document
    result, ids = _with_speakers(document, changed.values(), voices or {})
    first, last = max(min(changed) - 1, 0), min(max(changed) + 2, len(document.segments))
    next_id = result.next_id
    pieces: list[Segment] = []
    fresh: set[int] = set()
    for row in range(first, last):
        segment = document.segments[row]
        if row not in changed:
            pieces.append(segment)
            continue
        for number, (name, words) in enumerate(changed[row]):
            speaker = ids[name] if name else segment.speaker
            piece = Segment(next_id if number else segment.id, words, speaker)
            next_id += 1 if number else 0
            pieces.append(piece)
            fresh.add(piece.id)
    pieces.sort(key=attrgetter("start"))
    result, pieces = _joined(result, pieces, fresh, moves)
    result = splice(result, first, last - first, pieces, next_id=next_id)
    said_by = {segment.speaker for segment in result.segments}
    left = tuple(s for s in result.speakers if s.id in said_by or s.id not in moves.losing)
    return result if left == result.speakers else replace(result, speakers=left)


Parts = list[tuple[str | None, tuple[Word, ...]]]
"""A paragraph's words and to whom they go; None where they stay."""


class _Moves:
    """The facts by window, to look them up for words."""

    def __init__(self, document: Document, facts: Iterable[Relabelled]) -> None:
        ids = {speaker.name: speaker.id for speaker in document.speakers}
        told = [fact for fact in facts if clean_name(fact.before) in ids]
        told.sort(key=lambda fact: (fact.span.start, fact.span.end))
        self.losing = {ids[clean_name(fact.before)] for fact in told}
        self._after = {
            (fact.span.start, ids[clean_name(fact.before)]): clean_name(fact.after)
            for fact in told
        }
        spans = {fact.span.start: fact.span.end for fact in told}
        self._starts, self._ends = list(spans), list(spans.values())

    def parted(self, segment: Segment) -> Parts:
        """The words of this paragraph by whom they go to."""
        reached = bisect_right(self._starts, segment.end) - 1
        if segment.speaker not in self.losing or not self._may_reach(segment, reached):
            return [(None, segment.words)]
        named = [
            (self._goes_to(segment.speaker, window, said), said)
            for window, said in self._by_window(segment.words)
        ]
        return [
            (name, tuple(word for _, said in group for word in said))
            for name, group in groupby(named, key=lambda item: item[0])
        ]

    def parts(self, before: Segment, after: Segment) -> bool:
        """Whether a window begins or ends between these."""
        first, last = before.words[-1].start, after.words[0].start
        return any(
            bisect_right(edges, last) > bisect_right(edges, first)
            for edges in (self._starts, self._ends)
        )

    def _may_reach(self, segment: Segment, window: int) -> bool:
        return window >= 0 and self._ends[window] > segment.start

    def _by_window(self, words: Sequence[Word]) -> Iterator[tuple[int, list[Word]]]:
        """Words with the start of their window, or -1."""

        def window(word: Word) -> int:
            at = bisect_right(self._starts, word.start) - 1
            return self._starts[at] if at >= 0 and word.start < self._ends[at] else -1

        for start, said in groupby(words, key=window):
            yield start, list(said)

    def _goes_to(self, speaker: int | None, window: int, said: Sequence[Word]) -> str | None:
        if speaker is None or all(word.touched for word in said):
            return None
        return self._after.get((window, speaker))


def _with_speakers(
    document: Document, changed: Iterable[Parts], voices: Mapping[str, int]
) -> tuple[Document, dict[str, int]]:
    """The speakers that these words go to, those added that were not in the transcript."""
    known = {speaker.id for speaker in document.speakers}
    ids = {clean_name(label): speaker for label, speaker in voices.items() if speaker in known}
    for parts in changed:
        for name, _ in parts:
            if name and name not in ids:
                document, speaker = add_speaker(document, name)
                ids[name] = speaker.id
    return document, ids


def _joined(
    document: Document, pieces: Sequence[Segment], fresh: set[int], moves: _Moves
) -> tuple[Document, list[Segment]]:
    """Join paragraphs of one speaker that only the edge of a window parts."""
    line: list[Segment] = []
    for piece in pieces:
        before = line[-1] if line else None
        if (
            before is None
            or before.speaker != piece.speaker
            or not {before.id, piece.id} & fresh
            or not moves.parts(before, piece)
            or before.end > piece.start
            or not goes_on(before.words, piece.start)
        ):
            line.append(piece)
            continue
        document = join_translations(document, before.id, piece.id)
        line[-1] = replace(before, words=(*before.words, *piece.words))
        fresh.add(before.id)
    return document, line
