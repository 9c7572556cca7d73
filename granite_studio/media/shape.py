"""How wide and high a film is when it is shown."""

from __future__ import annotations

import contextlib
from pathlib import Path

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import opening
from granite_studio.media.mastering import mastering
from granite_studio.media.shots import pictures
from granite_studio.media.values import Shape


def shape(path: Path, cancel: CancelToken) -> Shape:
    """The shape of the first picture: turned as the file says, and its pixels made square.

    Raises `MediaError` where there is no film, or none that can be decoded.
    """
    with contextlib.closing(opening.open_media(path)) as container:
        opening.describe(container, path)
        stream = opening.choose_film(container, path)
        pixel = float(stream.sample_aspect_ratio or 1)
        for picture in pictures(container, stream):
            cancel.check()
            width, height = max(1, round(picture.width * pixel)), picture.height
            if picture.rotation % 180:
                width, height = height, width
            return Shape(width, height, mastering(picture))
    raise MediaError(
        f"The pictures of {opening.shown_name(path)} cannot be decoded; convert it to MP4."
    )
