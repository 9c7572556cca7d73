"""ELAN's .eaf: annotations in tiers, one tier for each participant and one below for the words."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from xml.parsers import expat

from granite_studio.core.document import Document, joined, tokens
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.errors import FormatError
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
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.values import MILLISECONDS, milliseconds, voice


@dataclass(slots=True)
class _Annotation:
    start: str
    end: str
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class _Tier:
    name: str
    participant: str
    parent: str
    annotations: list[_Annotation] = field(default_factory=list)

    @property
    def letters(self) -> str:
        """All that is said in it, without spaces."""
        return "".join("".join(tokens(part.text)) for part in self.annotations)


def read(source: Source) -> Document:
    """Read what is said in the tiers. Annotations of several words share their time out.

    Raises `FormatError` for what is no such file, and for one that declares a document type:
    that is how entities, and files beyond this one, would come in.
    """
    text = source.text()
    refuse_too_much(source.name, text)
    file = _Reading(source)
    file.parse(text)
    tiers = _said(file.tiers)
    times = _times(file.slots)
    stretches = [stretch for tier in tiers for stretch in _stretches(tier, times, len(tiers) > 1)]
    return document_from(Transcript(tuple(stretches)), source)


class _Reading:
    """The time slots and the aligned annotations of a file, taken as its elements come by."""

    def __init__(self, source: Source) -> None:
        self.slots: list[tuple[str, int | None]] = []
        self.tiers: list[_Tier] = []
        self._source = source
        self._is_first = True
        self._annotation: _Annotation | None = None
        self._in_value = False

    def parse(self, text: str) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise unreadable(
                self._source.name,
                f"is not whole XML: it breaks off or is faulty in line {error.lineno}",
                "save it again from ELAN",
            ) from error

    def _refuse(self, *_: object) -> None:
        raise unreadable(
            self._source.name,
            "declares a document type of its own, which no ELAN file needs",
            "save it again from ELAN",
        )

    def _start(self, name: str, values: Mapping[str, str]) -> None:
        if self._is_first and name != "ANNOTATION_DOCUMENT":
            raise unreadable(self._source.name, "is not an ELAN file", "choose another file")
        self._is_first = False
        if name == "HEADER" and values.get("TIME_UNITS", "milliseconds") != "milliseconds":
            raise self._frames(values["TIME_UNITS"])
        if name == "TIME_SLOT":
            time = milliseconds(values.get("TIME_VALUE"), MILLISECONDS)
            self.slots.append((values.get("TIME_SLOT_ID", ""), time))
        elif name == "TIER":
            name, parent = values.get("TIER_ID", ""), values.get("PARENT_REF", "")
            self.tiers.append(_Tier(name, values.get("PARTICIPANT", ""), parent))
        elif name == "ALIGNABLE_ANNOTATION" and self.tiers:
            start, end = values.get("TIME_SLOT_REF1", ""), values.get("TIME_SLOT_REF2", "")
            self._annotation = _Annotation(start, end)
            self.tiers[-1].annotations.append(self._annotation)
        elif name == "ANNOTATION_VALUE":
            self._in_value = True

    def _frames(self, unit: str) -> FormatError:
        return unreadable(
            self._source.name,
            f"counts its times in {unit[:40]}, not in milliseconds",
            "save it again from a newer ELAN",
        )

    def _end(self, name: str) -> None:
        if name == "ANNOTATION_VALUE":
            self._in_value = False
        elif name == "ALIGNABLE_ANNOTATION":
            self._annotation = None

    def _characters(self, text: str) -> None:
        if self._in_value and self._annotation is not None:
            self._annotation.texts.append(text)


def _said(tiers: Sequence[_Tier]) -> list[_Tier]:
    """The tiers of what people say: those with participants, where there are any.

    A tier below one of these that says the same has the times of the words, and is taken instead.
    """
    tops = [tier for tier in tiers if not tier.parent and tier.letters]
    tops = [tier for tier in tops if tier.participant.strip()] or tops
    below: dict[str, _Tier] = {}
    for tier in tiers:
        if tier.parent and len(tier.annotations) > 1:
            below.setdefault(tier.parent, tier)
    return [_finest(tier, below) for tier in tops]


def _finest(tier: _Tier, below: Mapping[str, _Tier]) -> _Tier:
    finer = below.get(tier.name)
    if finer is None or finer.letters != tier.letters:
        return tier
    return _Tier(tier.name, tier.participant, "", finer.annotations)


def _times(slots: Sequence[tuple[str, int | None]]) -> dict[str, int]:
    """The time of each slot; those without one stand evenly between their neighbours."""
    times: dict[str, int] = {}
    reached = 0
    waiting: list[str] = []
    for known, group in groupby(slots, key=lambda slot: slot[1] is not None):
        for name, time in group:
            if not known or time is None:
                waiting.append(name)
                continue
            for number, other in enumerate(waiting, start=1):
                times[other] = reached + (time - reached) * number // (len(waiting) + 1)
            times[name] = reached = time
            waiting = []
    return times | dict.fromkeys(waiting, reached)


def _stretches(
    tier: _Tier, times: Mapping[str, int], is_one_of_several: bool
) -> Iterator[Stretch]:
    speaker = voice(tier.participant) or (voice(tier.name) if is_one_of_several else None)
    for part in tier.annotations:
        start, end = times.get(part.start), times.get(part.end)
        yield Stretch((Piece(part.text, start, end),), start, end, speaker)


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
"""
"""ELAN wants a date; which one, a transcript does not know."""

