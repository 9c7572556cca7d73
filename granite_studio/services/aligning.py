"""Giving edited words their times in the sound: at once where it was heard, else by the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Change, Document, Segment
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.history import Step
from granite_studio.engines.base import Options
from granite_studio.engines.models import Ready
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.emissions import find
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.realign import (
    Aligned,
    Missing,
    applied,
    find_words,
    is_covered,
    realign_heard,
    realign_kept,
    span_of,
)
from granite_studio.pipeline.results import Progress
from granite_studio.services.engine_run import EngineRun
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session

LONGEST_MS = 120_000
"""Paragraphs up to this length are aligned when the cursor leaves them: a tenth of a second."""


class Aligning(EngineRun):
    """Aligns paragraphs when asked, and the one that was typed in when the cursor leaves it."""

    def __init__(
        self,
        session: Session,
        quick: Jobs,
        jobs: Jobs,
        reader: MediaReader,
        engine: EngineProcess,
        cache: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, jobs, reader, engine, parent)
        self._quick = quick
        self._cache = cache
        self._edited: int | None = None
        self._deed: Step | None = None
        session.changed.connect(self._note_edit)
        session.replaced.connect(self._forget)

    def start(
        self,
        segment_ids: Iterable[int],
        choose: Callable[[], Ready],
        *,
        options: Options,
        device: str = "auto",
    ) -> None:
        """Align these paragraphs. What was heard of them is used where it is kept.

        For the others `choose` is asked for an engine, which hears them; the `EngineError` it may
        raise becomes the `problem`. Raises `StudioError` while other paragraphs are aligned, or
        when there is nothing to align with.
        """
        path, document = self._session.media_path, self._session.document
        if document.media is None or self._session.is_read_only:
            raise StudioError("There is no recording to align the words with.")
        if self._job is not None:
            raise StudioError("Words are being aligned already; wait for it or stop it first.")
        name = _fingerprint(document, path)
        missing: list[int] = []
        job = self._align(
            lambda cancel: realign_kept(document, tuple(segment_ids), self._cache, name, cancel),
            self._quick,
        )
        job.yielded.connect(lambda event: _collect(event, missing))

        def go_on() -> None:
            if missing:
                self._hear(tuple(missing), choose, options, device)
            else:
                self._end("finished")

        job.finished.connect(go_on)

    def leave(self, segment_id: int | None) -> None:
        """The cursor is in this paragraph now: align the one before, if it was typed in.

        Only from what is kept, and only when it is quick; undo takes it back with the typing.
        """
        if self._edited in (None, segment_id):
            return
        edited, self._edited = self._edited, None
        document = self._session.document
        rows = [row for row, segment in enumerate(document) if segment.id == edited]
        if not rows or self._session.is_read_only or document.media is None:
            return
        (row,) = rows
        segment = document.segments[row]
        if segment.end - segment.start > LONGEST_MS:
            return
        name = _fingerprint(document, self._session.media_path)
        kept = find(self._cache, name, span_of(document, row))
        if not is_covered(document, row, kept):
            return
        after = applied(document, find_words(document, row, kept))
        if self._session.deed is self._deed:
            self._session.amend(after, self.tr("Align words"))
        else:
            self._session.commit(after, self.tr("Align words"), by_person=False)
        self._edited = None

    def _hear(
        self, missing: tuple[int, ...], choose: Callable[[], Ready], options: Options, device: str
    ) -> None:
        """Let the engine hear the paragraphs of which nothing is kept."""
        document, path = self._session.document, self._session.media_path
        here = {segment.id for segment in document}
        ids = [segment_id for segment_id in missing if segment_id in here]
        if path is None or document.media is None:
            self.problem.emit("The recording is not here; find it to align words with it.")
            self._end("failed")
            return
        duration, name = document.media.duration, _fingerprint(document, path)

        def work(cancel: CancelToken) -> Iterator[Aligned | Progress]:
            ready = choose()
            task = Task(
                media=path,
                fingerprint=name,
                duration=duration,
                engine=ready.entry.name,
                model=ready.model,
                options=options,
                revision=ready.revision,
                device=device,
            )
            yield from realign_heard(
                task, document, ids, self._cache, self._reader, self._engine, cancel
            )

        self._align(work, self._jobs).finished.connect(lambda: self._end("finished"))
        self.started.emit()

    def _align(self, work: Callable[[CancelToken], Iterator[object]], jobs: Jobs) -> Job:
        return self._begin(
            self.tr("Align words"),
            work,
            unexpected=self.tr("Aligning words met an unexpected error. The log has more."),
            jobs=jobs,
        )

    def _take(self, event: object) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Aligned):
            self._commit(applied(self._session.document, event))

    def _note_edit(self, before: Document, after: Document, change: Change) -> None:
        """Remember the paragraph that somebody typed in, and the step that it was."""
        if change.removed != 1 or change.inserted != 1:
            return
        old, new = before.segments[change.first], after.segments[change.first]
        if old.id == new.id and _was_typed_in(old, new):
            self._edited, self._deed = new.id, self._session.deed

    def _forget(self) -> None:
        self._edited = self._deed = None


def _was_typed_in(old: Segment, new: Segment) -> bool:
    """Whether there are words without a measured time that were not there before."""
    known = {(word.id, word.text) for word in old.words}
    return any(
        word.touched and word.estimated and (word.id, word.text) not in known for word in new.words
    )


def _fingerprint(document: Document, path: Path | None) -> str:
    """What the recording is kept under."""
    if document.media is not None and document.media.fingerprint:
        return document.media.fingerprint
    return fingerprint(path) if path is not None else ""


def _collect(event: object, missing: list[int]) -> None:
    if isinstance(event, Missing):
        missing.append(event.segment_id)
