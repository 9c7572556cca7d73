"""Line one text up with another, word by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["equal", "replace", "insert", "delete"]

LARGE = 1_000
"""Stretches longer than this are first pinned at the words that occur once in either text."""


class Opcode(NamedTuple):
    """`old[i1:i2]` became `new[j1:j2]`."""

    kind: Kind
    i1: int
    i2: int
    j1: int
    j2: int


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[Opcode, ...]:
    """What turns the old words into the new ones: opcodes that cover both without a hole.

    Neighbouring opcodes differ in kind. Long texts are cut at words that are unique in both
    (patience diff, Bram Cohen), which keeps the time near linear.
    """
    codes: list[Opcode] = []
    for i, j, size in _blocks(old, new):
        i0, j0 = (codes[-1].i2, codes[-1].j2) if codes else (0, 0)
        if i0 < i or j0 < j:
            kind: Kind = "insert" if i0 == i else "delete" if j0 == j else "replace"
            codes.append(Opcode(kind, i0, i, j0, j))
        if size:
            codes.append(Opcode("equal", i, i + size, j, j + size))
    return tuple(codes)


def _blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """Equal runs (i, j, size) in order, adjacent ones joined, and an empty one at the end."""
    at = (0, 0, 0)
    for i, j, size in _matches(old, new, 0, 0):
        if at[0] + at[2] == i and at[1] + at[2] == j:
            at = (at[0], at[1], at[2] + size)
            continue
        if at[2]:
            yield at
        at = (i, j, size)
    if at[2]:
        yield at
    yield len(old), len(new), 0


def _matches(
    old: Sequence[Hashable], new: Sequence[Hashable], i0: int, j0: int
) -> Iterator[tuple[int, int, int]]:
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield i0, j0, head
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if middle_old and middle_new:
        yield from _middle(middle_old, middle_new, i0 + head, j0 + head)
    if tail:
        yield i0 + len(old) - tail, j0 + len(new) - tail, tail


def _middle(
    old: Sequence[Hashable], new: Sequence[Hashable], i0: int, j0: int
) -> Iterator[tuple[int, int, int]]:
    pins = _pins(old, new) if len(old) + len(new) > LARGE else []
    if not pins:
        # Without a pin in a long text there is nothing to find that is worth a quadratic search.
        if len(old) * len(new) <= (4 * LARGE) ** 2:
            matcher = SequenceMatcher(None, old, new, autojunk=False)
            for i, j, size in matcher.get_matching_blocks():
                if size:
                    yield i0 + i, j0 + j, size
        return
    i_from, j_from = 0, 0
    for i, j in pins:
        yield from _matches(old[i_from:i], new[j_from:j], i0 + i_from, j0 + j_from)
        yield i0 + i, j0 + j, 1
        i_from, j_from = i + 1, j + 1
    yield from _matches(old[i_from:], new[j_from:], i0 + i_from, j0 + j_from)


def _pins(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of words that stand once in either text, the longest run of them in order."""
    where = _once(new)
    pairs = [(i, where[word]) for word, i in _once(old).items() if word in where]
    return _longest_rising(sorted(pairs))


def _once(words: Sequence[Hashable]) -> dict[Hashable, int]:
    places: dict[Hashable, int] = {}
    twice: set[Hashable] = set()
    for place, word in enumerate(words):
        if word in places:
            twice.add(word)
        places[word] = place
    return {word: place for word, place in places.items() if word not in twice}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Patience sorting over the second number; the first already rises."""
    tops: list[int] = []
    last: list[int] = []
    back: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        back.append(last[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        last[pile : pile + 1] = [index]
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = back[at]
    return chain[::-1]
