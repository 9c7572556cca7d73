"""Whose words are they: words and turns brought together by their times alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice
from operator import le
from typing import Protocol


class Timed(Protocol):
    """Anything with a start and an end in ms."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def by_time(words: Sequence[Timed], turns: Sequence[Timed]) -> list[int]:
    """For each word the place of the turn that it overlaps longest, or of the nearest one.

    Turns may overlap and stand in any order; of two that are as good, the one that begins first.
    Raises ValueError without any turn.
    """
    if not turns:
        raise ValueError("words without any turn have no speaker")
    starts = [word.start for word in words]
    if not all(map(le, starts, islice(starts, 1, None))):
        order = sorted(range(len(words)), key=starts.__getitem__)
        placed = dict(zip(order, by_time([words[at] for at in order], turns), strict=True))
        return [placed[at] for at in range(len(words))]
    ranks = sorted(range(len(turns)), key=lambda turn: turns[turn].start)
    sweep = _Sweep([turns[turn].start for turn in ranks], [turns[turn].end for turn in ranks])
    found: list[int] = []
    alone, first, last = 0, 0, 0
    for word in words:
        if first <= word.start < last and word.end <= last:
            found.append(alone)  # most words lie in one turn, where no other is
            continue
        rank = sweep.best(word.start, max(word.end, word.start + 1))
        alone, (first, last) = ranks[rank], sweep.alone(rank)
        found.append(alone)
    return found


class _Sweep:
    """Turns in order of their begin, walked along with words in order of theirs."""

    def __init__(self, begins: Sequence[int], stops: Sequence[int]) -> None:
        self._begins, self._stops = begins, stops
        self._reached = list(accumulate(stops, max))
        self._running: list[int] = []
        self._ahead = 0
        self._over = -1

    def alone(self, turn: int) -> tuple[int, int]:
        """From when to when only this turn lasts; nothing where others do."""
        first = max(self._begins[turn], self._reached[turn - 1]) if turn else self._begins[0]
        following = turn + 1
        stop = self._stops[turn]
        return first, min(stop, self._begins[following]) if following < len(self._stops) else stop

    def best(self, start: int, end: int) -> int:
        """The turn for a word; words must come by their start."""
        begins, stops = self._begins, self._stops
        while self._ahead < len(begins) and begins[self._ahead] < end:
            self._running.append(self._ahead)
            self._ahead += 1
        for turn in self._running:
            if stops[turn] <= start and (self._over < 0 or stops[turn] > stops[self._over]):
                self._over = turn
        self._running = [turn for turn in self._running if stops[turn] > start]
        best, most = -1, 0
        for turn in self._running:
            common = min(end, stops[turn]) - max(start, begins[turn])
            if best < 0 or common > most:
                best, most = turn, common
        if best < 0 and self._ahead < len(begins):
            best, most = self._ahead, end - begins[self._ahead]
        is_behind = self._over >= 0 and stops[self._over] - start >= most and most <= 0
        return self._over if best < 0 or is_behind else best
