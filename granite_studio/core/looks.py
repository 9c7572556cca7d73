"""How subtitles look over a picture, in the window and burnt in alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from granite_studio.core.measure import is_wide
from granite_studio.core.measure import width as characters

SMALL, MEDIUM, LARGE = 1 / 20, 1 / 15, 1 / 11
"""Sizes of letters as parts of the picture's height; the window shows the second."""
MARGIN = 0.06
"""What is left free below, as part of the picture's height."""
SHADE = 190
"""How dark the shade behind a line is, from 0 to 255."""
LINE = 1.2
"""Height of a line's shade in heights of its letters, from the top of the tallest to the foot
of the lowest."""
_SIDES = 0.9
"""Lines take no more of the picture's width."""
_RIGHT_BLOCKS = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Where Unicode has such letters, among others; what has none of these has none."""
_FROM_THE_RIGHT = frozenset(("R", "AL"))
_LETTER = 0.55
"""Width of a usual letter in heights; a full-width one is as wide as it is high."""


@dataclass(frozen=True, slots=True)
class Look:
    """White letters of this height and typeface, on a shade or with a dark outline."""

    size: float = MEDIUM
    on_shade: bool = True
    family: str = "Arial"


def has_right_to_left(text: str) -> bool:
    """Whether some of its letters are written from the right."""
    return bool(_RIGHT_BLOCKS.search(text)) and not _FROM_THE_RIGHT.isdisjoint(
        map(unicodedata.bidirectional, text)
    )


def fitted(size: float, lines: Iterable[str], *, width: int, height: int) -> float:
    """The size of letters at which the longest of these lines fits a picture, if not `size`."""
    longest = max(map(_heights, lines), default=0)
    return min(size, _SIDES * width / (longest * height)) if longest else size


def _heights(line: str) -> float:
    """How wide a line is about, in heights of its letters."""
    wide = is_wide(line)
    return characters(line, wide=wide) * (1 if wide else _LETTER)
