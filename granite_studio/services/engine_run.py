"""Work of an engine on the open project: what hearing, translating and aligning have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Signal

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document
from granite_studio.core.errors import StudioError
from granite_studio.core.heard import Heard
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session


class EngineRun(QObject):
    """At most one run at a time, one step to undo. What is done is kept whatever ends the run."""

    started = Signal()
    """The engine has to hear the sound; this takes a while."""
    progress = Signal(object)
    """`Progress`"""
    problem = Signal(str)
    """A sentence about something in the run, or the run itself, that failed."""
    ended = Signal(str)
    """"finished", "cancelled" or "failed"; after all there is to keep is in the session."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        reader: MediaReader,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._reader = reader
        self._engine = engine
        self._job: Job | None = None
        self._title = ""
        self._merge_key = ""
        session.replaced.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def cancel(self) -> None:
        """Stop soon. What is done stays."""
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
        """Start this part of the run; whoever calls says what follows when it is finished.

        `unexpected` is the sentence for an error that is none of ours.
        """
        job = (jobs or self._jobs).start(title, work)
        self._title = title
        self._merge_key = self._merge_key or f"{title}-{id(job)}"
        self._job = job
        job.yielded.connect(self._take)
        job.failed.connect(
            lambda error: self.problem.emit(
                str(error) if isinstance(error, StudioError) else unexpected
            )
        )
        job.failed.connect(lambda _error: self._end("failed"))
        job.cancelled.connect(lambda: self._end("cancelled"))
        return job

    def _take(self, event: Any) -> None:
        raise NotImplementedError

    def _commit(self, document: Document, *, heard: Iterable[Heard] = ()) -> None:
        self._session.commit(document, self._title, self._merge_key, heard=heard)

    def _end(self, outcome: str) -> None:
        self._job, self._merge_key = None, ""
        self._session.seal()
        self.ended.emit(outcome)
