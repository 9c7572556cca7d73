"""The open project's recording: looked at in a child process first, then played and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.media.client import MediaReader, PeaksProgress
from granite_studio.media.peaks import Peaks
from granite_studio.media.values import Channels, MediaInfo
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session
from granite_studio.ui.player.playback import Playback


class Recording(QObject):
    """Follows the session. Nothing is given to the player that the guarded reader refused."""

    drawn = Signal(object, int)
    """Peaks of what has been read by now (or None), and the whole length in ms, 0 if not known."""
    problem = Signal(str)
    """Why the recording cannot be read, as a sentence."""
    settled = Signal()
    """Nothing more will come: it is all read, it cannot be, or there is none."""

    def __init__(
        self,
        session: Session,
        playback: Playback,
        jobs: Jobs,
        reader: MediaReader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._jobs = jobs
        self._reader = reader
        self._job: Job | None = None
        self._total = 0
        self._unplayed: Path | None = None
        self.has_person_per_channel = False
        """Whether it has two channels, and on each somebody else; known when it is settled."""
        self.info: MediaInfo | None = None
        """What the file says of itself, as soon as it was asked."""
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._catch_up)
        session.replaced.connect(self.reload)

    @property
    def is_reading(self) -> bool:
        return self._job is not None or self._later.isActive()

    def get_ready(self) -> None:
        """Spare the first recording the wait for the reader to start."""

        def work(cancel: CancelToken) -> Iterator[None]:
            self._reader.get_ready(cancel)
            yield from ()

        self._jobs.start(self.tr("Get ready to read"), work)

    @Slot()
    def reload(self) -> None:
        """Look at the recording anew: another project is open, or the file was found again."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._later.stop()
        self._unplayed = self.info = None
        self.has_person_per_channel = False
        document, path = self._session.document, self._session.media_path
        known = document.media.duration if document.media else 0
        last = max((segment.end for segment in document.segments), default=0)
        self._playback.open(None, duration=known or last)
        self._total = known
        self.drawn.emit(None, known)
        if path is None:
            self.settled.emit()
            return
        job = self._jobs.start(self.tr("Read the recording"), _Reading(self._reader, path))
        self._job = job
        job.yielded.connect(lambda event: self._take(job, path, event))
        job.failed.connect(lambda error: self._report(job, error))
        job.ended.connect(lambda: self._end(job))

    def _take(self, job: Job, path: Path, event: object) -> None:
        if job is not self._job:
            return
        if isinstance(event, MediaInfo):
            self.info = event
            self._total = event.duration_ms or self._total
            self._unplayed = path
        elif isinstance(event, PeaksProgress):
            self.drawn.emit(event.peaks, event.total_ms or self._total)
            self._later.start()
        elif isinstance(event, Peaks):
            self.drawn.emit(event, event.duration_ms)
            self._learn_duration(event.duration_ms)
        elif isinstance(event, Channels):
            self.has_person_per_channel = event.are_people

    def _catch_up(self) -> None:
        """Once the wave is painted: the player takes a while to load, and a person sees sooner
        than they press play."""
        path, self._unplayed = self._unplayed, None
        if path is not None:
            self._playback.open(path, duration=self._total)
        if self._job is None:
            self.settled.emit()

    def _learn_duration(self, duration: int) -> None:
        """Some files tell their length only when they have been read to the end."""
        document = self._session.document
        if document.media and document.media.duration == 0 and not self._session.is_read_only:
            media = replace(document.media, duration=duration)
            after = edits.set_media(document, media)
            self._session.commit(after, self.tr("Read the recording"), by_person=False)

    def _report(self, job: Job, error: Exception) -> None:
        if job is not self._job:
            return
        sentence = (
            str(error)
            if isinstance(error, StudioError)
            else self.tr("The recording cannot be read; the transcript can still be edited.")
        )
        self.problem.emit(sentence)

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._later.start()


class _Reading:
    """The work of the job: what the file says of itself, its outline while it grows, and how its
    channels compare."""

    def __init__(self, reader: MediaReader, path: Path) -> None:
        self._reader = reader
        self._path = path

    def __call__(self, cancel: CancelToken) -> Iterator[Any]:
        info = self._reader.probe(self._path, cancel)
        yield info
        yield from self._reader.peaks(self._path, cancel)
        if info.track is not None and info.track.channels == 2:
            yield self._reader.channels(self._path, cancel)
