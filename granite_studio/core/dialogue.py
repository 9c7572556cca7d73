"""Two short turns in one cue, where each by itself could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from granite_studio.core.measure import length, line_limit, speed_limits
from granite_studio.core.partition import faults
from granite_studio.core.styles import Style

if TYPE_CHECKING:
    from granite_studio.core.cutting import Cut

_Link: TypeAlias = "tuple[int, _Link] | None"
_Way: TypeAlias = tuple[float, _Link]

_LONG = 10_000


def with_dialogues(cuts: Sequence[Cut], style: Style) -> list[Cut]:
    """Join neighbouring cues of two people, each on a line with a dash, where that leaves fewer
    faults. The cues stand in reading order."""
    if style.lines < 2:
        return list(cuts)
    weak = {place for place, cut in enumerate(cuts) if cut.faults}
    gains: dict[int, tuple[float, Cut]] = {}
    for place in sorted(weak | {place - 1 for place in weak}):
        if 0 <= place < len(cuts) - 1:
            one, two = cuts[place], cuts[place + 1]
            behind = cuts[place + 2].start if place + 2 < len(cuts) else None
            both = _joined(one, two, behind, style)
            if both and (gain := one.faults + two.faults - both.faults) > 0:
                # Of two that gain as much, the shorter turns share a cue.
                gains[place] = gain - sum(map(len, both.lines)) / _LONG, both
    result = list(cuts)
    for place in _chosen({place: gain for place, (gain, _) in gains.items()}):
        result[place : place + 2] = [gains[place][1]]
    return result


def _joined(one: Cut, two: Cut, behind: int | None, style: Style) -> Cut | None:
    """Both cues as one, or None where they cannot be."""
    if one.speaker is None or two.speaker is None or one.speaker == two.speaker:
        return None
    if one.override or two.override or len(one.lines) > 1 or len(two.lines) > 1:
        return None
    end = max(one.end, two.end)
    is_far = two.start - one.end >= style.pause_ms or end - one.start > style.max_ms
    if is_far or two.start < one.start:
        return None
    lines = (style.dash_before(0) + one.lines[0], style.dash_before(1) + two.lines[0])
    text = "\n".join(lines)
    characters = [length(line) for line in lines]
    if max(characters) > line_limit(text, style):
        return None
    words = one.words + two.words
    _, fastest = speed_limits(text, style)
    return replace(
        one,
        last=two.last,
        end=end,
        lines=lines,
        speaker=None,
        words=words,
        faults=faults(one.start, end, behind, sum(characters), words, fastest, style),
    )


def _chosen(gains: Mapping[int, float]) -> Iterator[int]:
    """The places with the largest sum of gains of which no two are neighbours, the last first."""
    # The best way without the last place, and the best with it: its sum and its places, linked.
    without: _Way = (0, None)
    with_last: _Way = (0, None)
    reached = -2
    for place, gain in gains.items():
        either = max(without, with_last, key=lambda way: way[0])
        before = without if place == reached + 1 else either
        without, with_last = either, (before[0] + gain, (place, before[1]))
        reached = place
    link = max(without, with_last, key=lambda way: way[0])[1]
    while link:
        yield link[0]
        link = link[1]
