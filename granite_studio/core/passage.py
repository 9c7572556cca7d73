"""The way past a cue made by hand, which the search for the best cut leaves as it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from granite_studio.core.partition import FAULT, START, Found, State
from granite_studio.core.showing import SHOWN, needed_ms, shown_ms
from granite_studio.core.styles import Style


@dataclass(frozen=True, slots=True)
class Fixed:
    """A cue made by hand: when its sound begins and ends in ms, when a person set that the cue
    does, and what there is to read in characters, words, and characters a second at most.

    `following` and `is_pinned` are as of a `Run`.
    """

    sound: tuple[int, int]
    start: int | None
    end: int | None
    characters: float
    words: int
    fastest: float
    following: int | None
    is_pinned: bool


PASSED = Found(START, ((0, 0),))
"""Past a cue that makes nothing wait and for which nothing waits."""


def past(cue: Fixed, begins: State, style: Style) -> Found:
    """The ways past a cue made by hand, which is not cut but may wait and make the next wait."""
    best: dict[int, tuple[float, int]] = {}
    for place, (_, waits, cost) in enumerate(begins):
        start = max(cue.sound[0], waits) if cue.start is None else cue.start
        shown, next_start = _fixed(cue, start, style)
        cost += FAULT * (cue.characters * 1000 > cue.fastest * shown)
        cost += FAULT * (shown < style.min_ms)
        if next_start not in best or cost < best[next_start][0]:
            best[next_start] = cost, place
    least = min(cost for cost, _ in best.values())
    ends = tuple((0, waits, round(cost - least, 6)) for waits, (cost, _) in best.items())
    return Found(ends, tuple((0, place) for _, place in best.values()))


def _fixed(cue: Fixed, start: int, style: Style) -> tuple[float, int]:
    """How many ms a cue made by hand is shown, and when the next one begins if it has to wait."""
    following = inf if cue.following is None else cue.following
    if cue.end is None:
        needed = needed_ms(cue.words, style)
        shown = max(shown_ms(start, max(cue.sound[1], start + 1), needed, following, style), SHOWN)
        end = start + SHOWN
    else:
        shown, end = max(cue.end - start, 1), max(cue.end, start + 1)
    waits = end + style.gap_ms
    return shown, waits if start <= following < waits and not cue.is_pinned else 0
