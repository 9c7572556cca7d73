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
several, which share its time; `reshaped` counts both. A subtitle that ends before it starts ends
where it starts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, Rate, from_frames, to_frames
from granite_studio.formats.base import (
    MIB,
    Carries,
    Content,
    Format,
    Kind,
    Part,
    Source,
    unreadable,
)
from granite_studio.formats.broadcast import (
    CODE,
    COLOURS,
    Look,
    Row,
    Spelling,
    alignment,
    cue_text,
    nearest,
    pages,
    place_of,
    rows_of,
    shared_out,
    wrapped,
)
from granite_studio.formats.frames import name_of
from granite_studio.formats.markup import plain
from granite_studio.formats.reshaping import Shown, parts
from granite_studio.formats.stl_characters import TABLES, Table
from granite_studio.formats.stl_head import (
    GROUP,
    HEAD,
    OPEN_WIDTH,
    ROWS,
    TELETEXT_WIDTH,
    facts_in,
    facts_of,
    head,
    parts_of,
    unread_in,
)

BLOCK, TEXT = 128, 112
MOST_BLOCKS = 99_999
"""The head counts blocks in five digits."""
TELETEXT_ROWS = 11
"""Rows of double height, as teletext subtitles are."""
DAY = 24 * 3_600_000

_FORMAT_CODE = re.compile(rb"STL([0-9]{2})\.[0-9]{2}")
_SPRUCE = re.compile(rb"\s*(?://|\$\w+\s*=|\d\d:\d\d:\d\d[:.;]\d\d\s*,)")
_RATES = {23: Rate(Fraction(24000, 1001)), 29: Rate(Fraction(30000, 1001))}
_STANDARD = (RATES["25"], RATES["30"])
"""The rates that the standard has, which are all that is written."""
_OTHER_RATE = "at {rate} frames a second (EBU STL has 25 and 30; written are {own})"

_NEW_LINE, _UNUSED = 0x8A, 0x8F
_ITALIC, _NO_ITALIC, _UNDERLINE, _NO_UNDERLINE = b"\x80", b"\x81", b"\x82", b"\x83"
_DOUBLE_HEIGHT, _BLACK_GROUND, _NEW_GROUND = 0x0D, 0x1C, 0x1D
_BOX, _BOX_END = b"\x0b\x0b", b"\x0a\x0a"
_LAST, _USER_DATA = 0xFF, 0xFE
_COLOUR_NAMES = tuple(COLOURS)


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
    facts = facts_in(source.data, has_colours=_has_colours(Captions(items)))
    unread = unread_in(source.data, source.data[HEAD + 3 :: BLOCK].count(_USER_DATA))
    return Captions((*facts, *items), unread=unread, frame_rate=rate)


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
        if len(block) < BLOCK - TEXT or 0xF0 <= block[3] <= _USER_DATA:
            continue
        key = (block[0], block[1] | block[2] << 8, block[15] == 1)
        if open_one and open_one.key != key:
            yield open_one
            open_one = None
        if open_one is None:
            start, end = _time(block[5:9], rate), _time(block[9:13], rate)
            open_one = _Subtitle(key, start, end, block[13], block[14], block[4])
        open_one.text += block[BLOCK - TEXT :].partition(bytes((_UNUSED,)))[0]
        if block[3] == _LAST:
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
        if byte == _NEW_LINE:
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
    if code < len(_COLOUR_NAMES):
        return look._replace(colour=_without(_COLOUR_NAMES[code], "white"))
    if code == _NEW_GROUND:
        return look._replace(background=_without(look.colour or "white", "black"))
    return look._replace(background="") if code == _BLACK_GROUND else look


def _without(colour: str, usual: str) -> str:
    return "" if colour == usual else colour


def _slanted(look: Look, code: int) -> Look:
    if code in (0x80, 0x81):
        return look._replace(italic=code == 0x80)
    return look._replace(underline=code == 0x82) if code in (0x82, 0x83) else look


