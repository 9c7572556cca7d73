"""What becomes of cues in the files that are chosen, found out in the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.services.jobs import Job, Jobs

_PATIENCE_MS = 300
"""So long nobody has chosen anything else."""

Files = Sequence[tuple[formats.Format, formats.Content]]


class Reshaped(QObject):
    """Tells all that is left out of files, once their cues are cut; of the newest ones alone."""

    told = Signal(object)
    """The sentences, as text."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._files: Files = ()
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self._start)

    def ask(self, files: Files) -> None:
        """Look at these, if any of their formats moves, parts or wraps cues."""
        self.stop()
        if any(known.reshapes for known, _ in files):
            self._files = files
            self._timer.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _start(self) -> None:
        files = self._files

        def work(cancel: CancelToken) -> Iterator[str]:
            cancel.check()
            yield formats.told(files, cut=True)

        self._job = self._jobs.start(self.tr("What files leave out"), work)
        self._job.yielded.connect(self.told)
