"""Run a generator on a QThread and hear about it on the main thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import StudioError

log = logging.getLogger(__name__)

Work = Callable[[CancelToken], Iterator[Any]]


class Job(QObject):
    """One piece of background work. Lives on the main thread; only its signals cross over."""

    yielded = Signal(object)
    finished = Signal()
    failed = Signal(Exception)
    cancelled = Signal()
    ended = Signal()
    """After any of the three outcomes."""

    _from_thread = Signal(object, object)

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self._token = CancelToken()
        self._from_thread.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop. Events already on their way are dropped."""
        self._token.cancel()

    def run(self, work: Work) -> None:
        """Called on the worker thread. Touches nothing but the token and one signal."""
        outcome: tuple[str, object] = ("finished", None)
        try:
            for event in work(self._token):
                self._token.check()
                self._from_thread.emit("event", event)
        except Cancelled:
            outcome = ("cancelled", None)
        except StudioError as error:
            log.info("%s: %s", self.title, error)
            outcome = ("failed", error)
        except Exception as error:
            log.warning("%s failed", self.title, exc_info=True)
            outcome = ("failed", error)
        self._from_thread.emit(*outcome)

    @Slot(object, object)
    def _receive(self, kind: str, value: object) -> None:
        if kind == "event":
            if not self._token.is_cancelled:
                self.yielded.emit(value)
            return
        if kind == "failed":
            self.failed.emit(value)
        elif kind == "cancelled" or self._token.is_cancelled:
            self.cancelled.emit()
        else:
            self.finished.emit()
        self.ended.emit()


class _Thread(QThread):
    """Takes jobs from a queue one after another."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.queue: SimpleQueue[tuple[Job, Work] | None] = SimpleQueue()

    def run(self) -> None:
        while (item := self.queue.get()) is not None:
            job, work = item
            job.run(work)


class Jobs(QObject):
    """A background thread and the jobs that wait for it. No object ever moves to that thread.

    The program has one for the engine and one for everything quick (peaks, probing, exports), so
    that a file's waveform never waits for a transcription.
    """

    def __init__(self, name: str = "jobs", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _Thread(name)
        self._active: list[Job] = []

    def start(self, title: str, work: Work) -> Job:
        """Queue this work; connect to the job before control returns to the event loop."""
        job = Job(title, self)
        self._active.append(job)
        job.ended.connect(lambda: self._active.remove(job))
        self._thread.queue.put((job, work))
        self._thread.start()
        return job

    @property
    def active(self) -> tuple[Job, ...]:
        return tuple(self._active)

    @property
    def is_running(self) -> bool:
        return self._thread.isRunning()

    def shutdown(self) -> None:
        """Cancel everything and wait for the thread to leave its work."""
        for job in self._active:
            job.cancel()
        self._thread.queue.put(None)
        self._thread.wait()
