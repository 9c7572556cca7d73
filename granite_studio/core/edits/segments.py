"""Cutting paragraphs apart and joining them."""

from __future__ import annotations

from dataclasses import replace

from granite_studio.core.document import Document, Segment
from granite_studio.core.edits.anchors import join_translations
from granite_studio.core.edits.places import Place, check_place, segment_at
from granite_studio.core.edits.splicing import in_line, splice


def split(document: Document, place: Place) -> Document:
    """Begin a new paragraph at this place; nothing happens at either end of one.

    The first half keeps the id and the translations.
    """
    check_place(document, place)
    segment = document.segments[place.row]
    if place.word in (0, len(segment.words)):
        return document
    halves = (
        replace(segment, words=segment.words[: place.word]),
        Segment(document.next_id, segment.words[place.word :], segment.speaker),
    )
    return splice(document, place.row, 1, halves, next_id=document.next_id + 1)


def merge(document: Document, row: int) -> Document:
    """Join a paragraph and the next one. The first keeps its id, and its speaker if it has one."""
    above, below = segment_at(document, row), segment_at(document, row + 1)
    one = Segment(
        above.id,
        in_line((*above.words, *below.words)),
        below.speaker if above.speaker is None else above.speaker,
    )
    return splice(join_translations(document, above.id, below.id), row, 2, (one,))
