"""How a cue stands to what is heard and to the shots of its film: in time, and on which side."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import ceil
from typing import Protocol

from granite_studio.core.shots import OUT, Film
from granite_studio.core.showing import SHOWN
from granite_studio.core.styles import Style
from granite_studio.core.timing import Rate

HEARD_MS = 100
"""Words are timed no more exactly than this, so that a cue may be off by so much more."""


class Timed(Protocol):
    """What stands there: times in ms, lines that have to be read, and when what is heard begins
    and ends, where that is known."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def lines(self) -> tuple[str, ...]: ...

    @property
    def sound(self) -> int | None: ...

    @property
    def voice(self) -> int | None: ...


def start_fault(
    cue: Timed, start: int, before: Timed | None, style: Style, film: Film | None
) -> str:
    """The rule that a cue breaks which begins at `start`, too long after its first word or too
    long before it; empty where it is in time, or nobody knows.

    It may wait until the one in front has been heard and seen. Beside a cut of the film, by which
    cues are put, it has more room.
    """
    if cue.voice is None or -style.early_ms <= start - cue.voice <= style.late_ms:
        return ""
    rate = film.rate if film else style.rate
    slack = HEARD_MS + _frames_ms(1, rate)
    if film and style.shot_frames and _is_near(start, style.shot_frames, film):
        slack += _frames_ms(style.shot_frames, rate)
    due = max(cue.voice, _needed(before, style) + style.gap_ms if before else 0)
    if style.late_ms and start > due + style.late_ms + slack:
        return "late_ms"
    if style.early_ms and start < cue.voice - style.early_ms - slack:
        return "early_ms"
    return ""


def _needed(cue: Timed, style: Style) -> int:
    """Until when a cue has to be there."""
    words = sum(len(line.split()) for line in cue.lines)
    seen = cue.start + max(style.min_ms, SHOWN, style.word_ms * words)
    return max(seen, cue.end if cue.sound is None else cue.sound)


def straddled(start: int, end: int, style: Style, film: Film) -> int | None:
    """The cut in ms that a cue with these times straddles farthest; None where it does none."""
    if not style.straddle_ms or end - start <= 2 * style.straddle_ms:
        return None
    least = style.straddle_ms + _frames_ms(1, film.rate)
    low, high = bisect_right(film.times, start + least), bisect_left(film.times, end - least)
    inside = film.times[low:high]
    return max(inside, key=lambda cut: min(cut - start, end - cut), default=None)


def _is_near(ms: int, frames: int, film: Film) -> bool:
    """Whether a cut is so near that it may have moved what begins now."""
    reach = _frames_ms(frames + OUT, film.rate)
    place = bisect_left(film.times, ms - reach)
    return place < len(film.times) and film.times[place] <= ms + reach


def _frames_ms(count: int, rate: Rate | None) -> int:
    return ceil(count * 1000 / rate.frames) if rate else 0
