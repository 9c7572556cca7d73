"""Hearing the open recording: one job on the engine's thread, its facts put into the session."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from granite_studio.core import edits
from granite_studio.core.document import Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.heard import Heard
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import emissions
from granite_studio.pipeline.listen import (
    FINDINGS,
    Doubtful,
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
from granite_studio.store import places


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
        self.ran_on = ("", "")
        """The engine that ran last and its device, in words; both empty before that is known."""
        session.replaced.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def start(
        self,
        *,
        engine: str = catalog.AUTO,
        model: str | None = None,
        device: str = "auto",
        options: Options | None = None,
        span: Span | None = None,
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
        options = options or Options()
        ready = models.ready(engine, model, places.models_dir(), options=options)
        catalog.check(ready.entry, options)
        task = Task(
            media=path,
            fingerprint=media.fingerprint or fingerprint(path),
            duration=media.duration,
            engine=ready.entry.name,
            model=ready.model,
            options=options,
            span=span,
            again=span is not None,
            revision=ready.revision,
            device=device,
        )
        project.put_stage("run", run_name(task), settings_of(task))
        done = standing(self._session.document, project.results().values())
        keep = partial(emissions.keep, places.cache_dir(), task.fingerprint, task.use.revision)
        job = self._jobs.start(
            self.tr("Hear"),
            lambda cancel: listen(task, self._reader, self._engine, cancel, done=done, keep=keep),
        )
        self._merge_key = f"hear-{id(job)}"
        self.ran_on = (ready.entry.name, "")
        self._job = job
        job.yielded.connect(self._take)
        job.failed.connect(self._report)
        job.finished.connect(lambda: self._end("finished"))
        job.failed.connect(lambda _error: self._end("failed"))
        job.cancelled.connect(lambda: self._end("cancelled"))
        self._clear_findings(span)
        self.started.emit()

    def cancel(self) -> None:
        """Stop soon. Windows that are done stay."""
        if self._job is not None:
            self._job.cancel()

    def _take(self, event: object) -> None:
        if isinstance(event, Progress):
            if event.device:
                self.ran_on = (self.ran_on[0], event.device)
            self.progress.emit(event)
        elif isinstance(event, Heard):
            self._session.commit_heard(event, self.tr("Hear"), self._merge_key)
        elif isinstance(event, (Failed, Doubtful)):
            after = edits.add_finding(self._session.document, event.finding)
            self._session.commit(after, self.tr("Hear"), self._merge_key)
            if isinstance(event, Failed):
                self.problem.emit(event.message)

    def _clear_findings(self, span: Span | None) -> None:
        """Forget what an earlier run said of the windows that this one hears again."""
        document = self._session.document
        kept = [
            finding
            for finding in document.findings
            if finding.kind not in FINDINGS or (span and not span.overlaps(finding.span))
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
