"""Measure words as running text and break them into lines."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import combinations, pairwise

from granite_studio.core.document import joined, spaced
from granite_studio.core.measure import is_wide, line_limit, speed_limits, width
from granite_studio.core.styles import Style

# What makes a way of breaking lines bad, beside the cost of the cut itself (see `phrasing`).
_UNEVEN = 0.3  # each character by which the longest line beats the shortest
_TOP_HEAVY = 6  # a line longer than the one below
_LONELY = 6  # one word alone on a line
_OVERFLOW = 1_000  # a line that is too long

_MANY = 80  # so many words in one cue are no work of care


class Ruler:
    """Measures stretches of some words as running text, and breaks them into lines."""

    def __init__(self, texts: Sequence[str], style: Style) -> None:
        whole = "".join(texts)
        self.limit = line_limit(whole, style)
        _, self.fastest = speed_limits(whole, style)
        self._texts = texts
        self.is_wide = is_wide(whole)
        self.begins: list[float] = []
        self.ends: list[float] = []
        self.space = 0.5 if self.is_wide else 1.0
        at, before = 0.0, ""
        for text in texts:
            if before and spaced(before, text):
                at += self.space
            self.begins.append(at)
            at += width(text, wide=self.is_wide)
            self.ends.append(at)
            before = text

    def reaches(self, lines: int) -> list[list[int]]:
        """For each word, the index behind the last one that fits on one line with it, on two,
        and so on up to so many."""
        count = len(self._texts)
        on_line: list[int] = []
        end = 0
        for first in range(count):
            end = max(end, first + 1)
            while end < count and self.ends[end] - self.begins[first] <= self.limit:
                end += 1
            on_line.append(end)
        reaches = [on_line]
        for _ in range(lines - 1):
            reaches.append([on_line[end] if end < count else count for end in reaches[-1]])
        return reaches

    def lines(self, first: int, end: int, costs: Sequence[int], most: int) -> list[str]:
        """Break words into lines: one if it fits, else the fewest, at the best places, the lower
        ones the longer. What fits on none of `most` lines makes them too long."""
        if self.ends[end - 1] - self.begins[first] <= self.limit:
            return [joined(self._texts[first:end])]
        if end - first > _MANY:
            edges = self._even(first, end, most)
        else:
            edges = self._best(first, end, costs, most)
        lines = [joined(self._texts[a:b]) for a, b in pairwise(edges)]
        return [part for line in lines for part in self._chopped(line)] if self.is_wide else lines

    def _best(self, first: int, end: int, costs: Sequence[int], most: int) -> tuple[int, ...]:
        best: tuple[float, tuple[int, ...]] = (0.0, (first, end))
        for count in range(2, min(most, end - first) + 1):
            best = min(
                (self._badness((first, *breaks, end), costs), (first, *breaks, end))
                for breaks in combinations(range(first + 1, end), count - 1)
            )
            if best[0] < _OVERFLOW:
                break
        return best[1]

    def _even(self, first: int, end: int, count: int) -> tuple[int, ...]:
        """Lines of like length: far too much text for any good place to matter."""
        left, whole = self.begins[first], self.ends[end - 1] - self.begins[first]
        inner = (bisect_left(self.begins, left + whole * n / count) for n in range(1, count))
        return tuple(sorted({first, *(max(edge, first) for edge in inner), end}))

    def _chopped(self, line: str) -> list[str]:
        """A Japanese line that is too long, cut between any two signs but before a closing one."""
        parts: list[str] = []
        for sign in line:
            closes = unicodedata.category(sign) in ("Pe", "Pf", "Po")
            if parts and (closes or width(parts[-1] + sign, wide=True) <= self.limit):
                parts[-1] += sign
            else:
                parts.append(sign)
        return parts

    def _badness(self, edges: tuple[int, ...], costs: Sequence[int]) -> float:
        widths = [self.ends[b - 1] - self.begins[a] for a, b in pairwise(edges)]
        overflow = sum(max(w - self.limit, 0) for w in widths)
        lonely = any(b - a == 1 for a, b in pairwise(edges)) and edges[-1] - edges[0] > 2
        top_heavy = any(upper > lower for upper, lower in pairwise(widths))
        return (
            sum(costs[edge - 1] for edge in edges[1:-1])
            + (_OVERFLOW + overflow if overflow else 0)
            + _UNEVEN * (max(widths) - min(widths))
            + (_TOP_HEAVY if top_heavy else 0)
            + (_LONELY if lonely else 0)
        )
