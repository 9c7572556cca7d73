"""Markers for editing programs: Premiere Pro's list, and DaVinci Resolve's marker list.

Each cue is one marker over its time: the speaker is its name, the text its description (in
Resolve its note). A marker has one line, so that the lines of a cue become one.

Premiere's list is its own export: fields parted by tabs, also in a file called .csv. What a
spreadsheet would calculate is made harmless with an invisible word joiner in front. Resolve's is
an edit decision list whose times begin at 01:00:00:00, as its timelines do; without a speaker
its markers are called "Marker 1" and so on. There a word joiner also parts `|` from what would
pass for a field. Both readers take these joiners away again.
"""

from __future__ import annotations

import re
from dataclasses import replace

from granite_studio.core.captions import Captions
from granite_studio.core.cuetext import escape
from granite_studio.formats import edl, frames, tables
from granite_studio.formats.base import Carries, Content, Format, Kind, Source, encoded
from granite_studio.formats.markup import GUARD

COLOUR = "ResolveColorBlue"
_HEADER = ("Marker Name", "Description", "In", "Out", "Duration", "Marker Type")
_RISKY = re.compile(rf"{GUARD}*(?:{tables.FORMULA}|[\"'])")
_FIELD = re.compile(rf"\|(?={GUARD}*[CMD]:)")
_PASSES_FOR_HEAD = re.compile(rf"{GUARD}|TITLE:|FCM:|[ \t]*(?:\*|[0-9]+[ \t].*[0-9][:;.][0-9])")


def read_premiere(source: Source) -> Captions:
    """Read Premiere's markers: one without a description says its name."""
    captions = tables.read(source)
    cues = tuple(
        replace(cue, text=frames.voiced(name, text) if text else escape(name))
        for cue in captions.cues
        for name, text in (map(_bare, frames.named(cue.text)),)
    )
    return replace(captions, items=cues)


def write_premiere(content: Content) -> bytes:
    """Premiere's list in UTF-8. Raises `FormatError` where time codes end."""
    rate = content.rate
    rows = ["\t".join((*_HEADER, ""))]
    for cue in content.as_captions().cues:
        name, text = frames.parted(cue.text)
        first, last = frames.frames_of(cue, rate)
        times = (frames.code_of(frame, rate) for frame in (first, last, last - first))
        if rate.drop:
            times = (code.replace(":", ";") for code in times)
        cells = (_cell(name), _cell(text), *times, "Comment", "")
        rows.append("\t".join(cells))
    return encoded("\r\n".join([*rows, ""]))


def _cell(text: str) -> str:
    text = frames.one_line(text).replace("\t", " ")
    return f"{GUARD}{text}" if _RISKY.match(text) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith(GUARD) and _RISKY.match(text) else text


def write_resolve(content: Content) -> bytes:
    """Resolve's list in UTF-8. Raises `FormatError` where time codes end."""
    rate = content.rate
    lines = edl.head(frames.title_of(content), rate)
    start = frames.record_start(rate)
    for number, cue in enumerate(content.as_captions().cues, start=1):
        name, text = (
            _FIELD.sub(f"|{GUARD}", frames.one_line(part)) for part in frames.parted(cue.text)
        )
        first, last = frames.frames_of(cue, rate)
        place = " ".join(frames.code_of(start + frame, rate) for frame in (first, first + 1))
        lines.append(f"{number:03}  001      V     C        {place} {place}  ")
        note = f"{GUARD}{text}" if _PASSES_FOR_HEAD.match(text) else text
        lines.append(f"{note} |C:{COLOUR} |M:{name or f'Marker {number}'} |D:{last - first}")
        lines += [edl.rate_remark(rate), ""] if number == 1 else [""]
    return encoded("\r\n".join(lines))


PREMIERE = Format(
    name="premiere",
    extensions=(".premiere.csv",),
    title="Premiere Pro markers",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS,
    write=write_premiere,
    read=read_premiere,
    in_frames=True,
)
RESOLVE = Format(
    name="resolve",
    extensions=(".resolve.edl",),
    title="DaVinci Resolve markers",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS,
    write=write_resolve,
    reshapes=lambda content: edl.beyond_numbers(content.as_captions().cues),
    read=edl.read,
    in_frames=True,
)
