"""How voices sound, from the samples alone: cepstra and pitch, and who of them speaks when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, combinations, groupby
from math import log1p

import numpy as np
from numpy.typing import NDArray

from granite_studio.engines.base import RATE, Half, TimedWord, Turn, Voice

Array = NDArray[np.float64]

_STEP_S = 0.01
_STEP, _FRAME, _PITCH_FRAME = RATE // 100, RATE // 40, RATE // 20
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 26, 100.0, 7000.0
_CEPSTRA = 12
_HEARD = 1e-3
"""A frame counts as speech down to 30 dB below the loudest ones."""
_FLOOR = 1e-4
"""Power added to each band, as a share of the loud frames': a hum below it colours no voice."""
_DEEPEST_HZ, _HIGHEST_VOICE_HZ = 70, 400
_VOICED = 0.55
_FEWEST_VOICED = 10

# What is usual among speakers, and how far one strays in three seconds of speech (standard
# deviation), from 31 real voices. The last of each is pitch, in octaves above 1 Hz.
_USUAL = np.array([-0.7, 0.0, 1.9, -1.2, 0.0, -0.6, -0.4, -0.1, -0.1, 0.1, -0.1, -0.1, 7.15])
_STRAYS = np.array([1.25, 0.7, 0.9, 0.53, 0.38, 0.38, 0.3, 0.32, 0.3, 0.23, 0.2, 0.22, 0.1])
_STRAYED_S = 3.0
_LIFT = 20.0
"""Height of the sphere above the plane of features: so large that angles are as distances."""

ALIKE = 0.92
"""Voices whose inner product is as large as this are one person's, as far as can be told."""

_BREATH_S = 0.15
"""A gap between words at which another voice may begin."""
_SHORTEST_S = 1.0
"""No voice is told from another by less speech than this."""
_STEADY_S = 6.0
"""In more speech than this a voice strays no less."""
_OTHER = 2.4
"""From this distance on two stretches of a window are two voices; see `_apart`."""
_FARTHEST = 1000.0
"""No two voices are as far apart as this."""


