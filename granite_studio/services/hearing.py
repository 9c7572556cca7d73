"""Hearing the open recording: one job on the engine's thread, its facts put into the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from granite_studio.core.document import Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import emissions
from granite_studio.pipeline.listen import run_name, settings_of
from granite_studio.pipeline.passes import Settled, hear, journal_of, tasks
from granite_studio.pipeline.plan import Pass
from granite_studio.pipeline.results import Failed, Progress
from granite_studio.pipeline.scribe import Scribe
from granite_studio.pipeline.seaming import Said
from granite_studio.services.engine_run import EngineRun
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.store import places


class Hearing(EngineRun):
    """Hears the open recording, in as many passes as are asked for."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        reader: MediaReader,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, jobs, reader, engine, parent)
        self._scribe = Scribe()
        self.ran_on = ("", "")
        """The engine that ran last and its device, in words; both empty before that is known."""

    def start(
        self,
        passes: Sequence[Pass],
        *,
        device: str = "auto",
        window_s: float = 0.0,
        span: Span | None = None,
        first: int = 0,
        channels: int = 1,
    ) -> None:
        """Hear the whole recording, or a span of it again.

        What lies before `first`, in ms, is heard last; of several `channels` each is heard by
        itself. Windows heard before are not heard again
        unless a span asks. Raises `StudioError` when there is nothing to hear or a run is going
        on.
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
            first=first,
            channels=channels,
        )
        for _, task in asked:
            project.put_stage("run", run_name(task), settings_of(task))
        journal = journal_of(self._session.document, project.results(), project.stages)
        keep = partial(emissions.keep, places.cache_dir(), media.fingerprint)
        self._scribe = Scribe()
        self.ran_on = (passes[-1].ready.entry.name, "")
        job = self._begin(
            self.tr("Hear"),
            lambda cancel: hear(
                asked, self._reader, self._engine, cancel, journal=journal, keep=keep
            ),
            unexpected=self.tr(
                "Hearing met an unexpected error; what was heard is kept. The log has more."
            ),
        )
        job.finished.connect(lambda: self._end("finished"))
        self.started.emit()

    def _take(self, event: Progress | Said | Failed | Settled) -> None:
        if isinstance(event, Progress):
            if event.device:
                self.ran_on = (self.ran_on[0], event.device)
            self.progress.emit(event)
        else:
            self._write(event)
            if isinstance(event, Failed):
                self.problem.emit(event.message)

    def _write(self, event: Said | Failed | Settled) -> None:
        project = self._session.project
        assert project is not None  # whoever closes it has ended the run
        if not isinstance(event, Failed):
            for kept in event.kept:
                project.put_stage(kept.stage, kept.key, kept.value)
        heard = (event.result,) if isinstance(event, Said) else ()
        after = self._scribe.write(self._session.document, event)
        self._commit(after, heard=heard)
