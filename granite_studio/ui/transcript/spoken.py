"""Which word is heard at a moment."""

from __future__ import annotations

from bisect import bisect_right

from granite_studio.core.document import Document
from granite_studio.core.edits import Place

LINGER = 400
"""How long a word counts as the one being spoken after its end, in ms."""
_OVERLAPS = 3
"""Rows that are looked at for speech that goes on while somebody else has begun."""


def spoken_at(document: Document, ms: int) -> Place | None:
    """The gap before the word that is heard at this moment; None in a pause."""
    segments = document.segments
    latest = bisect_right(segments, ms, key=lambda segment: segment.start) - 1
    fading: Place | None = None
    for row in range(latest, max(latest - _OVERLAPS, -1), -1):
        words = segments[row].words
        index = bisect_right(words, ms, key=lambda word: word.start) - 1
        if ms < words[index].end:
            return Place(row, index)
        if fading is None and ms < words[index].end + LINGER:
            fading = Place(row, index)
    return fading
