"""Writing the open recording's video with its subtitles, in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from granite_studio.core.errors import MediaError, StudioError
from granite_studio.core.looks import Look
from granite_studio.pipeline.results import Progress
from granite_studio.services.side_run import SideRun

if TYPE_CHECKING:
    from granite_studio.formats import Content


class Burning(SideRun):
    """What it writes is there whole or not at all."""

    shapeless = Signal(str)
    """Characters that no font has; boxes stand for them in the pictures."""
    target: Path | None = None
    """The file that is written now, or was last."""

    def start(
        self,
        content: Content,
        target: Path,
        *,
        as_track: bool = False,
        language: str = "",
        replaces: bool = False,
        look: Look | None = None,
    ) -> None:
        """Write it. Raises `StudioError` when there is no video, or one is being written."""
        from granite_studio.pipeline.burning import burn  # brings all formats

        path = self._session.media_path
        if path is None:
            raise MediaError("There is no video to write; find the recording first.")
        if self._job is not None:
            raise StudioError("A video is being written already; wait for it or stop it first.")
        self.target = target
        self._begin(
            self.tr("Save video"),
            lambda cancel: burn(
                path,
                content,
                target,
                self._reader,
                cancel,
                as_track=as_track,
                language=language,
                replaces=replaces,
                look=look or Look(),
            ),
            unexpected=self.tr("The video could not be written. The log has more."),
        )

    def _take(self, event: object) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)
        else:
            self.shapeless.emit(str(event))
