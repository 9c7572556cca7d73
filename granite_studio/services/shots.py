"""The shot changes of the open recording: found in the background, kept in its project."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError, ProjectError, StudioError
from granite_studio.media.client import MediaReader
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.pipeline.results import Progress
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.services.side_run import SideRun


class ShotChanges(SideRun):
    """What is known of them, and the run that looks for them."""

    changed = Signal()
    """Other shot changes are known, or none."""

    def __init__(
        self, session: Session, jobs: Jobs, reader: MediaReader, parent: QObject | None = None
    ) -> None:
        super().__init__(session, jobs, reader, parent)
        self._known: Shots | None = None
        self._recording = ""
        session.replaced.connect(self._recall)
        session.changed.connect(self._follow)

    @property
    def known(self) -> Shots | None:
        """Those of the open recording; None while nobody looked for them."""
        return self._known

    def start(self) -> None:
        """Look for them. Raises `StudioError` when there is no recording, or a run goes on."""
        path = self._session.media_path
        if path is None:
            raise MediaError("There is no recording to look at; find the one that moved.")
        if self._job is not None:
            raise StudioError("Shot changes are being looked for already; wait for the end.")

        def work(cancel: CancelToken) -> Iterator[Progress | Shots]:
            total = max(1, self._reader.probe(path, cancel).duration_ms)
            for event in self._reader.shots(path, cancel):
                if isinstance(event, Shots):
                    yield event
                else:
                    yield Progress(min(event.done_ms, total), total, "Looking for shot changes")

        self._begin(
            self.tr("Find shot changes"),
            work,
            unexpected=self.tr("The pictures could not be looked at. The log has more."),
        )

    def bring(self, shots: Shots) -> int:
        """Make these, which a person brought, the recording's, and return how many come after its
        end and are left out. Raises `FormatError` when all do, and `ProjectError`."""
        media = self._session.document.media
        kept = keeping.within(shots, media.duration if media else 0)
        self._know(kept, by_hand=True)
        return len(shots.times) - len(kept.times)

    def _take(self, event: object) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Shots):
            self._know(event, by_hand=False)

    def _know(self, shots: Shots, *, by_hand: bool) -> None:
        project = self._session.project
        if project is None:
            raise ProjectError("No project is open to keep shot changes in; open one first.")
        if not project.is_read_only:
            keeping.keep(project, self._recording, shots, by_hand=by_hand)
        self._known = shots
        self.changed.emit()

    def _recall(self) -> None:
        """Show at once what the project keeps of its recording."""
        project, media = self._session.project, self._session.document.media
        self._recording = media.fingerprint if media else ""
        try:
            self._known = keeping.kept(project, self._recording) if project else None
        except ProjectError as error:
            self._known = None
            self.problem.emit(str(error))
        self.changed.emit()

    def _follow(self) -> None:
        """The project may have got another recording."""
        media = self._session.document.media
        if (media.fingerprint if media else "") != self._recording:
            self.cancel()
            self._recall()
