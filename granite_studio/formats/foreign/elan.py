"""ELAN's .eaf: annotations in tiers, one tier for each participant and one below for the words."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from granite_studio.core.document import Document, joined, tokens
from granite_studio.core.edits.speakers import clean_name
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    unreadable,
)
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.values import MILLISECONDS, milliseconds, voice
from granite_studio.formats.xml_tree import Element


@dataclass(frozen=True, slots=True)
class _Annotation:
    """A text between two time slots."""

    start: str
    end: str
    text: str


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str
    participant: str
    parent: str
    annotations: tuple[_Annotation, ...]

    @property
    def letters(self) -> str:
        """All that is said in it, without spaces."""
        return "".join("".join(tokens(part.text)) for part in self.annotations)


def read(source: Source) -> Document:
    """Read what is said in the tiers. Annotations of several words share their time out.

    Raises `FormatError` for what is no such file, and for one that declares a document type:
    that is how entities, and files beyond this one, would come in.
    """
    root = Element.parse(
        encoded(source.text()),
        source.name,
        damaged="is not whole XML: it breaks off or is faulty in line {line}",
        declares="declares a document type of its own, which no ELAN file needs",
        cure="save it again from ELAN",
    )
    if root.name != "ANNOTATION_DOCUMENT":
        raise unreadable(source.name, "is not an ELAN file", "choose another file")
    _refuse_frames(root, source.name)
    tiers = _said([_tier(element) for element in root.below() if element.name == "TIER"])
    times = _times([_slot(element) for element in root.below() if element.name == "TIME_SLOT"])
    stretches = [stretch for tier in tiers for stretch in _stretches(tier, times, len(tiers) > 1)]
    return document_from(Transcript(tuple(stretches)), source)


def _refuse_frames(root: Element, name: str) -> None:
    head = root.first("HEADER")
    unit = head.attributes.get("TIME_UNITS") if head else None
    if unit not in (None, "milliseconds"):
        raise unreadable(
            name,
            f"counts its times in {unit[:40]}, not in milliseconds",
            "save it again from a newer ELAN",
        )


def _slot(element: Element) -> tuple[str, int | None]:
    time = milliseconds(element.attributes.get("TIME_VALUE"), MILLISECONDS)
    return element.attributes.get("TIME_SLOT_ID", ""), time


def _tier(element: Element) -> _Tier:
    """The tier with those of its annotations that have times of their own."""
    values = element.attributes
    aligned = (part for part in element.below() if part.name == "ALIGNABLE_ANNOTATION")
    return _Tier(
        values.get("TIER_ID", ""),
        values.get("PARTICIPANT", ""),
        values.get("PARENT_REF", ""),
        tuple(map(_annotation, aligned)),
    )


def _annotation(element: Element) -> _Annotation:
    value = element.first("ANNOTATION_VALUE")
    start, end = (element.attributes.get(f"TIME_SLOT_REF{n}", "") for n in (1, 2))
    return _Annotation(start, end, value.said() if value else "")


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
