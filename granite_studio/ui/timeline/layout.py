"""How the height of the timeline is shared between the wave and the lanes."""

from __future__ import annotations

from dataclasses import dataclass

RULER = 24
MINIMAP = 32
LANE = 24
CUES = 24
LEAST_WAVE = 56
GUTTER = 144
"""Heights, and the width of the names at the left, in logical pixels."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of pixels from `top` to `bottom`, the latter excluded, below the ruler."""

    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def holds(self, y: float) -> bool:
        return self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies. `lanes` may reach out of `speakers`, which shows a part of them.

    `hidden` is how many pixels of lanes do not fit: how far they can be scrolled.
    """

    wave: Band
    speakers: Band
    lanes: tuple[Band, ...]
    cues: Band
    hidden: int


def lay_out(height: int, lanes: int, scrolled: int = 0) -> Layout:
    """Share `height` pixels: the wave takes what `lanes` and the cues leave, but some at least.

    Lanes show whole or not at all.
    """
    cues = Band(max(LEAST_WAVE, height - CUES), max(LEAST_WAVE, height - CUES) + CUES)
    wanted = lanes * LANE
    room = min(wanted, max(0, cues.top - LEAST_WAVE) // LANE * LANE)
    speakers = Band(cues.top - room, cues.top)
    hidden = wanted - room
    top = speakers.top - max(0, min(scrolled, hidden)) // LANE * LANE
    return Layout(
        wave=Band(0, speakers.top),
        speakers=speakers,
        lanes=tuple(Band(top + LANE * n, top + LANE * (n + 1)) for n in range(lanes)),
        cues=cues,
        hidden=hidden,
    )


def least_height(lanes: int) -> int:
    """Below this the timeline is of no use."""
    return RULER + LEAST_WAVE + CUES + LANE * min(lanes, 2)
