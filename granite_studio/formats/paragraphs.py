"""A document as the running text that people read: paragraphs, time codes and gaps in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from granite_studio.core.document import Document, Segment, Span, spaced
from granite_studio.core.timing import clock
from granite_studio.formats.base import Content


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that look alike; `text` brings the space that parts it from the piece before.

    `time` is the time code to show in front of them, or nothing; `notes` belong to the last word.
    """

    text: str
    time: str = ""
    marked: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one speaker says. `speaker` is the name, empty where it is not known.

    `number` counts the document's speakers from 0, so that each can have a colour.
    """

    pieces: tuple[Piece, ...]
    time: str = ""
    speaker: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Speech that nobody has written down yet."""

    start: str
    end: str


def seconds(ms: int) -> str:
    """A time as transcripts show it, in whole seconds: 01:02:03."""
    return clock(ms).partition(".")[0]


def flow(content: Content) -> Iterator[Paragraph | Gap]:
    """The document's paragraphs and gaps, in the order of their start."""
    document = content.as_document()
    marks = _Marks.of(document, content.marks_every)
    speakers = {speaker.id: place for place, speaker in enumerate(document.speakers)}
    gaps = sorted(document.untranscribed, key=lambda span: span.start)
    written = 0
    for segment in document:
        while written < len(gaps) and gaps[written].start < segment.start:
            yield _gap(gaps[written])
            written += 1
        number = speakers.get(segment.speaker) if segment.speaker is not None else None
        yield Paragraph(
            marks.pieces(segment),
            seconds(segment.start) if content.marks_every == 0 else "",
            "" if number is None else document.speakers[number].name,
            number or 0,
        )
    yield from map(_gap, gaps[written:])


def _gap(span: Span) -> Gap:
    return Gap(seconds(span.start), seconds(span.end))


@dataclass(slots=True)
class _Marks:
    """What stands at single words: highlights, notes and the time codes of every N minutes."""

    every: int
    highlighted: set[int] = field(default_factory=set)
    notes: dict[int, list[str]] = field(default_factory=dict)
    due: int = 0

    @classmethod
    def of(cls, document: Document, every: int | None) -> _Marks:
        marks = cls(every or 0)
        for note in document.notes:
            marks.notes.setdefault(note.word, []).append(note.text)
        ends: dict[int, set[int]] = {}
        for mark in document.highlights:
            ends.setdefault(mark.first, set()).add(mark.last)
        opened: set[int] = set()
        for word in document.words() if ends else ():
            opened |= ends.get(word.id, set())
            if opened:
                marks.highlighted.add(word.id)
            opened.discard(word.id)
        return marks

    def pieces(self, segment: Segment) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        texts: list[str] = []
        before = ""
        time = ""
        marked = False
        for word in segment.words:
            is_due = self.every > 0 and word.start >= self.due
            is_marked = word.id in self.highlighted
            if texts and (is_due or is_marked != marked):
                pieces.append(Piece("".join(texts), time, marked))
                texts, time = [], ""
            if is_due:
                time, self.due = seconds(word.start), (word.start // self.every + 1) * self.every
            marked = is_marked
            texts.append(f" {word.text}" if before and spaced(before, word.text) else word.text)
            before = word.text
            if word.id in self.notes:
                pieces.append(Piece("".join(texts), time, marked, tuple(self.notes[word.id])))
                texts, time = [], ""
        if texts:
            pieces.append(Piece("".join(texts), time, marked))
        return tuple(pieces)
