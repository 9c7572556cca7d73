"""Log-mel features of clips, exactly as the models' own extractors make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second."""

FRAME_S = 0.02
"""Seconds from one encoder frame to the next."""

WIDTH = 160
"""Numbers in an encoder frame: two frames of 80 mel bands side by side."""

_FFT = 512
_WINDOW = 400
_HOP = 160
_BANDS = WIDTH // 2
_REACH = _FFT // 2
_SHORTEST = _REACH + 1
_AUDIO_WINDOW = 15
_TOKENS_PER_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Features:
    """Encoder input of a batch: float32 (clips, frames, 160) on the device, 50 frames a second.

    `lengths` counts each clip's frames; what lies beyond is zero.
    """

    values: torch.Tensor
    lengths: tuple[int, ...]


def log_mel(
    clips: Sequence[NDArray[np.float32]], device: str | torch.device, *, whole: bool = False
) -> Features:
    """Features of mono clips at `RATE`, each as if it were alone.

    Base and Plus keep n // 160 + 1 mel frames of n samples, less the last one if that is odd. With
    `whole`, NAR's rule: 2 * (n // 320). Clips under 257 samples are lengthened with silence. The
    floor under the loudest point is 8 decades down per clip, counted over the clip's own frames.
    """
    device = torch.device(device)
    sizes = [max(len(clip), _SHORTEST) for clip in clips]
    # The frames whose maximum counts: with an odd number, base and Plus look at the last one too
    # before they drop it.
    heard = [2 * (n // (2 * _HOP)) if whole else n // _HOP + 1 for n in sizes]
    lengths = tuple(frames // 2 for frames in heard)
    count = max(lengths, default=0)
    if count == 0:
        return Features(torch.zeros(len(clips), 0, WIDTH, device=device), lengths)
    window, bands = _constants(device)
    sound = _padded(clips, sizes, pinned=device.type == "cuda").to(device, non_blocking=True)
    spectrum = torch.stft(
        sound, _FFT, _HOP, _WINDOW, window, center=False, return_complex=True
    ).abs()
    mel = torch.matmul(spectrum.square_().transpose(1, 2), bands)
    level = mel.clamp_(min=1e-10).log10_()

    at = torch.arange(level.shape[1], device=device)
    own = at < torch.tensor(heard, device=device)[:, None]
    loudest = level.masked_fill(~own[..., None], -torch.inf).amax(dim=(1, 2), keepdim=True)
    level = torch.maximum(level, loudest - 8.0).div_(4).add_(1)[:, : 2 * count]
    kept = at[: 2 * count] < torch.tensor(lengths, device=device)[:, None] * 2
    level = level * kept[..., None]
    return Features(level.reshape(len(clips), count, WIDTH), lengths)


def audio_tokens(frames: int) -> int:
    """How many audio tokens base and Plus make of that many encoder frames: ten a second."""
    return _TOKENS_PER_WINDOW * -(-frames // _AUDIO_WINDOW)


def _padded(
    clips: Sequence[NDArray[np.float32]], sizes: Sequence[int], *, pinned: bool
) -> torch.Tensor:
    """The clips below one another, each mirrored at its own two ends, as a lone clip is.

    The mirror has to be each clip's own: mirrored after zero padding, the last frames of a clip
    that is shorter than its neighbours would differ from what it gives alone.
    """
    sound = torch.zeros(len(clips), max(sizes) + 2 * _REACH, pin_memory=pinned)
    for row, clip, size in zip(sound.numpy(), clips, sizes, strict=True):
        end = _REACH + size
        row[_REACH : _REACH + len(clip)] = clip
        row[:_REACH] = row[2 * _REACH : _REACH : -1]
        row[end : end + _REACH] = row[end - 2 : end - 2 - _REACH : -1]
    return sound


@lru_cache(maxsize=4)
def _constants(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The Hann window, and the HTK mel filters as a matrix (257, 80), on the device.

    The filters are triangles between equal steps of the mel scale of O'Shaughnessy (1987), as in
    HTK, computed in the extractor's order of operations, so that they are the same to the bit.
    """

    def mel(hertz: float) -> float:
        return float(2595.0 * np.log10(1.0 + hertz / 700.0))

    bins = torch.linspace(0, RATE // 2, _FFT // 2 + 1)
    steps = torch.linspace(mel(0.0), mel(RATE / 2), _BANDS + 2)
    corners = 700.0 * (10.0 ** (steps / 2595.0) - 1.0)
    widths = corners[1:] - corners[:-1]
    slopes = corners[None, :] - bins[:, None]
    rising, falling = -slopes[:, :-2] / widths[:-1], slopes[:, 2:] / widths[1:]
    bands = torch.minimum(rising, falling).clamp(min=0)
    return torch.hann_window(_WINDOW, device=device), bands.to(device)
