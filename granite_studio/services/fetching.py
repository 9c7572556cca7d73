"""The folder of models: downloads one after another on a thread of their own, and removal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.engines.models import Model
from granite_studio.services.jobs import Job, Jobs, Work

if TYPE_CHECKING:
    from granite_studio.engines.download import Progress

Download = Callable[[Model, Path, CancelToken], Iterator["Progress"]]


@dataclass(frozen=True, slots=True)
class Fetch:
    """How far the download of one model is, in bytes. `problem` says why it failed.

    `left_s` is None until it can be told.
    """

    done: int = 0
    total: int = 0
    left_s: float | None = None
    is_waiting: bool = True
    problem: str = ""

    @property
    def speed(self) -> float:
        """Bytes a second; 0 until it can be told."""
        return (self.total - self.done) / self.left_s if self.left_s else 0.0


class Fetching(QObject):
    """Owns all downloads, so that they outlive the page that shows them.

    A download that is cancelled or fails keeps what has arrived; starting it again goes on there.
    """

    moved = Signal(str)
    """The id of a model whose download began or went on."""
    changed = Signal(str)
    """The id of a model of which something else is on the disk now: a download ended, well or
    not, or the model was removed."""
    arrived = Signal(str)
    """The title of a model that is whole now."""

    def __init__(
        self,
        jobs: Jobs,
        folder: Path,
        parent: QObject | None = None,
        *,
        download: Download,
        remove: Callable[[Model, Path], None],
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.folder = folder
        """Where the models are kept."""
        self._download = download
        self._remove = remove
        self._now: dict[str, Fetch] = {}
        self._running: dict[str, Job] = {}

    @property
    def is_busy(self) -> bool:
        return bool(self._running)

    def of(self, model_id: str) -> Fetch | None:
        """The download of this model, or None when there is none and the last one went well."""
        return self._now.get(model_id)

    def start(self, model: Model) -> None:
        """Fetch this model after those that wait already."""
        if model.id in self._running:
            return

        def work(cancel: CancelToken) -> Iterator[Progress]:
            cancel.check()  # somebody may have changed their mind while it waited
            yield from self._download(model, self.folder, cancel)

        self._now[model.id] = Fetch(total=model.bytes)
        job = self._run(model, self.tr("Download {title}").format(title=model.title), work)
        job.finished.connect(lambda: self.arrived.emit(model.title))
        self.moved.emit(model.id)

    def cancel(self, model_id: str) -> None:
        """Stop this download, or take it out of the queue; what has arrived stays."""
        job = self._running.pop(model_id, None)
        if job is not None:
            job.cancel()
            self._forget(model_id)

    def remove(self, model: Model) -> None:
        """Delete this model, or what has arrived of it, once its download has let go of it."""
        self.cancel(model.id)

        def work(_cancel: CancelToken) -> Iterator[None]:
            self._remove(model, self.folder)
            yield from ()

        self._run(model, self.tr("Remove {title}").format(title=model.title), work)

    def _run(self, model: Model, title: str, work: Work) -> Job:
        job = self._running[model.id] = self._jobs.start(title, work)
        job.yielded.connect(lambda progress: self._take(job, model, progress))
        job.failed.connect(lambda error: self._end(job, model, error))
        job.finished.connect(lambda: self._end(job, model, None))
        return job

    def _take(self, job: Job, model: Model, progress: Progress) -> None:
        if self._running.get(model.id) is not job:
            return
        self._now[model.id] = Fetch(
            progress.done_bytes, progress.total_bytes, progress.seconds_left, is_waiting=False
        )
        self.moved.emit(model.id)

    def _end(self, job: Job, model: Model, error: Exception | None) -> None:
        if self._running.get(model.id) is not job:
            return
        del self._running[model.id]
        if error is None:
            self._forget(model.id)
            return
        problem = (
            str(error)
            if isinstance(error, StudioError)
            else self.tr("An unexpected error; the log has more.")
        )
        before = self._now.get(model.id, Fetch())
        self._now[model.id] = replace(before, is_waiting=False, problem=problem)
        self.changed.emit(model.id)

    def _forget(self, model_id: str) -> None:
        self._now.pop(model_id, None)
        self.changed.emit(model_id)
