"""The theme's colours as pixels."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtGui import QColor

from granite_studio.ui.theme import Theme
from granite_studio.ui.timeline.picture import mixed

BODY = 0.24
"""How much of a speaker's colour lies behind words; the text on it stays above 4.5 to 1."""
PAUSE = 0.1
"""The same where a turn's speaker is silent."""


def pixel(colour: QColor) -> np.uint32:
    """One pixel of this colour."""
    return np.uint32(colour.rgb())


def tint(theme: Theme, colour: QColor, part: float) -> np.uint32:
    """The page with a part (0 to 1) of this colour on it, as one pixel."""
    return _tint(theme.base.rgb(), colour.rgb(), part)


@cache
def _tint(page: int, colour: int, part: float) -> np.uint32:
    return np.uint32(mixed(np.uint32(page), np.uint32(colour), part))


def lane_colour(theme: Theme, speaker: int | None, lane: int) -> QColor:
    """The colour of a lane: speakers stand in the document's order, nobody comes last."""
    return theme.quiet if speaker is None else theme.speakers[lane % len(theme.speakers)]
