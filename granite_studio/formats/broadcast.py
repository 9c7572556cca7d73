"""What the broadcast formats share: rows of cells, each with its look, in a narrow character set.

Both EBU STL and line 21 put text into rows of cells on a screen. A control code that changes the
look mostly takes up a cell of its own and shows as a space, so blanks around it cannot be told
from it: reading makes one space of them. Blanks at either end of a row and empty rows only place
the text and are no part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from itertools import groupby, pairwise
from typing import NamedTuple

from granite_studio.core.captions import Caption
from granite_studio.core.cuetext import escape
from granite_studio.formats.cue_settings import numpad_of
from granite_studio.formats.markup import bracketed, to_vtt

COLOURS = {
    "black": 0x000000,
    "red": 0xFF0000,
    "lime": 0x00FF00,
    "yellow": 0xFFFF00,
    "blue": 0x0000FF,
    "magenta": 0xFF00FF,
    "cyan": 0x00FFFF,
    "white": 0xFFFFFF,
}
"""The colours of teletext, in the order of their codes, by the names of WebVTT's classes."""

CODE = "\0"
"""In a row that was read: the cell of a control code."""


class Look(NamedTuple):
    """How a cell looks. White letters and a black background are the empty string."""

    italic: bool = False
    underline: bool = False
    colour: str = ""
    background: str = ""


Cell = tuple[str, Look]
Row = list[Cell]

_BLANKS = (" ", CODE)
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CLASS = re.compile(r"(bg_)?(?:(black|red|lime|yellow|blue|magenta|cyan|white)|color(\w{6}))")
_LOOKALIKES = {
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "\u2015",
    "\u2015": "\u2013",
    "\u2212": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": ",",
    "\u201b": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2032": "'",
    "\u2033": '"',
    "\u2039": "<",
    "\u203a": ">",
    "\u2022": "\u00b7",
    "\u00b7": "-",
    "\u266b": "\u266a",
    "\u266a": "#",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u00d7": "x",
    "\u00f7": "/",
    "\u00a9": "(c)",
    "\u00ae": "(r)",
    "\u00b0": "o",
    "\u00bf": "?",
    "\u00a1": "!",
    "\u00c6": "AE",
    "\u00e6": "ae",
    "\u0152": "OE",
    "\u0153": "oe",
    "\u00d8": "O",
    "\u00f8": "o",
    "\u00d0": "\u0110",
    "\u0110": "D",
    "\u0111": "d",
    "\u00f0": "d",
    "\u00de": "Th",
    "\u00fe": "th",
    "\u00df": "ss",
    "\u0141": "L",
    "\u0142": "l",
    "\u0131": "i",
    "\u0150": "\u00d6",
    "\u0151": "\u00f6",
    "\u0170": "\u00dc",
    "\u0171": "\u00fc",
    "\u0218": "\u015e",
    "\u0219": "\u015f",
    "\u021a": "\u0162",
    "\u021b": "\u0163",
    "`": "'",
    "\u00b4": "'",
    "{": "(",
    "}": ")",
    "_": "-",
}
"""What stands for a character that a set lacks; what the set lacks too is looked up again."""


def nearest(sign: str, known: Collection[str]) -> str:
    """The character in a known set, or what comes nearest, or a question mark.

    Letters lose accents, blanks become spaces. Only what has no shape of its own is left out:
    format and control characters and marks that combine with nothing.
    """
    for stands in _candidates(sign):
        if all(part in known for part in stands):
            return stands
    return "?"


def _candidates(sign: str) -> Iterator[str]:
    yield sign
    stand_in = sign
    for _ in range(3):
        if stand_in in _LOOKALIKES:
            stand_in = _LOOKALIKES[stand_in]
            yield stand_in
    apart = unicodedata.normalize("NFD", sign)
    for mark in apart[1:]:
        yield unicodedata.normalize("NFC", apart[0] + mark)
    yield apart[0]
    kind = unicodedata.category(sign)
    if kind in ("Zs", "Zl", "Zp") or sign == "\t":
        yield " "
    if kind in ("Cc", "Cf", "Mn", "Mc", "Me"):
        yield ""
    letters = unicodedata.normalize("NFKD", sign).replace("\u2044", "/")
    yield "".join(part for part in letters if not unicodedata.combining(part)) or "?"


