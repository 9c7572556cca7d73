"""NIST's RTTM: who spoke when, as `pyannote.core.Annotation`; no words.

SPEAKER recording channel start length <NA> <NA> speaker <NA> <NA>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from granite_studio.core.document import Document, Word
from granite_studio.formats.base import Carries, Content, Format, Kind, Source, encoded, unreadable
from granite_studio.formats.turns import (
    faulty,
    lines,
    milliseconds,
    names_of,
    one_recording,
    recording_of,
)

if TYPE_CHECKING:
    from pyannote.core import Annotation

PAUSE = 500
"""A shorter silence between two words of a paragraph, in ms, belongs to the turn."""


def read_turns(source: Source) -> Annotation:
    """Read who speaks when in one recording; lines of other kinds than SPEAKER are left out.

    Raises `FormatError` naming the first faulty line.
    """
    from pyannote.core import Annotation, Segment

    rows = [row for row in lines(source) if row.fields[0] == "SPEAKER"]
    if not rows:
        raise unreadable(source.name, "has no SPEAKER line in it", "choose an RTTM file")
    for row in rows:
        if len(row.fields) < 8:
            raise faulty(
                source, row.number, "lacks a recording, channel, start, length or speaker"
            )
    one_recording((row.fields[1] for row in rows), source)
    turns = Annotation(uri=rows[0].fields[1])
    for track, row in enumerate(rows):
        start, length = (milliseconds(text, source, row.number) for text in row.fields[3:5])
        turns[Segment(start / 1000, (start + length) / 1000), track] = row.fields[7]
    return turns


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
    write=write,
)
