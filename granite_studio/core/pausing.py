"""How well words can be parted by what is not text: silence, and cuts of the film."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from granite_studio.core.document import Word
from granite_studio.core.phrasing import SENTENCE
from granite_studio.core.styles import Style

# On the scale of `phrasing`.
_INNER = 14  # a sentence that ends inside a cue: it has its own where it fits
_SHOT = 12  # a cut of the film inside a cue; at a cut it counts in favour
_STRADDLED = 60  # the same where the style has a rule against it: more than any other good place
_NEAR = 500  # ms from a cut of the film within which a cue can end or begin with it
_SILENCE = 8  # a silence as long as `pause_ms` inside a cue; at a cut it counts in favour


def weights(
    words: Sequence[Word],
    begins: Sequence[float],
    costs: Sequence[int],
    style: Style,
    shots: Sequence[int],
) -> tuple[list[float], list[float]]:
    """What there is of silence and film cuts behind each word, and up to each word what would
    cost something inside a cue.

    `begins` says when what follows each word begins in ms, `costs` are those of
    `phrasing.cut_costs`, and `shots` the cuts of the film in ms, in order.
    """
    rate = _SILENCE / (style.pause_ms or 1)
    pauses = [
        min((begin - word.end) * rate, _SILENCE) if begin > word.end else 0
        for begin, word in zip(begins, words, strict=True)
    ]
    for last in _at_shots(words, shots):
        pauses[last] += _STRADDLED if style.straddle_ms else _SHOT
    inner = [
        pause + _INNER if cost == SENTENCE else pause
        for pause, cost in zip(pauses, costs, strict=True)
    ]
    return pauses, list(accumulate(inner, initial=0.0))


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
