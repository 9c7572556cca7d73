"""How loud sound is, and how much louder an engine should hear it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from granite_studio.media.values import FRAME, Samples

QUIETEST = 120
"""The level given to digital silence, in dB below full scale."""

_SPEECH_DB = 26.0
_ROOM_DB = 1.0
_MOST_DB = 40.0
_SILENCE_DB = 75


def levels(samples: Samples) -> NDArray[np.uint8]:
    """Loudness (RMS) of each 512 samples in dB *below* full scale; a part at the end counts."""
    whole = len(samples) // FRAME * FRAME
    rows = samples[:whole].reshape(-1, FRAME).astype(np.float32)
    powers = np.einsum("ij,ij->i", rows, rows) / FRAME
    if whole < len(samples):
        rest = samples[whole:].astype(np.float32)
        powers = np.append(powers, rest @ rest / len(rest))
    decibels = -10 * np.log10(np.maximum(powers, 1e-9) / 32768.0**2)
    rounded: NDArray[np.uint8] = np.clip(np.rint(decibels), 0, QUIETEST).astype(np.uint8)
    return rounded


def gain_for(samples: Samples) -> float:
    """The factor that brings this window's speech to a usual level, at least 1.

    The louder tenth of the frames is taken for speech and brought to 26 dB below full scale, by
    40 dB at most and never so far that a peak clips. Silence stays silence.
    """
    if len(samples) == 0:
        return 1.0
    speech = float(np.percentile(levels(samples), 10))
    if speech >= _SILENCE_DB:
        return 1.0
    peak = max(abs(int(samples.min())), abs(int(samples.max())), 1)
    room = 20 * np.log10(32768 / peak) - _ROOM_DB
    return float(10 ** (max(0.0, min(speech - _SPEECH_DB, room, _MOST_DB)) / 20))
