"""CMX 3600 edit decision lists, and what the formats of editing programs share.

Each cue is an event of the one video track, cut from the recording (reel AX) at its own time
into a programme that begins at 01:00:00:00, as editors expect. A transcript with highlights
becomes a paper edit instead: its quotes one after the other. What is said stands below the event
in lines of `* COMMENT:`, one for each line of the cue.

Times lie on frames, and a cue lasts for a frame at least. A list counts 24 hours, so that the
writer refuses what would end later: no time code is written that does not exist.

The reader takes the times of the programme, without the hour in front if all of it lies behind
it. It also knows the markers that DaVinci Resolve exports in this form. A list does not name its
frame rate: the default is taken unless its codes need more frames or drop them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cues import escape
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
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.markup import GUARD, Tag, pieces
from granite_studio.formats.turns import faulty

FRAME_RATE = RATES["25"]
"""What is written, and read where a file does not tell."""

RECORD_START = "01:00:00:00"
"""The time code at which editors let a programme begin."""

_LONGEST_TITLE = 70
_CODE = r"[0-9]{2}[:;.][0-9]{2}[:;.][0-9]{2}[:;.,][0-9]{2,3}"
_EVENT = re.compile(
    rf"[ \t]*[0-9]{{1,9}}[ \t].*?[ \t]{_CODE}[ \t]+{_CODE}[ \t]+({_CODE})[ \t]+({_CODE})[ \t]*"
)
_HEAD = re.compile(r"\s*(?:TITLE|FCM):", re.IGNORECASE)
_DROP = re.compile(r"^[ \t]*FCM:[ \t]*DROP", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"[ \t]*\*[ \t]*(COMMENT|FROM CLIP NAME):[ ]?(.*)", re.IGNORECASE)
_GUARDED_FIELD = re.compile(rf"\|({GUARD}*){GUARD}([CMD]:)")
_LENGTH = re.compile(r"[ \t]*([0-9]{1,9})[ \t]*")
_NUMBERED = re.compile(r"Marker [0-9]{1,9}")
_LINE_ENDS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(slots=True)
class _Event:
    """An event as it stands in a list: its record codes, and the texts below it."""

    line: int
    codes: tuple[str, str]
    comments: list[str] = field(default_factory=list)
    clip: str = ""
    speaker: str = ""
    frames: int = 0


def read(source: Source) -> Captions:
    """Read events and Resolve's markers. Raises `FormatError` naming a line that is faulty."""
    text = source.text()
    refuse_too_much(source.name, text)
    events = list(_events(text))
    if not events:
        if text.strip() and not _HEAD.match(text):
            raise unreadable(source.name, "has no events in it", "choose an edit decision list")
        return Captions()
    codes = [code for event in events for code in event.codes]
    rate = rate_of(codes, drops=_DROP.search(text) is not None)
    if rate is None:
        raise unreadable(
            source.name,
            "counts more than 60 frames a second",
            "export it again at a usual frame rate",
        )
    spans = [_span(event, rate, source) for event in events]
    first = min(start for start, _ in spans)
    hour = record_start(rate)
    shift = hour if first >= hour else 0
    return Captions(
        tuple(
            Caption(
                from_frames(start - shift, rate),
                from_frames(end - shift, rate),
                voiced(event.speaker, "\n".join(event.comments) or event.clip),
            )
            for event, (start, end) in zip(events, spans, strict=True)
        )
    )


def _events(text: str) -> Iterator[_Event]:
    event: _Event | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _EVENT.fullmatch(line):
            if event:
                yield event
            event = _Event(number, (match[1], match[2]))
        elif event and (match := _COMMENT.fullmatch(line)):
            if match[1].upper() == "COMMENT":
                event.comments.append(match[2])
            else:
                event.clip = match[2].strip()
        elif event and "|C:" in line:
            _take_marker(event, line)
    if event:
        yield event


def _take_marker(event: _Event, line: str) -> None:
    """Resolve's line: the note, then the fields colour, name and length in frames."""
    front, _, frames = line.rpartition("|D:")
    front, parting, name = front.rpartition("|M:")
    note, _, _ = front.rpartition("|C:")
    length = _LENGTH.fullmatch(frames)
    if not parting or not length:
        return
    note, name = (_GUARDED_FIELD.sub(r"|\1\2", part).strip() for part in (note, name))
    event.frames = int(length[1])
    if note:
        event.comments.append(note.removeprefix(GUARD))
        event.speaker = "" if _NUMBERED.fullmatch(name) else name
    else:
        event.clip = name


