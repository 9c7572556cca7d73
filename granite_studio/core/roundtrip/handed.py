"""A transcript that is handed on, to be corrected elsewhere, and what comes back of it.

Marks are short names of paragraphs and speakers' names. They are salted with the recording's
fingerprint, so that nobody can guess from a file what its paragraphs said before they were edited.
"""

# The look-alikes of quote signs are here on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from granite_studio.core.document import Document, joined
from granite_studio.core.translation import texts_in
from granite_studio.core.unspaced import words_of

_MARK = 16
_STRAIGHT = (
    dict.fromkeys(map(ord, "‘’‚‛ʼ`´"), "'")
    | dict.fromkeys(map(ord, "“”„‟"), '"')
    | {ord("\u2011"): "-"}
    | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")
)
"""Quote signs, hyphens and marks that cannot be seen, which writing programs change unasked."""


@dataclass(frozen=True, slots=True)
class HandedRow:
    """A row of an export that has one for every cue.

    `words` are the ids of its words, for each person who speaks there, `texts` the marks of what
    these say, and `speakers` of their names; `breaks` are the words behind which a line begins.
    Times are in ms.
    """

    words: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    breaks: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Handed:
    """The marks of an export: of each paragraph's text and of its speaker's name, by its id.

    `recording` marks the recording itself. Where a translation stood beside the text, `beside`
    is its language and `others` its marks by the ids of paragraphs. `by_cue` says that rows of
    the export are cues, and `rows` which.
    """

    recording: str
    texts: Mapping[int, str]
    speakers: Mapping[int, str]
    by_cue: bool = False
    rows: tuple[HandedRow, ...] = ()
    beside: str = ""
    others: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Came:
    """A paragraph as it came back: the name it shows, empty for none, and the time it shows in
    ms. `notes` are remarks, each with the number of the word that it stands at; `other` is what
    stands beside it in another language, or None where there is no place for that."""

    text: str
    speaker: str = ""
    start: int | None = None
    notes: tuple[tuple[int, str], ...] = ()
    other: str | None = None


@dataclass(frozen=True, slots=True)
class CameRow:
    """A row of a table of cues as it came back: the lines of its text, and what its other cells
    show; empty where there is nothing. `notes` are as in `Came`."""

    lines: tuple[str, ...]
    speaker: str = ""
    start: str = ""
    end: str = ""
    number: int | None = None
    notes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """A text that came back, and the marks that its export got, where they are still there.

    `beside` is the language of what stands beside it. A table of cues has `rows` and no
    paragraphs.
    """

    paragraphs: tuple[Came, ...]
    handed: Handed | None = None
    beside: str = ""
    rows: tuple[CameRow, ...] = ()


def handed(document: Document, *, beside: str = "") -> Handed:
    """The marks of the document as it is now, and of its translation to the language `beside`."""
    names: dict[int | None, str] = {speaker.id: speaker.name for speaker in document.speakers}
    marker = Marker.of(document)
    others = texts_in(document, beside) if beside else {}
    return Handed(
        marker.mark(""),
        {segment.id: marker.mark(segment.text) for segment in document},
        {segment.id: marker.mark(names.get(segment.speaker, "")) for segment in document},
        beside=beside,
        others={number: marker.mark(text.text) for number, text in others.items()},
    )


def handed_for(document: Document, handed: Handed | None) -> Handed | None:
    """The marks of an export, or None where they are of another recording."""
    if handed is None or handed.recording != Marker.of(document).mark(""):
        return None
    return handed


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes the marks of one recording."""

    salt: str

    @classmethod
    def of(cls, document: Document) -> Marker:
        return cls(document.media.fingerprint if document.media else "")

    def mark(self, text: str) -> str:
        """The same for a text that only its typing program changed: see `plain`."""
        said = f"{self.salt}\n{plain(joined(words_of(text)))}"
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


def plain(text: str) -> str:
    """A text with straight quote signs and without soft hyphens and the like."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_STRAIGHT))
