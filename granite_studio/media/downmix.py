"""Several channels to one: all together without losing what is said in any, or one person's."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_studio.media.values import Samples

_AUDIBLE = 10.0 ** (-70 / 20) * 32768
"""A channel whose loudness (RMS) stays under this, 70 dB below full scale, says nothing."""

_CANCELLED = 10.0 ** (-10 / 10)
"""Mixing may cost 10 dB of power more than it costs unrelated channels."""

BLEED_DB = 15.0
"""Where a channel is so much weaker than another one, it holds the other one's person from afar.
What somebody says while the other speaks is seldom so faint."""

_UNIT = 320
"""Samples to one judgement of who speaks: 20 ms."""
_AROUND = 5
"""Units before and after that are judged with it, so that the gaps inside a word belong to it."""


class Mixer(Protocol):
    """Makes one channel of several, block after block of one stretch of sound."""

    def mono(self, interleaved: Samples) -> Samples:
        """Int16 samples of shape (n, channels) to shape (n,)."""
        ...


class Downmix:
    """Mixes block after block of one stretch of sound.

    The mix is the mean of the channels that have been audible so far, so that speech in one
    channel of six or in the right one alone keeps its level. Where channels cancel one another
    (one of them is wired the wrong way round), the mix would lose the speech: a block whose mix
    is more than 10 dB weaker than unrelated channels would give (13 dB under the loudest of two
    channels) is replaced by its loudest channel. Everything is decided from the sound up to the
    block's end, so a file need not be read twice.
    """

    def __init__(self) -> None:
        self._audible: NDArray[np.bool_] | None = None

    def mono(self, interleaved: Samples) -> Samples:
        """Mix int16 samples of shape (n, channels) to shape (n,)."""
        count, channels = interleaved.shape
        if channels == 1 or count == 0:
            return np.ascontiguousarray(interleaved[:, 0])
        exact = interleaved.astype(np.float32)
        products = exact.T @ exact / count
        powers = products.diagonal()
        loud = powers > _AUDIBLE**2
        self._audible = loud if self._audible is None else self._audible | loud
        share = self._audible.astype(np.float32) / max(1, self._audible.sum())
        unrelated = powers @ share**2
        if loud.any() and share @ products @ share < unrelated * _CANCELLED:
            return np.ascontiguousarray(interleaved[:, powers.argmax()])
        mixed: Samples = np.rint(exact @ share).astype(np.int16)
        return mixed


class OneChannel:
    """Gives one channel of a stretch of sound, silent where another one's person speaks.

    A person's microphone hears the other people of the room too, more softly; raised to a usual
    level, their words would be heard twice, and under the wrong name. So whatever is `bleed_db`
    weaker than the loudest other channel becomes silence, in steps of 20 ms with soft edges.
    """

    def __init__(self, channel: int, *, bleed_db: float = BLEED_DB) -> None:
        self._channel = channel
        self._share = 10 ** (-bleed_db / 10)
        self._before: NDArray[np.float32] | None = None
        self._gain = 1.0

    def mono(self, interleaved: Samples) -> Samples:
        """Int16 samples of shape (n, channels) to shape (n,). Of too few channels, the last."""
        count, channels = interleaved.shape
        own = np.ascontiguousarray(interleaved[:, min(self._channel, channels - 1)])
        if self._share == 0 or self._channel >= channels or channels == 1 or count == 0:
            return own
        powers = self._smooth(_powers(interleaved))
        others = np.delete(powers, self._channel, axis=1).max(axis=1)
        is_own = powers[:, self._channel] >= others * self._share
        middles = np.arange(len(is_own)) * _UNIT + _UNIT // 2
        gains = np.interp(
            np.arange(count), [-_UNIT // 2, *middles], [self._gain, *is_own.astype(np.float32)]
        )
        self._gain = float(is_own[-1])
        heard: Samples = np.rint(own * gains).astype(np.int16)
        return heard

    def _smooth(self, powers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mean power around each unit, as far as it is known by the block's end."""
        known = powers if self._before is None else np.concatenate((self._before, powers))
        self._before = known[-_AROUND:]
        total = np.zeros((len(known) + 1, known.shape[1]))
        total[1:] = np.cumsum(known, axis=0)
        at = np.arange(len(known) - len(powers), len(known))
        first, last = np.maximum(at - _AROUND, 0), np.minimum(at + _AROUND + 1, len(known))
        mean: NDArray[np.float32] = (total[last] - total[first]) / (last - first)[:, None]
        return mean


def _powers(interleaved: Samples) -> NDArray[np.float32]:
    """Power of each 20 ms of each channel, shape (units, channels); a part at the end counts."""
    squares = np.square(interleaved, dtype=np.float32)
    whole: NDArray[np.float32] = np.add.reduceat(squares, np.arange(0, len(squares), _UNIT))
    return whole
