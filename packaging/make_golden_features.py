"""Writes down what the models' own feature extractor makes of some sounds, for the tests.

The extractor needs torchaudio, which the program does not use. Put one where only this script sees
it. Without its native libraries, which are built for one torch alone, it works with any torch:

    python -m pip install --no-deps --target /tmp/torchaudio torchaudio==2.11.0
    rm -f /tmp/torchaudio/torchaudio/lib/*.so
    PYTHONPATH=/tmp/torchaudio .venv/bin/python packaging/make_golden_features.py

It writes `tests/data/features/golden.npz`. For each sound there is the sound itself, or for the
sample where it begins and ends, and some frames of the extractor's answer: the first and last
ones, and every seventh between, as float32. The same script gives the same numbers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "samples" / "interview.flac"
GOLDEN = ROOT / "tests" / "data" / "features" / "golden.npz"
RATE = 16_000
SLICE = (24_000, 39_999)
EDGE = 3
STEP = 7

Sound = npt.NDArray[np.float32]


def sounds() -> dict[str, Sound]:
    """Made sounds, at lengths that are even, odd and just not enough for another frame."""
    chance = np.random.default_rng(41)
    seconds = np.arange(19_201) / RATE
    chirp = 0.5 * np.sin(2 * np.pi * (60 * seconds + 3000 * seconds**2))
    noise = 0.1 * chance.standard_normal(12_959)
    clicks = np.zeros(8_000)
    clicks[::997] = 0.9
    faint = 1e-6 * chance.standard_normal(3_200)
    made = {
        "chirp": chirp,
        "noise": noise,
        "clicks": clicks,
        "silence": np.zeros(4_800),
        "faint": faint,
        "shortest": 0.2 * chance.standard_normal(257),
        "odd": 0.2 * chance.standard_normal(1_439),
        "even": 0.2 * chance.standard_normal(1_440),
    }
    return {name: from_stored(as_stored(sound)) for name, sound in made.items()}


def as_stored(sound: npt.NDArray[np.floating]) -> npt.NDArray[np.int16]:
    """A sound as 16-bit samples."""
    return np.round(sound * 32768).astype(np.int16)


def from_stored(stored: npt.NDArray[np.int16]) -> Sound:
    """16-bit samples as the numbers in -1..1 that they stand for."""
    return stored.astype(np.float32) / np.float32(32768)


def kept(frames: int) -> npt.NDArray[np.intp]:
    """Which frames are written down."""
    at = np.arange(frames)
    return np.flatnonzero((at < EDGE) | (at >= frames - EDGE) | (at % STEP == 0))


def main() -> None:
    import soundfile
    import torch
    from transformers import GraniteSpeechFeatureExtractor

    extractor = GraniteSpeechFeatureExtractor()
    speech, rate = soundfile.read(SAMPLE, start=SLICE[0], stop=SLICE[1], dtype="float32")
    if rate != RATE:
        raise SystemExit(f"{SAMPLE.name} is not at {RATE} Hz")
    stored: dict[str, npt.NDArray[np.generic]] = {"speech_slice": np.array(SLICE)}
    for name, sound in {**sounds(), "speech": speech}.items():
        answer = extractor(torch.from_numpy(sound))
        frames = answer["input_features"][0].numpy()
        if name != "speech":
            stored[f"{name}_sound"] = as_stored(sound)
        stored[f"{name}_frames"] = frames[kept(len(frames))]
        stored[f"{name}_at"] = kept(len(frames))
        stored[f"{name}_lengths"] = np.array([len(frames), answer["audio_embed_sizes"][0]])
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(GOLDEN, allow_pickle=False, **stored)
    print(f"{GOLDEN.relative_to(ROOT)}: {GOLDEN.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
