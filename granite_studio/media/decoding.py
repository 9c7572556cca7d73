"""The work that is done on a recording in the child: probe, channels, sound, peaks, shots, speech.

PyAV serves every kind of file; a second decoder for plain WAV would gain half a second an hour.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import opening
from granite_studio.media.downmix import Downmix, Mixer, OneChannel
from granite_studio.media.values import (
    BASE,
    BLOCK,
    RATE,
    Block,
    ChannelsRequest,
    End,
    MediaInfo,
    PeaksRequest,
    Piece,
    ProbeRequest,
    ReadyRequest,
    Request,
    Samples,
    ShapeRequest,
    ShotsRequest,
    SoundRequest,
    SpeechRequest,
    WindowsRequest,
)

JITTER_S = 0.05
"""Time stamps may be off by this much before samples are moved; containers round and wobble."""

OVERLAP_S = 1.0
"""A step back in time up to this long is an overlap, whose sound is dropped; a longer one is a
new beginning."""

LONGEST_GAP_S = 3600.0
GAP_S = 10.0
PAST_CLAIM_S = 60.0
"""A longer step forward is a broken time stamp, and so is one of ten seconds that leads to more
than a minute past the claimed end."""

FIRST_SEEK_MS = 10_000
PREROLL_S = 1.0

FIRST_PIECE_S = 0.05
PIECE_S = 0.2


def handler() -> Callable[[Request, CancelToken], Iterator[Any]]:
    """What `workers.child.Worker` calls in the child."""

    def handle(request: Request, cancel: CancelToken) -> Iterator[Any]:
        match request:
            case ReadyRequest():
                importlib.import_module("av")
            case ProbeRequest(path):
                yield probe(path)
            case ChannelsRequest(path, track):
                from granite_studio.media.channels import channels

                yield channels(path, track, cancel)
            case SoundRequest():
                yield from sound(request, cancel)
            case PeaksRequest(path, track):
                yield from peaks(path, track, cancel)
            case ShapeRequest(path):
                from granite_studio.media.shape import shape

                yield shape(path, cancel)
            case ShotsRequest(path):
                from granite_studio.media.shots import shots

                yield from shots(path, cancel)
            case SpeechRequest(path, track):
                from granite_studio.media.speech import speech

                yield from speech(sound(SoundRequest(path, track=track), cancel))
            case WindowsRequest(wanted, longest_ms):
                from granite_studio.media.listening import windows

                yield from windows(
                    sound(wanted, cancel), start_ms=wanted.start, longest_ms=longest_ms
                )

    return handle


def probe(path: Path) -> MediaInfo:
    """What the file says of itself. Raises `MediaError`."""
    with contextlib.closing(opening.open_media(path)) as container:
        return opening.describe(container, path)


def sound(
    request: SoundRequest,
    cancel: CancelToken,
    *,
    mixer: Callable[[], Mixer] | None = None,
) -> Iterator[Block | End]:
    """Decode to whole blocks and a last one, then the `End`. Raises `MediaError`.

    `mixer` makes what turns the channels of a stretch into one; else the request says it.
    """
    with contextlib.closing(opening.open_media(request.path)) as container:
        info = opening.describe(container, request.path)
        stream = opening.choose_track(container, info, request.path, request.track)
        source = _Source(container, stream, info, mixer or _mixer(request, stream))
        if request.start > FIRST_SEEK_MS:
            source.seek(request.start / 1000)
        blocks = _Blocks(request.start, request.end)
        for position, samples in source.pieces():
            cancel.check()
            if position > opening.LONGEST_MS * RATE // 1000:
                raise MediaError(
                    f"{opening.shown_name(request.path)} is longer than 48 hours; "
                    "cut it into shorter recordings."
                )
            yield from blocks.add(position, samples)
            if blocks.is_full:
                break
        yield from blocks.rest()
        if not source.has_sound and request.start == 0:
            raise MediaError(
                f"{opening.shown_name(request.path)} holds an audio track but no sound that can "
                "be decoded; copy it again, or convert it to WAV, MP3 or MP4."
            )
        yield End(source.reached * 1000 // RATE, info.duration_ms, source.damaged)


def _mixer(request: SoundRequest, stream: Any) -> Callable[[], Mixer]:
    if request.channel is None:
        return Downmix
    if not 0 <= request.channel < stream.codec_context.channels:
        raise MediaError(
            f"{opening.shown_name(request.path)} has no channel {request.channel + 1}; "
            "hear all its channels together."
        )
    return partial(OneChannel, request.channel)


def peaks(path: Path, track: int | None, cancel: CancelToken) -> Iterator[Piece | End]:
    """Minima and maxima while decoding: soon what fills a screen, then a few times a second."""
    low: list[Samples] = []
    high: list[Samples] = []
    kept = np.zeros(0, dtype=np.int16)
    pause = FIRST_PIECE_S
    due = time.monotonic() + pause
    for event in sound(SoundRequest(path, track=track), cancel):
        if isinstance(event, Block):
            samples = np.concatenate((kept, event.samples)) if len(kept) else event.samples
            whole = len(samples) // BASE * BASE
            kept = samples[whole:]
            rows = samples[:whole].reshape(-1, BASE)
            low.append(rows.min(axis=1))
            high.append(rows.max(axis=1))
            if time.monotonic() < due:
                continue
        elif len(kept):
            low.append(kept.min(keepdims=True))
            high.append(kept.max(keepdims=True))
        if low:
            yield Piece(np.concatenate(low), np.concatenate(high))
        low, high = [], []
        pause = min(2 * pause, PIECE_S)
        due = time.monotonic() + pause
        if isinstance(event, End):
            yield event


class _Source:
    """An open track as mono sound at `RATE` with places on the recording's time line."""

    def __init__(
        self, container: Any, stream: Any, info: MediaInfo, mixer: Callable[[], Mixer]
    ) -> None:
        self._container = container
        self._stream = stream
        self._mixer = mixer
        self._origin = (container.start_time or 0) / 1_000_000
        self._claimed_s = info.duration_ms / 1000
        self._shift = 0.0
        self._begin: float | None = 0.0
        self.damaged = 0
        self.reached = 0
        self.has_sound = False

    def seek(self, second: float) -> None:
        """Go on from a little before this second; where that fails, from the beginning."""
        import av

        time_base = self._stream.time_base
        target = int((max(0.0, second - PREROLL_S) + self._origin) / time_base)
        with contextlib.suppress(av.error.FFmpegError):
            self._container.seek(target, stream=self._stream, backward=True)
            self._begin = None  # frames are worth nothing until one says when it is

    def pieces(self) -> Iterator[tuple[int, Samples]]:
        """Stretches of sound with the sample where each belongs, in order of decoding."""
        segment: _Segment | None = None
        for frame in self._frames():
            at = self._time(frame, segment.end_s if segment else self._begin)
            if at is None:
                continue
            if segment is None or not segment.accepts(frame, at):
                if segment is not None:
                    yield from self._note(segment.flush())
                segment = _Segment(frame, at, self._mixer())
            yield from self._note(segment.feed(frame))
        if segment is not None:
            yield from self._note(segment.flush())

    def _note(self, pieces: Iterator[tuple[int, Samples]]) -> Iterator[tuple[int, Samples]]:
        for position, samples in pieces:
            self.reached = max(self.reached, position + len(samples))
            yield position, samples

    def _frames(self) -> Iterator[Any]:
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                self.damaged += 1
                return
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                self.damaged += 1
                continue
            for frame in frames:
                if frame.samples:
                    self.has_sound = True
                    yield frame

    def _time(self, frame: Any, expected: float | None) -> float | None:
        """When this frame begins, in seconds on the recording's time line; None if nobody knows.

        A time stamp that cannot be right moves nothing, here and for all that follows.
        """
        stamp = frame.time
        if stamp is None:
            return expected
        at: float = stamp - self._origin + self._shift
        if expected is None:
            return at
        ahead = at - expected
        is_past = self._claimed_s > 0 and at > self._claimed_s + PAST_CLAIM_S
        if ahead < -OVERLAP_S or ahead > LONGEST_GAP_S or (ahead > GAP_S and is_past):
            self.damaged += 1
            self._shift -= ahead
            return expected
        return at


