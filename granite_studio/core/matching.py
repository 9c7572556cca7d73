"""A text that a person brings, put to the recording it is of: only its times change."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from granite_studio.core.cuetext import CueText, escape
from granite_studio.core.document import Document, EngineUse, Segment, Span, Speaker, Word
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.merge import timed

_NOBODY = EngineUse(IMPORTED)


def from_text(text: str, *, language: str = "en") -> Document:
    """A transcript of plain text: a paragraph of each line, with "ANNA: " or a name that returns
    as its speaker. Nothing of it has a time yet."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [escape(line) for line in lines if line]
    reader, ids = CueText(lines), count(1)
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for line in lines:
        for part in reader.read(line):
            said = [word for texts in part.lines for word in texts]
            words = tuple(_untimed(next(ids), word) for word in said)
            name = part.speaker or ""
            if name and name not in speakers:
                speakers[name] = Speaker(next(ids), name)
            speaker = speakers[name].id if name else None
            segments.append(Segment(next(ids), words, speaker))
    return Document(
        segments=tuple(segments),
        speakers=tuple(speakers.values()),
        language=language,
        next_id=next(ids),
    )


def matched(document: Document, heard: Heard) -> tuple[Document, int]:
    """The transcript at the times at which an engine heard its words, and how many it found.

    Cues made by hand, as those of a subtitle file are, keep their words and lines and get the
    times of their words. Words that were not found share the room between those that were.
    """
    turns = tuple(
        HeardTurn(
            tuple(HeardWord(word.text, 0, 0, estimated=True) for word in segment.words),
            str(number),
        )
        for number, segment in enumerate(document.segments)
    )
    text = Heard(heard.span, turns, _NOBODY, key="")
    found = timed(text, heard, language=document.language)
    times = iter([word for turn in found for word in turn.words])
    segments = tuple(
        replace(segment, words=tuple(_at(word, next(times)) for word in segment.words))
        for segment in document.segments
    )
    hands = (replace(hand, start=None, end=None) for hand in document.cue_overrides)
    after = replace(document, segments=segments, cue_overrides=tuple(hands))
    return after, sum(not word.estimated for word in after.words())


def words_of(document: Document, span: Span) -> Heard:
    """What a transcript says, as one window of the whole recording."""
    words = [
        HeardWord(word.text, word.start, word.end, word.confidence, word.estimated)
        for word in document.words()
    ]
    words.sort(key=lambda word: word.start)
    return Heard(span, (HeardTurn(tuple(words)),), _NOBODY, key="")


def _untimed(word_id: int, text: str) -> Word:
    return Word(word_id, text, 0, 0, source=IMPORTED, estimated=True)


def _at(word: Word, heard: HeardWord) -> Word:
    return replace(word, start=heard.start, end=heard.end, estimated=heard.estimated)
