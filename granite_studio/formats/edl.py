"""CMX 3600 edit decision lists.

Each cue is an event of the one video track, cut from the recording (reel AX) at its own time
into a programme that begins at 01:00:00:00, as editors expect. A transcript with highlights
becomes a paper edit instead: its quotes one after the other. What is said stands below the event
in lines of `* COMMENT:`, one for each line of the cue.

Times lie on frames, and a cue lasts for a frame at least. A list counts 24 hours, so that the
writer refuses what would end later: no time code is written that does not exist.

The reader takes the times of the programme, without the hour in front if all of it lies behind
it. It also knows the markers that DaVinci Resolve exports in this form. A list does not name its
frame rate, but ours do, in a remark below the first event (`* FRAME RATE: 30`). Without it the
rate is what the reader is told, or 29.97 where frame numbers are dropped, or else a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.timing import Rate, from_frames, to_frames
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Part,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.frames import (
    LINE_ENDS,
    code_of,
    counting,
    frames_of,
    media_of,
    name_of,
    quotes,
    record_start,
    spoken,
    time_of,
    title_of,
    usual_rate,
    voiced,
)
from granite_studio.formats.markup import GUARD
from granite_studio.formats.turns import faulty

_LONGEST_TITLE = 70
_CODE = r"[0-9]{2}[:;.][0-9]{2}[:;.][0-9]{2}[:;.,][0-9]{2,3}"
_EVENT = re.compile(
    rf"[ \t]*[0-9]{{1,9}}[ \t].*?[ \t]{_CODE}[ \t]+{_CODE}[ \t]+({_CODE})[ \t]+({_CODE})[ \t]*"
)
_HEAD = re.compile(r"\s*(?:TITLE|FCM):", re.IGNORECASE)
_COUNT = re.compile(r"^[ \t]*FCM:[ \t]*(NON-)?DROP", re.IGNORECASE | re.MULTILINE)
_RATE = re.compile(
    r"^[ \t]*\*[ \t]*FRAME RATE:[ \t]*([0-9]{2}(?:\.[0-9]{1,3})?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT = re.compile(r"[ \t]*\*[ \t]*(COMMENT|FROM CLIP NAME):[ ]?(.*)", re.IGNORECASE)
_GUARDED_FIELD = re.compile(rf"\|({GUARD}*){GUARD}([CMD]:)")
_LENGTH = re.compile(r"[ \t]*([0-9]{1,9})[ \t]*")
_NUMBERED = re.compile(r"Marker [0-9]{1,9}")


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
    counted = counting(codes, told=_rate_in(text) or source.frame_rate, drops=_drops(text))
    if counted is None:
        raise unreadable(
            source.name,
            "counts more than 60 frames a second",
            "export it again at a usual frame rate",
        )
    rate = counted.rate
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
        ),
        frame_rate=rate,
        is_rate_guessed=counted.is_guessed,
    )


def _drops(text: str) -> bool | None:
    """Whether the list says that it drops frame numbers; None where it does not say."""
    count = _COUNT.search(text)
    return not count[1] if count else None


def _rate_in(text: str) -> Rate | None:
    """The rate of a remark that names it; how it counts is said elsewhere."""
    remark = _RATE.search(text)
    return usual_rate(Fraction(remark[1])) if remark else None


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
    elif not _NUMBERED.fullmatch(name):
        event.clip = name


def _span(event: _Event, rate: Rate, source: Source) -> tuple[int, int]:
    try:
        start, end = (to_frames(time_of(code, rate), rate) for code in event.codes)
    except ValueError as error:
        codes = f"at {name_of(rate)} frames a second ({' '.join(event.codes)})"
        raise faulty(source, event.line, f"has time codes {codes} that do not exist") from error
    return start, start + event.frames if event.frames else end


def write(content: Content) -> bytes:
    """The list in UTF-8. Raises `FormatError` where time codes end."""
    rate = content.rate
    lines = head(title_of(content), rate)
    clip = media_of(content)
    for number, (cue, first, last) in enumerate(_placed(content, rate), start=1):
        source = frames_of(cue, rate)
        codes = " ".join(code_of(frame, rate) for frame in (*source, first, last))
        lines.append(f"{number:03}  AX       V     C        {codes}")
        if clip:
            lines.append(f"* FROM CLIP NAME: {clip}")
        lines += (f"* COMMENT: {line}" for line in LINE_ENDS.split(spoken(cue.text)))
        if number == 1:
            lines.append(rate_remark(rate))
        lines.append("")
    return encoded("\r\n".join(lines))


def head(title: str, rate: Rate) -> list[str]:
    """The first lines of a list: its title and how its time codes count."""
    return [
        f"TITLE: {title[:_LONGEST_TITLE]}",
        f"FCM: {'' if rate.drop else 'NON-'}DROP FRAME",
        "",
    ]


def rate_remark(rate: Rate) -> str:
    """The remark that names the rate. It stands below an event, where every reader takes it."""
    return f"* FRAME RATE: {name_of(rate).removesuffix(' DF')}"


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


def reshaped(content: Content) -> Iterator[Part]:
    """What the list does not reach by its numbers."""
    document = content.document
    shown = quotes(document) if document and document.highlights else content.as_captions().cues
    return beyond_numbers(shown)


def beyond_numbers(shown: Sequence[Caption]) -> Iterator[Part]:
    """The events behind those that the numbers of a CMX 3600 list reach."""
    remedy = "(CMX 3600 counts to 999; not every program takes more)"
    beyond = max(0, len(shown) - 999)
    yield (
        beyond,
        f"cue's number of three digits {remedy}",
        f"cues' numbers of three digits {remedy}",
    )


FORMAT = Format(
    name="edl",
    extensions=(".edl",),
    title="Edit decision list",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.HIGHLIGHTS | Carries.LABELS | Carries.LINES,
    write=write,
    read=read,
    in_frames=True,
    reshapes=reshaped,
    quotes_alone=True,
)
