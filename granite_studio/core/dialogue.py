"""Two people in one cue: the last words of one, and the first of the next on a line below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from granite_studio.core.document import Word, joined
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import width
from granite_studio.core.styles import Style


@dataclass(frozen=True, slots=True)
class Head:
    """The first words of a turn, as many as fit on one line with a dash.

    Behind each word: `widths`, the characters of the line so far, `begins`, when the next cue
    begins in ms, and `costs`, those of `phrasing.cut_costs`. `limit` and `fastest` are the
    style's for such text; `is_pinned` says that a person set when the cue behind all of them
    begins.
    """

    words: Sequence[Word]
    widths: Sequence[float]
    begins: Sequence[float]
    costs: Sequence[int]
    limit: int
    fastest: float
    is_pinned: bool


def head_of(
    words: Sequence[Word],
    ruler: Ruler,
    costs: Sequence[int],
    following: int | None,
    style: Style,
    *,
    is_pinned: bool,
) -> Head | None:
    """What of a turn can share a cue with the one before, None if nothing fits.

    The words have no long silence among them, the ruler measures them, and `costs` are those of
    `phrasing.cut_costs`; `following` is when the cue behind them begins in ms, None where there
    is none.
    """
    dash = width(style.dash_before(1), wide=ruler.is_wide)
    count = bisect_right(ruler.ends, ruler.limit - dash)
    if not count:
        return None
    begins: list[float] = [word.start for word in words[1 : count + 1]]
    if count == len(words):
        begins.append(inf if following is None else following)
    return Head(
        words[:count],
        [dash + end for end in ruler.ends[:count]],
        begins,
        costs[:count],
        ruler.limit,
        ruler.fastest,
        is_pinned and count == len(words),
    )


def shared_lines(one: Sequence[Word], two: Sequence[Word], style: Style) -> tuple[str, ...]:
    """The words of two people on a line each, with the dashes of the style."""
    return tuple(
        style.dash_before(place) + joined(word.text for word in words)
        for place, words in enumerate((one, two))
    )
