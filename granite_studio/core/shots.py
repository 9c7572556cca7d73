"""Cues beside cuts of the picture: an eye that sees both starts to read anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TypeAlias

from granite_studio.core.errors import FormatError
from granite_studio.core.styles import Style
from granite_studio.core.timing import RATES, Rate, from_frames, snap_down, to_frames

# Netflix' Timed Text Style Guide on shot changes; frames of the film.
AWAY = 12
"""A cue begins with a cut, or so many frames before it or more, or later than so many after it;
styles without a rule of their own are put by this one."""
_ONTO = 7
"""Of `AWAY` frames before a cut: a cue that begins no earlier is moved to the cut."""
OUT = 2
"""A cue that ends within half a second before a cut ends so many frames before it, or the style's
gap where that is more; so does one that ends less than `AWAY` after it."""

Beside: TypeAlias = tuple[int, list[int]] | None
"""How many frames ahead a cut is, and which other times are better, the best first; None where
no cut is beside."""

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

    def starts(self, ms: int, style: Style) -> Beside:
        """What a cue that begins now does not keep to."""
        frame, away = to_frames(ms, self.rate), style.shot_frames or AWAY
        key = frame, away, -1, None
        if key not in self._known:
            self._known[key] = self._start_beside(frame, away)
        return self._known[key]

    def ends(self, ms: int, style: Style) -> Beside:
        """The same for when a cue ends."""
        frame, away = to_frames(ms, self.rate), style.shot_frames or AWAY
        key = frame, away, style.gap_ms, style.rate
        if key not in self._known:
            self._known[key] = self._end_beside(frame, away, style)
        return self._known[key]

    def _start_beside(self, frame: int, away: int) -> Beside:
        for cut in self._near(frame):
            ahead = cut - frame
            if ahead == 0:
                return None
            if -away <= ahead < away:
                # Just ahead of a cut it waits for it; from farther ahead it comes earlier.
                is_onto = ahead <= away * _ONTO // AWAY
                best, other = (cut, cut - away) if is_onto else (cut - away, cut)
                others = [each for each in (other, cut + away + 1) if abs(each - frame) <= away]
                return ahead, [from_frames(each, self.rate) for each in (best, *others)]
        return None

    def _end_beside(self, frame: int, away: int, style: Style) -> Beside:
        half = self.rate.frames.numerator // (2 * self.rate.frames.denominator)
        for cut in self._near(frame):
            ahead = cut - frame
            if -away < ahead <= half:
                before = from_frames(cut - OUT, self.rate)
                close = snap_down(from_frames(cut, self.rate) - style.gap_ms, style.rate)
                best = close if to_frames(close, self.rate) <= cut - OUT else before
                if to_frames(best, self.rate) <= frame <= cut - OUT:
                    return None
                others = (cut + away, cut - half - 1)
                near = [each for each in others if abs(each - frame) <= away]
                return ahead, [best, *(from_frames(each, self.rate) for each in near)]
        return None

    def _near(self, frame: int) -> Sequence[int]:
        """The cuts before and behind, the nearer one first."""
        place = bisect_left(self.cuts, frame)
        near = self.cuts[max(0, place - 1) : place + 1]
        return near[::-1] if len(near) == 2 and near[1] - frame < frame - near[0] else near

    @cached_property
    def _known(self) -> dict[tuple[int, int, int, Rate | None], Beside]:
        """What was told already: the same is asked for every way to put a cue."""
        return {}


def nearest_rate(fps: float) -> Rate:
    """The usual frame rate that a film of so many frames a second has."""
    usual = (rate for rate in RATES.values() if not rate.drop)
    return min(usual, key=lambda rate: abs(float(rate.frames) - fps))


def dump_shots(shots: Sequence[int], fps: float) -> str:
    """Cuts as a text: the frame rate, then each time in seconds on a line of its own."""
    lines = [f"{_COMMENT} {fps:.6g} frames a second", *(f"{ms / 1000:.3f}" for ms in shots)]
    return "\n".join(lines) + "\n"


def load_shots(text: str, *, name: str = "the list") -> tuple[tuple[int, ...], float | None]:
    """Cuts in ms, in order, and the frames a second, None where the text does not say.

    Reads what `dump_shots` wrote, and lists of seconds as other programs keep them. Raises
    `FormatError` naming the line that is none.
    """
    fps: float | None = None
    found = set[int]()
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
    return value if isfinite(value) else None
