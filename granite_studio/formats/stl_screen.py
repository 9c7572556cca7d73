"""The screen of EBU STL: how rows are wrapped to it and written as a text field."""

from __future__ import annotations

from dataclasses import dataclass

from granite_studio.formats.broadcast import Look, Row, wrapped
from granite_studio.formats.stl_characters import Table
from granite_studio.formats.stl_codes import (
    BLACK_GROUND,
    BOX,
    BOX_END,
    COLOUR_NAMES,
    DOUBLE_HEIGHT,
    ITALIC,
    NEW_GROUND,
    NEW_LINE,
    NO_ITALIC,
    NO_UNDERLINE,
    UNDERLINE,
)
from granite_studio.formats.stl_head import OPEN_WIDTH, ROWS, TELETEXT_WIDTH

TELETEXT_ROWS = 11
"""Rows of double height, as teletext subtitles are."""
NOTE = 0
"""Stands for the place of a comment, which is not shown."""


@dataclass(frozen=True, slots=True)
class Screen:
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
        if not self.teletext or place == NOTE:
            parting = bytes((NEW_LINE,))
            plain_screen = Screen(self.table, teletext=False)
            return parting.join(plain_screen._encoded(row)[0] for row in rows)
        parting = bytes((NEW_LINE, NEW_LINE))
        lines = []
        for row in rows:
            line, cells = self._encoded(row)
            lines.append(line + BOX_END[: max(0, TELETEXT_WIDTH - cells)])
        return parting.join(lines)

    def _encoded(self, row: Row) -> tuple[bytes, int]:
        """A row's bytes, and how many cells they take up."""
        parts: list[bytes] = []
        old, cells = Look(), 0
        for number, (sign, look) in enumerate(row):
            codes = colour_codes(old, look) if self.teletext else b""
            if number and codes and parts[-1] == b" ":
                parts.pop()
                cells -= 1
            parts.append(codes)
            cells += len(codes)
            if number == 0 and self.teletext:
                parts.append(bytes((DOUBLE_HEIGHT,)) + BOX)
                cells += 1 + len(BOX)
            parts.append(_slant_codes(old, look))
            if not (codes and sign == " "):
                parts.append(self.table.codes[sign])
                cells += 1
            old = look
        parts.append(_slant_codes(old, Look()))
        return b"".join(parts), cells


def colour_codes(old: Look, new: Look) -> bytes:
    codes = bytearray()
    colour = old.colour
    if new.background != old.background and new.background:
        colour = new.background
        codes += bytes((COLOUR_NAMES.index(colour), NEW_GROUND))
    elif new.background != old.background:
        codes.append(BLACK_GROUND)
    if new.colour != colour:
        codes.append(COLOUR_NAMES.index(new.colour or "white"))
    return bytes(codes)


def _slant_codes(old: Look, new: Look) -> bytes:
    codes = b""
    if old.underline != new.underline:
        codes += UNDERLINE if new.underline else NO_UNDERLINE
    if old.italic != new.italic:
        codes += ITALIC if new.italic else NO_ITALIC
    return codes
