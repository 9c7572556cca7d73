"""Work on the pictures of the open recording, beside whatever an engine does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from granite_studio.core.cancel import CancelToken
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.run import Run


class SideRun(Run):
    """One job; nothing of one that was stopped is kept."""

    def _begin(
        self,
        title: str,
        work: Callable[[CancelToken], Iterator[object]],
        *,
        unexpected: str,
        jobs: Jobs | None = None,
    ) -> Job:
        job = super()._begin(title, work, unexpected=unexpected, jobs=jobs)
        job.finished.connect(lambda: self._end("finished"))
        self.started.emit()
        return job
