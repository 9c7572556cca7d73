"""Subtitles into a video: written in the form that is needed, then given to ffmpeg."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import burning
from granite_studio.media.client import MediaReader
from granite_studio.media.opening import shown_name
from granite_studio.pipeline.results import Progress


def burn(
    video: Path,
    content: formats.Content,
    target: Path,
    reader: MediaReader,
    cancel: CancelToken,
    *,
    as_track: bool = False,
    language: str = "",
) -> Iterator[Progress]:
    """Write the video with these subtitles in its pictures, or as a track that can be hidden.

    Raises `MediaError` and `Cancelled`; the target is there whole or not at all.
    """
    burning.find_ffmpeg()
    info = reader.probe(video, cancel)
    if info.video is None:
        raise MediaError(f"{shown_name(video)} has no picture; choose a video.")
    with tempfile.TemporaryDirectory(prefix="granite-studio-") as folder:
        subtitles = Path(folder) / ("subtitles.srt" if as_track else "subtitles.ass")
        asked = burning.Burning(video, subtitles, target, as_track, language, bool(info.tracks))
        burning.check_target(asked)
        formats.save(subtitles, content)
        total = max(1, info.duration_ms)
        for done in burning.burn(asked, cancel):
            yield Progress(min(done, total), total, "Writing")
        yield Progress(total, total, "Done")
