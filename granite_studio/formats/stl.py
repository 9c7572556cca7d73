"""EBU STL subtitles (EBU Tech 3264, binary): a head of 1024 bytes and blocks of 128.

Read: subtitles with italics, underline, colours, justification and row; comments become notes,
user data and reserved blocks are passed over. What the head says about the programme becomes a
block of kind "STL" (`stl_head`). Colours end with their row, boxes and sizes are left out. The
subtitles of a cumulative set stay until the last of them goes. Times are those in the blocks: a
programme that starts at 10:00:00:00 keeps its ten hours, and the head's start of programme is not
taken off. Right-to-left text is taken as it lies in the file.

Written: what the head of the file that the captions come from says; 25 frames a second, or 30
where the content asks for them (a time moves by at most half a frame), the character table that
knows most of the text, and open subtitles, or teletext of level 1 where there are colours. In
teletext a change of colour takes up a cell, so it shows as a space. What the table lacks becomes
the nearest character or "?"; empty rows, blanks at the ends of rows, bold and identifiers are left
out. Rows too wide for the screen are wrapped, and a subtitle with too many of them becomes
several, which share its time; those shown at once become one (`stl_writing`); all that is
counted. Subtitles are put in order of their start; one that ends before it starts ends where it
starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.timing import Rate, from_frames
from granite_studio.formats.base import MIB, Carries, Format, Kind, Source, unreadable
from granite_studio.formats.broadcast import CODE, Look, Row, alignment, cue_text
from granite_studio.formats.markup import plain
from granite_studio.formats.stl_characters import TABLES, Table
from granite_studio.formats.stl_codes import (
    BLACK_GROUND,
    BLOCK,
    COLOUR_NAMES,
    FLASHING,
    LAST,
    NEW_GROUND,
    NEW_LINE,
    TEXT,
    UNUSED,
    USER_DATA,
)
from granite_studio.formats.stl_head import HEAD, ROWS, facts_in, language_in, unread_in
from granite_studio.formats.stl_writing import (
    STANDARD,
    has_colours,
    known_signs,
    reshaped,
    write,
)

_FORMAT_CODE = re.compile(rb"STL([0-9]{2})\.[0-9]{2}")
_SPRUCE = re.compile(rb"\s*(?://|\$\w+\s*=|\d\d:\d\d:\d\d[:.;]\d\d\s*,)")
_RATES = {23: Rate(Fraction(24000, 1001)), 29: Rate(Fraction(30000, 1001))}


@dataclass(slots=True)
class _Subtitle:
    """The blocks of one subtitle, in the words of the standard."""

    key: tuple[int, int, bool]
    start: int
    end: int
    row: int
    justification: int
    cumulative: int
    text: bytearray = field(default_factory=bytearray)


def read(source: Source) -> Captions:
    """Read the subtitles and the comments, in the order of the file."""
    rate = _rate_of(source)
    table = TABLES.get(source.data[12:14].decode("latin-1"), TABLES["00"])
    digits = source.data[253:255]
    most_rows = (int(digits) if digits.isdigit() else 0) or ROWS
    subtitles = list(_subtitles(source.data, rate))
    _hold_sets(subtitles)
    items = tuple(_item(subtitle, table, most_rows) for subtitle in subtitles)
    facts = facts_in(source.data, has_colours=has_colours(Captions(items)))
    effects = sum(not FLASHING.isdisjoint(s.text) for s in subtitles if not s.key[2])
    unread = unread_in(source.data, source.data[HEAD + 3 :: BLOCK].count(USER_DATA), effects)
    language = language_in(source.data)
    return Captions((*facts, *items), unread=unread, frame_rate=rate, language=language)


def _rate_of(source: Source) -> Rate:
    """Frames a second, by the head's disk format code."""
    data = source.data
    match = _FORMAT_CODE.match(data, 3)
    if not match and _SPRUCE.match(data):
        raise unreadable(
            source.name,
            "is a text of Spruce DVD subtitles, not EBU STL, though both end in .stl",
            "convert it to SRT with the program it comes from",
        )
    if not match or int(match[1]) == 0:
        raise unreadable(
            source.name, "does not begin with the head of an EBU STL file", "choose another one"
        )
    if len(data) < HEAD:
        raise unreadable(source.name, "ends within its head", "get the whole file")
    frames = int(match[1])
    return _RATES.get(frames) or Rate(Fraction(frames))


