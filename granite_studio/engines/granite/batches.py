"""Windows in batches of like length; what to do when memory is short or a text runs in circles."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import joined
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import (
    RATE,
    Capabilities,
    Doubt,
    Emissions,
    Heartbeat,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.catalog import find
from granite_studio.engines.granite.device import Device
from granite_studio.engines.voiceprint import matched, pooled

Work = Callable[[Sequence[Window]], Iterator[Transcript | Heartbeat]]
"""Hears windows in one batch: beats, and one transcript for each of them, in any order."""

_FAINTEST = 3 / 32768
"""Below this there is nothing but the converter's own noise."""
_BLINK = RATE // 10
_FRAME = 320
"""Samples in an encoder frame: cut there, the frames of both parts are those of the whole."""
_SHORTEST = 8 * RATE
_QUIET = RATE // 5
_STEP = _FRAME
_WRONG = {Doubt.LOOP, Doubt.CUT_OFF}
_FULL = (
    "The memory of this device is full even with one short window; choose another device, "
    "a smaller engine, or close other programs that use it."
)
_WHOLE = (
    "The memory of this device is full, and a window that goes on from earlier text cannot be "
    "cut; choose another device or shorter windows, or close other programs."
)


class Batched:
    """What every engine that hears windows in batches tells of itself."""

    def __init__(self, name: str, device: Device) -> None:
        self._name = name
        self._device = device
        self._size = device.batch

    @property
    def capabilities(self) -> Capabilities:
        return find(self._name).capabilities

    @property
    def device(self) -> str:
        return self._device.words

    @property
    def batch(self) -> int:
        """How many windows fitted at once the last time."""
        return self._size

    def _in_batches(
        self, windows: Sequence[Window], work: Work, cancel: CancelToken, *, divide: bool = True
    ) -> Iterator[Transcript | Heartbeat]:
        self._size = yield from in_batches(
            windows, size=self._size, work=work, cancel=cancel, divide=divide
        )