def write(content: Content) -> bytes:
    """Head and blocks. Raises `FormatError` for more than the format can count."""
    captions = content.as_captions()
    number = _best_table("".join(plain(cue.text) for cue in captions.cues))
    display = _display_of(captions)
    spelling = Spelling(TABLES[number].codes)
    screen = _Screen(TABLES[number], display != "0")
    blocks: list[bytes] = []
    rate = _rate_for(content)
    first = _frame(min((max(0, cue.start) for cue in captions.cues), default=0), rate)
    subtitles = 0
    for filled in _written(content, captions, spelling, screen):
        for start, end, rows in filled.screens:
            frames = _frame(start, rate), _frame(end, rate)
            times = b"".join(bytes(parts_of(frame, rate)) for frame in frames)
            blocks += _blocks(subtitles, times, filled.place, screen.field(rows, filled.place))
            subtitles += 1
        if len(blocks) > MOST_BLOCKS:
            raise FormatError(
                f"An EBU STL file holds at most {MOST_BLOCKS:,} blocks of text; "
                "save a part of it, or choose SRT."
            )
    counts = len(blocks), subtitles
    return b"".join([head(content, (rate, display, number), counts, first), *blocks])


def _rate_for(content: Content) -> Rate:
    """The rate that is written: what is asked for if the standard has it."""
    return content.rate if content.rate in _STANDARD else _STANDARD[0]


def _display_of(captions: Captions) -> str:
    """The display standard: that of the file the captions come from, or open subtitles ("0"), or
    teletext of level 1 where there are colours, which open subtitles do not have."""
    own = facts_of(captions).get("DSC", "")
    return own or str(int(_has_colours(captions)))


def _known_signs(text: str) -> Collection[str]:
    return TABLES[_best_table(text)].codes


def _best_table(text: str) -> str:
    """The number of the table that loses the fewest characters, the first of equals."""
    signs = Counter(text)

    def lost(number: str) -> tuple[int, int]:
        known = TABLES[number].codes
        missing = [(count, nearest(sign, known)) for sign, count in signs.items()]
        return (
            sum(count for count, stands in missing if stands == "?"),
            sum(count for sign, count in signs.items() if sign not in known),
        )

    return min(TABLES, key=lost)


def _has_colours(captions: Captions) -> bool:
    any_sign = Spelling(frozenset(map(chr, range(0x20, 0x7F))))
    return any(
        look.colour or look.background
        for cue in captions.cues
        if "<c" in cue.text or "<font" in cue.text.lower()
        for row in rows_of(cue.text, any_sign)
        for _, look in row
    )


_NOTE = 0
"""Stands for the place of a comment, which is not shown."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """Start and end in ms and rows of each screen of a subtitle or comment, and its place."""

    screens: list[tuple[int, int, list[Row]]]
    place: int
    cue: Caption | None = None
    is_wrapped: bool = False


def _written(
    content: Content, captions: Captions, spelling: Spelling, screen: _Screen
) -> Iterator[_Filled]:
    """What is to be written. A comment has the time at which the subtitle before it ends."""
    time = 0
    if content.is_draft:
        rows = screen.fitted(rows_of(escape(content.labels.draft), spelling))
        yield _Filled([(0, 0, rows)], _NOTE)
    for item in captions.items:
        if isinstance(item, Block):
            if item.kind == "NOTE":
                rows = screen.fitted(rows_of(escape(item.text), spelling))
                yield _Filled(
                    [(time, time, page) for page in pages(rows, screen.most_rows)], _NOTE
                )
            continue
        begin = max(0, item.start)
        time = max(begin, item.end)
        lines = rows_of(item.text, spelling)
        rows = screen.fitted(lines)
        heights = pages(rows, screen.most_rows)
        screens = [
            (start, end, page)
            for (start, end), page in zip(shared_out(begin, time, heights), heights, strict=True)
        ]
        yield _Filled(screens, place_of(item), item, len(rows) > len(lines))


def reshaped(content: Content) -> Iterator[Part]:
    """What the file will make of the times and lines of the cues."""
    captions = content.as_captions()
    table = TABLES[_best_table("".join(plain(cue.text) for cue in captions.cues))]
    screen = _Screen(table, _display_of(captions) != "0")
    rate = _rate_for(content)
    shown = (
        Shown(
            asked=(max(0, filled.cue.start), max(0, filled.cue.start, filled.cue.end)),
            screens=[(start, end) for start, end, _ in filled.screens],
            is_wrapped=filled.is_wrapped,
        )
        for filled in _written(content, captions, Spelling(table.codes), screen)
        if filled.cue
    )
    yield from parts(shown, float(1000 / rate.frames))
    if rate != content.rate:
        told = _OTHER_RATE.format(rate=name_of(content.rate), own=name_of(rate))
        yield len(captions.cues), f"cue {told}", f"cues {told}"


@dataclass(frozen=True, slots=True)
class _Screen:
    """The screen that is written for: which table, and teletext or open subtitles."""

    table: Table
    teletext: bool

    @property
    def most_rows(self) -> int:
        return TELETEXT_ROWS if self.teletext else ROWS

    def fitted(self, rows: list[Row]) -> list[Row]:
        """The rows wrapped to the width of the screen."""
        width = TELETEXT_WIDTH if self.teletext else OPEN_WIDTH
        return [piece for row in rows for piece in wrapped(row, width, self._cells)]

    def _cells(self, row: Row) -> int:
        return self._encoded(row)[1]

    def field(self, rows: list[Row], place: int) -> bytes:
        """The text of a subtitle or, without colours and boxes, of a comment."""
        if not self.teletext or place == _NOTE:
            parting = bytes((_NEW_LINE,))
            plain_screen = _Screen(self.table, teletext=False)
            return parting.join(plain_screen._encoded(row)[0] for row in rows)
        parting = bytes((_NEW_LINE, _NEW_LINE))
        lines = []
        for row in rows:
            line, cells = self._encoded(row)
            lines.append(line + _BOX_END[: max(0, TELETEXT_WIDTH - cells)])
        return parting.join(lines)

    def _encoded(self, row: Row) -> tuple[bytes, int]:
        """A row's bytes, and how many cells they take up."""
        parts: list[bytes] = []
        old, cells = Look(), 0
        for number, (sign, look) in enumerate(row):
            codes = _colour_codes(old, look) if self.teletext else b""
            if number and codes and parts[-1] == b" ":
                parts.pop()
                cells -= 1
            parts.append(codes)
            cells += len(codes)
            if number == 0 and self.teletext:
                parts.append(bytes((_DOUBLE_HEIGHT,)) + _BOX)
                cells += 1 + len(_BOX)
            parts.append(_slant_codes(old, look))
            if not (codes and sign == " "):
                parts.append(self.table.codes[sign])
                cells += 1
            old = look
        parts.append(_slant_codes(old, Look()))
        return b"".join(parts), cells


