"""NIST's RTTM: who spoke when; no words.

SPEAKER recording channel start length <NA> <NA> speaker <NA> <NA>

Lines of other kinds are left out. To measure by, the turns are a `pyannote.core.Annotation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from granite_studio.core.document import Document, Span, Word
from granite_studio.core.edits.heard import IMPORTED, WAITING
from granite_studio.core.edits.turns import Turn
from granite_studio.core.heard import HeardTurn, HeardWord
from granite_studio.formats.base import Carries, Content, Format, Kind, Source, encoded, unreadable
from granite_studio.formats.turns import (
    Line,
    document_of,
    faulty,
    lines,
    milliseconds,
    names_of,
    one_recording,
    recording_of,
    speaker_or_none,
)

if TYPE_CHECKING:
    from pyannote.core import Annotation

PAUSE = 500
"""A shorter silence between two words of a paragraph, in ms, belongs to the turn."""


def read(source: Source) -> Document:
    """A paragraph for each turn, which waits for its words: `core.edits.heard.is_waiting`.

    A turn that begins before its speaker ends another one begins where that ends, and goes where
    nothing is left of it. Raises `FormatError` naming the first faulty line.
    """
    return document_of(_waiting(read_spoken(source)), language=source.language)


def _waiting(turns: Iterable[Turn]) -> Iterator[HeardTurn]:
    reached: dict[str | None, int] = {}
    for turn in sorted(turns, key=lambda turn: turn.span.start):
        start, end = max(turn.span.start, reached.get(turn.speaker, 0)), turn.span.end
        if start < end:
            reached[turn.speaker] = end
            yield HeardTurn((HeardWord(WAITING, start, end, source=IMPORTED),), turn.speaker)


def read_spoken(source: Source) -> list[Turn]:
    """Read who speaks when in one recording, as the lines say.

    Raises `FormatError` naming the first faulty line.
    """
    return [Turn(_span(row, source), speaker_or_none(row.fields[7])) for row in _rows(source)]


def read_turns(source: Source) -> Annotation:
    """The same to measure by. Raises `FormatError`."""
    from pyannote.core import Annotation, Segment

    rows = _rows(source)
    turns = Annotation(uri=rows[0].fields[1])
    for track, row in enumerate(rows):
        span = _span(row, source)
        turns[Segment(span.start / 1000, span.end / 1000), track] = row.fields[7]
    return turns


def _rows(source: Source) -> list[Line]:
    """The lines of speakers; at least one, and all of one recording."""
    rows = [row for row in lines(source) if row.fields[0] == "SPEAKER"]
    if not rows:
        raise unreadable(source.name, "has no SPEAKER line in it", "choose an RTTM file")
    for row in rows:
        if len(row.fields) < 8:
            raise faulty(
                source, row.number, "lacks a recording, channel, start, length or speaker"
            )
    one_recording((row.fields[1] for row in rows), source)
    return rows


def _span(row: Line, source: Source) -> Span:
    start, length = (milliseconds(text, source, row.number) for text in row.fields[3:5])
    return Span(start, start + length)


def turns_of(document: Document) -> Annotation:
    """Who speaks when by a transcript: its paragraphs, without the pauses of half a second.

    Words of nobody known are those of a speaker "unknown".
    """
    from pyannote.core import Annotation, Segment

    turns = Annotation(uri=recording_of(document))
    names = names_of(document)
    for segment in document:
        for start, end in _stretches(segment.words):
            span = Segment(start / 1000, end / 1000)
            turns[span, turns.new_track(span)] = names[segment.speaker] or "unknown"
    return turns


def _stretches(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    start, end = words[0].start, words[0].end
    for word in words[1:]:
        if word.start - end >= PAUSE:
            yield start, end
            start = word.start
        end = word.end
    yield start, end


def write(content: Content) -> bytes:
    """Who speaks when, without a word of what they say."""
    return encoded(turns_of(content.as_document()).to_rttm())


FORMAT = Format(
    name="rttm",
    extensions=(".rttm",),
    title="RTTM speaker turns",
    kind=Kind.CORPUS,
    carries=Carries.SPEAKERS,
    has_words=False,
    write=write,
    read=read,
)
