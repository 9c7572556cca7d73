"""OpenTimelineIO's JSON: a clip of the recording with a marker for each cue.

A marker has the cue's text as its comment, a first piece of it as its name, and the speaker in
the metadata. The markers stand on the timeline, so that they may overlap. A transcript with
highlights becomes a paper edit instead: a clip for each quote, with the marker on the clip.
Times are whole frames; a marker lasts for one at least.

The reader takes the markers of the timeline, its tracks and clips at their time on the timeline.
A timeline without markers gives the names of its clips.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from urllib import parse

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import Rate, to_frames
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
from granite_studio.formats.frames import (
    frames_of,
    media_of,
    milliseconds_of,
    named,
    one_line,
    quotes,
    title_of,
    usual_rate,
    voiced,
)
from granite_studio.formats.turns import LONGEST_S

COLOUR = "BLUE"
_OURS = "granite_studio"
_LONGEST_NAME = 60
_ZERO = Fraction(0)
_SLOWEST, _FASTEST = 0.01, 1e9
"""Units a second in which times may be counted."""
_DEEPEST = 50
"""So many stacks and tracks may stand in one another."""

Json = dict[str, object]


def write(content: Content) -> bytes:
    """The timeline in UTF-8. Raises `FormatError` for times that no reader takes."""
    document, rate = content.document, content.rate
    media = _reference(content, rate)
    markers: list[Json] = []
    if document is not None and document.highlights:
        clips = [_quote(cue, media, rate) for cue in quotes(document)]
    else:
        cues = content.as_captions().cues
        markers = [_marker(cue, frames_of(cue, rate), rate) for cue in cues]
        length = max((frames_of(cue, rate)[1] for cue in cues), default=0)
        if length > LONGEST_S * rate.frames:
            raise FormatError(
                "A timeline holds at most eleven days and this text goes on after that; export a "
                "shorter part."
            )
        name = media_of(content) or "Recording"
        clips = [_clip(name, media, (0, length), rate, [])] if cues else []
    track = _composition("Track.1", "Recording", clips, [], kind="Video")
    stack = _composition("Stack.1", "tracks", [track], markers)
    timeline: Json = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {},
        "name": title_of(content),
        "global_start_time": None,
        "tracks": stack,
    }
    return encoded(json.dumps(timeline, ensure_ascii=False, indent=1) + "\n")


def _reference(content: Content, rate: Rate) -> Json:
    """The recording by its name, for the editor to find."""
    media = content.document.media if content.document else None
    reference: Json = {"metadata": {}, "name": media_of(content), "available_range": None}
    if media is None:
        return {"OTIO_SCHEMA": "MissingReference.1", **reference}
    reference["available_range"] = _range((0, to_frames(media.duration, rate)), rate)
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        **reference,
        "target_url": parse.quote(media.name, errors="replace"),
    }


def _quote(cue: Caption, media: Json, rate: Rate) -> Json:
    span = frames_of(cue, rate)
    marker = _marker(cue, span, rate)
    return _clip(str(marker["name"]), media, span, rate, [marker])


def _marker(cue: Caption, span: tuple[int, int], rate: Rate) -> Json:
    speaker, text = map(_shown, named(cue.text))
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {_OURS: {"speaker": speaker}} if speaker else {},
        "name": one_line(text)[:_LONGEST_NAME],
        "color": COLOUR,
        "marked_range": _range(span, rate),
        "comment": text,
    }


def _clip(
    name: str, media: Json, span: tuple[int, int], rate: Rate, markers: Sequence[Json]
) -> Json:
    return {
        "OTIO_SCHEMA": "Clip.1",
        "metadata": {},
        "name": name,
        "source_range": _range(span, rate),
        "effects": [],
        "markers": list(markers),
        "media_reference": media,
    }


def _composition(
    schema: str, name: str, children: Sequence[Json], markers: Sequence[Json], **more: str
) -> Json:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": {},
        "name": name,
        "source_range": None,
        "effects": [],
        "markers": list(markers),
        "children": list(children),
        **more,
    }


def _range(span: tuple[int, int], rate: Rate) -> Json:
    first, last = span
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(first, rate),
        "duration": _time(last - first, rate),
    }


def _time(frames: int, rate: Rate) -> Json:
    return {
        "OTIO_SCHEMA": "RationalTime.1",
        "rate": float(rate.frames),
        "value": float(frames),
    }


def read(source: Source) -> Captions:
    """Read markers, or else the names of clips. Raises `FormatError` for anything else."""
    text = source.text()
    refuse_too_much(source.name, text)
    if not text.strip():
        return Captions()
    try:
        timeline = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable(
            source.name, "is not whole JSON", "save it again from where it came"
        ) from error
    if not _is_a(timeline, "Timeline"):
        raise unreadable(
            source.name, "is not an OpenTimelineIO timeline", "choose one that ends in .otio"
        )
    reader = _Reader(source)
    reader.visit(timeline.get("tracks"), _ZERO, 0)
    cues = sorted(reader.markers or reader.clips, key=lambda cue: (cue.start, cue.end))
    return Captions(tuple(cues), frame_rate=reader.rate)


@dataclass(slots=True)
class _Reader:
    """Walks over a timeline and collects its markers and clips. Times are seconds."""

    source: Source
    markers: list[Caption] = field(default_factory=list)
    clips: list[Caption] = field(default_factory=list)
    rate: Rate | None = None

    def visit(self, item: object, at: Fraction, depth: int) -> Fraction:
        """Collect what is in this item, which begins at this time; how long it is."""
        if depth > _DEEPEST:
            raise unreadable(
                self.source.name,
                f"has more than {_DEEPEST} tracks in one another",
                "check that it is the right one",
            )
        if not isinstance(item, dict) or _is_a(item, "Transition"):
            return _ZERO
        trimmed = item.get("source_range")
        zero, length = self._span(trimmed) if trimmed is not None else (_ZERO, _ZERO)
        for marker in _listed(item, "markers"):
            self._mark(marker, at - zero)
        inner = self._children(item, at - zero, depth)
        if trimmed is None:
            length = inner if "children" in item else self._available(item)
        if _is_a(item, "Clip"):
            self.clips.append(self._cue(at, at + length, "", _text(item, "name")))
        return length

    def _children(self, item: Json, at: Fraction, depth: int) -> Fraction:
        """Visit them, in a track one after the other; how long they are together."""
        reached = longest = _ZERO
        for child in _listed(item, "children"):
            length = self.visit(child, at + reached, depth + 1)
            longest = max(longest, length)
            if _is_a(item, "Track"):
                reached += length
        return max(reached, longest)

    def _available(self, item: Json) -> Fraction:
        references = item.get("media_references")
        reference = item.get("media_reference")
        if isinstance(references, dict):
            reference = references.get(_text(item, "active_media_reference_key"))
        there = reference.get("available_range") if isinstance(reference, dict) else None
        return self._span(there)[1] if there is not None else _ZERO

    def _mark(self, marker: object, shift: Fraction) -> None:
        if not isinstance(marker, dict) or not _is_a(marker, "Marker"):
            return
        start, length = self._span(marker.get("marked_range"))
        metadata = marker.get("metadata")
        ours = metadata.get(_OURS) if isinstance(metadata, dict) else None
        speaker = _text(ours, "speaker") if isinstance(ours, dict) else ""
        text = _text(marker, "comment") or _text(marker, "name")
        self.markers.append(self._cue(start + shift, start + shift + length, speaker, text))

    def _cue(self, start: Fraction, end: Fraction, speaker: str, text: str) -> Caption:
        return Caption(milliseconds_of(start), milliseconds_of(end), voiced(speaker, text))

    def _span(self, value: object) -> tuple[Fraction, Fraction]:
        """Start and length of a TimeRange in seconds."""
        if not isinstance(value, dict):
            raise self._faulty("no time where one should be")
        return self._seconds(value.get("start_time")), self._seconds(value.get("duration"))

    def _seconds(self, value: object) -> Fraction:
        if not isinstance(value, dict):
            raise self._faulty("no time where one should be")
        number, rate = value.get("value"), value.get("rate")
        if not isinstance(number, int | float) or not isinstance(rate, int | float):
            raise self._faulty("no time where one should be")
        if not _SLOWEST <= rate <= _FASTEST or not abs(number) <= LONGEST_S * rate:
            raise self._faulty("a time of more than eleven days")
        # 23.976023976 stands for 24000/1001.
        frames = Fraction(rate).limit_denominator(1001)
        self.rate = self.rate or usual_rate(frames)
        return Fraction(number) / frames

    def _faulty(self, reason: str) -> FormatError:
        return unreadable(self.source.name, f"has {reason}", "export it again from where it came")


def _is_a(item: object, schema: str) -> bool:
    name = item.get("OTIO_SCHEMA") if isinstance(item, dict) else None
    return isinstance(name, str) and name.partition(".")[0] == schema


def _listed(item: Json, name: str) -> Iterator[object]:
    value = item.get(name)
    if isinstance(value, list):
        yield from value


def _text(item: Json, name: str) -> str:
    value = item.get(name)
    return _shown(value) if isinstance(value, str) else ""


def _shown(text: str) -> str:
    """The text with U+FFFD for what JSON can spell and no text can hold."""
    return encoded(text).decode()


FORMAT = Format(
    name="otio",
    extensions=(".otio",),
    title="OpenTimelineIO timeline",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.HIGHLIGHTS | Carries.LABELS | Carries.LINES,
    write=write,
    read=read,
    in_frames=True,
    quotes_alone=True,
)
