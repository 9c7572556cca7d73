"""Cues beside cuts of the picture: an eye that sees both starts to read anew."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from granite_studio.core.cues import Cue
from granite_studio.core.errors import FormatError
from granite_studio.core.fixing import Fix
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
    moved: list[Cue] = []
    for place, cue in enumerate(cues):
        following = cues[place + 1] if place + 1 < len(cues) else None
        moved.append(_put(cue, moved[-1] if moved else None, following, cuts, rate, style))
    return moved


def by_shots(
    cues: Sequence[Cue], made: Sequence[Fix], shots: Sequence[int], rate: Rate, style: Style
) -> tuple[Fix, ...]:
    """These fixes of the cues, and beyond them what `snapped` would move, in order of the cues."""
    mended = list(cues)
    for fix in made:
        mended[fix.place] = fix.cue
    said = {fix.place: fix.message for fix in made}
    better = snapped(mended, shots, rate, style)
    found = []
    for place, (old, cue) in enumerate(zip(mended, better, strict=True)):
        if cue is not old and cue != old:
            said[place] = f"{said[place]} {_said(old, cue)}" if place in said else _said(old, cue)
        if place in said:
            found.append(Fix(place, cue, said[place]))
    return tuple(found)


def one_by_shots(
    cues: Sequence[Cue],
    place: int,
    made: Fix | None,
    shots: Sequence[int],
    rate: Rate,
    style: Style,
) -> Fix | None:
    """The same for one cue between its neighbours, which stay where they are."""
    cue = made.cue if made else cues[place]
    before = cues[place - 1] if place else None
    after = cues[place + 1] if place + 1 < len(cues) else None
    cuts = [to_frames(ms, rate) for ms in shots]
    better = _put(cue, before, after, cuts, rate, style)
    if better == cue:
        return made
    said = f"{made.message} {_said(cue, better)}" if made else _said(cue, better)
    return Fix(place, better, said)


def _put(
    cue: Cue,
    before: Cue | None,
    after: Cue | None,
    cuts: Sequence[int],
    rate: Rate,
    style: Style,
) -> Cue:
    """The cue put by cuts, which are frames, as far as its neighbours leave room."""
    start, end = cue.start, cue.end
    if (frame := _start(to_frames(start, rate), cuts)) is not None:
        start = from_frames(frame, rate)
    if (cut := _end(to_frames(end, rate), cuts, math.floor(rate.frames / 2))) is not None:
        end = min(from_frames(cut - _OUT, rate), from_frames(cut, rate) - style.gap_ms)
    reached = before.end + style.gap_ms if before else 0
    limit = after.start - style.gap_ms if after else None
    for first, last in ((start, end), (start, cue.end), (cue.start, end)):
        is_clear = first >= min(reached, cue.start)
        is_clear = is_clear and (limit is None or last <= max(limit, cue.end))
        if is_clear and last - first >= min(style.min_ms, cue.end - cue.start):
            return replace(cue, start=first, end=last)
    return cue


def _said(old: Cue, new: Cue) -> str:
    edges = [
        f"{verb} {abs(after - before) / 1000:.2f} s {'later' if after > before else 'earlier'}"
        for verb, before, after in (("begins", old.start, new.start), ("ends", old.end, new.end))
        if before != after
    ]
    return f"By the shot change it {' and '.join(edges)}."


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
