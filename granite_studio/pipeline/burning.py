"""Subtitles into a video: written in the form that is needed, then given to ffmpeg."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape, plain
from granite_studio.core.errors import FormatError, MediaError
from granite_studio.core.looks import LINE, MARGIN, SHADE, Look, fitted
from granite_studio.formats import Carries
from granite_studio.formats.ass import SECTION
from granite_studio.formats.markup import GUARD, names_shown
from granite_studio.media import burning
from granite_studio.media.client import MediaReader
from granite_studio.media.kinds import TRACKS
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
Style: Default,{family},{size:.1f},&H00{white},&H000000FF,&H{alpha:02X}000000,&H80000000,\
0,0,0,0,100,100,0,0,{border},{outline:.1f},0,2,{side},{side},{foot},-1"""
"""The last number lets each line have the direction of its first letter, as in the window."""

_WHITES = {"PQ": "949494", "HLG": "BFBFBF"}
"""What ITU-R BT.2408 calls white for graphics, 203 cd/m²; the brightest would dazzle."""
_CODE = re.compile(rb"\\(?=[Nnh])")
_SURE = 0x250
"""Every font has the characters below this one."""
_MOST_TRIED = 20_000
_SHAPELESS = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"))
_NAMED = 8
_IN_TRACKS = {
    "mov_text": Carries.ITALICS | Carries.BOLD | Carries.UNDERLINES | Carries.LINES,
    "webvtt": Carries.ITALICS | Carries.BOLD | Carries.UNDERLINES | Carries.LINES,
}
"""What is left of SubRip in tracks that are coded in another way."""


@dataclass(frozen=True, slots=True)
class Shapeless:
    """Characters for which no font here has a shape; boxes stand for them in the pictures."""

    signs: str

    def __str__(self) -> str:
        """The first of them by their numbers, and how many more there are."""
        shown = ", ".join(f"{_alone(sign)}U+{ord(sign):04X}" for sign in self.signs[:_NAMED])
        more = len(self.signs) - _NAMED
        return f"{shown} … (+{more})" if more > 0 else shown


def _alone(sign: str) -> str:
    """A character that can stand by itself, and a space."""
    return "" if unicodedata.category(sign)[0] in "CM" else f"{sign} "


def viewed(content: formats.Content, target: Path, *, as_track: bool) -> formats.Format:
    """What viewers of the video get, as a format of which `formats.losses` knows what it lacks."""
    if as_track:
        known, kind = formats.by_name("srt"), target.suffix.lower()
        coded = _IN_TRACKS.get(TRACKS.get(kind, ""), known.carries) | Carries.SPEAKERS
        return replace(known, title=f"a track of {kind}", carries=known.carries & coded)
    known = formats.by_name("ass")
    unseen = Carries.NOTES | Carries.DRAFT
    unseen |= Carries(0) if content.speaker_names else Carries.SPEAKERS
    carries = known.carries & ~unseen
    return replace(known, title="the pictures", carries=carries, names_in_text=True)


def burn(
    video: Path,
    content: formats.Content,
    target: Path,
    reader: MediaReader,
    cancel: CancelToken,
    *,
    as_track: bool = False,
    language: str = "",
    replaces: bool = False,
    look: Look | None = None,
) -> Iterator[Progress | Shapeless]:
    """Write the video with these subtitles in its pictures, or as a track that can be hidden,
    beside those that are there; `replaces` leaves out those of the same language.

    In the pictures they have the `look`, unless they are an ASS file's, which has its own. Where
    no font has some of their characters, that is yielded first.

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
        asked = burning.Burning(video, subtitles, target, as_track, language, replaces)
        burning.check_target(asked)
        if as_track:
            _save_track(subtitles, content)
        else:
            shape = reader.shape(video, cancel)
            asked = replace(asked, shape=shape)
            content = _dressed(content, look or Look(), shape, hdr=info.video.hdr)
            if lacking := _lacking(content, look or Look(), shape, Path(folder), cancel):
                yield Shapeless(lacking)
            formats.save(subtitles, content)
        total = max(1, info.duration_ms)
        for done in burning.burn(asked, info, cancel):
            yield Progress(min(done, total), total, "Writing")
        yield Progress(total, total, "Done")


def _lacking(
    content: formats.Content, look: Look, shape: Shape, folder: Path, cancel: CancelToken
) -> str:
    """The characters of these cues for which no font has a shape, by one picture of them all."""
    found = {sign for cue in content.as_captions().cues for sign in plain(cue.text)}
    tried = sorted(sign for sign in found if ord(sign) >= _SURE and _is_seen(sign))
    if not tried:
        return ""
    cue = Caption(0, 9000, escape(" ".join(tried[:_MOST_TRIED])))
    trial = folder / "trial.ass"
    formats.save(trial, _dressed(formats.Content(captions=Captions((cue,))), look, shape))
    return burning.lacking(trial, cancel)


def _is_seen(sign: str) -> bool:
    """Whether a character needs a shape: what steers others does not."""
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return unicodedata.category(sign) not in _SHAPELESS and not is_selector


def _shows_anything(content: formats.Content) -> bool:
    if content.captions is not None:
        return bool(content.captions.cues)
    return content.document is not None and any(True for _ in content.document.words())


def _save_track(subtitles: Path, content: formats.Content) -> None:
    """Write SubRip, with a word joiner behind each backslash that would be a code of ASS to
    ffmpeg and to players that are made with it."""
    written = formats.by_name("srt").dump(content)
    subtitles.write_bytes(_CODE.sub(rb"\g<0>" + GUARD.encode(), written))


def _dressed(
    content: formats.Content, look: Look, shape: Shape, *, hdr: str = ""
) -> formats.Content:
    """The captions with a style of this look for pictures of this size and kind of HDR."""
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
        white=_WHITES.get(hdr, "FFFFFF"),
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
