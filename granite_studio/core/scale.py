"""Words as running text, measured in characters of one kind, and how many fit on the lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from granite_studio.core.document import joined
from granite_studio.core.measure import line_limit, speed_limits, width
from granite_studio.core.styles import Style

_OPENING = ("Ps", "Pi")
_CLOSING = ("Pe", "Pf", "Po")


class Scale:
    """Some words measured by the rules for full-width text, or by those for other text.

    `joints` says behind each word but the last whether a space stands there.
    `begins` and `ends` say where each word stands in the running text, in characters. A line has
    room for `limit` of them; more than `fastest` a second are a fault. A line break takes off
    `dropped` characters, or up to `unsure` where words with spaces are mixed with others.
    """

    def __init__(
        self, texts: Sequence[str], joints: Sequence[bool], style: Style, *, wide: bool
    ) -> None:
        self.is_wide = wide
        self.limit = line_limit(style, wide=wide)
        _, self.fastest = speed_limits(style, wide=wide)
        self._texts = texts
        self._most = style.lines
        space = 0.5 if wide else 1.0
        self.begins: list[float] = []
        self.ends: list[float] = []
        at = 0.0
        for text, joint in zip(texts, [False, *joints], strict=True):
            at += space if joint else 0
            self.begins.append(at)
            at += width(text, wide=wide)
            self.ends.append(at)
        places = [
            place
            for place, (begin, end) in enumerate(zip(self.begins, self.ends, strict=True))
            if end - begin > self.limit
        ]
        self._long = places
        is_even = all(joints) and not (wide and places)
        self.dropped = space if is_even else 0
        self.unsure = space if any(joints) and not is_even else 0

    def has_long(self, first: int, end: int) -> bool:
        """Whether one of these words is longer than a line."""
        return any(first <= place < end for place in self._long)

    def overflow(self, edges: Sequence[int]) -> float:
        """Characters for which there is no room on lines that begin and end at these places."""
        return sum(
            max(self.ends[end - 1] - self.begins[first] - self.limit, 0)
            for first, end in pairwise(edges)
        )

    def fits(self, first: int, end: int) -> bool:
        """Whether these words fit on one line."""
        return self.ends[end - 1] - self.begins[first] <= self.limit

    @cached_property
    def reaches(self) -> list[list[int]]:
        """For each word, the index behind the last one that fits on one line with it, on two, and
        so on up to the lines of the style; on so many at least the word itself.

        A word longer than a line has one of its own, too long as it is; but full-width text with
        such a word is cut anywhere.
        """
        count = len(self.ends)
        on_line: list[int] = []
        end = 0
        for first in range(count):
            end = max(end, first + 1)
            while end < count and self.ends[end] - self.begins[first] <= self.limit:
                end += 1
            on_line.append(end)
        reaches = [on_line]
        for _ in range(self._most - 1):
            reaches.append([on_line[end] if end < count else count for end in reaches[-1]])
        if self.is_wide and self._long:
            self._reach_into_long(reaches)
        return reaches

    def _reach_into_long(self, reaches: list[list[int]]) -> None:
        count = len(self.ends)
        for first, long in enumerate(self._first_long):
            for reach in reaches:
                reach[first] = min(reach[first], long)
            end = long + 1
            while reaches[-1][first] >= end - 1 and end <= count:
                needed = len(self.chopped(joined(self._texts[first:end])))
                for reach in reaches[needed - 1 :]:
                    reach[first] = end
                end += 1
            reaches[-1][first] = max(reaches[-1][first], first + 1)

    def has_fault(self, first: int, end: int) -> bool:
        """Whether a cue of these words, one of `reaches`, is against the limits all the same."""
        return self.faulty is not None and self.faulty[first] < end

    @cached_property
    def faulty(self) -> Sequence[int] | None:
        """For each word, the last word from which on a cue that begins with it has a line too many
        or one that is too long; None where there is no such cue among those that `reaches` has."""
        if not self._long:
            return None
        if not self.is_wide:
            return self._first_long
        count = len(self.ends)
        return [
            first if len(self.chopped(text)) > self._most else count
            for first, text in enumerate(self._texts)
        ]

    @cached_property
    def _first_long(self) -> list[int]:
        """For each word the first that is longer than a line, itself or behind it."""
        found: list[int] = []
        for place in self._long:
            found += [place] * (place + 1 - len(found))
        return found + [len(self.ends)] * (len(self.ends) - len(found))

    def chopped(self, text: str) -> list[str]:
        """Full-width text cut into lines between any two signs, but before a closing one, behind
        an opening one or within a Latin word only where there is no other place."""
        lines = [""]
        for sign in text:
            if width(lines[-1] + sign, wide=True) <= self.limit or not lines[-1]:
                lines[-1] += sign
                continue
            line = lines[-1] + sign
            place = _last_break(line)
            lines[-1:] = [line[:place].rstrip(), line[place:].lstrip()]
        return [line for line in lines if line]


def _last_break(line: str) -> int:
    """The last place in a line at which another can begin."""
    for place in range(len(line) - 1, 0, -1):
        before, behind = line[place - 1], line[place]
        is_bound = (
            unicodedata.category(behind) in _CLOSING
            or unicodedata.category(before) in _OPENING
            or ((before + behind).isascii() and (before + behind).isalnum())
        )
        if not is_bound:
            return place
    return len(line) - 1
