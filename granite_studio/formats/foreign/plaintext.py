"""Transcripts as plain text: exports of Otter, Trint and their like, and labels of Audacity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from granite_studio.core.document import Document
from granite_studio.formats.base import Source, refuse_too_much, unreadable
from granite_studio.formats.foreign.names import is_name, name_and_text
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.values import milliseconds, voice

_TIME = r"(?P<time>(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?)"
_HEADS = (
    # "Anna Bell  1:02", "Anna Bell [00:01:02]", "Anna Bell (01:02): what she says"
    re.compile(rf"(?P<name>\S[^\n]{{0,79}}?)(?:  +|\t){_TIME}(?P<text>)\s*"),
    re.compile(rf"(?P<name>\S[^\n]{{0,79}}?) ?[\[(]{_TIME}[\])]:?(?P<text>\s.*)?"),
    # "[00:01:02] ANNA BELL", "00:01:02 Anna: what she says"
    re.compile(rf"(?P<name>)[\[(]{_TIME}[\])](?P<text>.*)"),
    re.compile(rf"(?P<name>){_TIME}(?P<text>(?:\s.*)?)"),
)
_LONGEST_HEAD = 120
_FOOT = "transcribed by https://otter.ai"


def read(source: Source) -> Document:
    """Read text with times. Raises `FormatError` for text without them."""
    text = source.text()
    refuse_too_much(source.name, text)
    lines = text.split("\n")
    transcript = _labels(lines) or _paragraphs(lines)
    if transcript is None:
        raise unreadable(
            source.name,
            "is text without times, which cannot be put to a recording",
            "export it with time codes, or as a subtitle file",
        )
    return document_from(transcript, source)


def _labels(lines: Sequence[str]) -> Transcript | None:
    """Start, end and text with tabs between them, in seconds. Names in front of the texts are
    speakers where half of the texts have one."""
    pieces: list[Piece] = []
    for line in lines:
        row = line.split("\t", 2)
        if not line.strip():
            continue
        if row[0] == "\\":  # the frequencies of the label before
            continue
        if len(row) < 3:
            return None
        start, end = (milliseconds(time) for time in row[:2])
        if start is None or end is None:
            return None
        pieces.append(Piece(row[2], start, end))
    if not pieces:
        return None
    named = [name_and_text(piece.text) for piece in pieces]
    if 2 * sum(speaker is not None for speaker, _ in named) >= len(named):  # else a chance colon
        pieces = [
            replace(piece, text=said, speaker=speaker)
            for piece, (speaker, said) in zip(pieces, named, strict=True)
        ]
    return Transcript(tuple(Stretch((piece,)) for piece in pieces))


@dataclass(slots=True)
class _Paragraph:
    """What a line with a time in it opens: `beside` stands behind the time, `below` under it."""

    start: int
    name: str
    beside: str
    below: list[str] = field(default_factory=list)

    def stretch(self) -> Stretch:
        below = " ".join(line for line in self.below if line.strip().lower() != _FOOT)
        name, beside = self.name, self.beside
        if not name and below.strip() and is_name(beside):
            name, beside = beside, ""
        text = f"{beside} {below}"
        speaker, said = (voice(name), text) if name else name_and_text(text)
        return Stretch((Piece(said, self.start),), self.start, speaker=speaker)


def _paragraphs(lines: Sequence[str]) -> Transcript | None:
    """Paragraphs under lines that say when they begin and, mostly, who speaks.

    A file has one form of these: that which the most of its lines have.
    """
    counts = [sum(bool(_opened(line, head)) for line in lines) for head in _HEADS]
    head = _HEADS[counts.index(max(counts))]
    found: list[_Paragraph] = []
    for line in lines:
        if paragraph := _opened(line, head):
            found.append(paragraph)
        elif found:
            found[-1].below.append(line)
    stretches = tuple(paragraph.stretch() for paragraph in found)
    return Transcript(stretches, paragraphs=True) if stretches else None


def _opened(line: str, head: re.Pattern[str]) -> _Paragraph | None:
    # The text behind may be long, but nobody's name is.
    row = line.strip()
    match = head.fullmatch(row[:_LONGEST_HEAD])
    start = milliseconds(match["time"]) if match else None
    if match is None or start is None:
        return None
    return _Paragraph(
        start, match["name"].rstrip(": "), (match["text"] or "").strip() + row[_LONGEST_HEAD:]
    )
