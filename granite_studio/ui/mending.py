"""Mend all cues: look for what can be mended in the background, show it, and do it if meant."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document
from granite_studio.core.fixing import Mended, mending
from granite_studio.core.timing import short_clock
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session
from granite_studio.ui.asking import ask_sure
from granite_studio.ui.main_window import MainWindow
from granite_studio.ui.subtitles import Subtitles

_PREVIEWED = 12
"""The question shows so many changes."""


class Mending(QObject):
    """Mends the cues of the open document by its style and the cuts of its film, in one step."""

    def __init__(
        self, session: Session, jobs: Jobs, subtitles: Subtitles, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._subtitles = subtitles
        self._window = window
        self._job: Job | None = None

    def start(self) -> None:
        """Look for what can be mended, from the beginning if somebody asks again."""
        document, style, film = self._session.document, self._subtitles.style, self._subtitles.film

        def work(cancel: CancelToken) -> Iterator[Mended]:
            reached = Mended(document, (), False)
            for further in mending(document, style, film):
                reached = further
                cancel.check()
            yield reached

        self.cancel()
        self._tell(self.tr("Looking for what can be mended …"))
        self._job = self._jobs.start(self.tr("Mend all cues"), work)
        self._job.yielded.connect(lambda found: self._ask(document, found))
        self._job.failed.connect(lambda _: self._tell(self.tr("An unexpected error.")))

    def cancel(self) -> None:
        """Look no further."""
        if self._job is not None:
            self._job.cancel()

    def _ask(self, document: Document, found: Mended) -> None:
        """Show what would be done."""
        self._job = None
        if self._session.document is not document:
            self._refuse()
            return
        if not found.made:
            self._tell(self.tr("No cue can be mended as it is cut now."))
            return
        self._tell("")
        count = len(found.made)
        lines = [f"{short_clock(fix.cue.start)}  {fix.message}" for fix in found.made[:_PREVIEWED]]
        if count > len(lines):
            lines.append(self.tr("and {count} more").format(count=count - len(lines)))
        promise = self.tr("No word changes, and every cue starts when it does.")
        if found.is_put:
            promise = self.tr(
                "No word changes; cues that begin too late, too early or near a "
                "shot change begin at another time."
            )
        ask_sure(
            self._window,
            self.tr("Mend {count} cues?").format(count=count),
            "\n".join([promise, "", *lines]),
            self.tr("Mend them"),
            lambda: self._mend(document, found),
        )

    def _mend(self, document: Document, found: Mended) -> None:
        if self._session.document is document:
            self._session.commit(found.document, self.tr("Mend all cues"))
        else:
            self._refuse()

    def _refuse(self) -> None:
        self._tell(self.tr("The cues have changed since that was asked; nothing was mended."))

    def _tell(self, text: str) -> None:
        self._window.job_bar.show_notice(text)
