"""A picture of the window once it has come to rest, for scripts and machines without a screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from granite_studio.ui.studio import Studio

_PATIENCE_MS = 10_000
"""After so long the picture is taken even if something still moves."""
_LOOK_MS = 100
_STILL = 6
"""So many looks in a row must find everything at rest."""


class Shot(QObject):
    """Waits until nothing is being opened, read or heard, then saves the picture."""

    finished = Signal(int)
    """0 when the picture is written, 2 when it could not be."""

    def __init__(self, studio: Studio, path: Path) -> None:
        super().__init__(studio.window)
        self._studio = studio
        self._path = path
        self._looks = 0
        self._still = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        studio = self._studio
        moves = studio.opening.is_busy or studio.recording.is_reading or studio.hearing.is_running
        lacks_frame = studio.playback.has_video and not studio.video.has_frame
        self._looks += 1
        self._still = 0 if moves or lacks_frame else self._still + 1
        if self._still >= _STILL or self._looks * _LOOK_MS >= _PATIENCE_MS:
            self._timer.stop()
            saved = self._studio.window.grab().save(str(self._path))
            self.finished.emit(0 if saved else 2)
