"""Subtitles into a video: written in the form that is needed, then given to ffmpeg."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.captions import Block, Captions
from granite_studio.core.cuetext import plain
from granite_studio.core.errors import FormatError, MediaError
from granite_studio.core.looks import LINE, MARGIN, SHADE, Look, fitted
from granite_studio.formats.ass import SECTION
from granite_studio.formats.markup import names_shown
from granite_studio.media import burning
from granite_studio.media.client import MediaReader
from granite_studio.media.opening import shown_name
from granite_studio.media.values import Shape
from granite_studio.pipeline.results import Progress

_ASCENT = 1.15
"""Libass sizes letters from the top of the tallest to the foot of the lowest: about so many times
the size that other programs count."""
_HEAD = """[Script Info]
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes
YCbCr Matrix: None
PlayResX: {width}
PlayResY: {height}"""
_STYLES = """[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,{family},{size:.1f},&H00FFFFFF,&H000000FF,&H{alpha:02X}000000,&H80000000,\
0,0,0,0,100,100,0,0,{border},{outline:.1f},0,2,{side},{side},{foot},1"""


def burn(
    video: Path,
    content: formats.Content,
    target: Path,
    reader: MediaReader,
    cancel: CancelToken,
    *,
    as_track: bool = False,
    language: str = "",
    look: Look | None = None,
) -> Iterator[Progress]:
    """Write the video with these subtitles in its pictures, or as a track that can be hidden.

    In the pictures they have the `look`, unless they are an ASS file's, which has its own.

    Raises `FormatError` where there is nothing to show, `MediaError` and `Cancelled`; the target
    is there whole or not at all.
    """
    if not _shows_anything(content):
        raise FormatError("There are no subtitles in this text, so that no video was written.")
    burning.find_ffmpeg()
    info = reader.probe(video, cancel)
    if info.video is None:
        raise MediaError(f"{shown_name(video)} has no picture; choose a video.")
    with tempfile.TemporaryDirectory(prefix="granite-studio-") as folder:
        subtitles = Path(folder) / ("subtitles.srt" if as_track else "subtitles.ass")
        asked = burning.Burning(video, subtitles, target, as_track, language, bool(info.tracks))
        burning.check_target(asked)
        if not as_track:
            shape = reader.shape(video, cancel)
            asked = replace(asked, shape=shape)
            content = _dressed(content, look or Look(), shape)
        formats.save(subtitles, content)
        total = max(1, info.duration_ms)
        for done in burning.burn(asked, cancel):
            yield Progress(min(done, total), total, "Writing")
        yield Progress(total, total, "Done")


def _shows_anything(content: formats.Content) -> bool:
    if content.captions is not None:
        return bool(content.captions.cues)
    return content.document is not None and any(True for _ in content.document.words())


def _dressed(content: formats.Content, look: Look, shape: Shape) -> formats.Content:
    """The captions with a style of this look for pictures of this size."""
    captions = content.as_captions()
    if content.speaker_names:  # pictures do not show the names that ASS has beside the text
        captions = names_shown(captions)
    if any(isinstance(item, Block) and item.kind == SECTION for item in captions.items):
        return content
    lines = (line for cue in captions.cues for line in plain(cue.text).split("\n"))
    size = fitted(look.size, lines, width=shape.width, height=shape.height)
    letters = size * _ASCENT * shape.height
    styles = _STYLES.format(
        family=look.family.replace(",", " "),
        size=letters,
        alpha=255 - SHADE if look.on_shade else 0,
        border=3 if look.on_shade else 1,
        outline=letters * (LINE - 1) / 2 if look.on_shade else letters / 20,
        side=round(shape.width * 0.05),
        foot=round(shape.height * MARGIN),
    )
    head = _HEAD.format(width=shape.width, height=shape.height)
    items = (Block(SECTION, head), Block(SECTION, styles), *captions.items)
    return replace(content, captions=Captions(items), document=None)
