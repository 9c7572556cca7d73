"""Translating the open transcript: a job on the engine thread, its texts put in the session."""

from __future__ import annotations

from pathlib import Path

from granite_studio.core import edits
from granite_studio.core.errors import EngineError, StudioError
from granite_studio.core.files import fingerprint
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.models import Ready
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.translate import (
    FINDINGS,
    Doubtful,
    Failed,
    Translated,
    applied,
    targets,
    translate,
)
from granite_studio.services.engine_run import EngineRun
from granite_studio.services.settings import Settings


def languages_for(settings: Settings, spoken: str) -> tuple[str, ...]:
    """The languages that some engine of the catalogue translates this one to, in its order."""
    tags = (tag for entry in _able(settings) for tag in targets(entry.capabilities, spoken))
    return tuple(dict.fromkeys(tags))


def ready_to_translate(
    settings: Settings, *, spoken: str, language: str, folder: Path
) -> tuple[Ready, Options]:
    """What a translation would run: the chosen engine if it translates, else one that does.

    Raises `EngineError` that says what to do when none is ready.
    """
    refusals = []
    for entry in _able(settings):
        server = settings.server if entry.name == "remote" else ""
        options = Options(language=spoken, translate_to=language, server=server)
        try:
            catalog.check(entry, options)
            return models.ready(entry.name, settings.model(entry.name), folder), options
        except EngineError as error:
            refusals.append(error)
    raise refusals[0]


def _able(settings: Settings) -> list[catalog.Entry]:
    """The engines that translate, the chosen one first."""
    able = [entry for entry in catalog.ENTRIES if entry.capabilities.translates_to]
    return sorted(able, key=lambda entry: entry.name != settings.engine)


class Translating(EngineRun):
    """Translates the paragraphs of the open transcript."""

    def start(self, ready: Ready, options: Options, *, device: str = "auto") -> None:
        """Translate every paragraph that waits for it to the language that the options name.

        What a person wrote stays. Raises `StudioError` when there is nothing to translate from,
        or a run is going on.
        """
        path, document = self._session.media_path, self._session.document
        if path is None or document.media is None:
            raise StudioError(
                "The recording is not here, and translations are made from its sound; find it "
                "with File > Find the recording."
            )
        if self._session.is_read_only:
            raise StudioError(
                "This project is open for reading only, so nothing can be added to it."
            )
        if self._job is not None:
            raise StudioError("A translation is being made already; wait for it or stop it first.")
        task = Task(
            media=path,
            fingerprint=document.media.fingerprint or fingerprint(path),
            duration=document.media.duration,
            engine=ready.entry.name,
            model=ready.model,
            options=options,
            revision=ready.revision,
            device=device,
        )
        job = self._begin(
            self.tr("Translate"),
            lambda cancel: translate(task, document, self._reader, self._engine, cancel),
            unexpected=self.tr(
                "Translating met an unexpected error; what was translated is kept. The log has "
                "more."
            ),
        )
        job.finished.connect(lambda: self._end("finished"))
        kept = [finding for finding in document.findings if finding.kind not in FINDINGS]
        self._commit(edits.set_findings(document, kept))
        self.started.emit()

    def _take(self, event: object) -> None:
        document = self._session.document
        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Translated):
            self._commit(applied(document, event))
        elif isinstance(event, (Failed, Doubtful)):
            self._commit(edits.add_finding(document, event.finding))
            if isinstance(event, Failed):
                self.problem.emit(event.message)
