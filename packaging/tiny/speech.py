"""A pool of spoken sentences: flite says them, and tells when it says each word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from make_sample import Flite, trimmed
from numpy.typing import NDArray

from tiny.language import Sentence, sentences

VOICES = ("slt", "rms")
SLOWNESS = (0.9, 1.2)
PART = 250
"""Sentences that one call of a process speaks."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, its sound (int16 at 16 kHz) and when each word begins and ends, in seconds."""

    sentence: Sentence
    voice: str
    samples: NDArray[np.int16]
    times: tuple[tuple[float, float], ...]

    @property
    def words(self) -> list[str]:
        """The words as written, one for each time."""
        return self.sentence.text.split()


def speak(flite: Flite, sentence: Sentence, voice: str, slowness: float) -> Said:
    """One sentence in one voice."""
    spoken = trimmed(flite.say(sentence.text, voice, slowness))
    samples = np.clip(np.round(spoken.samples * 32768), -32768, 32767).astype(np.int16)
    times = tuple((word.start, word.end) for word in spoken.words)
    return Said(sentence, voice, samples, times)


def _speak_many(numbered: list[tuple[str, str, float]]) -> list[Said]:
    flite = Flite()
    return [speak(flite, Sentence(text), voice, slowness) for text, voice, slowness in numbered]


def make_pool(folder: Path, spoken: Iterable[Sentence], seed: int) -> None:
    """Speak sentences and keep them; what is there already is left as it is."""
    if (folder / "pool.json").exists():
        return
    chance = Random(seed)
    asked = [
        (sentence.text, chance.choice(VOICES), round(chance.uniform(*SLOWNESS), 3))
        for sentence in spoken
    ]
    parts = [asked[start : start + PART] for start in range(0, len(asked), PART)]
    folder.mkdir(parents=True, exist_ok=True)
    rows, at = [], 0
    with (folder / "pool.s16").open("wb") as sound, ProcessPoolExecutor(2) as processes:
        for said in (said for part in processes.map(_speak_many, parts) for said in part):
            sound.write(said.samples.tobytes())
            times = [[round(time, 4) for time in word] for word in said.times]
            rows.append([said.sentence.text, said.voice, at, len(said.samples), times])
            at += len(said.samples)
    (folder / "pool.json").write_text(json.dumps(rows), encoding="utf-8")


def read_pool(folder: Path) -> list[Said]:
    """What `make_pool` kept there; the sound stays on the disk until it is used."""
    sound = np.memmap(folder / "pool.s16", dtype=np.int16, mode="r")
    rows = json.loads((folder / "pool.json").read_text(encoding="utf-8"))
    return [
        Said(Sentence(text), voice, sound[at : at + count], tuple(map(tuple, times)))
        for text, voice, at, count, times in rows
    ]


def unseen(seed: int, count: int, voices: Sequence[str] = VOICES) -> Iterator[Said]:
    """Sentences that no model was trained on, freshly spoken, in the voices in turn."""
    flite, chance = Flite(), Random(seed)
    for index, sentence in enumerate(islice(sentences(chance, for_tests=True), count)):
        yield speak(flite, sentence, voices[index % len(voices)], chance.uniform(1.0, 1.1))
