"""The bytes of EBU STL's blocks and of their text fields (EBU Tech 3264)."""

from __future__ import annotations

from granite_studio.formats.broadcast import COLOURS

BLOCK, TEXT = 128, 112
LAST, USER_DATA = 0xFF, 0xFE
NEW_LINE, UNUSED = 0x8A, 0x8F
ITALIC, NO_ITALIC, UNDERLINE, NO_UNDERLINE = b"\x80", b"\x81", b"\x82", b"\x83"
FLASHING = frozenset((0x08, 0x18))
"""Letters that flash or stay hidden until somebody asks for them."""
DOUBLE_HEIGHT, BLACK_GROUND, NEW_GROUND = 0x0D, 0x1C, 0x1D
BOX, BOX_END = b"\x0b\x0b", b"\x0a\x0a"
COLOUR_NAMES = tuple(COLOURS)
"""In the order of their codes."""
