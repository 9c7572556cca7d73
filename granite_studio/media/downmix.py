"""Several channels to one without losing what is said in any of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from granite_studio.media.values import Samples

_AUDIBLE = 10.0 ** (-70 / 20) * 32768
"""A channel whose loudness (RMS) stays under this, 70 dB below full scale, says nothing."""

_CANCELLED = 10.0 ** (-10 / 10)
"""Mixing may cost 10 dB of power more than it costs unrelated channels."""


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
