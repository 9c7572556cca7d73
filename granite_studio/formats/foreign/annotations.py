"""Looks, quotes, remarks and gaps that a transcript's file shows, on their way into a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby

from granite_studio.core.document import Document, Emphasis, Highlight, Note, Span, Word
from granite_studio.core.emphasis import TAGS, Tags
from granite_studio.formats.foreign.values import milliseconds

_CLOCK = r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}"
_GAP = re.compile(rf"\s*\[({_CLOCK}) \N{{EN DASH}} ({_CLOCK}) [^\n]*\]\s*")
_LEAST_MS = 1000


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said of words: how they look, that they are quoted and what the quote is about, and
    remarks at the last one."""

    tags: Tags = ()
    is_quoted: bool = False
    notes: tuple[str, ...] = ()
    label: str = ""

    @property
    def quote(self) -> str | None:
        """What the quote is about; None where there is none."""
        return self.label if self.is_quoted else None


PLAIN = Annotation()


def annotated(
    document: Document, paragraphs: Sequence[Sequence[tuple[Word, Annotation]]]
) -> Document:
    """The document with what is said of its words, given paragraph by paragraph of the file.

    A quote ends with its paragraph, a look does not.
    """
    if not any(said != PLAIN for words in paragraphs for _, said in words):
        return document
    ids = count(document.next_id)
    said = {word.id: annotation for words in paragraphs for word, annotation in words}
    highlights = [
        Highlight(next(ids), first.id, last.id, label)
        for words in paragraphs
        for first, last, label in _runs((word, said.quote) for word, said in words)
    ]
    notes = [
        Note(next(ids), word.id, text)
        for words in paragraphs
        for word, annotation in words
        for text in annotation.notes
    ]
    emphases = [
        Emphasis(first.id, last.id, tag)
        for tag in TAGS
        if any(tag in annotation.tags for annotation in said.values())
        for first, last, _ in _runs(
            (word, tag if tag in said[word.id].tags else None) for word in document.words()
        )
    ]
    return replace(
        document,
        emphases=tuple(emphases),
        highlights=tuple(highlights),
        notes=tuple(notes),
        next_id=next(ids),
    )


def _runs(words: Iterable[tuple[Word, str | None]]) -> Iterator[tuple[Word, Word, str]]:
    """The first and last of words that follow one another and have the same, and what that is;
    not those that have nothing."""
    for what, group in groupby(words, key=lambda item: item[1]):
        if what is not None:
            run = [word for word, _ in group]
            yield run[0], run[-1], what


def gap_in(text: str) -> Span | None:
    """The stretch without text that a line of ours is about, in whole seconds; None for others."""
    match = _GAP.fullmatch(text)
    start, end = (milliseconds(time) for time in match.group(1, 2)) if match else (None, None)
    if start is None or end is None or end < start:
        return None
    return Span(start, max(end, start + _LEAST_MS))