def in_batches(
    windows: Sequence[Window],
    *,
    size: int,
    work: Work,
    cancel: CancelToken,
    divide: bool = True,
) -> Generator[Transcript | Heartbeat, None, int]:
    """Hear windows, the longest first, up to `size` at a time; one `Transcript` each.

    When memory runs out, the batch is halved, and a window that does not fit alone is cut at a
    quiet point near its middle and its parts are heard one after the other. So is a window whose
    text ran in circles or did not end, as the texts of shorter ones seldom do. `divide` says
    whether windows may be cut. Returns the size that fitted, to begin with next time. Raises
    `EngineError` when nothing fits, and `Cancelled`.
    """
    waiting = sorted(windows, key=lambda window: -len(window.samples))
    size = max(1, size)
    while waiting:
        cancel.check()
        batch = waiting[:size]
        heard: dict[int, Transcript] = {}
        full = False
        try:
            for event in _tried(work, batch, heard):
                if not (divide and isinstance(event, Transcript) and _went_wrong(event)):
                    yield event
        except _Full:
            full = True
        for window in batch:
            found = heard.get(window.index)
            if found is not None and divide and _went_wrong(found):
                yield (yield from _better(window, found, work, cancel))
        left = [window for window in batch if window.index not in heard]
        waiting = left + waiting[len(batch) :]
        if len(left) > 1:
            size = max(1, len(left) // 2)
        elif left:
            size = 1
            if not divide:
                raise EngineError(_WHOLE)
            yield (yield from _in_parts(left[0], work, cancel))
            waiting = waiting[1:]
        elif full:
            size = max(1, len(batch) // 2)
    return size


def sounds(window: Window) -> bool:
    """Whether there is anything to hear: more than a blink, louder than the converter's noise."""
    samples = window.samples
    return len(samples) >= _BLINK and float(np.abs(samples).max()) >= _FAINTEST


def out_of_memory(error: BaseException) -> bool:
    """Whether this says that memory ran out, in any of the ways in which torch says so."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # Apple's backend, the CPU's allocator and cuBLAS raise plain RuntimeErrors.
    told = str(error)
    return isinstance(error, RuntimeError) and any(
        sign in told
        for sign in ("out of memory", "not enough memory", "can't allocate memory", "ALLOC_FAILED")
    )


def quietest(samples: NDArray[np.float32]) -> int:
    """Where to cut: the middle of the quietest fifth of a second in the middle half.

    A whole number of encoder frames from the start. Of equally quiet places, the one nearest to
    the middle.
    """
    loud = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    half = _QUIET // 2
    first, last = len(samples) // 4, 3 * len(samples) // 4
    places = np.arange(-(-first // _STEP) * _STEP, last, _STEP)
    places = places[(places >= half) & (places + half <= len(samples))]
    if len(places) == 0:
        return len(samples) // 2 // _STEP * _STEP
    energy = loud[places + half] - loud[places - half]
    # The running sum leaves crumbs where there is silence; what is so faint counts as equal.
    energy = np.round(energy / _QUIET, 9)
    away = np.abs(places - len(samples) // 2)
    return int(places[np.lexsort((away, energy))[0]])


class _Full(Exception):  # noqa: N818 - an outcome, which is always dealt with
    """Memory ran out."""


def _tried(
    work: Work, batch: Sequence[Window], heard: dict[int, Transcript]
) -> Iterator[Transcript | Heartbeat]:
    """Hear a batch and put its answers into `heard`; raises `_Full` when memory runs out.

    By then nothing holds the tensors any more: the frames of torch's own error did.
    """
    full = False
    try:
        for event in work(batch):
            if isinstance(event, Transcript):
                heard[event.index] = event
            yield event
    except Exception as error:
        if not out_of_memory(error):
            raise
        full = True
    if full:
        _free()
        raise _Full
    if missed := [window.index for window in batch if window.index not in heard]:
        raise RuntimeError(f"no transcript for the windows {missed}")


def _free() -> None:
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _went_wrong(found: Transcript) -> bool:
    return not _WRONG.isdisjoint(found.doubts)


def _better(
    window: Window, found: Transcript, work: Work, cancel: CancelToken
) -> Generator[Heartbeat, None, Transcript]:
    """The answer, or the one of the window's parts where this one went wrong and they did not."""
    if len(window.samples) < _SHORTEST:
        return found
    parts = yield from _in_parts(window, work, cancel)
    return found if Doubt.CUT_OFF in parts.doubts else parts


def _in_parts(
    window: Window, work: Work, cancel: CancelToken
) -> Generator[Heartbeat, None, Transcript]:
    """Hear one window in two parts, and those in parts again where need be."""
    if len(window.samples) < _SHORTEST:
        raise EngineError(_FULL)
    cut = quietest(window.samples)
    first = yield from _part(window, 0, cut, work, cancel)
    second = yield from _part(window, cut, len(window.samples), work, cancel)
    return _followed(first, second, cut / RATE)


def _part(
    window: Window, begin: int, end: int, work: Work, cancel: CancelToken
) -> Generator[Heartbeat, None, Transcript]:
    """Hear the samples from `begin` to `end`; the beats are of the whole window."""
    cancel.check()
    part = Window(window.index, window.samples[begin:end])

    def beat(event: Heartbeat) -> Heartbeat:
        done = begin + event.fraction * (end - begin)
        return replace(event, fraction=done / len(window.samples))

    heard: dict[int, Transcript] = {}
    try:
        for event in _tried(work, [part], heard):
            if isinstance(event, Heartbeat):
                yield beat(event)
    except _Full:
        smaller = _in_parts(part, work, cancel)
        while True:
            try:
                yield beat(next(smaller))
            except StopIteration as done:
                heard[part.index] = done.value
                break
    return heard[part.index]


def _followed(before: Transcript, after: Transcript, shift_s: float) -> Transcript:
    """One answer of two parts that follow one another.

    Who sounds like somebody in the first part is that speaker in the second one, too; the others
    there get labels of their own.
    """
    names = {turn.speaker for turn in before.turns if turn.speaker is not None}
    known = matched(before.voices, after.voices)
    later: dict[str | None, str | None] = {}
    for turn in after.turns:
        if turn.speaker is not None and turn.speaker not in later:
            new = len(names) + len(set(later.values()) - names) + 1
            own = f"Speaker {new}" if names else turn.speaker
            later[turn.speaker] = known.get(turn.speaker, own)
    turns = [
        Turn(tuple(_shifted(word, shift_s) for word in turn.words), later.get(turn.speaker))
        for turn in after.turns
    ]
    voices = [replace(voice, speaker=later.get(voice.speaker)) for voice in after.voices]
    return Transcript(
        before.index,
        (*before.turns, *turns),
        joined(filter(None, (before.translation, after.translation))),
        tuple(dict.fromkeys(chain(before.doubts, after.doubts))),
        _together(before.emissions, after.emissions),
        pooled((*before.voices, *voices)),
    )


def _shifted(word: TimedWord, by_s: float) -> TimedWord:
    return replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s)


def _together(before: Emissions | None, after: Emissions | None) -> Emissions | None:
    if before is None or after is None:
        return None
    return Emissions(np.concatenate((before.levels, after.levels)), before.frame_s)
