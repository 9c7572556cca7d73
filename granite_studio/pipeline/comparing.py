"""The vectors by which voices are compared: of the sound, of the encoder's states, or of both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_studio.engines.base import Voice
from granite_studio.engines.voiceprint import ALIKE
from granite_studio.pipeline.clusters import FOUNDING_S, Array, unit

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much the encoder's part may count beside that of the sound."""
FEWEST = 12
"""So many pairs of one person's halves, and of two people's, are needed to judge by."""
BETTER = 1.1
"""The encoder's part has to tell people so much better apart before it counts."""

_Pairs = tuple[Array, Array]
"""Inner products of halves of one person's words, and of two people's in one window."""


def vectors(voices: Sequence[Voice], windows: Sequence[Sequence[int]]) -> Array:
    """A vector of length 1 for each voice, shape (n, d), to be judged by `voiceprint.ALIKE`.

    `windows` are the rows that were heard together. The encoder's early states are taken in with
    the share with which both halves of each label are most alike, and those of two labels of one
    window least; with none where the recording has too few labels to judge by.
    """
    sound = np.array([rounded(voice.vector) for voice in voices])
    rows = [row for row, voice in enumerate(voices) for _ in voice.halves]
    halves = [half for voice in voices for half in voice.halves]
    if (
        not all(voice.halves for voice in voices)
        or len({(half.vector.shape, half.state.shape) for half in halves}) != 1
    ):
        return sound
    states = np.array([rounded(half.state) for half in halves])
    weights = np.array([voices[row].seconds / len(voices[row].halves) for row in rows])
    # All states have most in common; what is left of them without it tells voices apart.
    states -= np.average(states, axis=0, weights=weights)
    whole = np.zeros((len(voices), states.shape[1]))
    np.add.at(whole, rows, states)
    same, unlike = _pairs(voices, windows)
    if min(len(same), len(unlike)) < FEWEST:
        return sound
    heard = np.array([rounded(half.vector) for half in halves])
    by_sound = _products(heard, same), _products(heard, unlike)
    by_states = _products(unit(states), same), _products(unit(states), unlike)
    shift = _shift(by_states)
    if not 0 < shift < 1:
        return sound

    def apart(share: float) -> float:
        mixed = (
            (1 - share) * one + share * (shift + (1 - shift) * other)
            for one, other in zip(by_sound, by_states, strict=True)
        )
        return _apart(*mixed)

    best = max(SHARES, key=apart)
    if apart(best) < BETTER * apart(0.0):
        return sound
    parts = (
        (1 - best) ** 0.5 * sound,
        (best * (1 - shift)) ** 0.5 * unit(whole),
        np.full((len(voices), 1), (best * shift) ** 0.5),
    )
    return np.hstack(parts)


def rounded(vector: NDArray[np.floating[Any]]) -> Array:
    """A vector as it is kept, so that a run that was resumed compares the same numbers."""
    return np.asarray(vector, "<f2").astype(np.float64)


def _pairs(
    voices: Sequence[Voice], windows: Sequence[Sequence[int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Which halves are one person's, and which are two people's of one window."""
    places: list[range] = []
    for voice in voices:
        first = places[-1].stop if places else 0
        places.append(range(first, first + len(voice.halves)))
    long = [len(voice.halves) == 2 and voice.seconds >= FOUNDING_S for voice in voices]
    same = [(places[row][0], places[row][1]) for row, is_long in enumerate(long) if is_long]
    unlike = [
        pair
        for window in windows
        for one, other in combinations([row for row in window if long[row]], 2)
        for pair in product(places[one], places[other])
    ]
    return same, unlike


def _products(lines: Array, pairs: Sequence[tuple[int, int]]) -> Array:
    first, second = np.array(pairs).T
    products: Array = (lines[first] * lines[second]).sum(axis=1)
    return products


def _shift(by_states: _Pairs) -> float:
    """What has to be mixed into the states so that `ALIKE` parts the pairs at their border, which
    is as many deviations from the middle of the ones as of the others."""
    same, unlike = by_states
    spread = float(same.std() + unlike.std()) or 1.0
    border = float(same.mean() * unlike.std() + unlike.mean() * same.std()) / spread
    return (ALIKE - border) / (1 - border)


def _apart(same: Array, unlike: Array) -> float:
    """By how many deviations the middles of both differ."""
    return float(same.mean() - unlike.mean()) / float(np.hypot(same.std(), unlike.std()) + 1e-9)
