"""Long recordings of sentences no model was trained on, with the truth about every word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, cycle, pairwise
from pathlib import Path
from random import Random

import numpy as np
from make_sample import BREATH_S, RATE, SPEECH_RMS, Word
from numpy.typing import NDArray

from tiny.sound import faster, noise
from tiny.speech import VOICES, Said, unseen

SPOKEN = 240
"""So many sentences are spoken, about ten minutes; longer recordings say them again."""
COMMON = 0.5
"""Of the common loudness: even the loudest stretch is not clipped."""
LOUDER_DB = 12.0
QUIETER_BED_DB = (25.0, 50.0)
SILENCES_S = ((0.0, 1.5), (1.0, 8.0), (8.0, 30.0))


@dataclass(frozen=True, slots=True)
class Recording:
    """What a made recording holds; times in seconds, the speakers are the names of the voices."""

    path: Path
    seconds: float
    words: tuple[Word, ...]

    def silences(self, longest_s: float = 1.0) -> list[tuple[float, float]]:
        """Where nobody speaks for longer than that."""
        edges = [(0.0, 0.0), *((w.start, w.end) for w in self.words), (self.seconds, self.seconds)]
        return [
            (before[1], after[0])
            for before, after in pairwise(edges)
            if after[0] - before[1] > longest_s
        ]


def make(path: Path, seconds: float, seed: int) -> Recording:
    """Write an interview of that length, WAV or FLAC by its name.

    A seed gives the same words at the same times again (flite breathes a little differently).
    Two voices take turns of one to four sentences. Between its stretches the level changes by up
    to 12 dB either way, as does the noise under it, and nobody may speak for up to 30 s; in every
    third stretch there is no pause at all. Raises `OSError` where flite's libraries are not.
    """
    import soundfile

    chance, total, at = Random(seed), round(seconds * RATE), 0
    dealt = _dealt(chance, seed, seconds)
    words: list[Word] = []
    hurried = cycle((False, True, False))
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        while at < total:
            sound, said = _stretch(chance, dealt, total - at, is_hurried=next(hurried))
            file.write(sound)
            begun = at / RATE
            words += (replace(w, start=w.start + begun, end=w.end + begun) for w in said)
            at += len(sound)
    return Recording(path, total / RATE, tuple(words))


def _dealt(chance: Random, seed: int, seconds: float) -> Mapping[str, Iterator[Said]]:
    """Each voice's sentences without end; none comes again before all the others did."""
    spoken = list(unseen(seed, max(8, min(SPOKEN, round(seconds / 2)))))

    def deal(said: Sequence[Said]) -> Iterator[Said]:
        while True:
            yield from chance.sample(said, len(said))

    return {voice: deal([said for said in spoken if said.voice == voice]) for voice in VOICES}


def _stretch(
    chance: Random, dealt: Mapping[str, Iterator[Said]], most: int, *, is_hurried: bool
) -> tuple[NDArray[np.float32], list[Word]]:
    """A silence and some turns of one loudness, at most so many samples, with its words."""
    at = round(chance.uniform(*chance.choice(SILENCES_S)) * RATE)
    placed: list[tuple[int, NDArray[np.float32]]] = []
    words: list[Word] = []
    voice = chance.choice(VOICES)
    turns = list(accumulate(chance.randint(1, 4) for _ in range(chance.randint(2, 6))))
    for count in range(1, turns[-1] + 1):
        said, speed = next(dealt[voice]), chance.uniform(0.95, 1.05)
        samples = faster(said.samples, speed)
        if at + len(samples) > most:
            at = most
            break
        placed.append((at, samples))
        words += (
            Word(word, at / RATE + start / speed, at / RATE + end / speed, voice)
            for word, (start, end) in zip(said.words, said.times, strict=True)
        )
        ends_turn = count in turns
        pause = -1.6 * BREATH_S if is_hurried else chance.uniform(0.1, 1.0 if ends_turn else 0.5)
        at += len(samples) + round(pause * RATE)
        if ends_turn:
            voice = VOICES[1 - VOICES.index(voice)]
    level = COMMON * 10 ** (chance.uniform(-LOUDER_DB, LOUDER_DB) / 20)
    bed = SPEECH_RMS * level * 10 ** (-chance.uniform(*QUIETER_BED_DB) / 20)
    length = min(most, max([at, *(start + len(samples) for start, samples in placed)]))
    sound = noise(np.random.default_rng(chance.getrandbits(64)), length, bed)
    for start, samples in placed:
        sound[start : start + len(samples)] += samples * np.float32(level)
    return np.clip(sound, -1, 1), words