class Spelling:
    """Text in the characters of one set."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._nearest: dict[str, str] = {}

    def of(self, text: str) -> str:
        return "".join(map(self._of_sign, unicodedata.normalize("NFC", text)))

    def _of_sign(self, sign: str) -> str:
        if sign not in self._nearest:
            self._nearest[sign] = nearest(sign, self._known)
        return self._nearest[sign]


def rows_of(cue_text: str, spelling: Spelling) -> list[Row]:
    """The rows that cue text fills, empty ones left out.

    Voices become "Name: " and ruby text stands in brackets; bold and other tags are left out.
    """
    rows: list[Row] = [[]]
    for text, look in _looks(cue_text):
        for number, line in enumerate(_LINE_ENDS.split(text)):
            if number:
                rows.append([])
            rows[-1].extend((sign, look) for sign in spelling.of(line))
    return [row for row in map(tidied, rows) if row]


def _looks(cue_text: str) -> Iterator[tuple[str, Look]]:
    """The runs of text, each with its look."""
    depth = {"i": 0, "u": 0}
    colours: list[tuple[str, str]] = [("", "")]
    for piece in bracketed(to_vtt(cue_text, set())):
        look = Look(depth["i"] > 0, depth["u"] > 0, *colours[-1])
        if isinstance(piece, str):
            yield piece, look
        elif piece.name in depth:
            depth[piece.name] = max(0, depth[piece.name] + (-1 if piece.closing else 1))
        elif piece.name == "c" and not piece.closing:
            colours.append(_coloured(colours[-1], piece.classes))
        elif piece.name == "c" and len(colours) > 1:
            colours.pop()
        elif piece.name == "v" and piece.rest and not piece.closing:
            yield f"{piece.rest}: ", look


def _coloured(outside: tuple[str, str], classes: Iterable[str]) -> tuple[str, str]:
    """Letters and background inside a tag with these classes."""
    colour, background = outside
    for match in filter(None, map(_CLASS.fullmatch, classes)):
        name = match[2] or _nearest_colour(match[3])
        if match[1]:
            background = "" if name == "black" else name
        else:
            colour = "" if name == "white" else name
    return colour, background


def _nearest_colour(digits: str) -> str:
    try:
        parts = bytes.fromhex(digits)
    except ValueError:
        return "white"
    return min(
        COLOURS,
        key=lambda name: sum(
            (one - other) ** 2
            for one, other in zip(parts, COLOURS[name].to_bytes(3, "big"), strict=True)
        ),
    )


def tidied(row: Row) -> Row:
    """Without blanks at the ends; blanks with a control code among them are one space.

    A blank looks like what stands on both its sides.
    """
    tidy: Row = []
    gap = 0
    for is_blank, run in groupby(row, key=lambda cell: cell[0] in _BLANKS):
        cells = list(run)
        if is_blank:
            gap = 1 if any(sign == CODE for sign, _ in cells) else len(cells)
            continue
        if tidy:
            tidy += [(" ", _common(tidy[-1][1], cells[0][1]))] * gap
        tidy += cells
    return tidy


def _common(one: Look, other: Look) -> Look:
    return Look(
        one.italic and other.italic,
        one.underline and other.underline,
        one.colour if one.colour == other.colour else "",
        one.background if one.background == other.background else "",
    )


def cue_text(rows: Iterable[Row]) -> str:
    """Rows as WebVTT cue text; empty ones are left out."""
    cells: Row = []
    for row in filter(None, map(tidied, rows)):
        if cells:
            cells.append(("\n", row[0][1] if row[0][1] == cells[-1][1] else Look()))
        cells += row
    return _tagged(cells, _TAGS)


def _classes(look: Look) -> str:
    names = (look.colour, f"bg_{look.background}" if look.background else "")
    return ".".join(filter(None, ("c", *names))) if any(names) else ""


_TAGS: tuple[Callable[[Look], str], ...] = (
    _classes,
    lambda look: "i" if look.italic else "",
    lambda look: "u" if look.underline else "",
)
"""The tag that a look asks for, from the outermost in."""


def _tagged(cells: Row, tags: tuple[Callable[[Look], str], ...]) -> str:
    if not tags:
        return escape("".join(sign for sign, _ in cells))
    parts = []
    for tag, run in groupby(cells, key=lambda cell: tags[0](cell[1])):
        text = _tagged(list(run), tags[1:])
        parts.append(f"<{tag}>{text}</{tag[0]}>" if tag else text)
    return "".join(parts)


def parts_words(rows: Iterable[Row], codes: Callable[[Look, Look], Sized]) -> bool:
    """Whether a change of look comes between two signs of a word, where the `codes` for it, which
    take up cells, show as blanks."""
    return any(
        " " not in (sign, following) and len(codes(old, new)) > 0
        for row in rows
        for (sign, old), (following, new) in pairwise(row)
    )


def wrapped(row: Row, width: int, measure: Callable[[Row], int]) -> Iterator[Row]:
    """The row in pieces that measure at most `width` cells, parted at spaces where there are any.

    `measure` says how many cells a row takes up with its control codes, at least one each.
    """
    start = 0
    while start < len(row):
        end = min(len(row), start + width)
        while end > start + 1 and (needed := measure(row[start:end])) > width:
            fitting = -(-(end - start) * width // needed)
            end = min(end - 1, start + max(1, fitting))
        if end < len(row):
            end = _last_space(row, start, end) or end
        yield tidied(row[start:end])
        start = end
        while start < len(row) and row[start][0] == " ":
            start += 1


def _last_space(row: Row, start: int, end: int) -> int:
    """Where the last space behind a word stands, at most at `end`; 0 for none."""
    return next((at for at in range(end, start, -1) if row[at][0] == " "), 0)


def pages(rows: list[Row], most: int) -> list[list[Row]]:
    """The rows in as few screens of at most so many as can be, of heights that differ by one row
    at most; no rows are one empty screen."""
    count = -(-len(rows) // most) or 1
    ends = [len(rows) * number // count for number in range(count + 1)]
    return [rows[first:last] for first, last in pairwise(ends)]


def shared_out(start: int, end: int, screens: list[list[Row]]) -> Iterator[tuple[int, int]]:
    """When each screen is shown, by its share of the text."""
    sizes = [1 + sum(map(len, screen)) for screen in screens]
    total, done = sum(sizes), 0
    for size in sizes:
        yield (
            start + (end - start) * done // total,
            start + (end - start) * (done + size) // total,
        )
        done += size


def place_of(cue: Caption) -> int:
    """The cue's numpad place; 2 is bottom centre."""
    place = cue.alignment if cue.alignment is not None else numpad_of(cue.settings)
    return place if place is not None and 1 <= place <= 9 else 2


def alignment(row: int, column: int) -> int | None:
    """The numpad place of a row (0 at the bottom to 2) and column (0 at the left to 2)."""
    place = row * 3 + column + 1
    return None if place == 2 else place
