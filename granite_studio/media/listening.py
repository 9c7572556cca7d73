"""Sound cut into windows while it is being decoded, so that hearing starts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from granite_studio.core.document import Span
from granite_studio.media.loudness import levels
from granite_studio.media.speech import Probabilities, SpeechDetector, spans
from granite_studio.media.values import (
    FRAME,
    RATE,
    Block,
    End,
    Samples,
    SoundWindow,
    SpeechProgress,
)
from granite_studio.media.windows import Window, cut

_SETTLE_MS = 1000
"""Speech spans that end this long before the last judged sound do not change any more."""


def windows(
    sound: Iterable[Block | End], *, start_ms: int, longest_ms: int
) -> Iterator[SoundWindow | SpeechProgress | End]:
    """Windows of speech in order, each as soon as nothing later can change it, then the `End`.

    The same sound gives the same windows every time, so that a resumed run finds its results.
    Only as much sound is kept as two windows need.
    """
    buffer = _Buffer(start_ms * RATE // 1000)
    for event in sound:
        if isinstance(event, End):
            buffer.finish()
            yield from buffer.settled(longest_ms, is_last=True)
            yield event
            return
        if buffer.add(event.samples):
            yield from buffer.settled(longest_ms, is_last=False)
            yield SpeechProgress(buffer.judged_ms)


class _Buffer:
    """Sound that is decoded but not yet given away, with the judgement of its frames."""

    def __init__(self, first: int) -> None:
        self._detector = SpeechDetector()
        self._first = first
        self._sound = np.zeros(0, dtype=np.int16)
        self._judged: Probabilities = np.zeros(0, dtype=np.float32)
        self._given_ms = 0
        """Up to where sound was given away."""
        self._next_ms = 0
        """Where the next window may begin: there, or earlier after a forced cut."""

    @property
    def judged_ms(self) -> int:
        """Up to where speech is told from silence."""
        count = min(len(self._judged) * FRAME, len(self._sound))
        return (self._first + count) * 1000 // RATE

    def add(self, samples: Samples) -> bool:
        """Take sound in; True when more of it is judged now than before."""
        self._sound = np.concatenate((self._sound, samples))
        fresh = self._detector.feed(samples)
        self._judged = np.concatenate((self._judged, fresh))
        return len(fresh) > 0

    def finish(self) -> None:
        self._judged = np.concatenate((self._judged, self._detector.finish()))

    def settled(self, longest_ms: int, *, is_last: bool) -> Iterator[SoundWindow]:
        """Give away the windows that are certain, and forget the sound before them."""
        count = min(len(self._judged) * FRAME, len(self._sound))
        length_ms = count * 1000 // RATE
        begin_ms = max(0, self._next_ms - self._first * 1000 // RATE)
        judged = spans(self._judged[: -(-count // FRAME)], count)
        speech = tuple(Span(max(s.start, begin_ms), s.end) for s in judged if s.end > begin_ms)
        certain_ms = length_ms if is_last else length_ms - longest_ms - _SETTLE_MS
        found = cut(
            speech,
            length_ms,
            longest_ms=longest_ms,
            levels=levels(self._sound[:count]),
            begin_ms=begin_ms,
        )
        offset = self._first * 1000 // RATE
        sure = found if is_last else [w for w in found if w.span.start <= certain_ms]
        for index, window in enumerate(sure):
            yield self._window(window, speech)
            self._given_ms = self._next_ms = window.span.end + offset
            if window.forced:  # so it is not the last one found
                self._next_ms = found[index + 1].span.start + offset
        if not is_last:
            begin = found[len(sure)].span.start if len(sure) < len(found) else length_ms
            # The moment before it tells whether speech goes on there.
            self._forget(begin - _SETTLE_MS)

    def _window(self, window: Window, speech: tuple[Span, ...]) -> SoundWindow:
        offset = self._first * 1000 // RATE
        start, end = max(window.span.start, self._next_ms - offset), window.span.end
        inside = tuple(
            Span(max(span.start, start) + offset, min(span.end, end) + offset)
            for span in speech
            if span.overlaps(Span(start, end))
        )
        return SoundWindow(
            Span(start + offset, end + offset),
            self._sound[start * RATE // 1000 : end * RATE // 1000].copy(),
            inside,
            window.forced,
            max(0, self._given_ms - start - offset),
        )

    def _forget(self, before_ms: int) -> None:
        """Drop whole frames that lie before this time of the buffer."""
        frames = max(0, before_ms) * RATE // 1000 // FRAME
        self._sound = self._sound[frames * FRAME :]
        self._judged = self._judged[frames:]
        self._first += frames * FRAME
