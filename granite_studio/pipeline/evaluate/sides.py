"""One side of a comparison: what a file carries of words, speakers and times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from granite_studio.core.document import Document, Word
from granite_studio.formats.rttm import turns_of
from granite_studio.pipeline.evaluate.speakers import Turn

if TYPE_CHECKING:
    from pyannote.core import Annotation


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a comparison, with what it carries: words, or who speaks when, or both.

    `turns` outweigh what the document says of speakers. `is_timed` is False for plain text, and
    words of subtitles, which share the time of their cue, are `estimated`. `name` is for
    sentences; `language` is a BCP 47 tag, empty where the file does not say.
    """

    name: str
    document: Document | None = None
    turns: Annotation | None = None
    is_timed: bool = True
    language: str = ""

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(self.document.words()) if self.document else ()

    @cached_property
    def voices(self) -> tuple[str, ...]:
        """Who says each word; the same empty name for all whom nobody knows."""
        if self.document is None:
            return ()
        if self.turns is not None and self.has_word_times:
            return tuple(_voices(self.words, self.spoken))
        names = {speaker.id: speaker.name for speaker in self.document.speakers}
        return tuple(
            names.get(segment.speaker or 0, "") for segment in self.document for _ in segment.words
        )

    @cached_property
    def spoken(self) -> list[Turn]:
        """Who speaks when, in ms."""
        turns = self.turns
        if turns is None:
            turns = turns_of(self.document or Document())
        return [
            (round(span.start * 1000), round(span.end * 1000), str(label))
            for span, _, label in turns.itertracks(yield_label=True)
        ]

    @property
    def has_words(self) -> bool:
        return self.document is not None

    @property
    def has_times(self) -> bool:
        return self.is_timed and (self.has_words or self.turns is not None)

    @property
    def has_word_times(self) -> bool:
        return self.is_timed and any(not word.estimated for word in self.words)

    @property
    def has_voices(self) -> bool:
        """Whether it says of each word who says it."""
        return any(self.voices)

    @property
    def has_turns(self) -> bool:
        """Whether it says who speaks when."""
        return self.turns is not None or (self.is_timed and self.has_voices)


def _voices(words: Iterable[Word], turns: Iterable[Turn]) -> Iterator[str]:
    """Whose turn each word shares the most time with; nobody's where it shares none."""
    line = sorted(turns)
    reach = list(accumulate((end for _, end, _ in line), max))
    for word in words:
        most, voice = 0, ""
        place = bisect_left(line, word.end, key=itemgetter(0))
        while place and reach[place - 1] > word.start:
            place -= 1
            start, end, label = line[place]
            shared = min(end, word.end) - max(start, word.start)
            if shared > most:
                most, voice = shared, label
        yield voice
