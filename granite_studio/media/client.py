"""Reads recordings for the program: decodes in child processes, keeps peaks, names trouble."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.ahead import ahead
from granite_studio.media.cache import PeaksCache
from granite_studio.media.opening import check_file, shown_name
from granite_studio.media.peaks import Peaks, PeaksBuilder
from granite_studio.media.values import (
    Block,
    Channels,
    ChannelsRequest,
    End,
    MediaInfo,
    PeaksRequest,
    Piece,
    ProbeRequest,
    ReadyRequest,
    Request,
    Shape,
    ShapeRequest,
    Shots,
    ShotsProgress,
    ShotsRequest,
    SoundRequest,
    SoundWindow,
    Speech,
    SpeechProgress,
    SpeechRequest,
    WindowsRequest,
)
from granite_studio.workers.child import Worker, WorkerError, WorkerHung
from granite_studio.workers.limits import Limits

QUIET_S = 60.0
_IDLE = 2
_LIMITS = Limits(memory_mb=4096, cpu_s=3600, open_files=64, threads=1, network=False)


@dataclass(frozen=True, slots=True)
class PeaksProgress:
    """Peaks of the part that is decoded by now; `total_ms` is the claimed length, 0 if unknown."""

    peaks: Peaks
    total_ms: int


class MediaReader:
    """The one way to the inside of a recording. Any thread may call; calls may go on side by side,
    each in a child process of its own, which stays warm for the next.

    Every method raises `MediaError` with a sentence that names the file, and `Cancelled`.
    """

    def __init__(self, cache: Path, log_path: Path | None = None) -> None:
        self._cache = PeaksCache(cache)
        self._log_path = log_path
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()

    def get_ready(self, cancel: CancelToken | None = None) -> None:
        """Start a child that loads the decoder, so that the first recording need not wait for it.

        There is no file to name: it raises `WorkerError`, and `Cancelled`.
        """
        with self._borrowed() as worker:
            list(worker.run(ReadyRequest(), cancel or CancelToken(), quiet_s=QUIET_S))

    def probe(self, path: Path, cancel: CancelToken | None = None) -> MediaInfo:
        """What the file says of itself."""
        (info,) = self._run(path, ProbeRequest(path), cancel or CancelToken())
        return info  # type: ignore[no-any-return]

    def channels(self, path: Path, cancel: CancelToken, *, track: int | None = None) -> Channels:
        """Whether the two channels of a track have a person each; takes a second or two."""
        (found,) = self._run(path, ChannelsRequest(path, track), cancel)
        return found  # type: ignore[no-any-return]

    def shape(self, path: Path, cancel: CancelToken) -> Shape:
        """How wide and high the film is when it is shown."""
        (found,) = self._run(path, ShapeRequest(path), cancel)
        return found  # type: ignore[no-any-return]

    def shots(self, path: Path, cancel: CancelToken) -> Iterator[ShotsProgress | Shots]:
        """Where the picture is cut: progress, and last the `Shots`."""
        check_file(path)
        yield from self._run(path, ShotsRequest(path), cancel)

    def sound(
        self,
        path: Path,
        cancel: CancelToken,
        *,
        start: int = 0,
        end: int | None = None,
        track: int | None = None,
        channel: int | None = None,
    ) -> Iterator[Block | End]:
        """Sound from `start` to `end` in ms, a second a block and no gaps, then the `End`.

        All channels mixed, or one alone (the first is 0) without what other people's channels
        hear much louder.
        """
        yield from self._run(path, SoundRequest(path, start, end, track, channel), cancel)

    def peaks(
        self, path: Path, cancel: CancelToken, *, track: int | None = None
    ) -> Iterator[PeaksProgress | Peaks]:
        """Peaks while they grow, and last the whole; the whole alone if it is in the cache."""
        check_file(path)
        peaks = self._cache.read(path, track)
        if peaks is None:
            total = self.probe(path, cancel).duration_ms
            builder = PeaksBuilder()
            for event in self._run(path, PeaksRequest(path, track), cancel):
                if isinstance(event, Piece):
                    builder.add(event.low, event.high)
                    yield PeaksProgress(builder.snapshot(), total)
                elif isinstance(event, End):
                    peaks = builder.finish(event.duration_ms)
            assert peaks is not None, "sound ends with its End"
            self._cache.write(path, track, peaks)
        yield peaks

    def speech(
        self, path: Path, cancel: CancelToken, *, track: int | None = None
    ) -> Iterator[SpeechProgress | Speech]:
        """Where somebody speaks: progress, and last the `Speech`."""
        yield from self._run(path, SpeechRequest(path, track), cancel)

    def windows(
        self,
        path: Path,
        cancel: CancelToken,
        *,
        longest_ms: int,
        start: int = 0,
        end: int | None = None,
        track: int | None = None,
        channel: int | None = None,
    ) -> Generator[SoundWindow | SpeechProgress | End, None, None]:
        """Windows of speech as they are found, progress while none is ready, and the `End`.

        Of all channels mixed, or of one alone as `sound` gives it. Where unbroken speech is longer
        than `longest_ms`, windows overlap; no two begin or end at the same time. They are read
        ahead while the caller is busy with earlier ones.
        """
        wanted = WindowsRequest(SoundRequest(path, start, end, track, channel), longest_ms)
        yield from ahead(lambda stop: self._run(path, wanted, stop), cancel)

    def close(self) -> None:
        """End the child processes. A later call starts new ones."""
        with self._lock:
            workers, self._idle, self._all = self._all, [], set()
        for worker in workers:
            worker.close()

    def _run(
        self, path: Path, request: Request, cancel: CancelToken
    ) -> Generator[Any, None, None]:
        with self._borrowed() as worker:
            try:
                yield from worker.run(request, cancel, quiet_s=QUIET_S)
            except WorkerError as error:
                trouble = (
                    "cannot be read in finite time"
                    if isinstance(error, WorkerHung)
                    else ("is too much for the media reader")
                )
                raise MediaError(
                    f"{shown_name(path)} {trouble} and is probably damaged; "
                    "convert it with another program first."
                ) from error

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Worker]:
        with self._lock:
            worker = self._idle.pop() if self._idle else self._new()
        try:
            yield worker
        finally:
            with self._lock:
                keep = worker in self._all and len(self._idle) < _IDLE
                if keep:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
            if not keep:
                worker.close()

    def _new(self) -> Worker:
        worker = Worker(
            "granite_studio.media.decoding:handler",
            name="The media reader",
            limits=_LIMITS,
            log_path=self._log_path,
        )
        self._all.add(worker)
        return worker