_FOOT = """\
<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="paragraph" TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE CONSTRAINTS="Included_In" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="word" \
TIME_ALIGNABLE="true"/>
<CONSTRAINT DESCRIPTION="Words with pauses between them" STEREOTYPE="Included_In"/>
</ANNOTATION_DOCUMENT>
"""


def write(content: Content) -> bytes:
    """For each speaker a tier of paragraphs, and below it one of their words.

    Annotations of a tier never overlap and are never empty, so words that do or are move on.
    """
    document = content.as_document()
    names: dict[int | None, str] = {s.id: clean_name(s.name) for s in document.speakers}
    lanes: dict[int | None, list[list[_Interval]]] = {}
    for segment in document:
        lane = lanes.setdefault(segment.speaker, [])
        reached = lane[-1][-1].end if lane else 0
        lane.append(_intervals(((w.start, w.end, w.text) for w in segment.words), reached))
    written = _Written()
    for speaker, lane in lanes.items():
        written.tier(names.get(speaker) or "unknown", lane)
    return encoded("".join((_HEAD, *written.slots(), *written.tiers, _FOOT)))


@dataclass(frozen=True, slots=True)
class _Interval:
    start: int
    end: int
    text: str


def _intervals(words: Iterable[tuple[int, int, str]], reached: int) -> list[_Interval]:
    line: list[_Interval] = []
    for begins, ends, text in words:
        start = max(begins, reached)
        reached = max(ends, start + 1)
        line.append(_Interval(start, reached, text))
    return line


class _Written:
    """The tiers as XML, and the time slots that they name, each annotation its own two."""

    def __init__(self) -> None:
        self.tiers: list[str] = []
        self._times: list[int] = []
        self._names: set[str] = set()

    def slots(self) -> Iterator[str]:
        """The time slots in the order of their times, as ELAN wants them."""
        yield "<TIME_ORDER>\n"
        for number, time in sorted(enumerate(self._times), key=lambda slot: slot[1]):
            yield f'<TIME_SLOT TIME_SLOT_ID="ts{number}" TIME_VALUE="{time}"/>\n'
        yield "</TIME_ORDER>\n"

    def tier(self, name: str, paragraphs: Sequence[Sequence[_Interval]]) -> None:
        participant, top = html.escape(name), html.escape(self._new(name))
        words = html.escape(self._new(f"{name} - words"))
        self.tiers.append(
            f'<TIER LINGUISTIC_TYPE_REF="paragraph" PARTICIPANT="{participant}" TIER_ID="{top}">\n'
        )
        for line in paragraphs:
            text = joined(word.text for word in line)
            self._annotate(_Interval(line[0].start, line[-1].end, text))
        self.tiers.append(
            f'</TIER>\n<TIER LINGUISTIC_TYPE_REF="word" PARENT_REF="{top}" '
            f'PARTICIPANT="{participant}" TIER_ID="{words}">\n'
        )
        for line in paragraphs:
            for word in line:
                self._annotate(word)
        self.tiers.append("</TIER>\n")

    def _new(self, name: str) -> str:
        """The name, or one like it that no other tier has."""
        free, number = name, 1
        while free in self._names:
            number += 1
            free = f"{name} {number}"
        self._names.add(free)
        return free

    def _annotate(self, interval: _Interval) -> None:
        number = len(self._times)
        self._times += (interval.start, interval.end)
        self.tiers.append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number // 2}" '
            f'TIME_SLOT_REF1="ts{number}" TIME_SLOT_REF2="ts{number + 1}"><ANNOTATION_VALUE>'
            f"{html.escape(interval.text, quote=False)}"
            "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        )


FORMAT = Format(
    name="eaf",
    extensions=(".eaf",),
    title="ELAN annotations",
    kind=Kind.CORPUS,
    carries=Carries.SPEAKERS | Carries.WORD_TIMES,
    write=write,
    read=read,
)
