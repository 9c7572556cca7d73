"""Subtitles exactly as a file holds them, for work from caption format to caption format."""

from __future__ import annotations

from dataclasses import dataclass, field

from granite_studio.core.timing import Rate


@dataclass(frozen=True, slots=True)
class Caption:
    """One cue as written. Times in ms; `end` may lie before `start` in a faulty file.

    `text` is WebVTT cue text, the richest of the plain markups: lines parted by a newline,
    `& < >` escaped, tags b i u c v lang ruby rt and inner time stamps. SubRip's `<font ...>` is
    kept as a tag of its own, and so are override blocks, as `<ass ...>`; what ASS says of an event
    stands in front, as `<ass Layer=1,Style=Sign>`. `settings` are WebVTT cue settings;
    `alignment` is SubRip's and ASS's numpad place (1-9) or None; `coordinates` are SubRip's
    `X1: ...`.
    """

    start: int
    end: int
    text: str
    id: str = ""
    settings: str = ""
    alignment: int | None = None
    coordinates: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A NOTE, STYLE or REGION block, with its text as written below the keyword.

    Of kind "ASS" it is a section of such a file with its title, of kind "ASS LINE" a line among
    its events.
    """

    kind: str
    text: str


Unread = tuple[int, str, str]
"""How often a file says something that cannot be kept, and its name, for one and for more."""


@dataclass(frozen=True, slots=True)
class Captions:
    """A subtitle file: cues and blocks in file order, and what stands in its head.

    `header` is what follows the word WEBVTT, further header lines included. `unread` is what the
    reader of the file left out, so that whoever writes these captions can say so. `frame_rate` is
    what the file counts times in, None where it counts no frames; where the file does not say it,
    so that it is a guess, `is_rate_guessed`. `language` is the BCP 47 tag of what is said, empty
    where nobody says it. All times are in ms, so that captions which differ in nothing else are
    equal.
    """

    items: tuple[Caption | Block, ...] = ()
    header: str = ""
    unread: tuple[Unread, ...] = ()
    frame_rate: Rate | None = field(default=None, compare=False)
    is_rate_guessed: bool = field(default=False, compare=False)
    language: str = field(default="", compare=False)

    @property
    def cues(self) -> tuple[Caption, ...]:
        return tuple(item for item in self.items if isinstance(item, Caption))
