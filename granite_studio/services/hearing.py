"""Hearing the open recording: one job on the engine's thread, its facts put into the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from granite_studio.core import edits
from granite_studio.core.document import Finding, Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import emissions
from granite_studio.pipeline.listen import run_name, settings_of, standing
from granite_studio.pipeline.passes import FINDINGS, SAME, VOICES, Journal, Settled, hear, tasks
from granite_studio.pipeline.plan import Pass
from granite_studio.pipeline.results import Failed, Progress
from granite_studio.pipeline.seaming import Said
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
        passes: Sequence[Pass],
        *,
        device: str = "auto",
        window_s: float = 0.0,
        span: Span | None = None,
    ) -> None:
        """Hear the whole recording, or a span of it again.

        Raises `StudioError` when there is nothing to hear or a run is going on; windows heard
        before are not heard again unless a span asks.
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
        if not media.fingerprint:
            media = replace(media, fingerprint=fingerprint(path))
        asked = tasks(
            passes,
            path,
            media,
            span=span,
            again=span is not None,
            device=device,
            window_s=window_s,
        )
        for _, task in asked:
            project.put_stage("run", run_name(task), settings_of(task))
        results = project.results()
        there = standing(self._session.document, results.values())
        journal = Journal(results, project.stages(VOICES), there)
        keep = partial(emissions.keep, places.cache_dir(), media.fingerprint)
        job = self._jobs.start(
            self.tr("Hear"),
            lambda cancel: hear(
                asked, self._reader, self._engine, cancel, journal=journal, keep=keep
            ),
        )
        self._merge_key = f"hear-{id(job)}"
        self.ran_on = (passes[-1].ready.entry.name, "")
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
        elif isinstance(event, Said):
            self._keep_voices({event.result.key: event.voices} if event.voices else {})
            self._session.commit_heard(
                event.heard, self.tr("Hear"), self._merge_key, result=event.result
            )
            self._tell(event.heard.span, event.findings)
        elif isinstance(event, Settled):
            self._keep_voices(event.voices)
            self._session.relabel(event.changes, self.tr("Hear"), self._merge_key)
            others = (f for f in self._session.document.findings if f.kind != SAME)
            after = edits.set_findings(self._session.document, (*others, *event.questions))
            self._session.commit(after, self.tr("Hear"), self._merge_key)
        elif isinstance(event, Failed):
            after = edits.add_untranscribed(self._session.document, event.span)
            self._session.commit(after, self.tr("Hear"), self._merge_key)
            self._tell(event.span, (event.finding,))
            self.problem.emit(event.message)

    def _keep_voices(self, voices: Mapping[str, object]) -> None:
        project = self._session.project
        assert project is not None  # whoever closes it has ended the run
        for key, value in voices.items():
            project.put_stage(VOICES, key, value)

    def _tell(self, span: Span, findings: Sequence[Finding]) -> None:
        """What is worth a look in this window, in place of what was so far."""
        document = self._session.document
        others = [f for f in document.findings if f.kind not in FINDINGS or not _within(f, span)]
        asked = edits.unanswered(document, findings)
        after = edits.set_findings(document, (*others, *asked))
        self._session.commit(after, self.tr("Hear"), self._merge_key)

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


def _within(finding: Finding, span: Span) -> bool:
    return span.start <= finding.span.start < span.end
