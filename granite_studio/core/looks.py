"""How subtitles look over a picture, in the window and burnt in alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from granite_studio.core.measure import is_wide, length

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
_LETTER = 0.55
"""Width of a usual letter in heights; a full-width one is as wide as it is high."""


@dataclass(frozen=True, slots=True)
class Look:
    """White letters of this height and typeface, on a shade or with a dark outline."""

    size: float = MEDIUM
    on_shade: bool = True
    family: str = "Arial"


def fitted(size: float, lines: Iterable[str], *, width: int, height: int) -> float:
    """The size of letters at which the longest of these lines fits a picture, if not `size`."""
    longest = max((length(text) * (1 if is_wide(text) else _LETTER) for text in lines), default=0)
    return min(size, _SIDES * width / (longest * height)) if longest else size
