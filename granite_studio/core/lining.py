"""Two engines' words of the same sound, lined up in the smallest stretches that mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from granite_studio.core.align import align
from granite_studio.core.forms import all_forms


class Unit(NamedTuple):
    """`ours[o1:o2]` stands where `theirs[t1:t2]` does; `same` where their normal forms agree."""

    same: bool
    o1: int
    o2: int
    t1: int
    t2: int


def units(ours: Sequence[str], theirs: Sequence[str], language: str) -> list[Unit]:
    """What of their words stands for which of ours: units that cover both texts without a hole.

    Units of the same are as small as can be: a word for a word, or "website" for "web site" and
    "21" for "twenty one"; those between them are as long as can be. A word of signs alone belongs
    to the unit before it.
    """
    one, two = _Text(ours, language), _Text(theirs, language)
    found: list[Unit] = []
    o1 = t1 = 0
    same = True
    for is_equal, i, j in _steps(one.pieces, two.pieces):
        same = same and is_equal
        if one.is_edge(i) and two.is_edge(j):
            if found and not (same or found[-1].same):
                _, o1, _, t1, _ = found.pop()
            o2, t2 = one.word(i), two.word(j)
            found.append(Unit(same, o1, o2, t1, t2))
            o1, t1, same = o2, t2, True
    if not found:
        return [Unit(True, 0, len(ours), 0, len(theirs))] if ours or theirs else []
    found[-1] = found[-1]._replace(o2=len(ours), t2=len(theirs))
    return found


class _Text:
    """The pieces of a text, and where its words begin among them."""

    def __init__(self, words: Sequence[str], language: str) -> None:
        self._words = len(words)
        self._forms = all_forms(words, language)
        self.pieces = [form.text for form in self._forms]

    def is_edge(self, piece: int) -> bool:
        """Whether a word begins with this piece, or the text is over."""
        forms = self._forms
        inside = 0 < piece < len(forms)
        return not inside or forms[piece].first > forms[piece - 1].last

    def word(self, piece: int) -> int:
        """The word that begins with this piece."""
        if not piece:
            return 0
        return self._forms[piece].first if piece < len(self._forms) else self._words


def _steps(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[bool, int, int]]:
    """From one place where both texts meet to the next: whether they agree up to there."""
    for code in align(ours, theirs):
        if code.kind == "equal":
            for step in range(1, code.i2 - code.i1 + 1):
                yield True, code.i1 + step, code.j1 + step
            continue
        here, there = ours[code.i1 : code.i2], theirs[code.j1 : code.j2]
        i, j = _together(here, there)
        if i:
            yield True, code.i1 + i, code.j1 + j
        back_i, back_j = _together(
            [piece[::-1] for piece in here[i:][::-1]], [piece[::-1] for piece in there[j:][::-1]]
        )
        if i + back_i < len(here) or j + back_j < len(there):
            yield False, code.i2 - back_i, code.j2 - back_j
        if back_i:
            yield True, code.i2, code.j2


def _together(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, int]:
    """How many pieces at the front are the same letters, only cut elsewhere; nought for none."""
    i = j = 0
    one = two = ""
    while i < len(ours) or j < len(theirs):
        if len(one) <= len(two) and i < len(ours):
            one, i = one + ours[i], i + 1
        elif j < len(theirs):
            two, j = two + theirs[j], j + 1
        else:
            break
        if one == two:
            return i, j
        if not (one.startswith(two) or two.startswith(one)):
            break
    return 0, 0
