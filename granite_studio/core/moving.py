"""Moving and stretching cues in time: by an amount, between two points, to another frame rate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document, Segment, Span
from granite_studio.core.edits.splicing import splice
from granite_studio.core.edits.times import aligned
from granite_studio.core.timing import Rate

Moved = Callable[[int], int]
"""The new time of an old one, both in ms; a later time is never moved before an earlier one."""


def by(ms: int) -> Moved:
    """Everything so much later, or earlier where it is negative; nothing begins before 0."""
    return lambda time: max(time + ms, 0)


def between(points: tuple[tuple[int, int], tuple[int, int]]) -> Moved:
    """Two times each with the right one in its place; what is around them goes along.

    ValueError unless the two times, and the right ones, stand in the same order.
    """
    (old, new), (old_later, new_later) = points
    if not (old < old_later and new < new_later):
        raise ValueError("the first point has to lie before the second")
    factor = Fraction(new_later - new, old_later - old)
    return lambda time: max(round(new + (time - old) * factor), 0)


def at_rate(old: Rate, new: Rate) -> Moved:
    """The same frames, which are shown at another rate."""
    factor = old.frames / new.frames
    return lambda time: round(time * factor)


def moved(document: Document, cues: Sequence[Cue], to: Moved) -> Document:
    """Show these cues at their new times, as cues made by hand.

    Words whose times are only estimated, as those of imported subtitles are, go along with their
    cue; words that were heard stay where they are said.
    """
    old = {(hand.first, hand.last): hand for hand in document.cue_overrides}
    chosen = {(cue.first, cue.last): cue for cue in cues}
    hands = {**old}
    for key, cue in chosen.items():
        hand = old.get(key, CueOverride(*key))
        start = to(cue.start)
        hands[key] = replace(hand, start=start, end=max(to(cue.end), start + 1))
    after = replace(document, cue_overrides=tuple(hands.values()))
    rows = tuple(_moved_words(document.segments, chosen.keys(), to))
    return splice(after, 0, len(rows), rows)


def _moved_words(
    segments: Sequence[Segment], chosen: Collection[tuple[int, int]], to: Moved
) -> Iterator[Segment]:
    """The paragraphs with the estimated words of these cues at their new times."""
    ends = dict(chosen)
    last: int | None = None
    for segment in segments:
        times: dict[int, Span] = {}
        for word in segment.words:
            last = ends.get(word.id) if last is None else last
            if last is not None and word.estimated:
                times[word.id] = Span(to(word.start), to(word.end))
            if word.id == last:
                last = None
        yield aligned(segment, times, times) if times else segment
