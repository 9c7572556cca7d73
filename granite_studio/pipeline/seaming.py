"""Windows that overlap, where unbroken speech was cut by force, are joined word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from granite_studio.core.document import Finding, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.seams import joined

Words = tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Plain values that a project is to keep for the next run, under a name and a result's key."""

    stage: str
    key: str
    value: object


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a window now, to be put into the transcript.

    `result` is what the pass gave by itself and is to be kept under its key, and `kept` what is
    to be kept beside it.
    """

    heard: Heard
    result: Heard
    kept: tuple[Kept, ...] = ()
    findings: tuple[Finding, ...] = ()


class Seams:
    """Windows come in any order; two that overlap are joined as soon as both are there.

    What remains of a window depends on what it and its neighbours gave themselves, and not on
    which of them came first: a run that was stopped and resumed ends with the same words.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._by_end: dict[tuple[str, int], tuple[Said, int]] = {}
        self._by_seam: dict[tuple[str, int], tuple[Said, int]] = {}

    def know(self, said: Said, overlap_ms: int) -> None:
        """A window that is in the transcript already."""
        lane, span = said.heard.lane, said.heard.span
        self._by_end[lane, span.end] = said, overlap_ms
        if overlap_ms:
            self._by_seam[lane, span.start + overlap_ms] = said, overlap_ms

    def take(self, said: Said, overlap_ms: int) -> Iterator[Said]:
        """This window without what its neighbours hold, and they without what it holds."""
        self.know(said, overlap_ms)
        for one in (self._before(said, overlap_ms), (said, overlap_ms), self._after(said)):
            if one is not None:
                yield self._parted(*one)

    def _before(self, said: Said, overlap_ms: int) -> tuple[Said, int] | None:
        seam = said.heard.lane, said.heard.span.start + overlap_ms
        return self._by_end.get(seam) if overlap_ms else None

    def _after(self, said: Said) -> tuple[Said, int] | None:
        return self._by_seam.get((said.heard.lane, said.heard.span.end))

    def _parted(self, said: Said, overlap_ms: int) -> Said:
        """What is left to a window, from a moment between two words to another."""
        first, last = said.heard.span.start, said.heard.span.end
        every = words = _words(said.heard)
        before, after = self._before(said, overlap_ms), self._after(said)
        if before is not None:
            overlap = Span(first, first + overlap_ms)
            _, words, first = self._joined(_words(before[0].heard), words, overlap)
        gone = len(every) - len(words)
        if after is not None:
            start = after[0].heard.span.start
            overlap = Span(start, start + after[1])
            words, _, last = self._joined(words, _words(after[0].heard), overlap)
        return _only(said, dict(enumerate(words, gone)), Span(first, max(first, last)))

    def _joined(self, ours: Words, theirs: Words, overlap: Span) -> tuple[Words, Words, int]:
        """What remains of both, and the moment at which the second begins."""
        kept, rest = joined(ours, theirs, overlap, language=self._language)
        begins = rest[0].start if rest else overlap.end
        return kept, rest, min(max(begins, overlap.start), overlap.end)


def _words(heard: Heard) -> Words:
    return tuple(word for turn in heard.turns for word in turn.words)


def _only(said: Said, words: Mapping[int, HeardWord], span: Span) -> Said:
    """The window with these of its words alone, by their place in it."""
    turns, place = [], 0
    for turn in said.heard.turns:
        places = range(place, place + len(turn.words))
        place += len(turn.words)
        left = tuple(words[at] for at in places if at in words)
        if left:
            turns.append(HeardTurn(left, turn.speaker))
    heard = replace(said.heard, span=span, turns=tuple(turns), rejoined=True)
    return replace(said, heard=heard)
