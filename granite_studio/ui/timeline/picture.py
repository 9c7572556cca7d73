"""Paints sound and stretches of time into arrays of pixels, with numpy and without Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_studio.media.peaks import Peaks

Pixels = NDArray[np.uint32]
"""0xFFRRGGBB; pictures have shape (rows, columns)."""
Mask = NDArray[np.bool_]
Heights = NDArray[np.float32]

STEPS = 5
"""How many shades lie between the wave and what is behind it, for a smooth outline."""
FULL_SCALE = 32768.0
TICK = 7
"""Pixels of the tick of a shot change,"""
DASH = 4
"""and of the dashes of its line,"""
ROOM = 24
"""which is drawn while each has so many on average."""
FINEST_MS = 16.0
"""Peaks stand for 256 samples at 16 kHz: asking for finer columns finds nothing more."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that a row of pixels shows: `columns` columns of `ms` milliseconds from `start`."""

    start: float
    ms: float
    columns: int

    @property
    def end(self) -> float:
        return self.start + self.ms * self.columns

    def edges(self) -> NDArray[np.float64]:
        """Where the columns begin, and where the last one ends."""
        return self.start + self.ms * np.arange(self.columns + 1, dtype=np.float64)

    def column(self, ms: float) -> int:
        """The column that holds this moment; may lie outside the picture."""
        return int(np.floor((ms - self.start) / self.ms))

    def columns_of(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """The columns inside the picture that hold any of these moments, which are in order."""
        columns = np.unique(((moments - self.start) / self.ms).astype(np.int64))
        return columns[(columns >= 0) & (columns < self.columns)]

    def cut(self, start: float, end: float) -> slice:
        """The columns inside the picture between two moments, at least one where it is visible."""
        first, last = self.column(start), self.column(end)
        return slice(max(0, first), max(0, min(self.columns, max(last, first + 1))))


def mixed(
    under: Pixels | np.uint32, over: Pixels | np.uint32, part: float | NDArray[np.float64]
) -> Pixels:
    """Each colour of `under` with `part` (0 to 1) of `over` laid on it."""
    share = np.asarray(np.round(np.multiply(part, 256)), np.uint32)
    result: Pixels = np.asarray(0xFF000000, np.uint32)
    for shift in (0, 8, 16):
        low = (np.asarray(under, np.uint32) >> shift) & 0xFF
        high = (np.asarray(over, np.uint32) >> shift) & 0xFF
        part_of = ((low * (256 - share) + high * share) >> 8) << shift
        result = np.asarray(result | part_of, np.uint32)
    return result


def sound(peaks: Peaks, stretch: Stretch) -> tuple[Heights, Heights]:
    """The lowest and highest sample of each column, as parts of full scale.

    Where a column is finer than what peaks keep, the outline is drawn through their middles.
    """
    if stretch.ms >= FINEST_MS:
        low, high = peaks.columns(stretch.start, stretch.end, stretch.columns)
        return low.astype(np.float32) / FULL_SCALE, high.astype(np.float32) / FULL_SCALE
    first = np.floor(stretch.start / FINEST_MS) - 1
    count = int(np.ceil(stretch.end / FINEST_MS) - first) + 1
    low, high = peaks.columns(first * FINEST_MS, (first + count) * FINEST_MS, count)
    middles = (first + np.arange(count) + 0.5) * FINEST_MS
    wanted = stretch.start + stretch.ms * (np.arange(stretch.columns) + 0.5)
    return (
        (np.interp(wanted, middles, low) / FULL_SCALE).astype(np.float32),
        (np.interp(wanted, middles, high) / FULL_SCALE).astype(np.float32),
    )


def paint_wave(
    target: Pixels, low: Heights, high: Heights, *, wave: Pixels, behind: Pixels, gain: float
) -> None:
    """Fill `target` with the outline between `low` and `high`, each column in its two colours."""
    rows = target.shape[0]
    middle = np.float32(rows / 2)
    fine = STEPS - 1  # heights are counted in so many parts of a pixel, as small whole numbers
    top = (np.clip(middle - high * (middle * gain), 0, middle - 0.5) * fine).astype(np.int16)
    bottom = (np.clip(middle - low * (middle * gain), middle + 0.5, rows) * fine).astype(np.int16)
    row = (fine * np.arange(rows, dtype=np.int16))[:, None]
    shade = np.minimum(bottom - row, (row + fine) - top)
    np.clip(shade, 0, fine, out=shade)
    pairs, which = np.unique(wave.astype(np.uint64) << 32 | behind, return_inverse=True)
    over, under = (pairs >> 32).astype(np.uint32), (pairs & 0xFFFFFFFF).astype(np.uint32)
    palette = mixed(under[:, None], over[:, None], np.arange(STEPS) / fine)
    shade += which.astype(np.int16) * STEPS
    # "wrap" never wraps here: it is the mode that writes to `out` without a copy
    np.take(palette.ravel(), shade.astype(np.intp), out=target, mode="wrap")


def hatch(
    target: Pixels, columns: Mask, colour: Pixels | np.uint32, *, phase: int, size: int
) -> None:
    """Lay diagonal stripes, one `size` wide in three, over these columns."""
    where = np.flatnonzero(columns)
    if not len(where):
        return
    diagonal = (where[None, :] + np.arange(target.shape[0])[:, None] + phase) % (3 * size) < size
    part = target[:, where]
    part[diagonal] = np.broadcast_to(np.asarray(colour, np.uint32), part.shape)[diagonal]
    target[:, where] = part


def paint_cuts(
    pixels: Pixels,
    columns: NDArray[np.int64],
    wave: slice,
    cues: slice,
    *,
    colour: np.uint32,
    ratio: float,
) -> None:
    """A thin dashed line over the wave's rows at each of these columns, a whole one over the cues.

    Where they lie too close for lines, only a tick at the foot of the wave is left of each.
    """
    pixels[wave.stop - round(TICK * ratio) : wave.stop, columns] = colour
    if len(columns) * ROOM * ratio > pixels.shape[1]:
        return
    rows = np.arange(wave.start, wave.stop)
    rows = rows[(wave.stop - rows) // max(1, round(DASH * ratio)) % 2 == 1]
    pixels[np.ix_(rows, columns)] = colour
    pixels[cues, columns] = colour
