"""What the formats of editing programs share: frames and their codes, speakers, quotes, titles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath

from granite_studio.core.captions import Caption
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, Word, joined
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import (
    RATES,
    Rate,
    from_frames,
    parse_timecode,
    timecode,
    to_frames,
)
from granite_studio.formats import shared_cues
from granite_studio.formats.base import Content
from granite_studio.formats.markup import Tag, bracketed

FRAME_RATE = RATES["25"]
"""What is written, and read where a file does not tell."""

RECORD_START = "01:00:00:00"
"""The time code at which editors let a programme begin."""

LINE_ENDS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Counting:
    """How time codes count: a rate, and whether it is a guess."""

    rate: Rate
    is_guessed: bool


def counting(
    codes: Iterable[str], *, told: Rate | None, drops: bool | None = None
) -> Counting | None:
    """The rate that was told, or the first usual one that has the frames of all these time codes.

    `drops` says whether frame numbers are dropped; a semicolon in a code says so too. What is told
    gives way where they do. Dropped numbers below 30 are those of 29.97, which is no guess where
    it is `drops` that says so. None for more than 60 frames a second.
    """
    most = 0
    says_drop, has_signs = drops, False
    for code in codes:
        most = max(most, int(re.split("[:;.,]", code)[-1]))
        has_signs = has_signs or ";" in code
    if has_signs:
        drops = True
    if told and (drops is None or drops == told.drop):
        return Counting(told, is_guessed=False)
    if told and (same := usual_rate(told.frames, drop=bool(drops))):
        return Counting(same, is_guessed=False)
    usual = [rate for rate in RATES.values() if rate.frames.denominator == 1 or rate.drop]
    fitting = (rate for rate in (FRAME_RATE, *usual) if rate.drop == bool(drops))
    rate = next((rate for rate in fitting if most < rate.nominal), None)
    is_sure = says_drop or (rate is not None and rate.drop and most >= RATES["29.97"].nominal)
    return Counting(rate, is_guessed=not is_sure) if rate else None


def usual_rate(frames: Fraction, *, drop: bool = False) -> Rate | None:
    """The usual rate of about so many frames a second (23.98 is 23.976), or None.

    Where it is not one that drops frame numbers, it is None on `drop`.
    """
    near = (rate for rate in RATES.values() if rate.drop == drop)
    return next((rate for rate in near if abs(rate.frames - frames) < Fraction(1, 100)), None)


def time_of(code: str, rate: Rate) -> int:
    """The time of a code with any of the signs that programs part it with; ValueError."""
    hours, minutes, seconds, frames = re.split("[:;.,]", code.strip())
    return parse_timecode(f"{hours}:{minutes}:{seconds}:{frames}", rate)


def name_of(rate: Rate) -> str:
    """What people call a rate: "29.97 DF", or its frames a second."""
    usual = (name for name, known in RATES.items() if known == rate)
    return next(usual, f"{float(rate.frames):.6g}")


def milliseconds_of(seconds: Fraction) -> int:
    """The nearest ms, halves up as everywhere where frames become times."""
    return math.floor(seconds * 1000 + Fraction(1, 2))


def record_start(rate: Rate) -> int:
    """The frame at which a programme begins."""
    return to_frames(parse_timecode(RECORD_START, rate), rate)


def voiced(speaker: str, text: str) -> str:
    """Plain text as cue text, in the voice of a speaker, or of several whose names are joined, if
    there is one."""
    name = " ".join(speaker.split())
    return shared_cues.voiced(name, escape(text)) if name else escape(text)


def parted(cue_text: str) -> tuple[str, str]:
    """The speaker and the plain text of a cue. Without one voice for all, names stay in it."""
    said = list(bracketed(cue_text.replace("\r\n", "\n").replace("\r", "\n")))
    names = [_voice(piece) for piece in said]
    leads = bool(said) and bool(names[0]) and sum(map(bool, names)) == 1
    text = "".join(
        piece if isinstance(piece, str) else f"{name}: " if name and not leads else ""
        for piece, name in zip(said, names, strict=True)
    )
    return (names[0] if leads else ""), text


def _voice(piece: str | Tag) -> str:
    """Whose voice begins with this piece of a cue, or nothing."""
    if isinstance(piece, Tag) and piece.name == "v" and not piece.closing:
        return piece.rest
    return ""


def named(cue_text: str) -> tuple[str, str]:
    """The speaker and the plain text of a cue, in a format that keeps its lines: the names of
    those who share it are joined where the lines say whose they are."""
    text = cue_text.replace("\r\n", "\n").replace("\r", "\n")
    names = shared_cues.speakers_of(text) if "<v" in text else ""
    if not names:
        return parted(text)
    return names, "".join(piece for piece in bracketed(text) if isinstance(piece, str))


def spoken(cue_text: str) -> str:
    """The plain text of a cue with "Name: " where a voice begins."""
    speaker, text = parted(cue_text)
    return f"{speaker}: {text}" if speaker else text


def one_line(text: str) -> str:
    """A text with spaces for its line ends."""
    return LINE_ENDS.sub(" ", text).strip()


def frames_of(cue: Caption, rate: Rate) -> tuple[int, int]:
    """A cue's first frame and the one behind its last: one at least, none before the start."""
    first = to_frames(max(cue.start, 0), rate)
    return first, max(first + 1, to_frames(max(cue.end, 0), rate))


def code_of(frame: int, rate: Rate) -> str:
    """The time code of a frame. Raises `FormatError` beyond 24 hours, where there is none."""
    minutes = 24 * 60
    day = minutes * 60 * rate.nominal - rate.dropped * (minutes - minutes // 10)
    if frame >= day:
        raise FormatError(
            "Time codes end at 24 hours and this text goes on after that; export a shorter part."
        )
    return timecode(from_frames(frame, rate), rate)


def quotes(document: Document) -> tuple[Caption, ...]:
    """The highlights as cues in order of their place, their labels in front of the text."""
    words = list(document.words())
    places = {word.id: place for place, word in enumerate(words)}
    found = sorted(
        (min(ends), max(ends), mark.label)
        for mark in document.highlights
        for ends in ((places[mark.first], places[mark.last]),)
    )
    return tuple(_quote(words[first : last + 1], label) for first, last, label in found)


def _quote(words: Sequence[Word], label: str) -> Caption:
    text = joined(word.text for word in words)
    end = max(word.end for word in words)
    return Caption(words[0].start, end, escape(f"{label}: {text}" if label else text))


def title_of(content: Content) -> str:
    """What the programme is called, on one line."""
    document = content.document
    name = PurePath(document.media.name).stem if document and document.media else ""
    return one_line(content.title or name) or "Transcript"


def media_of(content: Content) -> str:
    """The recording's file name, or nothing where it is not known."""
    document = content.document
    return one_line(document.media.name) if document and document.media else ""
