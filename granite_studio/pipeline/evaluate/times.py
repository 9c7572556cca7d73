"""When words were said, and where nothing was written down although somebody spoke."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

BREATH = 500
"""Speech goes on over a shorter silence, in ms."""
GAP = 1_000
"""Speech without a word that lasts so many ms counts as missing, whatever is beside it."""

Stretch = tuple[int, int]
"""Start and end in ms."""


@dataclass(frozen=True, slots=True)
class TimeError:
    """How far the starts, or ends, of matched words are from where they should be.

    `p90_ms` is what nine of ten keep to; `within_50` is the share that is at most 50 ms off.
    """

    words: int
    mean_ms: float
    median_ms: float
    p90_ms: int
    within_50: float
    within_100: float
    within_200: float


@dataclass(frozen=True, slots=True)
class WordTimes:
    """The times of words that are the same on both sides; None where none can be compared."""

    starts: TimeError | None
    ends: TimeError | None


@dataclass(frozen=True, slots=True)
class MissingSpeech:
    """Speech in which the hypothesis has no word, of all the speech of the reference."""

    missing_ms: int
    places: int
    speech_ms: int


def time_error(errors: Iterable[int]) -> TimeError | None:
    """Sum up differences in ms, of either sign; None for none."""
    sizes = sorted(map(abs, errors))
    if not sizes:
        return None
    shares = (sum(size <= limit for size in sizes) / len(sizes) for limit in (50, 100, 200))
    ninth = sizes[-(-9 * len(sizes) // 10) - 1]
    return TimeError(len(sizes), statistics.fmean(sizes), statistics.median(sizes), ninth, *shares)


def missing_speech(speech: Iterable[Stretch], words: Iterable[Stretch]) -> MissingSpeech:
    """Stretches of speech in which no word lies: whole ones, or `GAP` and more of one.

    Who speaks does not matter: speech of several at once is one stretch.
    """
    stretches = joined(speech, BREATH)
    heard = joined(words, 0)
    missing = [
        end - start
        for stretch in stretches
        for start, end in _without(stretch, heard)
        if end - start >= GAP or (start, end) == stretch
    ]
    return MissingSpeech(sum(missing), len(missing), sum(end - start for start, end in stretches))


def joined(stretches: Iterable[Stretch], pause: int) -> list[Stretch]:
    """The stretches in order, one for those that overlap or are less than `pause` ms apart."""
    line: list[Stretch] = []
    for start, end in sorted(stretches):
        if line and (start <= line[-1][1] or start - line[-1][1] < pause):
            line[-1] = (line[-1][0], max(end, line[-1][1]))
        else:
            line.append((start, end))
    return line


def _without(stretch: Stretch, heard: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch beside these others, which are in order and apart."""
    at, end = stretch
    place = bisect_left(heard, at, key=itemgetter(1))
    while place < len(heard) and heard[place][0] < end:
        if heard[place][0] > at:
            yield at, heard[place][0]
        at = max(at, heard[place][1])
        place += 1
    if at < end:
        yield at, end
