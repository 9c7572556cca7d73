"""Where in a transcript something happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from granite_studio.core.document import Document, Segment, Word


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The gap before word `word` of segment `row`; `word` may be the number of words."""

    row: int
    word: int


def segment_at(document: Document, row: int) -> Segment:
    """The segment in this row; ValueError if there is none."""
    if not 0 <= row < len(document.segments):
        raise ValueError(f"there is no paragraph {row}")
    return document.segments[row]


def check_place(document: Document, place: Place) -> None:
    """Raise ValueError unless this gap exists."""
    if not 0 <= place.word <= len(segment_at(document, place.row).words):
        raise ValueError(f"there is no place {place.word} in paragraph {place.row}")


def check_range(document: Document, start: Place, end: Place) -> None:
    """Raise ValueError unless both gaps exist, in this order."""
    check_place(document, start)
    check_place(document, end)
    if end < start:
        raise ValueError(f"{end} lies before {start}")


def parts(document: Document, start: Place, end: Place) -> Iterator[tuple[int, int, int]]:
    """The rows a range touches, each with its first word and the one after its last."""
    check_range(document, start, end)
    for row in range(start.row, end.row + 1):
        first = start.word if row == start.row else 0
        last = end.word if row == end.row else len(document.segments[row].words)
        yield row, first, last


def word_after(document: Document, place: Place) -> Word:
    """The word behind this gap; ValueError at the end of a paragraph."""
    check_place(document, place)
    words = document.segments[place.row].words
    if place.word == len(words):
        raise ValueError(f"no word follows {place}")
    return words[place.word]


def find_word(document: Document, word_id: int) -> Place:
    """The gap before the word with this id; KeyError if it is gone. Looks through all words."""
    for row, segment in enumerate(document.segments):
        for index, word in enumerate(segment.words):
            if word.id == word_id:
                return Place(row, index)
    raise KeyError(word_id)