class Sound:
    """The frames of a window, to look at stretches of it."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        """Samples at `RATE`, shape (n,)."""
        powers = _band_powers(samples)
        loudness = powers.sum(axis=1)
        loudest = float(np.quantile(loudness, 0.95)) + 1e-12
        self._cepstra = np.log(powers + _FLOOR * loudest / _BANDS) @ _cosines().T
        self._pitch = _pitch(samples)
        self._loud = loudness > _HEARD * loudest

    def features(self, words: Iterable[TimedWord]) -> tuple[Array, float]:
        """How these words sound, and how many seconds of speech they are.

        Shape (13,): the means of cepstra 1 to 12 and the median pitch, less what is usual and in
        units of `_STRAYS`. Pitch is NaN where there is too little voice.
        """
        mask = np.zeros(len(self._loud), bool)
        for word in words:
            mask[round(word.start_s / _STEP_S) : round(word.end_s / _STEP_S)] = True
        mask &= self._loud
        count = int(mask.sum())
        if not count:
            return np.full(_CEPSTRA + 1, np.nan), 0.0
        pitch = self._pitch[mask]
        voiced = pitch[~np.isnan(pitch)]
        height = float(np.median(voiced)) if len(voiced) >= _FEWEST_VOICED else np.nan
        means = np.append(self._cepstra[mask].mean(axis=0), height)
        return (means - _USUAL) / _STRAYS, count * _STEP_S


@dataclass(frozen=True, slots=True)
class States:
    """What an early layer of an encoder made of a window: `values` of shape (frames, d)."""

    values: NDArray[np.float32]
    frame_s: float

    def mean(self, words: Iterable[TimedWord]) -> NDArray[np.float32]:
        """Of all frames in which one of these words is said, shape (d,)."""
        mask = np.zeros(len(self.values), bool)
        for word in words:
            first, last = (int(at / self.frame_s) for at in (word.start_s, word.end_s))
            mask[min(first, len(mask) - 1) : last + 1] = True
        return np.asarray(self.values[mask].mean(axis=0), np.float32)


def voices(sound: Sound, turns: Iterable[Turn], states: States | None = None) -> tuple[Voice, ...]:
    """How each speaker of these turns sounds, in order of first appearance.

    One without a frame of sound is left out.
    """
    said: dict[str | None, list[TimedWord]] = {}
    for turn in turns:
        said.setdefault(turn.speaker, []).extend(turn.words)
    found = []
    for speaker, words in said.items():
        features, seconds = sound.features(words)
        if seconds:
            halves = _halves(sound, words, states) if states else ()
            found.append(Voice(speaker, _on_sphere(features), seconds, halves))
    return tuple(found)


def _halves(sound: Sound, words: Sequence[TimedWord], states: States) -> tuple[Half, ...]:
    """Two halves of these words by time, or all of them where one half cannot be heard."""
    ends = list(accumulate(word.end_s - word.start_s for word in words))
    place = bisect_right(ends, ends[-1] / 2)
    parts = [(part, *sound.features(part)) for part in (words[:place], words[place:]) if part]
    if len(parts) < 2 or not all(seconds for _, _, seconds in parts):
        parts = [(words, *sound.features(words))]
    return tuple(Half(_on_sphere(features), states.mean(part)) for part, features, _ in parts)


def turns(sound: Sound, words: Sequence[TimedWord]) -> tuple[Turn, ...]:
    """The words in turns by "Speaker 1", "Speaker 2" ..., told apart by how they sound.

    Words are taken together between breaths, and cut where the voice changes in the midst of
    them; then the stretches that are most alike become one voice, one after the other, until
    those left are clearly apart. In doubt there are fewer voices, not more.
    """
    stretches = [part for run in _runs(words) for part in _parted(sound, run)]
    who = {
        id(word): number
        for number, one in enumerate(_merged(sound, stretches))
        for word in one.words
    }
    labels: dict[int, str] = {}
    made = []
    for number, said in groupby(words, key=lambda word: who[id(word)]):
        label = labels.setdefault(number, f"Speaker {len(labels) + 1}")
        made.append(Turn(tuple(said), label))
    return tuple(made)


def matched(before: Sequence[Voice], after: Iterable[Voice]) -> dict[str, str]:
    """Which labels of `after` sound like whom in `before`, each like another one."""
    pairs = sorted(
        (
            (float(one.vector @ other.vector), one.speaker, other.speaker)
            for one in before
            for other in after
            if one.speaker is not None and other.speaker is not None
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for likeness, known, label in pairs:
        if likeness >= ALIKE and label not in found and known not in found.values():
            found[label] = known
    return found


def pooled(voices: Iterable[Voice]) -> tuple[Voice, ...]:
    """One voice for each label: those with the same one together, by their seconds."""
    by_label: dict[str | None, list[Voice]] = {}
    for voice in voices:
        by_label.setdefault(voice.speaker, []).append(voice)
    found = []
    for speaker, several in by_label.items():
        whole = np.sum([voice.vector * voice.seconds for voice in several], axis=0)
        seconds = sum(voice.seconds for voice in several)
        longest = max(several, key=lambda voice: voice.seconds)
        found.append(Voice(speaker, _unit(whole), seconds, longest.halves))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words that are thought to be one voice's, and how it sounds."""

    words: tuple[TimedWord, ...]
    features: Array
    seconds: float


def _stretch(sound: Sound, words: Iterable[TimedWord]) -> _Stretch:
    words = tuple(words)
    return _Stretch(words, *sound.features(words))


def _runs(words: Iterable[TimedWord]) -> list[list[TimedWord]]:
    """Words with no breath between them."""
    runs: list[list[TimedWord]] = []
    for word in words:
        if runs and word.start_s - runs[-1][-1].end_s < _BREATH_S:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _parted(sound: Sound, run: Sequence[TimedWord]) -> list[_Stretch]:
    """A run, cut between the two words where the voice changes most, and its parts again."""
    found = [
        (_apart(_stretch(sound, run[:place]), _stretch(sound, run[place:])), place)
        for place in range(1, len(run))
    ]
    far, place = max(found, default=(0.0, 0))
    if far < _OTHER:
        return [_stretch(sound, run)]
    return _parted(sound, run[:place]) + _parted(sound, run[place:])


