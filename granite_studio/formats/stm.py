"""NIST's STM: a turn a line, with its speaker and time.

    recording channel speaker start end [<labels>] words

Words share the time of their turn, so they are `estimated`. Spaces in names become underscores on
writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from granite_studio.core.document import Document, Segment
from granite_studio.core.heard import HeardTurn
from granite_studio.formats.base import Carries, Content, Format, Kind, Source, encoded
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
    spread,
)

_LABELS = re.compile(r"\A<[^<>\s]*>")
_NO_SPEECH = frozenset({"inter_segment_gap", "excluded_region"})
_IGNORED = "ignore_time_segment_in_scoring"


def read(source: Source) -> Document:
    """Read the turns of one recording. Raises `FormatError` naming the first faulty line."""
    rows = [
        row
        for row in lines(source, most=6)
        if row.fields[2:3] and row.fields[2].lower() not in _NO_SPEECH
    ]
    one_recording((row.fields[0] for row in rows), source)
    return document_of(_turns(rows, source), language=source.language)


def _turns(rows: list[Line], source: Source) -> Iterator[HeardTurn]:
    for row in rows:
        if len(row.fields) < 5:
            raise faulty(source, row.number, "lacks a recording, channel, speaker, start or end")
        speaker = speaker_or_none(row.fields[2])
        start, end = (milliseconds(text, source, row.number) for text in row.fields[3:5])
        if end < start:
            raise faulty(source, row.number, "ends a turn before it begins")
        text = _LABELS.sub("", row.fields[5]) if row.fields[5:] else ""
        if _IGNORED not in text.lower():
            yield HeardTurn(spread(text, start, end, estimated=True), speaker)


def write(content: Content) -> bytes:
    """A line for each paragraph."""
    document = content.as_document()
    names = names_of(document)
    recording = recording_of(document)
    return encoded(
        "".join(
            f"{recording} 1 {names[segment.speaker] or 'unknown'} {_said(segment)}\n"
            for segment in document
        )
    )


def _said(segment: Segment) -> str:
    # Text that begins like labels gets some in front, so that it is not taken for them.
    labels = "<NA> " if segment.text.startswith("<") else ""
    return f"{segment.start / 1000:.3f} {segment.end / 1000:.3f} {labels}{segment.text}"


FORMAT = Format(
    name="stm",
    extensions=(".stm",),
    title="STM speaker turns with text",
    kind=Kind.CORPUS,
    carries=Carries.SPEAKERS,
    write=write,
    read=read,
)
