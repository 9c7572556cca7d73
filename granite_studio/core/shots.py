"""Cues beside cuts of the picture: an eye that sees both starts to read anew."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from granite_studio.core.cues import Cue
from granite_studio.core.errors import FormatError
from granite_studio.core.styles import Style
from granite_studio.core.timing import RATES, Rate, from_frames, to_frames

# Netflix' Timed Text Style Guide on shot changes; frames of the film.
_AWAY = 12
"""A cue begins with a cut, or so many frames before it or more, or later than so many after it;
styles without a rule of their own are put by this one."""
_ONTO = 7
"""Of `_AWAY` frames before a cut: a cue that begins no earlier is moved to the cut."""
OUT = 2
"""A cue that ends within half a second before a cut ends so many frames before it, or the style's
gap where that is more; so does one that ends less than `_AWAY` after it."""

_COMMENT = "#"


@dataclass(frozen=True)
class Film:
    """The cuts of a film in ms, in order, and its frame rate."""

    times: tuple[int, ...]
    rate: Rate

    @classmethod
    def of(cls, times: Sequence[int], fps: float) -> Film:
        """One of so many frames a second, at the nearest usual rate."""
        return cls(tuple(times), nearest_rate(fps))

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """The numbers of the frames with which new shots begin."""
        return tuple(to_frames(ms, self.rate) for ms in self.times)

    def starts(self, ms: int, style: Style) -> tuple[int, list[int]] | None:
        """How many frames ahead the cut is that a cue that begins now does not keep to, and when
        it can begin instead, the best first; None where it stands well."""
        frame, away = to_frames(ms, self.rate), style.shot_frames or _AWAY
        for cut in self._near(frame):
            ahead = cut - frame
            if ahead == 0:
                return None
            if -away <= ahead < away:
                # Just ahead of a cut it waits for it; from farther ahead it comes earlier.
                is_onto = ahead <= away * _ONTO // _AWAY
                best, other = (cut, cut - away) if is_onto else (cut - away, cut)
                others = [each for each in (other, cut + away + 1) if abs(each - frame) <= away]
                return ahead, [from_frames(each, self.rate) for each in (best, *others)]
        return None

    def ends(self, ms: int, style: Style) -> tuple[int, list[int]] | None:
        """The same for when a cue ends."""
        frame, away = to_frames(ms, self.rate), style.shot_frames or _AWAY
        half = math.floor(self.rate.frames / 2)
        for cut in self._near(frame):
            ahead = cut - frame
            if -away < ahead <= half:
                before = from_frames(cut - OUT, self.rate)
                best = min(before, from_frames(cut, self.rate) - style.gap_ms)
                if to_frames(best, self.rate) == frame:
                    return None
                others = (cut + away, cut - half - 1)
                near = [each for each in others if abs(each - frame) <= away]
                return ahead, [best, *(from_frames(each, self.rate) for each in near)]
        return None

    def _near(self, frame: int) -> list[int]:
        """The cuts before and behind, the nearer one first."""
        place = bisect_left(self.cuts, frame)
        return sorted(self.cuts[max(0, place - 1) : place + 1], key=lambda cut: abs(cut - frame))


def put(
    cue: Cue, before: Cue | None, after: Cue | None, film: Film, style: Style
) -> Iterator[Cue]:
    """The ways to put a cue by cuts of the film, as Netflix asks, the best first: those that put
    both edges, then those that leave one.

    An edge stays where it would bring the cue under the style's shortest time, or nearer to a
    neighbour than the style's gap.
    """
    begin, finish = film.starts(cue.start, style), film.ends(cue.end, style)
    starts = begin[1] if begin else [cue.start]
    ends = finish[1] if finish else [cue.end]
    reached = before.end + style.gap_ms if before else 0
    limit = after.start - style.gap_ms if after else math.inf
    halves = (*product(starts, [cue.end]), *product([cue.start], ends))
    for start, end in dict.fromkeys((*product(starts, ends), *halves)):
        is_clear = start >= min(reached, cue.start) and end <= max(limit, cue.end)
        is_seen = end - start >= min(style.min_ms, cue.end - cue.start)
        if is_clear and is_seen and (start, end) != (cue.start, cue.end):
            yield replace(cue, start=start, end=end)


def nearest_rate(fps: float) -> Rate:
    """The usual frame rate that a film of so many frames a second has."""
    usual = (rate for rate in RATES.values() if not rate.drop)
    return min(usual, key=lambda rate: abs(float(rate.frames) - fps))


def dump_shots(shots: Sequence[int], fps: float) -> str:
    """Cuts as a text: the frame rate, then each time in seconds on a line of its own."""
    lines = [f"{_COMMENT} {fps:.6g} frames a second", *(f"{ms / 1000:.3f}" for ms in shots)]
    return "\n".join(lines) + "\n"


def load_shots(text: str, *, name: str = "the list") -> tuple[tuple[int, ...], float]:
    """Cuts in ms, in order, and the frames a second, 25 where the text does not say.

    Reads what `dump_shots` wrote, and lists of seconds as other programs keep them. Raises
    `FormatError` naming the line that is none.
    """
    fps, found = 25.0, set[int]()
    for number, line in enumerate(text.splitlines(), 1):
        first, _, rest = line.strip().partition(" ")
        if first == _COMMENT:
            told = _number(rest.partition(" ")[0])
            fps = told if told and 1 <= told <= 1000 else fps
            continue
        seconds = _number(first) if first else None
        if first and (seconds is None or rest or not 0 <= seconds <= 200_000):
            raise FormatError(
                f"Line {number} of {name} is no time in seconds; write one time on each line."
            )
        if seconds is not None:
            found.add(round(seconds * 1000))
    return tuple(sorted(found)), fps


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
