"""Sound as the models meet it: sentences between pauses, in noise, and the mel of that."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TypeVar

import numpy as np
import torch  # noqa: TID253
from make_sample import RATE
from numpy.typing import NDArray
from torch import Tensor  # noqa: TID253

from tiny.speech import Said

FRAMES_A_SECOND = 50
MELS = 80
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence in a clip: what is said by whom, and each word's times in the clip."""

    said: Said
    times: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of sound, float32 at `RATE`, with the sentences in it in order."""

    samples: NDArray[np.float32]
    placed: tuple[Placed, ...]

    @property
    def plain(self) -> str:
        """All that is said, in lower case and without punctuation."""
        return " ".join(placed.said.sentence.plain for placed in self.placed)


def noise(chance: np.random.Generator, count: int, level: float) -> NDArray[np.float32]:
    """Noise of that level: white, or like wind, or like hum."""
    white = chance.standard_normal(count).astype(np.float32)
    kind = chance.random()
    if kind < 0.3:
        width = int(chance.integers(2, 12))
        white = np.convolve(white, np.ones(width, np.float32) / width**0.5, "same")
    elif kind < 0.4:
        tone = np.arange(count, dtype=np.float32) * (2 * np.pi * chance.uniform(50, 400) / RATE)
        white = 0.3 * white + np.sin(tone)
    return white * np.float32(level)


def faster(samples: NDArray[np.int16], speed: float) -> NDArray[np.float32]:
    """The samples in -1..1, so many times as fast and as high."""
    steps = np.arange(int(len(samples) / speed), dtype=np.float32) * speed
    loud = np.asarray(samples, np.float32) / 32768
    return np.asarray(np.interp(steps, np.arange(len(samples)), loud), np.float32)


def compose(
    chance: Random, pool: Sequence[Said], seconds: float, quiet: float = 0.03, most: int = 40
) -> Clip:
    """Fill a clip with at most `most` sentences or, now and then, with noise alone."""
    random = np.random.default_rng(chance.getrandbits(64))
    count = round(seconds * RATE)
    if chance.random() < quiet:
        level = 0.0 if chance.random() < 0.2 else 10 ** chance.uniform(-5, -1)
        return Clip(noise(random, count, level), ())
    sound = np.zeros(count, np.float32)
    placed: list[Placed] = []
    at = chance.choice((0.02, chance.uniform(0, 0.8)))
    one_voice = chance.choice(("slt", "rms", "", ""))
    for _ in range(40):
        if len(placed) == most:
            break
        said = chance.choice(pool)
        if one_voice and said.voice != one_voice:
            continue
        speed = chance.uniform(0.95, 1.05)
        length = len(said.samples) / RATE / speed
        if at + length > seconds:
            if placed and seconds - at < 1.5:
                break
            at = min(at, chance.uniform(0, 0.3)) if not placed else at
            continue
        start = round(at * RATE)
        loud = faster(said.samples, speed) * np.float32(chance.uniform(0.7, 1.3))
        sound[start : start + len(loud)] += loud[: count - start]
        times = tuple((at + begin / speed, at + end / speed) for begin, end in said.times)
        placed.append(Placed(said, times))
        at += length + (
            chance.uniform(0.1, 0.6) if chance.random() < 0.8 else chance.uniform(0.6, 1.5)
        )
    sound *= np.float32(10 ** chance.uniform(-0.5, 0.25))
    if chance.random() < 0.9:
        sound += noise(random, count, 10 ** chance.uniform(-4.5, -2.6))
    return Clip(np.clip(sound, -1, 1), tuple(placed))


@cache
def _filters() -> tuple[Tensor, Tensor]:
    """The window of 400 samples, and the triangles of 80 HTK mels over 257 bins."""
    mel = np.linspace(0.0, 2595.0 * np.log10(1 + RATE / 2 / 700.0), MELS + 2)
    edges = torch.tensor(700.0 * (10 ** (mel / 2595.0) - 1), dtype=torch.float32)
    bins = torch.linspace(0, RATE // 2, 257)
    width, slope = edges[1:] - edges[:-1], edges[None] - bins[:, None]
    triangles = torch.minimum(-slope[:, :-2] / width[:-1], slope[:, 2:] / width[1:])
    return torch.hann_window(400), triangles.clamp(min=0)


def features(samples: Tensor, *, even: bool = False) -> Tensor:
    """The mel of clips of one length: [clips, samples] to [clips, frames of 20 ms, 160].

    `even` keeps 2 * (samples // 320) mel frames, as the non-autoregressive model does.
    """
    window, triangles = _filters()
    spectrum = torch.stft(
        samples, 512, 160, 400, window, center=True, pad_mode="reflect", return_complex=True
    )
    mel = spectrum.abs().pow(2).transpose(1, 2) @ triangles
    if even:
        mel = mel[:, : 2 * (samples.shape[1] // 320)]
    mel = mel.clamp_min(1e-10).log10()
    mel = torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8) / 4 + 1
    mel = mel[:, : mel.shape[1] // 2 * 2]
    return mel.reshape(len(mel), -1, 2 * MELS)


def masked(seen: Tensor, chance: Random) -> Tensor:
    """Features with some mels and moments blotted out, so that no model leans on one of them."""
    seen = seen.clone()
    for clip in seen:
        pairs = clip.view(len(clip), 2, MELS)
        if chance.random() < 0.6:
            low = chance.randrange(MELS - 12)
            pairs[:, :, low : low + chance.randint(1, 12)] = clip.mean()
        for _ in range(len(clip) // 100):
            start = chance.randrange(len(clip))
            pairs[start : start + chance.randint(1, 5)] = clip.mean()
    return seen


def stacked(clips: Sequence[Clip]) -> Tensor:
    """Clips of one length as a tensor."""
    return torch.from_numpy(np.stack([clip.samples for clip in clips]))


def ahead(make: Callable[[], T], depth: int = 6) -> Iterator[T]:
    """What `make` makes, made in a process of its own while the last one is being used."""
    context = multiprocessing.get_context("fork")
    made: multiprocessing.Queue[T] = context.Queue(depth)

    def work() -> None:
        torch.set_num_threads(1)
        while True:
            made.put(make())

    context.Process(target=work, daemon=True).start()
    while True:
        yield made.get()
