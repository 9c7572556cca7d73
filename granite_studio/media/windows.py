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

MARGIN_MS = 200
"""Silence that a window keeps around its speech where there is some, for soft first sounds."""

_FRAME_MS = FRAME * 1000 // RATE
_CALM_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch for an engine. `forced` says that it ends in the middle of unbroken speech, so
    that a word may be cut in two there."""

    span: Span
    forced: bool = False


def cut(
    spans: Sequence[Span],
    duration_ms: int,
    *,
    longest_ms: int,
    levels: NDArray[np.uint8] | None = None,
) -> tuple[Window, ...]:
    """Windows of at most `longest_ms` that hold all the speech once, in order, without overlap.

    `spans` are in order and apart; what lies past `duration_ms` is dropped. Windows are filled
    as far as possible and end at the longest silence in their second half. Speech that goes on
    for longer than a window is cut where it is quietest by `levels` (of `media.values.Speech`),
    else at full length. ValueError for windows shorter than a second.
    """
    if longest_ms < 1000:
        raise ValueError(f"windows of {longest_ms} ms are too short to hear a word")
    speech = [
        Span(span.start, min(span.end, duration_ms))
        for span in spans
        if span.start < min(span.end, duration_ms)
    ]
    windows = [w for group in _groups(speech) for w in _divide(group, longest_ms, levels)]
    return tuple(_with_margins(windows, duration_ms, longest_ms))


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


def _divide(group: list[Span], longest: int, levels: NDArray[np.uint8] | None) -> Iterator[Window]:
    """Fill windows from the first span on."""
    rest = list(reversed(group))
    while rest:
        start = rest[-1].start
        if rest[0].end - start <= longest:
            yield Window(Span(start, rest[0].end))
            return
        if rest[-1].end - start > longest:
            at = _quietest(start + longest // 2, start + longest, levels)
            yield Window(Span(start, at), forced=True)
            rest[-1] = Span(at, rest[-1].end)
            continue
        taken = _best_end(rest, start, longest)
        yield Window(Span(start, rest[-taken].end))
        del rest[-taken:]


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


def _with_margins(windows: list[Window], duration: int, longest: int) -> Iterator[Window]:
    """Let windows reach into the silence beside them, never into one another."""
    for index, window in enumerate(windows):
        start, end = window.span.start, window.span.end
        free_before = (start - windows[index - 1].span.end) // 2 if index else start
        free_after = (
            (windows[index + 1].span.start - end) // 2
            if index + 1 < len(windows)
            else duration - end
        )
        room = max(0, longest - (end - start)) // 2
        before, after = min(MARGIN_MS, free_before, room), min(MARGIN_MS, free_after, room)
        yield Window(Span(start - before, end + after), window.forced)
