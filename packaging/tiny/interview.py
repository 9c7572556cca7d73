"""The bundled sample as a test: no model was trained on its sentences."""

from __future__ import annotations

import json

import numpy as np
from make_sample import RATE, SOUND, TRUTH, plain
from numpy.typing import NDArray

QUIET = 0.004
STEP = RATE // 50


def sound() -> NDArray[np.float32]:
    """The sample's samples."""
    import soundfile

    samples, _ = soundfile.read(SOUND, dtype="float32")
    return np.asarray(samples)


def windows(samples: NDArray[np.float32], longest_s: float) -> list[tuple[float, float]]:
    """Stretches of at most that length, in seconds, cut in the longest pause of the later half."""
    count = len(samples) // STEP
    loud = np.sqrt(np.mean(samples[: count * STEP].reshape(count, STEP) ** 2, axis=1)) > QUIET
    made, start = [], 0
    most = int(longest_s * 50)
    while count - start > most:
        best, at, run = 0, start + most, 0
        for frame in range(start + most // 3, start + most):
            run = 0 if loud[frame] else run + 1
            if run >= best and run > 4:
                best, at = run, frame - run // 2
        made.append((start / 50, at / 50))
        start = at
    return [*made, (start / 50, len(samples) / RATE)]


def said(start: float = 0.0, end: float = 1e9) -> list[tuple[str, str]]:
    """The words between two times, plain, each with its speaker."""
    rows = json.loads((TRUTH / "interview.words.json").read_text(encoding="utf-8"))["words"]
    return [
        (plain(row["w"]), row["speaker"])
        for row in rows
        if start <= (row["start"] + row["end"]) / 2 < end
    ]
