"""Subtitles exactly as a file holds them, for work from caption format to caption format."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Captions:
    """A subtitle file: cues and blocks in file order, and what stands in its head.

    `header` is what follows the word WEBVTT, further header lines included.
    """

    items: tuple[Caption | Block, ...] = ()
    header: str = ""

    @property
    def cues(self) -> tuple[Caption, ...]:
        return tuple(item for item in self.items if isinstance(item, Caption))
