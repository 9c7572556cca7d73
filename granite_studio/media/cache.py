"""Peaks kept between runs: one file for each recording in the cache folder, old ones dropped."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from pathlib import Path

from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write, fingerprint
from granite_studio.media import peaks as files
from granite_studio.media.peaks import Peaks

MOST_BYTES = 300 << 20
"""All peak files together; some 300 hours."""

log = logging.getLogger(__name__)


class PeaksCache:
    """A folder of peak files. Whatever is wrong with it, peaks are merely made again."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def read(self, media: Path, track: int | None) -> Peaks | None:
        """The peaks of this recording as it is now, or None. Raises `MediaError`."""
        path = self._path(media, track)
        try:
            content = path.read_bytes()
            os.utime(path)  # what was used last goes last
        except OSError:
            return None
        return files.load(content, *_state(media))

    def write(self, media: Path, track: int | None, peaks: Peaks) -> None:
        """Keep these. Raises `MediaError` if the recording is gone meanwhile."""
        path = self._path(media, track)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic_write(path, files.dump(peaks, *_state(media)))
            self._prune()
        except (StudioError, OSError) as error:
            log.warning("peaks are not kept: %s", error)

    def _path(self, media: Path, track: int | None) -> Path:
        name = hashlib.sha256(f"{fingerprint(media)} {track}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.peaks"

    def _prune(self) -> None:
        kept = [(path.stat(), path) for path in self._folder.glob("*.peaks")]
        total = sum(status.st_size for status, _ in kept)
        for status, path in sorted(kept, key=lambda item: item[0].st_mtime_ns):
            if total <= self._most_bytes:
                break
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            total -= status.st_size


def _state(media: Path) -> tuple[int, int]:
    status = media.stat()
    return status.st_size, status.st_mtime_ns
