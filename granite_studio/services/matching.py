"""Putting a text that a person brings, or the one that is there, to the open recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.heard import Heard
from granite_studio.core.matching import matched, words_of
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.passes import tasks
from granite_studio.pipeline.plan import Pass
from granite_studio.pipeline.results import Progress
from granite_studio.services.engine_run import EngineRun
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session

if TYPE_CHECKING:
    from granite_studio.pipeline.script import Script


@dataclass(frozen=True, slots=True)
class _Put:
    """A text at the times of its words, and what it was before."""

    before: Document
    after: Document
    found: int


class Matching(EngineRun):
    """Takes what an engine hears, or the words that are there, and commits one step."""

    told = Signal(int, int, int)
    """How many words were found in the sound, of how many, and how many headings of the file were
    left out."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        reader: MediaReader,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, jobs, reader, engine, parent)
        self._script: Document | None = None
        self._headings = 0
        self._heard: Heard | None = None

    def start(self, script: Path | None, passes: Sequence[Pass], *, device: str = "auto") -> None:
        """Put the text of this file in place of the transcript; None is the transcript itself.

        Without passes the words that are there say what is heard when. Raises `StudioError` when
        there is no recording, or a run is going on.
        """
        from granite_studio.pipeline.script import hear_words, read_script  # bring all formats

        document, path = self._session.document, self._session.media_path
        if document.media is None or path is None or self._session.is_read_only:
            raise StudioError("There is no recording to put the text to; find it first.")
        if self._job is not None:
            raise StudioError("A text is being put to the sound already; wait for it or stop it.")
        media = replace(
            document.media, fingerprint=document.media.fingerprint or fingerprint(path)
        )
        asked = tasks(passes, path, media, device=device) if passes else ()
        self._script = self._heard = None
        self._headings = 0

        def work(cancel: CancelToken) -> Iterator[Script | Progress | Heard]:
            if script is not None:
                yield read_script(script, document.language)
            if asked:
                yield from hear_words(
                    asked, media, document.language, self._reader, self._engine, cancel
                )
            else:
                yield words_of(document, Span(0, media.duration))

        self._run(work)
        self.started.emit()

    def _run(self, work: Callable[[CancelToken], Iterator[object]]) -> None:
        job = self._begin(
            self.tr("Align the text"),
            work,
            unexpected=self.tr("The text could not be aligned. The log has more."),
        )
        job.finished.connect(self._go_on)

    def _take(self, event: object) -> None:
        from granite_studio.pipeline.script import Script

        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Script):
            self._script, self._headings = event.document, event.headings
        elif isinstance(event, Heard):
            self._heard = event
        elif isinstance(event, _Put):
            self._put(event)

    def _go_on(self) -> None:
        """What was heard is put to the text, as often as somebody changes it meanwhile."""
        heard, text = self._heard, self._script or self._session.document
        if heard is None:
            self._end("finished")
            return

        def work(cancel: CancelToken) -> Iterator[_Put]:
            yield _Put(text, *matched(text, heard))

        self._run(work)

    def _put(self, put: _Put) -> None:
        document = self._session.document
        if self._script is not None:
            after = edits.supersede(document, put.after)
        elif document is put.before:
            after = put.after
        else:
            return
        # One step, as a person's are: it comes all at once.
        self._session.commit(after, self._title, by_person=False)
        self._heard = None
        count = sum(len(segment.words) for segment in put.after)
        self.told.emit(put.found, count, self._headings)
