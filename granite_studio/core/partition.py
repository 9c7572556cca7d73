"""Part words into cues at the least cost: as few faults as can be, then the best places to cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import inf

from granite_studio.core.document import Word
from granite_studio.core.lines import Ruler
from granite_studio.core.phrasing import SENTENCE
from granite_studio.core.styles import Style

SHOWN = 200
"""Where there is no room, a cue still has so many ms, and the next one waits for it."""

# What makes a way of cutting dear. Found by reading cut interviews, not measured on viewers.
_FAULT = 1_000  # too fast to read or too short to see: more than good places can make up for
_CUE = 10  # each cue, so that there are few
_INNER = 14  # a sentence that ends inside a cue: it has its own where it fits
_FULL = 20  # a full cue; the square of its share for others, so that neighbours are alike
_SHORT = 40  # no time to be shown at all; its share for what falls short of the minimum
_FAST, _FASTEST = 2, 40  # each character a second above the limit, and all of them
_SHOT = 12  # a cut of the film inside a cue; at a cut it counts in favour
_NEAR = 500  # ms from a cut of the film within which a cue can end or begin with it
_SILENCE = 8  # a silence as long as `pause_ms` inside a cue; at a cut it counts in favour


def cheapest_ends(
    words: Sequence[Word],
    costs: Sequence[int],
    ruler: Ruler,
    style: Style,
    following: int | None,
    shots: Sequence[int] = (),
) -> list[int]:
    """The index behind the last word of every cue, by dynamic programming from the left.

    `costs` are those of `phrasing.cut_costs`; `following` is when the cue behind these words
    begins in ms, None where there is none; `shots` are the cuts of the film in ms, in order.
    """
    count = len(words)
    reaches = ruler.reaches(style.lines)
    sentences = list(accumulate((cost == SENTENCE for cost in costs), initial=0))
    begins = [*(word.start for word in words[1:]), inf if following is None else following]
    room = [begin - style.gap_ms for begin in begins]
    closes = [begin - max(style.chain_ms, style.gap_ms) for begin in begins]
    lingers = [word.end + style.linger_ms for word in words]
    pauses = [
        _SILENCE * min(max(begin - word.end, 0) / (style.pause_ms or 1), 1)
        for word, begin in zip(words, begins, strict=True)
    ]
    for last in _at_shots(words, shots):
        pauses[last] += _SHOT
    inside = list(accumulate(pauses, initial=0.0))
    at_cut = [_CUE + cost - pause for cost, pause in zip(costs, pauses, strict=True)]
    needed = [max(style.min_ms, style.word_ms * number) for number in range(1, count + 1)]
    full, fastest, shortest = ruler.limit * style.lines, ruler.fastest, style.min_ms
    start, end = words[0].start, words[-1].end
    if sentences[-1] == 1 and reaches[-1][0] == count and end - start <= style.max_ms:
        characters = ruler.ends[-1] - ruler.begins[0]
        if not faults(start, end, following, characters, count, fastest, style):
            return [count]
    total: list[float] = [0.0, *[inf] * count]
    back = [0] * (count + 1)
    for first in range(count):
        start, left = words[first].start, ruler.begins[first]
        base = total[first] - inside[first] - _INNER * sentences[first]
        latest = start + style.max_ms
        edges = [first, *(reach[first] for reach in reaches)]
        for breaks, (low, high) in enumerate(pairwise(edges)):
            # The space at which a line breaks is not read.
            from_left = left + breaks * ruler.space
            for last in range(low, high):
                if words[last].end > latest and last > first:
                    break
                characters = ruler.ends[last] - from_left
                shown: float = max(lingers[last], start + needed[last - first])
                shown = (room[last] if shown > closes[last] else shown) - start
                cost = base + at_cut[last] + inside[last] + _INNER * sentences[last]
                cost += _FULL * (characters / full) ** 2
                if shown < SHOWN:
                    shown = SHOWN
                if characters * 1000 > fastest * shown:
                    cost += _FAULT
                    cost += min(_FAST * (characters * 1000 / shown - fastest), _FASTEST)
                if shown < shortest:
                    cost += _FAULT + _SHORT * (shortest - shown) / shortest
                if cost < total[last + 1]:
                    total[last + 1] = cost
                    back[last + 1] = first
    ends: list[int] = []
    end = count
    while end:
        ends.append(end)
        end = back[end]
    return ends[::-1]


def _at_shots(words: Sequence[Word], shots: Sequence[int]) -> Iterator[int]:
    """The words behind which the film is cut, or is not far from it; none is the last one."""
    low = bisect_left(shots, words[0].start)
    for shot in shots[low : bisect_right(shots, words[-1].end)]:
        behind = bisect_right(words, shot, key=lambda word: word.start)
        # The cut lies behind the start of the word before; it may be nearer to that word's front.
        places = [place for place in (behind - 1, behind - 2) if 0 <= place < len(words) - 1]
        far = {
            place: max(words[place].end - shot, shot - words[place + 1].start, 0)
            for place in places
        }
        if places and min(far.values()) <= _NEAR:
            yield min(places, key=far.__getitem__)


def faults(
    start: int,
    end: int,
    following: int | None,
    characters: float,
    words: int,
    fastest: float,
    style: Style,
) -> int:
    """How many faults of time a cue of this sound has at best: too fast, and too short.

    `start`, `end` and `following`, where the next cue begins, in ms; `fastest` in characters a
    second.
    """
    shown = max(end + style.linger_ms, start + max(style.min_ms, style.word_ms * words))
    if following is not None and shown > following - max(style.chain_ms, style.gap_ms):
        shown = following - style.gap_ms
    ms = max(shown - start, SHOWN)
    return (characters * 1000 > fastest * ms) + (ms < style.min_ms)
