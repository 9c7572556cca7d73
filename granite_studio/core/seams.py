"""Two windows that overlap at a forced cut: their words brought together, none lost or doubled."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from granite_studio.core.document import Span
from granite_studio.core.forms import forms
from granite_studio.core.heard import HeardWord

APART = 500
"""Two windows give one word times that are at most so many ms apart."""
_EDGE = 250
"""The outermost word of a window may be half a word if it is so near the window's edge, in ms."""
_OTHERWISE = 0.3
"""What two words at one time count that do not read the same, where the same word counts 1."""


class _Step(NamedTuple):
    """One word of the overlap: where it stands in the one window, and in the other, or -1."""

    before: int
    after: int
    same: bool = False


def joined(
    before: Sequence[HeardWord], after: Sequence[HeardWord], overlap: Span, *, language: str
) -> tuple[tuple[HeardWord, ...], tuple[HeardWord, ...]]:
    """What remains of each of two windows, so that every word of the overlap is there once.

    `before` ends and `after` begins in `overlap`; each is in order of time. Words are paired by
    time and normal form. Up to one place the first window is believed, from there on the second;
    the place is where least is lost, beside a word that both have, and far from both edges. A
    word cut in half at an edge gives way to the whole one, for which the overlap must be longer
    than two words: a second or more. Times do not overlap afterwards.
    """
    first = bisect_right(before, overlap.start - APART, key=attrgetter("end"))
    last = bisect_left(after, overlap.end + APART, key=attrgetter("start"))
    ours, theirs = before[first:], after[:last]
    if not ours or not theirs:
        return _apart(before, after)
    steps = _paired(ours, theirs, language)
    at = _best_cut(steps, ours, theirs, overlap)
    kept = sum(step.before >= 0 for step in steps[:at])
    gone = sum(step.after >= 0 for step in steps[:at])
    return _apart(before[: first + kept], after[gone:])


def _paired(ours: Sequence[HeardWord], theirs: Sequence[HeardWord], language: str) -> list[_Step]:
    """The words of both in one order, those that are one word in one step.

    The best pairs in order are those whose weights (see `_weight`) add up to most; only words
    near in time are compared, so the work grows with the words and not with their square.
    """
    our_forms = [_form(word.text, language) for word in ours]
    their_forms = [_form(word.text, language) for word in theirs]
    lows, highs = _bands(ours, theirs)
    # best[j - low] is the most that ours[:i] and theirs[:j] come to, for low <= j <= high.
    rows: list[list[float]] = [[0.0] * (highs[0] - lows[0] + 1)]
    for i, word in enumerate(ours):
        low, high = lows[i], highs[i]
        above, above_low = rows[-1], lows[i - 1] if i else low
        row = [_at(above, above_low, low)]
        for j in range(low, high):
            weight = _weight(word, theirs[j], same=our_forms[i] == their_forms[j])
            paired = _at(above, above_low, j) + weight if weight else 0.0
            row.append(max(row[-1], _at(above, above_low, j + 1), paired))
        rows.append(row)
    return _traced(rows, lows, our_forms, their_forms, ours, theirs)


def _traced(
    rows: Sequence[Sequence[float]],
    lows: Sequence[int],
    our_forms: Sequence[tuple[str, ...]],
    their_forms: Sequence[tuple[str, ...]],
    ours: Sequence[HeardWord],
    theirs: Sequence[HeardWord],
) -> list[_Step]:
    """The steps of the best way, found from its end."""
    steps: list[_Step] = []
    i, j = len(ours), len(theirs)
    while i and j:
        low = lows[i - 1]
        here, left = _at(rows[i], low, j), _at(rows[i], low, j - 1)
        above = _at(rows[i - 1], lows[max(i - 2, 0)], j)
        ours_alone = j <= low or here == above
        theirs_alone = j > low and here == left
        if ours_alone and theirs_alone:  # they stand by their time
            ours_alone = ours[i - 1].start >= theirs[j - 1].start
        if ours_alone:
            i -= 1
            steps.append(_Step(i, -1))
        elif theirs_alone:
            j -= 1
            steps.append(_Step(-1, j))
        else:
            i, j = i - 1, j - 1
            steps.append(_Step(i, j, our_forms[i] == their_forms[j]))
    steps += [_Step(place, -1) for place in range(i - 1, -1, -1)]
    steps += [_Step(-1, place) for place in range(j - 1, -1, -1)]
    return steps[::-1]


