"""Hearing the open recording: one job on the engine's thread, its facts put into the session."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from granite_studio.core import edits
from granite_studio.core.document import Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.heard import Heard
from granite_studio.engines import catalog
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.listen import (
    Failed,
    Progress,
    Task,
    listen,
    run_name,
    settings_of,
    standing,
)
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session


class Hearing(QObject):
    """At most one run at a time. What was heard is kept whatever ends the run."""

    started = Signal()
    progress = Signal(object)
    """`Progress`"""
    problem = Signal(str)
    """A sentence about a window or the run that failed."""
    ended = Signal(str)
    """"finished", "cancelled" or "failed"; after everything heard is in the session."""

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
        self._merge_key = ""
        session.replaced.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def start(
        self, *, engine: str = catalog.AUTO, language: str = "en", span: Span | None = None
    ) -> None:
        """Hear the whole recording, or a span of it again.

        Raises `EngineError` when this engine cannot do it and `StudioError` when there is nothing
        to hear or a run is going on; windows heard before are not heard again unless a span asks.
        """
        path = self._session.media_path
        project = self._session.project
        media = self._session.document.media
        if path is None or project is None or media is None:
            raise StudioError(
                "There is no recording to hear; open one, or find the one that moved."
            )
        if project.is_read_only:
            raise StudioError(
                "This project is open for reading only, so nothing can be added to it."
            )
        if self._job is not None:
            raise StudioError("A recording is being heard already; wait for it or stop it first.")
        entry = catalog.find(engine)
        options = Options(language=language)
        catalog.check(entry, options)
        task = Task(
            media=path,
            fingerprint=media.fingerprint or fingerprint(path),
            duration=media.duration,
            engine=entry.name,
            model=None,
            options=options,
            span=span,
            again=span is not None,
        )
        project.put_stage("run", run_name(task), settings_of(task))
        done = standing(self._session.document, project.results().values())
        job = self._jobs.start(
            self.tr("Hear"),
            lambda cancel: listen(task, self._reader, self._engine, cancel, done=done),
        )
        self._merge_key = f"hear-{id(job)}"
        self._job = job
        job.yielded.connect(self._take)
        job.failed.connect(self._report)
        job.finished.connect(lambda: self._end("finished"))
        job.failed.connect(lambda _error: self._end("failed"))
        job.cancelled.connect(lambda: self._end("cancelled"))
        self._clear_failures(span)
        self.started.emit()

    def cancel(self) -> None:
        """Stop soon. Windows that are done stay."""
        if self._job is not None:
            self._job.cancel()

    def _take(self, event: object) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Heard):
            self._session.commit_heard(event, self.tr("Hear"), self._merge_key)
        elif isinstance(event, Failed):
            after = edits.add_finding(self._session.document, event.finding)
            self._session.commit(after, self.tr("Hear"), self._merge_key)
            self.problem.emit(event.message)

    def _clear_failures(self, span: Span | None) -> None:
        """Forget the failures that this run tries again."""
        document = self._session.document
        kept = [
            finding
            for finding in document.findings
            if finding.kind != Failed.KIND or (span and not span.overlaps(finding.span))
        ]
        if len(kept) != len(document.findings):
            after = edits.set_findings(document, kept)
            self._session.commit(after, self.tr("Hear"), self._merge_key)

    def _report(self, error: Exception) -> None:
        if isinstance(error, StudioError):
            self.problem.emit(str(error))
        else:
            self.problem.emit(
                self.tr(
                    "Hearing met an unexpected error; what was heard is kept. The log has more."
                )
            )

    def _end(self, outcome: str) -> None:
        self._job = None
        self._session.seal()
        self.ended.emit(outcome)
