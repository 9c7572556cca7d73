"""NIST's CTM: a word a line, with its time, and at will its confidence and speaker.

    recording channel start length word [confidence [type [speaker]]]

Where several channels speak, and no speakers are named, each channel is a speaker. Of alternatives
(`<ALT_BEGIN>`) the first is read. Spaces in names become underscores on writing.
"""

from __future__ import annotations

from collections.abc import Iterator

from granite_studio.core.document import Document, Word
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.heard import HeardWord
from granite_studio.formats.base import Carries, Content, Format, Kind, Source, encoded
from granite_studio.formats.turns import (
    Line,
    by_voice,
    document_of,
    faulty,
    lines,
    milliseconds,
    names_of,
    one_recording,
    recording_of,
    speaker_or_none,
)


def read(source: Source) -> Document:
    """Read the words of one recording. Raises `FormatError` naming the first faulty line."""
    rows = list(_first_alternatives(lines(source)))
    for row in rows:
        if len(row.fields) < 5:
            raise faulty(source, row.number, "lacks a recording, channel, start, length or word")
    one_recording((row.fields[0] for row in rows), source)
    has_channels = len({row.fields[1] for row in rows}) > 1
    return document_of(
        by_voice((_speaker(row, has_channels), _word(row, source)) for row in rows),
        language=source.language,
    )


def _first_alternatives(rows: Iterator[Line]) -> Iterator[Line]:
    skips = False
    for row in rows:
        mark = row.fields[4] if len(row.fields) > 4 and row.fields[2] == "*" else ""
        if mark in ("<ALT_BEGIN>", "<ALT>", "<ALT_END>"):
            skips = mark == "<ALT>"
        elif not skips:
            yield row


def _speaker(row: Line, has_channels: bool) -> str | None:
    named = speaker_or_none(row.fields[7]) if len(row.fields) > 7 else None
    return named or (f"Channel {row.fields[1]}" if has_channels else None)


def _word(row: Line, source: Source) -> HeardWord:
    start = milliseconds(row.fields[2], source, row.number)
    end = start + milliseconds(row.fields[3], source, row.number)
    return HeardWord(row.fields[4], start, end, _confidence(row.fields[5:6]), source=IMPORTED)


def _confidence(field: tuple[str, ...]) -> float | None:
    try:
        value = float(*field) if field else -1.0
    except ValueError:  # "NA"
        return None
    return value if 0 <= value <= 1 else None


def write(content: Content) -> bytes:
    """The words in the order of their start, times in seconds."""
    document = content.as_document()
    names = names_of(document)
    said = [(word, names[segment.speaker]) for segment in document for word in segment.words]
    said.sort(key=lambda item: item[0].start)
    recording = recording_of(document)
    return encoded("".join(f"{recording} 1 {_line(word, name)}\n" for word, name in said))


def _line(word: Word, name: str) -> str:
    times = f"{word.start / 1000:.3f} {(word.end - word.start) / 1000:.3f}"
    sure = "NA" if word.confidence is None else f"{word.confidence:.3f}"
    if name:
        return f"{times} {word.text} {sure} lex {name}"
    return f"{times} {word.text}" + ("" if word.confidence is None else f" {sure}")


FORMAT = Format(
    name="ctm",
    extensions=(".ctm",),
    title="CTM word times",
    kind=Kind.CORPUS,
    carries=Carries.SPEAKERS | Carries.WORD_TIMES,
    write=write,
    read=read,
)
