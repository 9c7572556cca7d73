"""Who speaks when, to be looked up for words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from granite_studio.core.document import Span, Word

NEAR = 500
"""A word that lies in no turn belongs to one that is at most so many ms away."""
_BLOCK = 128
"""So many turns that all end inside a word are looked at as one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which somebody speaks; None is somebody whom nobody knows."""

    span: Span
    speaker: str | None


class Turns:
    """Turns of speakers by their ids. Those of one speaker that overlap or touch are one."""

    def __init__(self, turns: Iterable[tuple[Span, int]]) -> None:
        spans: dict[int, list[Span]] = {}
        for span, speaker in sorted(turns, key=lambda turn: turn[0].start):
            said = spans.setdefault(speaker, [])
            if said and span.start <= said[-1].end:
                said[-1] = Span(said[-1].start, max(said[-1].end, span.end))
            elif span.start < span.end:
                said.append(span)
        self._own: dict[int | None, _Line] = {
            speaker: _Line(said) for speaker, said in spans.items()
        }
        everybody = [(span, speaker) for speaker, said in spans.items() for span in said]
        everybody.sort(key=lambda turn: (turn[0].start, -turn[0].end))
        self._speakers = [speaker for _, speaker in everybody]
        self._line = _Line([span for span, _ in everybody])

    def speaker_of(self, word: Word, liked: Sequence[int | None] = ()) -> int | None:
        """Who has the turn that this word overlaps most, or else the nearest one, at most `NEAR`
        ms away; or None. Of several that fit as well, the first of those `liked`."""
        start, end = word.start, max(word.end, word.start + 1)
        for speaker in liked:
            if speaker in self._own and self._own[speaker].covers(start, end):
                return speaker
        most, place = self._line.most(start, end)
        if most <= 0:
            near = self._line.nearest(start, end)
            return None if near is None else self._speakers[near]
        for speaker in liked:
            if speaker in self._own and self._own[speaker].most(start, end)[0] == most:
                return speaker
        return self._speakers[place]


class _Line:
    """Stretches in the order of their start."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts = [span.start for span in spans]
        self._ends = ends = [span.end for span in spans]

        def later(one: int, other: int) -> int:
            return other if ends[other] > ends[one] else one

        # Of the stretches up to each one, the one that ends last.
        self._latest = list(accumulate(range(len(ends)), later))
        lengths = [(span.end - span.start, place) for place, span in enumerate(spans)]
        blocks = [slice(first, first + _BLOCK) for first in range(0, len(spans), _BLOCK)]
        self._last_ends = [max(ends[block]) for block in blocks]
        self._longest = [max(lengths[block], key=lambda item: item[0]) for block in blocks]

    def covers(self, start: int, end: int) -> bool:
        """Whether one of them, of which none overlap, holds this stretch whole."""
        place = bisect_right(self._starts, start)
        return place > 0 and self._ends[place - 1] >= end

    def most(self, start: int, end: int) -> tuple[int, int]:
        """How many ms the one that overlaps this stretch most has of it, and its place."""
        place = bisect_right(self._starts, start)
        found = self._latest[place - 1] if place else -1
        most = min(self._ends[found], end) - start if place else 0
        # One that starts later than this leaves less than what is found.
        while place < len(self._starts) and end - self._starts[place] > max(most, 0):
            block, inside = divmod(place, _BLOCK)
            if inside == 0 and self._last_ends[block] <= end:
                common, candidate = self._longest[block]
                place += _BLOCK
            else:
                common, candidate = min(self._ends[place], end) - self._starts[place], place
                place += 1
            if common > most:
                most, found = common, candidate
        return most, found

    def nearest(self, start: int, end: int) -> int | None:
        """The place of the nearest one to this stretch, which none overlaps."""
        place = bisect_right(self._starts, start)
        found: list[tuple[int, int]] = []
        if place:
            found.append((start - self._ends[self._latest[place - 1]], self._latest[place - 1]))
        if place < len(self._starts):
            found.append((self._starts[place] - end, place))
        distance, place = min(found, default=(NEAR + 1, -1))
        return place if distance <= NEAR else None
