"""What a machine heard, made fit for a document: at the door, and beside what a person wrote."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from granite_studio.core.document import Span, Word
from granite_studio.core.edits.fitting import loose, shared
from granite_studio.core.heard import Heard, HeardTurn
from granite_studio.core.unspaced import words_of

PAUSE = 1_000
"""A silence of so many milliseconds ends a paragraph."""
TWIN = 300
"""The same word, written by a person and heard by a machine at most so many ms apart, is one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A heard word on its way into a document; its id is 0 until it has a place there."""

    word: Word
    turn: int
    index: int
    label: str | None


def received(heard: Heard) -> list[Incoming]:
    """The heard words with times that run forward inside each turn and inside the window.

    Every word starts before the window ends, so that it belongs to this window and no other.
    """
    if heard.span.start == heard.span.end:
        return []
    # One voice cannot speak over itself, not even in two turns.
    by_label: dict[str | None, list[Incoming]] = {}
    for number, turn in enumerate(heard.turns):
        said = by_label.setdefault(turn.speaker, [])
        reached = said[-1].word.end if said else heard.span.start
        for index, word in enumerate(_timed(turn, heard.span, reached, heard.engine.name)):
            said.append(Incoming(word, number, index, turn.speaker))
    words = [word for said in by_label.values() for word in _started(said, heard.span)]
    return sorted(words, key=lambda word: (word.turn, word.index))


def _timed(turn: HeardTurn, span: Span, reached: int, source: str) -> Iterator[Word]:
    """Words of a turn, none before `reached` or one another, several for a text of several."""
    for heard in turn.words:
        texts = words_of(heard.text)
        start = min(max(heard.start, reached), span.end)
        end = min(max(heard.end, start), span.end)
        reached = end if texts else reached
        estimated = heard.estimated or len(texts) > 1
        for text, (begins, ends) in zip(texts, shared(texts, start, end), strict=True):
            given_by = heard.source or source
            yield Word(0, text, begins, ends, heard.confidence, given_by, estimated=estimated)


def _started(said: list[Incoming], span: Span) -> list[Incoming]:
    """Pull back what would start at the end of the window, and what stands in its way."""
    limit = span.end
    for place in range(len(said) - 1, -1, -1):
        word = said[place].word
        start, end = min(word.start, span.end - 1, limit), min(word.end, limit)
        if (start, end) == (word.start, word.end):
            break
        said[place] = replace(said[place], word=replace(word, start=start, end=end))
        limit = start
    return said


class Kept:
    """Words that stay where they are, and what of the heard ones has room beside them.

    A heard word that overlaps a kept one by half of the shorter gives way, and so does one inside
    a run of kept words: what a person wrote there is all that was said there.
    """

    def __init__(self, stretches: Iterable[Sequence[Word]], alone: Iterable[Word]) -> None:
        """`stretches` are kept words that stand next to one another in the text; `alone` are
        further ones, between which there is room."""
        self._words: list[Word] = []
        spans = [Span(word.start, word.end) for word in alone]
        for words in stretches:
            self._words += words
            spans += runs(words)
            # A word of no length was put in where nothing was heard: it only parts what is there.
            spans += [Span(word.start, word.end) for word in words]
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._reached = list(accumulate((span.end for span in self._spans), max))

    def beside(self, words: Sequence[Incoming]) -> list[Incoming]:
        """The heard words that do not give way, cut short where they reach into kept ones."""
        twins = self._twins(words)
        left: list[Incoming] = []
        for place, heard in enumerate(words):
            word = None if place in twins else self._trimmed(heard.word)
            if word is not None:
                left.append(heard if word is heard.word else replace(heard, word=word))
        return left

    def _trimmed(self, word: Word) -> Word | None:
        here = _extent(word.start, word.end)
        start, end = word.start, word.end
        first = bisect_right(self._reached, here.start)
        for span in self._spans[first : bisect_left(self._starts, here.end)]:
            common = min(here.end, span.end) - max(here.start, span.start)
            if common > 0 and 2 * common >= min(here.end - here.start, span.end - span.start):
                return None
            if common > 0 and span.start <= here.start:
                start = max(start, span.end)
            elif here.start < span.start:
                end = min(end, span.start)
        if (start, end) == (word.start, word.end):
            return word
        return replace(word, start=start, end=end) if start < end else None

    def _twins(self, words: Sequence[Incoming]) -> set[int]:
        """Places of heard words that a person wrote too, at nearly the same time."""
        written: dict[str, list[int]] = {}
        for word in self._words:
            written.setdefault(loose(word.text), []).append(word.start)
        twins: set[int] = set()
        for place, heard in enumerate(words):
            starts = written.get(loose(heard.word.text), [])
            start = heard.word.start
            nearest = min(starts, key=lambda other: (abs(other - start), other), default=None)
            if nearest is not None and abs(nearest - start) <= TWIN:
                starts.remove(nearest)
                twins.add(place)
        return twins


def _extent(start: int, end: int) -> Span:
    return Span(start, max(end, start + 1))


def runs(words: Sequence[Word]) -> list[Span]:
    """The times from first to last of words that follow one another without a pause."""
    spans: list[Span] = []
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place].start - words[place - 1].end >= PAUSE:
            spans.append(Span(words[first].start, words[place - 1].end))
            first = place
    return spans
