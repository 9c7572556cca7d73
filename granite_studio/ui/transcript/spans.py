"""Where the words of a paragraph stand in its text, counted in UTF-16 units as Qt counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from granite_studio.core.document import Segment

Stretch = tuple[int, int]
"""First unit and the one after the last."""


def shown(text: str) -> str:
    """A segment's text as a text block can hold it: one character for each, none that splits.

    A QTextDocument takes two that are no characters for borders of frames.
    """
    return text.replace("\ufdd0", "\ufffd").replace("\ufdd1", "\ufffd")


def units(text: str) -> int:
    """How long Qt finds this text."""
    return len(text) if _is_flat(text) else len(text.encode("utf-16-le")) // 2


def index_of(text: str, offset: int) -> int:
    """The Python index of a place that Qt counts as `offset`."""
    if _is_flat(text):
        return offset
    return len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", "ignore"))


def squeezed(text: str) -> str:
    """The text without white space: what stays of it when it becomes words and text again."""
    return "".join(text.split(" "))


def stretches(text: str, segment: Segment) -> tuple[Stretch, ...]:
    """Where each word stands in a block's text, which may hold more spaces than the segment's."""
    found: list[Stretch] = []
    at = 0
    for word in segment.words:
        name = shown(word.text)
        start = max(text.find(name, at), at)
        at = start + len(name)
        found.append((start, at))
    if _is_flat(text):
        return tuple(found)
    return tuple((units(text[:start]), units(text[:end])) for start, end in found)


def word_at(places: Sequence[Stretch], offset: int) -> int:
    """The word that this offset lies in or follows; the first for what lies before it."""
    return max(bisect_right(places, offset, key=lambda place: place[0]) - 1, 0)


def gap_at(places: Sequence[Stretch], offset: int) -> int:
    """The gap between words at this offset: before the word it lies in, behind one it follows."""
    index = word_at(places, offset)
    return index + 1 if places and offset >= places[index][1] else index


def nearest_gap(places: Sequence[Stretch], offset: int) -> int:
    """The gap next to this offset; inside a word, whichever end of it is nearer."""
    index = word_at(places, offset)
    if not places or offset <= places[index][0]:
        return index
    start, end = places[index]
    return index + 1 if 2 * offset > start + end else index


def shared_edges(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts begin and, apart from those, end with alike."""
    head = _alike(old, new)
    return head, _alike(old[head:][::-1], new[head:][::-1])


def _alike(a: str, b: str) -> int:
    low, high = 0, min(len(a), len(b))
    while low < high:  # comparing slices is a good deal faster than walking along
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle - 1)
    return low


def _is_flat(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"
