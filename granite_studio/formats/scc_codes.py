"""The codes of line 21 captions (CEA-608) as two bytes without their parity, first channel."""

from __future__ import annotations

import unicodedata
from enum import IntEnum

from granite_studio.core.timing import RATES

HEADER = "Scenarist_SCC V1.0"
WIDTH, HEIGHT = 32, 15
"""Columns and rows of the screen."""
DROP, NON_DROP = RATES["29.97 DF"], RATES["29.97"]
"""The two ways in which a file counts its frames."""


class Control(IntEnum):
    """The control codes that mean something to captions."""

    RESUME_LOADING = 0x1420
    BACKSPACE = 0x1421
    DELETE_TO_END = 0x1424
    ROLL_UP_2 = 0x1425
    ROLL_UP_3 = 0x1426
    ROLL_UP_4 = 0x1427
    BLINK = 0x1428
    RESUME_PAINTING = 0x1429
    TEXT_RESTART = 0x142A
    RESUME_TEXT = 0x142B
    ERASE_SHOWN = 0x142C
    CARRIAGE_RETURN = 0x142D
    ERASE_LOADED = 0x142E
    END_OF_CAPTION = 0x142F


ROLL_UPS = (Control.ROLL_UP_2, Control.ROLL_UP_3, Control.ROLL_UP_4)
DATA_STARTS = range(0x01, 0x0F, 2)
"""First bytes of words that begin an entry of extended data (CEA-608, section 9)."""
TEXT_MODES = (Control.TEXT_RESTART, Control.RESUME_TEXT)
TAB = 0x1720
"""One to three more are tabs over as many columns."""

ROW_CODES = {
    1: 0x1140,
    2: 0x1160,
    3: 0x1240,
    4: 0x1260,
    5: 0x1540,
    6: 0x1560,
    7: 0x1640,
    8: 0x1660,
    9: 0x1740,
    10: 0x1760,
    11: 0x1040,
    12: 0x1340,
    13: 0x1360,
    14: 0x1440,
    15: 0x1460,
}
"""The preamble address codes of rows at column 0 in white."""

ROWS = {code: row for row, code in ROW_CODES.items()} | {0x1060: 11}
INDENT, ITALIC, UNDERLINE = 0x10, 0x0E, 0x01
"""Bits of a preamble: an indent of four columns for each step of two; italics; underline."""

MID_ROW = 0x1120
"""A mid-row code; its bits are those of a preamble without indents."""

BACKGROUND, NO_BACKGROUND, BLACK, BLACK_UNDERLINED = 0x1020, 0x172D, 0x172E, 0x172F
COLOURS = ("", "lime", "blue", "cyan", "red", "yellow", "magenta")
"""Colours in the order of their codes, by WebVTT's names; white is the empty string."""
BACKGROUNDS = ("white", "lime", "blue", "cyan", "red", "yellow", "magenta", "")
"""Backgrounds in the order of their codes; black is the empty string."""

_REPLACED = dict(
    zip(
        (0x2A, 0x5C, 0x5E, 0x5F, 0x60, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F),
        "\u00e1\u00e9\u00ed\u00f3\u00fa\u00e7\u00f7\u00d1\u00f1\u2588",
        strict=True,
    )
)
BASIC = {code: _REPLACED.get(code, chr(code)) for code in range(0x20, 0x80)}
"""The characters of one byte: ASCII but for ten."""

SPECIAL = dict(
    enumerate(
        "\u00ae\u00b0\u00bd\u00bf\u2122\u00a2\u00a3\u266a"
        "\u00e0 \u00e8\u00e2\u00ea\u00ee\u00f4\u00fb",
        0x1130,
    )
)
"""The special characters; the tenth is a transparent space."""

EXTENDED = dict(
    enumerate(
        "\u00c1\u00c9\u00d3\u00da\u00dc\u00fc\u2018\u00a1*'\u2014\u00a9\u2120\u2022\u201c\u201d"
        "\u00c0\u00c2\u00c7\u00c8\u00ca\u00cb\u00eb\u00ce\u00cf\u00ef\u00d4\u00d9\u00f9\u00db\u00ab\u00bb",
        0x1220,
    )
) | dict(
    enumerate(
        "\u00c3\u00e3\u00cd\u00cc\u00ec\u00d2\u00f2\u00d5\u00f5{}\\^_|~"
        "\u00c4\u00e4\u00d6\u00f6\u00df\u00a5\u00a4\u2502\u00c5\u00e5\u00d8\u00f8\u250c\u2510\u2514\u2518",
        0x1320,
    )
)
"""The extended Western European characters, each in place of the character before it."""


def _codes() -> dict[str, tuple[int, int]]:
    codes: dict[str, tuple[int, int]] = {}
    basic = {sign: code for code, sign in BASIC.items()}
    for code, sign in EXTENDED.items():
        plain = unicodedata.normalize("NFD", sign)[0]
        codes[sign] = (basic.get(plain, basic["-"]), code)
    codes |= {sign: (0, code) for code, sign in SPECIAL.items()}
    return codes | {sign: (code, 0) for sign, code in basic.items()}


CODES = _codes()
"""Of each character the basic one, and the special or extended one; 0 where there is none."""
