"""When a rule of a style could want a cue to begin and to end, for a fix to choose among."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from granite_studio.core.cues import Cue
from granite_studio.core.measure import is_wide, lengths, speed_limits
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style
from granite_studio.core.timing import Rate, snap_down, snap_up


def starts(cue: Cue, before: Cue | None, style: Style, film: Film | None) -> Iterator[int]:
    """Times to begin at that are nearer to the first word; none where nobody knows its time."""
    if cue.voice is None:
        return
    times = [cue.voice, cue.voice + style.late_ms]
    if style.early_ms:
        times.append(cue.voice - style.early_ms)
    if before is not None:
        times.append(before.end + style.gap_ms)
    times += _straddled(cue, style, film)
    for start in _with_frames(times, style.rate):
        if 0 <= start < cue.end and abs(start - cue.voice) < abs(cue.start - cue.voice):
            yield start


def ends(cue: Cue, after: Cue | None, style: Style, film: Film | None) -> Iterator[int]:
    """Times to end at, none later than the cue may be there."""
    comfortable, fastest = speed_limits(style, wide=is_wide(cue.text))
    signs = sum(lengths(cue.lines))
    seen = max(style.min_ms, style.word_ms * len(cue.text.split()))
    times = [
        cue.start + style.min_ms,
        cue.start + style.max_ms,
        cue.start + seen,
        *(cue.start + math.ceil(signs * 1000 / speed) for speed in (comfortable, fastest)),
    ]
    sound = cue.end if cue.sound is None else cue.sound
    times.append(sound + style.linger_ms)
    latest = max(cue.end, sound + style.linger_ms, cue.start + seen)
    if after is not None:
        close = after.start - style.gap_ms
        times.append(close)
        # Where only a flicker would be left, it stays until the next one.
        latest = close if latest > after.start - style.chain_ms else min(latest, close)
    times.append(latest)
    times += [shot for shot in _straddled(cue, style, film) if shot >= sound]
    for end in (*_with_frames(times, style.rate), *_by_shots(times, style, film)):
        if cue.start < end <= latest:
            yield end


def _straddled(cue: Cue, style: Style, film: Film | None) -> Sequence[int]:
    """The cuts that a cue goes on over, where the style has a rule against it."""
    if film is None or not style.straddle_ms:
        return ()
    return film.times[bisect_right(film.times, cue.start) : bisect_left(film.times, cue.end)]


def _by_shots(times: Sequence[int], style: Style, film: Film | None) -> Iterator[int]:
    """Where the film lets those of these ends be that it does not let where they are."""
    for end in times if film and style.shot_frames else ():
        if film and (beside := film.ends(end, style)):
            yield from beside[1]


def _with_frames(times: Iterable[int], rate: Rate | None) -> set[int]:
    return {snap(time, rate) for time in times for snap in (snap_up, snap_down)}
