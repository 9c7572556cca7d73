"""The time ruler: pyqtgraph's axis, told which steps of time people count in."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph

from granite_studio.core.timing import clock, short_clock

STEPS_MS = (
    *(10, 20, 50, 100, 200, 500),
    *(1_000, 2_000, 5_000, 10_000, 15_000, 30_000),
    *(60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000),
    *(3_600_000, 7_200_000, 18_000_000, 36_000_000, 72_000_000),
)
LABEL_EVERY_PX = 96
TICK_EVERY_PX = 16


def spacing(span: float, width: float) -> tuple[int, int]:
    """The steps in ms between labels and between ticks, for `span` ms over `width` pixels."""
    pixel = span / max(1.0, width)
    major = next((step for step in STEPS_MS if step >= pixel * LABEL_EVERY_PX), STEPS_MS[-1])
    minor = next(
        (step for step in STEPS_MS if step >= pixel * TICK_EVERY_PX and major % step == 0), major
    )
    return major, minor


def label(ms: float, step: float) -> str:
    """A moment as the ruler writes it: no finer than the step between two labels needs."""
    if step >= 1000:
        return short_clock(round(ms))
    digits = 1 if step >= 100 else 2
    return f"{short_clock(int(ms))}.{clock(round(ms))[-3:][:digits]}"


class Ruler(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Shows clock times above the wave."""

    def __init__(self) -> None:
        super().__init__("top", showValues=True)
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=5, tickTextOffset=3, maxTextLevel=0, autoExpandTextSpace=False)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[int, int]]:  # noqa: N803
        major, minor = spacing(maxVal - minVal, size)
        return [(major, 0)] if minor == major else [(major, 0), (minor, 0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [label(value, spacing) for value in values]
