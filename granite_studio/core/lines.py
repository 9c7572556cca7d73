"""Measure words as running text and break them into lines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, combinations, groupby, pairwise
from typing import TypeAlias

from granite_studio.core.document import joined, spaced
from granite_studio.core.measure import balance, may_be_wide
from granite_studio.core.scale import Scale
from granite_studio.core.styles import Style

# What makes a way of breaking lines bad, beside the cost of the cut itself (see `phrasing`).
_UNEVEN = 0.2  # each character by which the longest line beats the shortest
_TOP_HEAVY = 4  # a line longer than the one below
_LONELY = 6  # one word alone on a line

_MANY = 80  # so many words in one cue are no work of care


Band: TypeAlias = tuple[int, int, float, float, Scale, int]
"""Cues with the same first word that are measured alike: their last words are those from the first
number to before the second. Each has the characters up to the end of that word less the third
figure, and line breaks may take off up to the fourth. Then their scale, and 1 where a line is too
long or there are too many."""


class Ruler:
    """Measures stretches of some words as running text, and breaks them into lines.

    `kinds` are the kinds of text that stretches of the words can be: full-width or not.
    """

    def __init__(self, texts: Sequence[str], style: Style) -> None:
        self._texts = texts
        self._style = style
        self._joints = [spaced(a, b) for a, b in pairwise(texts)]
        self._scales: dict[bool, Scale] = {}
        self.kinds = frozenset({False})
        if may_be_wide("".join(texts)):
            self.kinds = frozenset(balance(text) > 0 for text in texts)

    def scale(self, *, wide: bool) -> Scale:
        """The words measured as full-width text or as other."""
        if wide not in self._scales:
            self._scales[wide] = Scale(self._texts, self._joints, self._style, wide=wide)
        return self._scales[wide]

    def balance(self, first: int, end: int) -> int:
        """As `measure.balance`, of a stretch of the words."""
        return self._sums[end] - self._sums[first]

    @cached_property
    def _sums(self) -> list[int]:
        return list(accumulate(map(balance, self._texts), initial=0))

    def scale_of(self, first: int, end: int) -> Scale:
        """The scale for a cue of these words."""
        if len(self.kinds) > 1:
            return self.scale(wide=self.balance(first, end) > 0)
        (wide,) = self.kinds
        return self.scale(wide=wide)

    def bands(self, first: int) -> list[Band]:
        """The cues of one person that begin with a word and have no more lines than the style
        allows; of one word also such as do."""
        if len(self.kinds) == 1:
            return _bands(self.scale_of(first, first + 1), first, first, len(self._texts))
        top, base = self._tops[first], self._sums[first]
        behind = self._sums[first + 1 : top + 1]
        if max(behind) <= base:
            return _bands(self.scale(wide=False), first, first, top)
        if min(behind) > base:
            return _bands(self.scale(wide=True), first, first, top)
        bands: list[Band] = []
        low = first
        for wide, alike in groupby(here > base for here in behind):
            high = low + len(list(alike))
            bands += _bands(self.scale(wide=wide), first, low, high)
            low = high
        return bands

    @cached_property
    def _tops(self) -> list[int]:
        """For each word the index behind the last one that any cue can have with it."""
        return list(map(max, *(self.scale(wide=wide).reaches[-1] for wide in self.kinds)))

    def lines(self, first: int, end: int, costs: Sequence[int], most: int) -> list[str]:
        """Break words into lines: one if it fits, else the fewest, at the best places, the lower
        ones the longer. What fits on none of `most` lines makes them too long."""
        return self.lines_on(self.scale_of(first, end), first, end, costs, most)

    def lines_on(
        self, scale: Scale, first: int, end: int, costs: Sequence[int], most: int
    ) -> list[str]:
        """As `lines`, of a part of a cue that is measured with this scale."""
        if scale.fits(first, end):
            return [joined(self._texts[first:end])]
        if scale.is_wide and scale.has_long(first, end):
            return scale.chopped(joined(self._texts[first:end]))
        if end - first > _MANY:
            edges = _even(scale, first, end, most)
        else:
            edges = _best(scale, first, end, costs, most)
        lines = [joined(self._texts[a:b]) for a, b in pairwise(edges)]
        if scale.is_wide and scale.overflow(edges):
            return [part for line in lines for part in scale.chopped(line)]
        return lines


def _bands(scale: Scale, first: int, low: int, high: int) -> list[Band]:
    """The bands of one kind whose last words are from `low` to before `high`."""
    begin, faulty = scale.begins[first], scale.faulty[first] if scale.faulty else high
    bands: list[Band] = []
    for breaks, reach in enumerate(scale.reaches):
        end = min(reach[first], high)
        if low >= end:
            continue
        left, unsure = begin + breaks * scale.dropped, breaks * scale.unsure
        if low < faulty:
            bands.append((low, min(end, faulty), left, unsure, scale, 0))
        if faulty < end:
            bands.append((max(low, faulty), end, left, unsure, scale, 1))
        low = end
    return bands


def _best(scale: Scale, first: int, end: int, costs: Sequence[int], most: int) -> tuple[int, ...]:
    best: tuple[tuple[float, float], tuple[int, ...]] = (0.0, 0.0), (first, end)
    unavoidable = scale.overflow(range(first, end + 1)) if scale.has_long(first, end) else 0
    last = min(most, end - first)
    for count in range(2, last + 1):
        ways = _fitting(scale, first, end, count)
        if not ways:
            if count < last and not unavoidable:
                continue
            breaks = combinations(range(first + 1, end), count - 1)
            ways = [(first, *inner, end) for inner in breaks]
        best = min((_badness(scale, edges, costs), edges) for edges in ways)
        if best[0][0] <= unavoidable:
            break
    return best[1]


def _fitting(scale: Scale, first: int, end: int, count: int) -> list[tuple[int, ...]]:
    """All ways to break words into so many lines none of which is too long."""
    begins, ends, limit = scale.begins, scale.ends, scale.limit
    least = end - 1  # where the last line begins that has the most words
    while least > first + 1 and ends[end - 1] - begins[least - 1] <= limit:
        least -= 1
    if least < end and ends[end - 1] - begins[least] > limit:
        return []
    ways: list[tuple[int, ...]] = [(first,)]
    for behind in range(count - 2, -1, -1):  # so many lines follow before the last
        longer: list[tuple[int, ...]] = []
        for way in ways:
            start = way[-1]
            for edge in range(start + 1, end - behind):
                if ends[edge - 1] - begins[start] > limit:
                    break
                if behind or edge >= least:
                    longer.append((*way, edge))
        ways = longer
    return [(*way, end) for way in ways]


def _even(scale: Scale, first: int, end: int, count: int) -> tuple[int, ...]:
    """Lines of like length: far too much text for any good place to matter."""
    left, whole = scale.begins[first], scale.ends[end - 1] - scale.begins[first]
    inner = (bisect_left(scale.begins, left + whole * n / count) for n in range(1, count))
    return tuple(sorted({first, *(max(edge, first) for edge in inner), end}))


def _badness(scale: Scale, edges: tuple[int, ...], costs: Sequence[int]) -> tuple[float, float]:
    """The characters for which there is no room, then all that is less than good."""
    begins, ends = scale.begins, scale.ends
    widths: list[float] = []
    cost, upper = 0.0, 0.0
    lonely = top_heavy = False
    start = edges[0]
    for edge in edges[1:]:
        line = ends[edge - 1] - begins[start]
        if widths:
            cost += costs[start - 1]
            top_heavy = top_heavy or upper > line
        lonely = lonely or edge - start == 1
        widths.append(line)
        start, upper = edge, line
    longest = max(widths)
    return (
        scale.overflow(edges) if longest > scale.limit else 0,
        cost
        + _UNEVEN * (longest - min(widths))
        + (_TOP_HEAVY if top_heavy else 0)
        + (_LONELY if lonely and start - edges[0] > 2 else 0),
    )
