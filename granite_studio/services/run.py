"""Work on the open project in a thread: what work of engines and work on pictures share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Signal

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.media.client import MediaReader
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session


class Run(QObject):
    """At most one run at a time; another project ends it."""

    started = Signal()
    """There is work that takes a while."""
    progress = Signal(object)
    """`Progress`"""
    problem = Signal(str)
    """A sentence about something in the run, or the run itself, that failed."""
    ended = Signal(str)
    """"finished", "cancelled" or "failed"."""

    def __init__(
        self, session: Session, jobs: Jobs, reader: MediaReader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._reader = reader
        self._job: Job | None = None
        session.replaced.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def cancel(self) -> None:
        """Stop soon."""
        if self._job is not None:
            self._job.cancel()

    def _begin(
        self,
        title: str,
        work: Callable[[CancelToken], Iterator[object]],
        *,
        unexpected: str,
        jobs: Jobs | None = None,
    ) -> Job:
        """Start it, or a part of it; whoever calls says what follows when it is finished.

        `unexpected` is the sentence for an error that is none of ours.
        """
        job = self._job = (jobs or self._jobs).start(title, work)
        job.yielded.connect(self._take)
        job.failed.connect(
            lambda error: self.problem.emit(
                str(error) if isinstance(error, StudioError) else unexpected
            )
        )
        job.failed.connect(lambda _error: self._end("failed"))
        job.cancelled.connect(lambda: self._end("cancelled"))
        self._begun(job)
        return job

    def _begun(self, job: Job) -> None:
        """A part of it was started."""

    def _take(self, event: Any) -> None:
        """What the work yields."""
        raise NotImplementedError

    def _end(self, outcome: str) -> None:
        self._job = None
        self.ended.emit(outcome)