def _span(event: _Event, rate: Rate, source: Source) -> tuple[int, int]:
    try:
        start, end = (to_frames(time_of(code, rate), rate) for code in event.codes)
    except ValueError as error:
        codes = " ".join(event.codes)
        raise faulty(source, event.line, f"has time codes ({codes}) that do not exist") from error
    return start, start + event.frames if event.frames else end


def rate_of(codes: Iterable[str], *, drops: bool = False) -> Rate | None:
    """The default, or the first usual rate that has the frames of all these time codes.

    `drops` says that frame numbers are dropped; so does a semicolon in a code. None for more
    than 60 frames a second.
    """
    most = 0
    for code in codes:
        most = max(most, int(re.split("[:;.,]", code)[-1]))
        drops = drops or ";" in code
    usual = [rate for rate in RATES.values() if rate.frames.denominator == 1 or rate.drop]
    fitting = (rate for rate in (FRAME_RATE, *usual) if rate.drop == drops)
    return next((rate for rate in fitting if most < rate.nominal), None)


def time_of(code: str, rate: Rate) -> int:
    """The time of a code with any of the signs that programs part it with; ValueError."""
    hours, minutes, seconds, frames = re.split("[:;.,]", code.strip())
    return parse_timecode(f"{hours}:{minutes}:{seconds}:{frames}", rate)


def milliseconds_of(seconds: Fraction) -> int:
    """The nearest ms, halves up as everywhere where frames become times."""
    return math.floor(seconds * 1000 + Fraction(1, 2))


def record_start(rate: Rate) -> int:
    """The frame at which a programme begins."""
    return to_frames(parse_timecode(RECORD_START, rate), rate)


def voiced(speaker: str, text: str) -> str:
    """Plain text as cue text, in the voice of a speaker if there is one."""
    name = " ".join(speaker.split())
    return f"<v {escape(name)}>{escape(text)}" if name else escape(text)


def parted(cue_text: str) -> tuple[str, str]:
    """The speaker and the plain text of a cue. Without one voice for all, names stay in it."""
    said = list(pieces(cue_text.replace("\r\n", "\n").replace("\r", "\n")))
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


def spoken(cue_text: str) -> str:
    """The plain text of a cue with "Name: " where a voice begins."""
    speaker, text = parted(cue_text)
    return f"{speaker}: {text}" if speaker else text


def one_line(text: str) -> str:
    """A text with spaces for its line ends."""
    return _LINE_ENDS.sub(" ", text).strip()


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


def write(content: Content) -> bytes:
    """The list in UTF-8. Raises `FormatError` where time codes end."""
    return written(content, content.frame_rate)


def written(content: Content, rate: Rate) -> bytes:
    """The list at this frame rate. Raises `FormatError` where time codes end."""
    lines = head(title_of(content), rate)
    clip = media_of(content)
    for number, (cue, first, last) in enumerate(_placed(content, rate), start=1):
        source = frames_of(cue, rate)
        codes = " ".join(code_of(frame, rate) for frame in (*source, first, last))
        lines.append(f"{number:03}  AX       V     C        {codes}")
        if clip:
            lines.append(f"* FROM CLIP NAME: {clip}")
        lines += (f"* COMMENT: {line}" for line in _LINE_ENDS.split(spoken(cue.text)))
        lines.append("")
    return encoded("\r\n".join(lines))


def head(title: str, rate: Rate) -> list[str]:
    """The first lines of a list: its title and how its time codes count."""
    return [
        f"TITLE: {title[:_LONGEST_TITLE]}",
        f"FCM: {'' if rate.drop else 'NON-'}DROP FRAME",
        "",
    ]


def _placed(content: Content, rate: Rate) -> Iterator[tuple[Caption, int, int]]:
    """What is to be written, with its frames in the programme."""
    reached = record_start(rate)
    document = content.document
    if document is None or not document.highlights:
        for cue in content.as_captions().cues:
            first, last = frames_of(cue, rate)
            yield cue, reached + first, reached + last
        return
    for cue in quotes(document):
        first, last = frames_of(cue, rate)
        yield cue, reached, reached + last - first
        reached += last - first


FORMAT = Format(
    name="edl",
    extensions=(".edl",),
    title="Edit decision list",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.HIGHLIGHTS,
    write=write,
    read=read,
    in_frames=True,
)
