"""Work of an engine on the open project: what hearing, translating and aligning have in common."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from granite_studio.core.document import Document
from granite_studio.core.heard import Heard
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.run import Run
from granite_studio.services.session import Session


class EngineRun(Run):
    """One step to undo, of one job or several, beside what a person does meanwhile.

    What is done is kept whatever ends the run.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        reader: MediaReader,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, jobs, reader, parent)
        self._engine = engine
        self._title = ""
        self._merge_key = ""

    def _begun(self, job: Job) -> None:
        self._title = job.title
        self._merge_key = self._merge_key or f"{job.title}-{id(job)}"
        self._session.begin(self._merge_key)

    def _commit(self, document: Document, *, heard: Iterable[Heard] = ()) -> None:
        self._session.commit(document, self._title, self._merge_key, heard=heard)

    def _end(self, outcome: str) -> None:
        self._session.end(self._merge_key)
        self._merge_key = ""
        super()._end(outcome)
