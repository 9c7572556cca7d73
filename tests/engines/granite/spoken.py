"""Sentences that the tiny checkpoints in `tests/data/checkpoints` were not trained on, spoken.

They are of the language of `packaging/tiny/language.py`, which puts one sentence in ten aside for
tests by its checksum. flite speaks them in the two voices the models know, slt and rms.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
CHECKPOINTS = ROOT / "tests" / "data" / "checkpoints"
RATE = 16_000

Samples = np.ndarray[tuple[int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as written, its sound, and when each of its words begins and ends, in seconds."""

    text: str
    samples: Samples
    times: tuple[tuple[float, float], ...]
    voice: str

    @property
    def plain(self) -> str:
        """Lower case, without punctuation."""
        return plain(self.text)


def unseen(seed: int, count: int, voices: tuple[str, ...] = ("slt", "rms")) -> list[Spoken]:
    """So many sentences, in the voices in turn; the test is skipped where flite is not."""
    speech = tiny("speech")
    try:
        said = list(speech.unseen(seed, count, voices))
    except OSError as error:
        pytest.skip(f"flite's libraries are not installed ({error})")
    return [
        Spoken(
            one.sentence.text,
            (np.asarray(one.samples, np.float32) / 32768).astype(np.float32),
            one.times,
            one.voice,
        )
        for one in said
    ]


def interview(longest_s: float) -> list[tuple[Samples, str]]:
    """The bundled sample in windows cut at pauses, each with what is said in it."""
    sample = tiny("interview")
    sound = sample.sound()
    return [
        (
            sound[round(start * RATE) : round(end * RATE)],
            " ".join(word for word, _ in sample.said(start, end)),
        )
        for start, end in sample.windows(sound, longest_s)
    ]


def joined(spoken: list[Spoken], pause_s: float = 0.4) -> Samples:
    """One after another in a quiet room, with a pause around each."""
    pause = np.zeros(round(pause_s * RATE), np.float32)
    parts = [pause, *(part for one in spoken for part in (one.samples, pause))]
    sound = np.concatenate(parts)
    room = np.random.default_rng(0).normal(0, 0.0003, len(sound))
    return (sound + room).astype(np.float32)


def plain(text: str) -> str:
    """A text in lower case, without punctuation."""
    return str(tiny("language").plain(text))


def word_error_rate(pairs: list[tuple[str, str]]) -> float:
    """Errors by words said, over pairs of what was said and what was heard."""
    return float(tiny("measure").word_error_rate(pairs))


def tiny(name: str) -> ModuleType:
    """A module of `packaging/tiny`."""

    folder = str(ROOT / "packaging")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(f"tiny.{name}")
