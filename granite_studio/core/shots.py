"""Cues beside cuts of the picture: an eye that sees both starts to read anew."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from granite_studio.core.cues import Cue
from granite_studio.core.errors import FormatError
from granite_studio.core.styles import Style
from granite_studio.core.timing import RATES, Rate, from_frames, to_frames

# Netflix' Timed Text Style Guide on shot changes; frames of the film.
_ONTO = 7
"""A cue that begins so many frames before a cut, or up to `_AWAY` after it, begins with it;"""
_AWAY = 12
"""one that begins earlier, but nearer than this, begins so far before it."""
_OUT = 2
"""A cue that ends within half a second before a cut ends so many frames before it, or the style's
gap where that is more;"""
_LATE = 11
"""so does one that ends so many frames after it, or fewer."""

_COMMENT = "#"


def snapped(cues: Sequence[Cue], shots: Sequence[int], rate: Rate, style: Style) -> list[Cue]:
    """The cues with starts and ends near a cut moved to it, as Netflix asks.

    `shots` are the times of cuts in ms, in order. An edge stays where it would bring a cue under
    the style's shortest time, or nearer to another one than the style's gap.
    """
    cuts = [to_frames(ms, rate) for ms in shots]
    half_a_second = math.floor(rate.frames / 2)
    moved: list[Cue] = []
    for place, cue in enumerate(cues):
        start, end = cue.start, cue.end
        if (frame := _start(to_frames(start, rate), cuts)) is not None:
            start = from_frames(frame, rate)
        if (cut := _end(to_frames(end, rate), cuts, half_a_second)) is not None:
            end = min(from_frames(cut - _OUT, rate), from_frames(cut, rate) - style.gap_ms)
        reached = moved[-1].end + style.gap_ms if moved else 0
        limit = cues[place + 1].start - style.gap_ms if place + 1 < len(cues) else None
        for first, last in ((start, end), (start, cue.end), (cue.start, end)):
            is_clear = first >= min(reached, cue.start)
            is_clear = is_clear and (limit is None or last <= max(limit, cue.end))
            if is_clear and last - first >= min(style.min_ms, cue.end - cue.start):
                cue = replace(cue, start=first, end=last)
                break
        moved.append(cue)
    return moved


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


def _start(frame: int, cuts: Sequence[int]) -> int | None:
    """The frame at which to begin because of a cut, where that is another one."""
    for cut in _near(frame, cuts):
        ahead = cut - frame
        if -_AWAY <= ahead <= _ONTO:
            return cut if ahead else None
        if _ONTO < ahead < _AWAY:
            return cut - _AWAY
    return None


def _end(frame: int, cuts: Sequence[int], half_a_second: int) -> int | None:
    """The cut before which to end, where there is one near."""
    near = (cut for cut in _near(frame, cuts) if -_LATE <= cut - frame <= half_a_second)
    return next(near, None)


def _near(frame: int, cuts: Sequence[int]) -> list[int]:
    """The cuts before and behind, the nearer one first."""
    place = bisect_left(cuts, frame)
    return sorted(cuts[max(0, place - 1) : place + 1], key=lambda cut: abs(cut - frame))