def _colour_codes(old: Look, new: Look) -> bytes:
    codes = bytearray()
    colour = old.colour
    if new.background != old.background and new.background:
        colour = new.background
        codes += bytes((_COLOUR_NAMES.index(colour), _NEW_GROUND))
    elif new.background != old.background:
        codes.append(_BLACK_GROUND)
    if new.colour != colour:
        codes.append(_COLOUR_NAMES.index(new.colour or "white"))
    return bytes(codes)


def _slant_codes(old: Look, new: Look) -> bytes:
    codes = b""
    if old.underline != new.underline:
        codes += _UNDERLINE if new.underline else _NO_UNDERLINE
    if old.italic != new.italic:
        codes += _ITALIC if new.italic else _NO_ITALIC
    return codes


def _blocks(number: int, times: bytes, place: int, text: bytes) -> Iterator[bytes]:
    """The blocks of one subtitle; all but the last are numbered."""
    group, number = divmod(number, GROUP)
    row, column = divmod(place - 1, 3) if place != _NOTE else (0, 1)
    height = text.count(_NEW_LINE) + (2 if _DOUBLE_HEIGHT in text else 1)
    first = (ROWS + 1 - height, (ROWS + 2 - height) // 2, 1)[row]
    parts = [text[at : at + TEXT] for at in range(0, len(text), TEXT)] or [b""]
    for count, part in enumerate(parts):
        extension = _LAST if count == len(parts) - 1 else count
        yield (
            bytes((group, number & 0xFF, number >> 8, extension, 0))
            + times
            + bytes((max(1, first), column + 1, place == _NOTE))
            + part.ljust(TEXT, bytes((_UNUSED,)))
        )


def _frame(ms: int, rate: Rate) -> int:
    """The frame nearest to a time."""
    if ms >= DAY:
        raise FormatError(
            "EBU STL has no times of 24 hours and more; shift the times, or choose SRT."
        )
    return to_frames(ms, rate)


FORMAT = Format(
    name="stl",
    extensions=(".stl",),
    title="EBU STL subtitles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
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
    known_signs=_known_signs,
    write=write,
    read=read,
    limit=13 * MIB,
    in_frames=True,
    names_in_text=True,
)
