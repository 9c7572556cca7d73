"""Work on the pictures of the open recording, beside whatever an engine does."""

from __future__ import annotations

from granite_studio.services.jobs import Job
from granite_studio.services.run import Run


class SideRun(Run):
    """One job; nothing of one that was stopped is kept."""

    def _begun(self, job: Job) -> None:
        job.finished.connect(lambda: self._end("finished"))
        self.started.emit()
