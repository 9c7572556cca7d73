"""Two people in one cue: the last words of one, and the first of the next on a line below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from granite_studio.core.document import Word, joined
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import width
from granite_studio.core.showing import SHOWN, needed_ms, shown_ms
from granite_studio.core.styles import Style


@dataclass(frozen=True, slots=True)
class Head:
    """The first words of a turn, as many as fit on one line with a dash.

    `begins` says for each word when the next cue begins in ms if that is the last one, and `costs`
    are those of `phrasing.cut_costs`. `kinds` are the kinds of text that a shared cue can be, and
    `is_pinned` says that a person set when the cue behind all of them begins.
    """

    words: Sequence[Word]
    ruler: Ruler
    kinds: frozenset[bool]
    begins: Sequence[float]
    costs: Sequence[int]
    is_pinned: bool

    def balance(self, count: int) -> int:
        """As `measure.balance`, of so many of the words."""
        return self.ruler.balance(0, count)

    def widths(self, style: Style, *, wide: bool) -> list[float]:
        """The characters of a line that ends with each word, measured as such text."""
        dash = width(style.dash_before(1), wide=wide)
        return [dash + end for end in self.ruler.scale(wide=wide).ends[: len(self.words)]]

    def faults_alone(self, style: Style) -> list[float]:
        """The faults that each cue of the first words alone has, infinite where it has no time or
        cannot be."""
        return [self._faults_of(count, style) for count in range(1, len(self.words) + 1)]

    def _faults_of(self, count: int, style: Style) -> float:
        start, end = self.words[0].start, self.words[count - 1].end
        scale = self.ruler.scale_of(0, count)
        needed = needed_ms(count, style)
        shown = shown_ms(start, end, needed, self.begins[count - 1], style)
        if shown < SHOWN or end - start > style.max_ms or scale.reaches[-1][0] < count:
            return inf
        is_fast = scale.ends[count - 1] * 1000 > scale.fastest * shown
        return is_fast + (shown < style.min_ms) + scale.has_fault(0, count)


def head_of(
    front: Ruler,
    words: Sequence[Word],
    ruler: Ruler,
    costs: Sequence[int],
    following: int | None,
    style: Style,
    *,
    is_pinned: bool,
) -> Head | None:
    """What of a turn can share a cue with the words in front, None if nothing fits.

    The words have no long silence among them, the rulers measure them and those in front, and
    `costs` are those of `phrasing.cut_costs`; `following` is when the cue behind them begins in
    ms, None where there is none.
    """
    kinds = front.kinds | ruler.kinds
    scales = [ruler.scale(wide=wide) for wide in kinds]
    rooms = [s.limit - width(style.dash_before(1), wide=s.is_wide) for s in scales]
    count = max(bisect_right(s.ends, room) for s, room in zip(scales, rooms, strict=True))
    if not count:
        return None
    begins: list[float] = [word.start for word in words[1 : count + 1]]
    if count == len(words):
        begins.append(inf if following is None else following)
    is_pinned = is_pinned and count == len(words)
    return Head(words[:count], ruler, kinds, begins, costs[:count], is_pinned)


def shared_lines(one: Sequence[Word], two: Sequence[Word], style: Style) -> tuple[str, ...]:
    """The words of two people on a line each, with the dashes of the style."""
    return tuple(
        style.dash_before(place) + joined(word.text for word in words)
        for place, words in enumerate((one, two))
    )
