"""Cut a recording into windows that an engine can hear, at its silences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Span
from granite_studio.media.values import FRAME, RATE

LONGEST_SILENCE_MS = 5000
"""A window never holds a longer silence: engines that count time get lost in it."""

LEAD_MS = 600
"""Silence that a window keeps before its speech where there is some: after a long silence the
detector of speech wakes up to half a second late, in the middle of the first word."""

MARGIN_MS = 200
"""Silence that it keeps after its speech, for soft last sounds."""

OVERLAP_MS = 1500
"""What the window after a forced cut repeats at least: some five words, so that the two texts can
be joined where they agree, and no word is cut in two in both."""

CALM_MS = 1000
"""It begins at the calmest moment of the second before that, between two words if it can."""

_FRAME_MS = FRAME * 1000 // RATE
_CALM_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch for an engine. `forced` says that it ends in the middle of unbroken speech, so
    that a word may be cut in two there; the next one then begins earlier than it ends."""

    span: Span
    forced: bool = False


def cut(
    spans: Sequence[Span],
    duration_ms: int,
    *,
    longest_ms: int,
    levels: NDArray[np.uint8] | None = None,
    begin_ms: int = 0,
) -> tuple[Window, ...]:
    """Windows of at most `longest_ms` that hold all the speech, in order of start and end.

    `spans` are in order and apart; what lies past `duration_ms` is dropped. Windows are filled
    as far as possible and end at the longest silence in their second half. Speech that goes on
    for longer than a window is cut where it is quietest by `levels` (of `media.values.Speech`),
    else at full length; the window after such a cut repeats the last `OVERLAP_MS` or a little
    more, of short windows less. No others overlap, and none reaches back before `begin_ms`.
    ValueError for windows shorter than a second.
    """
    if longest_ms < 1000:
        raise ValueError(f"windows of {longest_ms} ms are too short to hear a word")
    speech = [
        Span(span.start, min(span.end, duration_ms))
        for span in spans
        if span.start < min(span.end, duration_ms)
    ]
    windows: list[Window] = []
    for group in _groups(speech):
        reached = windows[-1].span.end + MARGIN_MS if windows else begin_ms
        windows += _divide(group, reached, longest_ms, levels)
    return tuple(_with_margins(windows, begin_ms, duration_ms, longest_ms))


def _groups(speech: list[Span]) -> Iterator[list[Span]]:
    """Runs of spans without a silence that no window may hold."""
    group: list[Span] = []
    for span in speech:
        if group and span.start - group[-1].end > LONGEST_SILENCE_MS:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _divide(
    group: list[Span], reached: int, longest: int, levels: NDArray[np.uint8] | None
) -> Iterator[Window]:
    """Fill windows from the first span on, and leave room for the silence before each.

    Up to `reached` the sound before the group is heard with other windows.
    """
    rest = list(reversed(group))
    while rest:
        start = rest[-1].start
        most = longest - max(0, min(LEAD_MS, start - reached, longest // 4))
        if rest[0].end - start <= most:
            yield Window(Span(start, rest[0].end))
            return
        if rest[-1].end - start > most:
            reached = _quietest(start + most // 2, start + most, levels)
            yield Window(Span(start, reached), forced=True)
            rest[-1] = Span(_resumed(reached, longest, levels), rest[-1].end)
            continue
        taken = _best_end(rest, start, most)
        end = rest[-taken].end
        yield Window(Span(start, end))
        del rest[-taken:]
        reached = end + min(MARGIN_MS, (rest[-1].start - end) // 2)


def _best_end(rest: list[Span], start: int, longest: int) -> int:
    """How many spans to take: up to the longest silence in the window's second half, or to the
    last one that fits. `rest` is in reverse order, holds more than fits, and the first fits."""
    best, widest = 0, -1
    for count in range(1, len(rest)):
        if rest[-count].end - start > longest:
            break
        silence = rest[-count - 1].start - rest[-count].end
        if rest[-count].end - start < longest // 2:
            best = count
        elif silence >= widest:
            best, widest = count, silence
    return best


def _resumed(at: int, longest: int, levels: NDArray[np.uint8] | None) -> int:
    """Where to begin again after a forced cut; always later than the window before began."""
    last = at - min(OVERLAP_MS, longest // 4)
    return _quietest(last - min(CALM_MS, longest // 8), last, levels)


def _quietest(first: int, last: int, levels: NDArray[np.uint8] | None) -> int:
    """The middle of the calmest moment between two times, or the later time."""
    if levels is None:
        return last
    there = levels[first // _FRAME_MS : last // _FRAME_MS].astype(np.float64)
    if len(there) <= _CALM_FRAMES:
        return last
    powers = 10 ** (-there / 10)
    calm = np.convolve(powers, np.ones(_CALM_FRAMES), mode="valid")
    middle = (first // _FRAME_MS + int(calm.argmin())) * _FRAME_MS + _CALM_FRAMES * _FRAME_MS // 2
    return min(max(middle, first), last)


def _with_margins(
    windows: list[Window], reached: int, duration: int, longest: int
) -> Iterator[Window]:
    """Let windows reach into the silence beside them, never into that of one another."""
    for index, window in enumerate(windows):
        start, end = window.span.start, window.span.end
        free_after = (
            (windows[index + 1].span.start - end) // 2
            if index + 1 < len(windows)
            else duration - end
        )
        room = longest - (end - start)
        before = max(0, min(LEAD_MS, start - reached, room))
        after = max(0, min(MARGIN_MS, free_after, room - before))
        reached = end + after
        yield Window(Span(start - before, reached), window.forced)