def _merged(sound: Sound, stretches: list[_Stretch]) -> list[_Stretch]:
    """The closest two taken together, again and again, until all are voices of their own."""
    left = list(stretches)
    while len(left) > 1:
        far, one, other = min(
            (_apart(left[one], left[other]), one, other)
            for one, other in combinations(range(len(left)), 2)
        )
        if far >= _OTHER:
            break
        left[one] = _stretch(sound, left[one].words + left.pop(other).words)
    return left


def _apart(one: _Stretch, other: _Stretch) -> float:
    """How far two stretches are apart, by how far one voice strays in as much speech.

    It strays with the root of the time, up to a while. What is too short to be told from anybody
    is near to all, and nearest to what it sounds like.
    """
    shorter, longer = sorted((one.seconds, other.seconds))
    if not shorter:
        return 0.0
    far = float(np.sqrt(np.nanmean(np.square(one.features - other.features))))
    if shorter < _SHORTEST_S:
        return far / _FARTHEST
    share = _STRAYED_S / min(shorter, _STEADY_S) + _STRAYED_S / min(longer, _STEADY_S)
    return far * float(np.sqrt(2 / share))


@cache
def _bank() -> Array:
    """Triangles on the mel scale over the bins of a 512-point spectrum, shape (bands, 257)."""
    lowest, highest = (1127 * log1p(hertz / 700) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * np.expm1(np.linspace(lowest, highest, _BANDS + 2) / 1127)[:, None]
    bins = np.arange(257) * RATE / 512
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    bank: Array = np.maximum(0, np.minimum(rising, falling))
    return bank


@cache
def _cosines() -> Array:
    """The cosine transform from log bands to cepstra 1 to 12."""
    orders = np.arange(1, _CEPSTRA + 1)[:, None]
    cosines: Array = np.cos(np.pi * orders * (np.arange(_BANDS) + 0.5) / _BANDS)
    cosines *= (2 / _BANDS) ** 0.5
    return cosines


def _frames(samples: Array, size: int) -> Array:
    """Frames of a size, one every 10 ms, shape (n, size); as many whatever the size."""
    count = max(1, len(samples) // _STEP)
    padded = np.pad(samples, (0, max(0, (count - 1) * _STEP + size - len(samples))))
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::_STEP][:count]


def _band_powers(samples: NDArray[np.float32]) -> Array:
    clear = np.asarray(samples, np.float64)
    clear = np.append(clear[:1], clear[1:] - 0.97 * clear[:-1])
    spectra = np.fft.rfft(_frames(clear, _FRAME) * np.hamming(_FRAME), 512)
    return np.square(np.abs(spectra)) @ _bank().T


def _pitch(samples: NDArray[np.float32]) -> Array:
    """Octaves above 1 Hz for each frame, NaN where there is no voice; by autocorrelation."""
    window = np.hanning(_PITCH_FRAME)
    frames = _frames(np.asarray(samples, np.float64), _PITCH_FRAME)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    shape = _autocorrelation(window[None])
    echo = _autocorrelation(frames) / (shape / shape[:, :1])
    first, last = RATE // _HIGHEST_VOICE_HZ, RATE // _DEEPEST_HZ
    likeness = echo[:, first:last] / (echo[:, :1] + 1e-12)
    # The first lag nearly as good as the best one: twice the period is as good as the period.
    nearly = likeness >= 0.9 * likeness.max(axis=1, keepdims=True)
    peaks = np.zeros_like(nearly)
    peaks[:, 1:-1] = (likeness[:, 1:-1] >= likeness[:, :-2]) & (
        likeness[:, 1:-1] >= likeness[:, 2:]
    )
    at = (nearly & peaks).argmax(axis=1)
    voiced = (likeness[np.arange(len(at)), at] > _VOICED) & (at > 0)
    return np.where(voiced, np.log2(RATE / (at + first)), np.nan)


def _autocorrelation(frames: Array) -> Array:
    size = frames.shape[1]
    return np.fft.irfft(np.square(np.abs(np.fft.rfft(frames, 2 * size))))[:, :size]


def _on_sphere(features: Array) -> NDArray[np.float32]:
    """Features on a sphere, where the inner product tells how far they are apart."""
    return _unit(np.append(np.nan_to_num(features), _LIFT))


def _unit(vector: Array) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