def _subtitles(data: bytes, rate: Rate) -> Iterator[_Subtitle]:
    """Join the blocks of each subtitle; one that lacks its last block is kept as it is."""
    open_one: _Subtitle | None = None
    for at in range(HEAD, len(data), BLOCK):
        block = data[at : at + BLOCK]
        if len(block) < BLOCK - TEXT or 0xF0 <= block[3] <= USER_DATA:
            continue
        key = (block[0], block[1] | block[2] << 8, block[15] == 1)
        if open_one and open_one.key != key:
            yield open_one
            open_one = None
        if open_one is None:
            start, end = _time(block[5:9], rate), _time(block[9:13], rate)
            open_one = _Subtitle(key, start, end, block[13], block[14], block[4])
        open_one.text += block[BLOCK - TEXT :].partition(bytes((UNUSED,)))[0]
        if block[3] == LAST:
            yield open_one
            open_one = None
    if open_one:
        yield open_one


def _time(code: bytes, rate: Rate) -> int:
    hours, minutes, seconds, frame = code
    return from_frames(((hours * 60 + minutes) * 60 + seconds) * rate.nominal + frame, rate)


def _hold_sets(subtitles: list[_Subtitle]) -> None:
    """Let each subtitle of a cumulative set end with the last of the set."""
    members: list[_Subtitle] = []
    for subtitle in subtitles:
        if subtitle.key[2] or subtitle.cumulative not in (1, 2, 3):
            continue
        members = [subtitle] if subtitle.cumulative == 1 else [*members[-ROWS:], subtitle]
        if subtitle.cumulative == 3:
            for member in members:
                member.end = max(member.end, subtitle.end)
            members = []


def _item(subtitle: _Subtitle, table: Table, most_rows: int) -> Caption | Block:
    rows = list(_rows(bytes(subtitle.text), table))
    text = cue_text(rows)
    if subtitle.key[2]:
        return Block("NOTE", plain(text))
    middle = subtitle.row + (len(rows) - 1) / 2
    height = 2 - min(2, int(3 * max(0.0, middle - 0.5) / most_rows))
    column = {1: 0, 3: 2}.get(subtitle.justification, 1)
    return Caption(subtitle.start, subtitle.end, text, alignment=alignment(height, column))


def _rows(data: bytes, table: Table) -> Iterator[Row]:
    """The rows of a text field; teletext's colours begin anew with each of them."""
    look, accent = Look(), 0
    row: Row = []
    for byte in data:
        if byte in table.accents:
            accent = byte
            continue
        if byte == NEW_LINE:
            yield row
            row, look = [], Look(look.italic, look.underline)
        elif byte < 0x20:
            row.append((CODE, look))
            look = _coloured(look, byte)
        elif 0x80 <= byte < 0xA0:
            look = _slanted(look, byte)
        else:
            row.append((table.sign(byte, accent), look))
        accent = 0
    yield row


def _coloured(look: Look, code: int) -> Look:
    if code < len(COLOUR_NAMES):
        return look._replace(colour=_without(COLOUR_NAMES[code], "white"))
    if code == NEW_GROUND:
        return look._replace(background=_without(look.colour or "white", "black"))
    return look._replace(background="") if code == BLACK_GROUND else look


def _without(colour: str, usual: str) -> str:
    return "" if colour == usual else colour


def _slanted(look: Look, code: int) -> Look:
    if code in (0x80, 0x81):
        return look._replace(italic=code == 0x80)
    return look._replace(underline=code == 0x82) if code in (0x82, 0x83) else look


FORMAT = Format(
    name="stl",
    extensions=(".stl",),
    title="EBU STL subtitles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.ITALICS
    | Carries.UNDERLINES
    | Carries.COLOURS
    | Carries.BACKGROUNDS
    | Carries.PLACEMENT
    | Carries.LINES
    | Carries.NOTES
    | Carries.DRAFT
    | Carries.HEAD,
    reshapes=reshaped,
    known_signs=known_signs,
    write=write,
    read=read,
    limit=13 * MIB,
    in_frames=True,
    rates=STANDARD,
    names_in_text=True,
)
