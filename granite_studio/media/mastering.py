"""What an HDR film says of the display that it was made on, in the words of x265."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any

_DISPLAY, _LIGHT = "MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL"
_NUMBERS = struct.Struct("=22i")
"""libavutil's `AVMasteringDisplayMetadata`: ten fractions, and whether the eight of colours and
the two of light are there."""
_LEVELS = struct.Struct("=2I")
_COLOUR, _LUMINANCE = 50_000, 10_000
"""Parts that one is counted in."""


def mastering(picture: Any) -> str:
    """The parameters for x265 from an `av` picture, such as "max-cll=1000,400"; empty where the
    film says nothing."""
    facts = {part.type.name: bytes(part) for part in picture.side_data}
    words = [_display(facts.get(_DISPLAY, b"")), _light(facts.get(_LIGHT, b""))]
    return ":".join(filter(None, words))


def _display(data: bytes) -> str:
    if len(data) != _NUMBERS.size:
        return ""
    *numbers, has_colours, has_light = _NUMBERS.unpack(data)
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    if not (has_colours and has_light) or any(top < 0 or below <= 0 for top, below in pairs):
        return ""
    colours = [round(Fraction(*pair) * _COLOUR) for pair in pairs[:8]]
    least, most = (round(Fraction(*pair) * _LUMINANCE) for pair in pairs[8:])
    red, green, blue, white = (f"({x},{y})" for x, y in zip(*[iter(colours)] * 2, strict=True))
    return f"master-display=G{green}B{blue}R{red}WP{white}L({most},{least})"


def _light(data: bytes) -> str:
    if len(data) != _LEVELS.size:
        return ""
    most, average = _LEVELS.unpack(data)
    return f"max-cll={most},{average}"