def _form(text: str, language: str) -> tuple[str, ...]:
    return forms(text, language) or (text,)


def _bands(ours: Sequence[HeardWord], theirs: Sequence[HeardWord]) -> tuple[list[int], list[int]]:
    """For each of our words the words of theirs from `lows` up to `highs` that are near in time;
    neither goes back."""
    reached = list(accumulate((word.end for word in theirs), max))
    lows = [bisect_right(reached, word.start - APART) for word in ours]
    highs = [bisect_left(theirs, word.end + APART, key=attrgetter("start")) for word in ours]
    lows = list(accumulate(lows, max))
    highs = [max(low, high) for low, high in zip(lows, accumulate(highs, max), strict=True)]
    return lows, highs


def _at(row: Sequence[float], low: int, j: int) -> float:
    """What a row says of theirs[:j]; outside its band nothing is added."""
    return row[min(j - low, len(row) - 1)] if j >= low else row[0]


def _weight(one: HeardWord, two: HeardWord, *, same: bool) -> float:
    """How much speaks for two words being one: the same form near in time, or the same time."""
    apart = abs(one.start + one.end - two.start - two.end) / 2
    if same and apart < APART:
        return (1 - apart / APART) ** 2
    common = min(one.end, two.end) - max(one.start, two.start)
    shorter = min(one.end - one.start, two.end - two.start)
    return _OTHERWISE * common / shorter if 0 < shorter <= 2 * common else 0.0


def _best_cut(
    steps: Sequence[_Step],
    ours: Sequence[HeardWord],
    theirs: Sequence[HeardWord],
    overlap: Span,
) -> int:
    """Before which step to go over from the one window to the other.

    The least harm is done there; of such places one beside a word that both read the same, and
    of those the nearest to the middle of the overlap.
    """
    last = len(ours) - 1 if ours[-1].end >= overlap.end - _EDGE else len(ours)
    first = 0 if theirs[0].start <= overlap.start + _EDGE else len(theirs)
    to_first, to_second = [0], [0]
    for step in steps:
        cut_first, cut_second = step.before == last, step.after == first
        to_first.append(_harm(cut_first, cut_second, step.before < 0, same=step.same))
        to_second.append(_harm(cut_second, cut_first, step.after < 0, same=step.same))
    before, after = list(accumulate(to_first)), list(accumulate(to_second))
    middle = (overlap.start + overlap.end) / 2

    def cost(at: int) -> tuple[int, bool, float]:
        beside = steps[max(at - 1, 0) : at + 1]
        far = abs(_edge(steps, at, ours, theirs) - middle)
        return before[at] + after[-1] - after[at], not any(step.same for step in beside), far

    return min(range(len(steps) + 1), key=cost)


def _harm(is_cut: bool, other_is_cut: bool, is_missing: bool, *, same: bool) -> int:
    """What it costs to believe one window of one word: a word that it has not, unless the other
    has but a piece of one; or a word that it may have only half."""
    if is_missing:
        return 0 if other_is_cut else 1
    return 1 if is_cut and not same else 0


def _edge(
    steps: Sequence[_Step], at: int, ours: Sequence[HeardWord], theirs: Sequence[HeardWord]
) -> float:
    """The moment between the words before a step and that step's."""
    words = [
        ours[step.before] if step.before >= 0 else theirs[step.after]
        for step in steps[max(at - 1, 0) : at + 1]
    ]
    return (words[0].end + words[-1].start) / 2


def _apart(
    before: Sequence[HeardWord], after: Sequence[HeardWord]
) -> tuple[tuple[HeardWord, ...], tuple[HeardWord, ...]]:
    """Both, the last word of the one cut short where the other begins."""
    if not before or not after or before[-1].end <= after[0].start:
        return tuple(before), tuple(after)
    last, following = before[-1], after[0]
    edge = max(last.start, following.start)
    begins = max(following.start, edge)
    return (
        (*before[:-1], replace(last, end=min(last.end, edge))),
        (replace(following, start=begins, end=max(begins, following.end)), *after[1:]),
    )
