"""Where cues begin and end by the cuts of their film: the least change that breaks nothing else.

Between two cues lies a seam: the end of one and the start of the next, which move together where
the gap between them wants it. Seams in a row are put as one. Each has a few ways to be put, and a
cue allows those pairs of them between which it stays as long as it must.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from granite_studio.core.measure import is_wide, lengths, speed_limits
from granite_studio.core.shots import Beside, Film
from granite_studio.core.standing import Timed, start_fault, straddled
from granite_studio.core.styles import OVERLAP, Style
from granite_studio.core.timing import snap_down

_FINDING, _RANK = 10**18, 10**12
"""What a way costs: first each finding that is left, then how late Netflix names it, then ms."""


class _Edge(NamedTuple):
    """A time to begin or end at, how many better ones there are, and whether it is beside a cut
    all the same."""

    ms: int
    rank: int = 0
    is_beside: bool = False


class _Way(NamedTuple):
    """To end and then begin at these times, at this cost."""

    end: int
    start: int
    cost: int


class _Step(NamedTuple):
    """The least cost up to a way, and which of those at the seam before leads there."""

    cost: int
    back: int


class Places:
    """The times of cues in a row, and how they are put by the cuts of a film.

    No finding of the style comes that was not there, and what is too short to be seen does not
    become shorter. Each time that something is put takes a finding away, so
    that what was put is not put again.
    """

    def __init__(
        self,
        cues: Sequence[Timed],
        film: Film,
        style: Style,
        stays: Container[int] = (),
    ) -> None:
        """Cues at places that `stays` holds are not moved."""
        self.starts = [cue.start for cue in cues]
        self.ends = [cue.end for cue in cues]
        self._cues = cues
        self._film = film
        self._style = style
        self._stays = stays

    def is_beside(self, seam: int) -> bool:
        """Whether what ends or begins at a seam is beside a cut and may be moved. The seam of
        this number is in front of the cue at that place."""
        return self._beside_end(seam) is not None or self._beside_start(seam) is not None

    def put(self, seams: Iterable[int]) -> set[int]:
        """Put these seams and those that hang together with them; the cues that were moved."""
        moved = set[int]()
        reached = -1
        for seam in seams:
            if seam <= reached or not self.is_beside(seam):
                continue
            first = reached = seam
            while first > 0 and self.is_beside(first - 1):
                first -= 1
            while reached < len(self._cues) and self.is_beside(reached + 1):
                reached += 1
            moved |= self.put_run(first, reached)
        return moved

    def put_run(self, first: int, last: int) -> set[int]:
        """Put the seams from one to another as one, and nothing else; the cues that were moved."""
        moved = set[int]()
        findings = -1
        while findings:
            layers = [self._ways(seam) for seam in range(first, last + 1)]
            steps = self._steps(first, layers)
            end = self._end(last)
            cost, number = min(
                (step.cost, number)
                for number, (way, step) in enumerate(zip(layers[-1], steps[-1], strict=True))
                if step and self._allows(last, way.start, end)
            )
            findings = cost // _FINDING
            if findings >= sum(ways[0].cost // _FINDING for ways in layers):
                break
            moved |= self._follow(first, layers, steps, number)
        return moved

    def _follow(
        self,
        first: int,
        layers: Sequence[Sequence[_Way]],
        steps: Sequence[Sequence[_Step | None]],
        number: int,
    ) -> set[int]:
        """Go the way back from the one of this number at the last seam; the cues that it moves."""
        moved = set[int]()
        for place in range(len(layers) - 1, -1, -1):
            seam, way, step = first + place, layers[place][number], steps[place][number]
            assert step
            number = step.back
            if seam > 0 and self.ends[seam - 1] != way.end:
                self.ends[seam - 1] = way.end
                moved.add(seam - 1)
            if seam < len(self._cues) and self.starts[seam] != way.start:
                self.starts[seam] = way.start
                moved.add(seam)
        return moved

    def _steps(self, first: int, layers: Sequence[Sequence[_Way]]) -> list[list[_Step | None]]:
        """The least cost up to each way of each seam, None where none leads there."""
        before: Sequence[_Way] = [_Way(0, self._start(first - 1), 0)]
        reached: list[_Step | None] = [_Step(0, 0)]
        steps: list[list[_Step | None]] = []
        for place, ways in enumerate(layers, first - 1):
            here: list[_Step | None] = []
            for way in ways:
                best: _Step | None = None
                for number, (came, step) in enumerate(zip(before, reached, strict=True)):
                    if step and self._allows(place, came.start, way.end):
                        cost = step.cost + way.cost
                        if best is None or cost < best.cost:
                            best = _Step(cost, number)
                here.append(best)
            steps.append(here)
            before, reached = ways, here
        return steps

    def _ways(self, seam: int) -> list[_Way]:
        """The ways to put a seam that bring no finding; the first leaves it as it is."""
        end, start = self._end(seam - 1), self._start(seam)
        ends = self._edges(end, self._beside_end(seam), self._film.ends)
        starts = self._edges(start, self._beside_start(seam), self._film.starts)
        if len(starts) > 1:
            starts = self._in_time(starts, seam)
        if seam == 0 or seam == len(self._cues):
            return [_way(e, s, end, start, 0) for e, s in product(ends, starts)]
        now = self._style.gap_fault(start - end)
        found: list[_Way] = []
        for s in starts:
            for e in (*ends, *self._closed(seam, s, end, ends[0].is_beside)):
                fault = self._style.gap_fault(s.ms - e.ms)
                if fault and (fault != now or (s.ms - e.ms < start - end and fault in _TOO_NEAR)):
                    continue
                found.append(_way(e, s, end, start, _WEIGHTS.get(fault, bool(fault))))
        return found

    def _closed(self, seam: int, start: _Edge, end: int, is_beside: bool) -> Iterator[_Edge]:
        """An end that keeps the gap to another start."""
        style = self._style
        if seam - 1 in self._stays or not style.gap_fault(start.ms - end):
            return
        other = snap_down(start.ms - style.gap_ms, style.rate)
        beside = self._film.ends(other, style) is not None
        if is_beside or not beside:
            yield _Edge(other, 0, beside)

    def _edges(
        self, ms: int, beside: Beside, judge: Callable[[int, Style], Beside]
    ) -> list[_Edge]:
        """A time as it is, and those that the film offers in its stead."""
        if beside is None:
            return [_Edge(ms)]
        others = [
            _Edge(other, rank)
            for rank, other in enumerate(beside[1])
            if other >= 0 and judge(other, self._style) is None
        ]
        return [_Edge(ms, 0, True), *others]

    def _in_time(self, starts: Sequence[_Edge], seam: int) -> list[_Edge]:
        """The first, and those with which the cue behind a seam is as well in time."""
        cue, before = self._cues[seam], self._cues[seam - 1] if seam else None
        faults = [start_fault(cue, edge.ms, before, self._style, self._film) for edge in starts]
        return [
            edge for edge, fault in zip(starts, faults, strict=True) if fault in ("", faults[0])
        ]

    def _allows(self, place: int, start: int, end: int) -> bool:
        """Whether the cue at a place can have these times: it is there long enough and not too
        long, and straddles no cut unless it does so now."""
        least, high = self._room(place)
        if not least <= end - start <= high:
            return False
        now = self._start(place), self._end(place)
        return (
            not self._style.straddle_ms
            or (start, end) == now
            or straddled(start, end, self._style, self._film) is None
            or straddled(*now, self._style, self._film) is not None
        )

    def _room(self, place: int) -> tuple[float, float]:
        """The least and the most ms that the cue at a place can be shown; one that is too long
        for the style already is not kept from a cut by that."""
        if not 0 <= place < len(self._cues):
            return -math.inf, math.inf
        cue, style = self._cues[place], self._style
        ms = self.ends[place] - self.starts[place]
        wide = is_wide("".join(cue.lines))
        warn, error = speed_limits(style, wide=wide)
        signs = sum(lengths(cue.lines)) * 1000
        words = sum(len(line.split()) for line in cue.lines)
        wanted = (style.min_ms, signs / error, signs / warn, style.word_ms * words)
        least = max(1, min(style.min_ms, ms), *(needed for needed in wanted if needed <= ms))
        return min(least, ms), style.max_ms if ms <= style.max_ms else math.inf

    def _beside_end(self, seam: int) -> Beside:
        if seam == 0 or seam - 1 in self._stays:
            return None
        return self._film.ends(self.ends[seam - 1], self._style)

    def _beside_start(self, seam: int) -> Beside:
        if seam == len(self._cues) or seam in self._stays:
            return None
        return self._film.starts(self.starts[seam], self._style)

    def _end(self, place: int) -> int:
        return self.ends[place] if 0 <= place < len(self.ends) else 0

    def _start(self, place: int) -> int:
        return self.starts[place] if 0 <= place < len(self.starts) else 0


_TOO_NEAR = (OVERLAP, "gap_ms")
_WEIGHTS = {OVERLAP: 2}
"""Two cues at once are a finding of each."""


def _way(end: _Edge, start: _Edge, ended: int, began: int, findings: int) -> _Way:
    findings += end.is_beside + start.is_beside
    far = abs(end.ms - ended) + abs(start.ms - began)
    cost = findings * _FINDING + (end.rank + start.rank) * _RANK + far
    return _Way(end.ms, start.ms, cost)