class _Segment:
    """A run of frames of one kind without a gap, on its way through one resampler.

    Resampling to int16 first and mixing after it keeps the level: libav's own mix to mono is
    3 dB too loud in floating point and clips.
    """

    def __init__(self, frame: Any, start_s: float, mixer: Mixer) -> None:
        import av

        self._kind = _kind(frame)
        # Interleaved, as PyAV 18 reads past the planes of a planar frame with 8 channels.
        self._resampler = av.AudioResampler(format="s16", rate=RATE, frame_size=BLOCK)
        self._mix = mixer
        self._start_s = start_s
        self._taken = 0
        self._given = round(start_s * RATE)

    @property
    def end_s(self) -> float:
        return self._start_s + self._taken / self._kind[0]

    def accepts(self, frame: Any, at: float) -> bool:
        return _kind(frame) == self._kind and abs(at - self.end_s) <= JITTER_S

    def feed(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        self._taken += frame.samples
        frame.pts = None  # the resampler would pad by it in its own way
        return self._give(self._resampler.resample(frame))

    def flush(self) -> Iterator[tuple[int, Samples]]:
        return self._give(self._resampler.resample(None))

    def _give(self, frames: list[Any]) -> Iterator[tuple[int, Samples]]:
        for frame in frames:
            samples = self._mix.mono(frame.to_ndarray().reshape(frame.samples, -1))
            yield self._given, samples
            self._given += len(samples)


def _kind(frame: Any) -> tuple[int, str, str, int]:
    layout = frame.layout
    return frame.sample_rate, frame.format.name, layout.name, layout.nb_channels


class _Blocks:
    """Lays stretches of sound end to end from `start` ms on: silence in gaps, overlaps cut."""

    def __init__(self, start: int, end: int | None) -> None:
        self._done = self._next = start * RATE // 1000
        self._last = None if end is None else end * RATE // 1000
        self._waiting: list[Samples] = []

    @property
    def is_full(self) -> bool:
        return self._last is not None and self._next >= self._last

    def add(self, position: int, samples: Samples) -> Iterator[Block]:
        if self._last is not None:
            position = min(position, self._last)
            samples = samples[: self._last - position]
        while position > self._next:
            yield from self._append(np.zeros(min(position - self._next, BLOCK), dtype=np.int16))
        yield from self._append(samples[self._next - position :])

    def rest(self) -> Iterator[Block]:
        if self._next > self._done:
            yield Block(self._done * 1000 // RATE, np.concatenate(self._waiting))
        self._done, self._waiting = self._next, []

    def _append(self, samples: Samples) -> Iterator[Block]:
        self._waiting.append(samples)
        self._next += len(samples)
        if self._next - self._done < BLOCK:
            return
        joined = np.concatenate(self._waiting)
        whole = len(joined) // BLOCK * BLOCK
        for first in range(0, whole, BLOCK):
            yield Block((self._done + first) * 1000 // RATE, joined[first : first + BLOCK])
        self._done += whole
        self._waiting = [joined[whole:]]
