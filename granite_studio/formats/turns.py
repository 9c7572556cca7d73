"""What corpora and scoring tools write, one word or turn a line, to a document and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from granite_studio.core.document import Document, EngineUse, Span
from granite_studio.core.edits.fitting import shared
from granite_studio.core.edits.heard import IMPORTED, apply_heard
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.unspaced import words_of
from granite_studio.formats.base import Source, refuse_too_much, unreadable

LONGEST_S = 1_000_000
"""A recording ends before: eleven days."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_BLANKS = re.compile(r"[ \t]+")
_NOBODY = frozenset({"", "-", "na", "<na>", "null", "unknown", "unknow", "unk"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it: its number from 1, and its fields."""

    number: int
    fields: tuple[str, ...]


def lines(source: Source, *, most: int = 0) -> Iterator[Line]:
    """The lines of a file of fields parted by blanks, without empty ones and `;;` comments.

    `most` is how many fields a line is cut into; the last then holds the rest of it.
    """
    text = source.text()
    refuse_too_much(source.name, text)
    for number, line in enumerate(text.split("\n"), start=1):
        row = line.strip(" \t\ufeff")
        if row and not row.startswith(";;"):
            yield Line(number, tuple(_BLANKS.split(row, max(0, most - 1))))


def faulty(source: Source, line: int, reason: str) -> FormatError:
    """The sentence for a line that cannot be understood."""
    return unreadable(source.name, f"{reason} in line {line}", "correct that line")


def milliseconds(text: str, source: Source, line: int) -> int:
    """A time or length in seconds, as ms. Raises `FormatError` for anything else."""
    value = float(text) if _NUMBER.fullmatch(text) else -1.0
    if not 0 <= value < LONGEST_S:
        raise faulty(source, line, f"has “{text[:20]}” where a time in seconds should be")
    return round(value * 1000)


def one_recording(names: Iterable[str], source: Source) -> None:
    """Raise `FormatError` when a file tells of several recordings: one transcript has one."""
    there = dict.fromkeys(names)
    if len(there) > 1:
        listed = ", ".join(name[:40] for name in list(there)[:3])
        raise unreadable(
            source.name,
            f"tells of {len(there)} recordings ({listed}{', ...' if len(there) > 3 else ''})",
            "keep the lines of one of them",
        )


def speaker_or_none(name: str) -> str | None:
    """The speaker's name, or None for the ways in which such files say that nobody knows it."""
    return None if name.lower() in _NOBODY else name


def spread(text: str, start: int, end: int, *, estimated: bool = False) -> tuple[HeardWord, ...]:
    """The words of a text that was said in this time; several share it out and are estimated."""
    texts = words_of(text)
    times = shared(texts, start, max(start, end))
    return tuple(
        HeardWord(word, *time, estimated=estimated or len(texts) > 1, source=IMPORTED)
        for word, time in zip(texts, times, strict=True)
    )


def by_voice(said: Iterable[tuple[str | None, HeardWord]]) -> list[HeardTurn]:
    """Turns of single words. One goes on while its speaker does, also over somebody who speaks
    at the same time, and ends where somebody else begins after its last word."""
    turns: list[tuple[str | None, list[HeardWord]]] = []
    going: dict[str | None, list[HeardWord]] = {}
    before: tuple[str | None, int] = (None, 0)
    for label, word in sorted(said, key=lambda item: item[1].start):
        words = going.get(label)
        if words is None or (before[0] != label and before[1] >= words[-1].end):
            words = going[label] = []
            turns.append((label, words))
        words.append(word)
        before = (label, word.start)
    return [HeardTurn(tuple(words), label) for label, words in turns]


def document_of(turns: Iterable[HeardTurn], *, language: str = "") -> Document:
    """A transcript of these turns, in the order of their start; empty ones are left out."""
    said = sorted((t for t in turns if t.words), key=lambda turn: turn.words[0].start)
    end = max((word.end for turn in said for word in turn.words), default=0)
    heard = Heard(Span(0, end + 1), tuple(said), EngineUse(IMPORTED))
    document = apply_heard(Document(language=language or "en"), heard)
    return replace(document, engines=())


def recording_of(document: Document) -> str:
    """What such a file calls the recording: one field."""
    name = PurePath(document.media.name).stem if document.media else ""
    return as_field(name).lstrip(";") or "recording"


def as_field(text: str) -> str:
    """A text as one field: blanks in it become underscores."""
    return "_".join(text.split())


def names_of(document: Document) -> dict[int | None, str]:
    """The speakers' names as fields, by their ids; nobody has no name."""
    return {None: ""} | {speaker.id: as_field(speaker.name) for speaker in document.speakers}
