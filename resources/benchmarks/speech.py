"""Measure speech detection against the package whose model it runs, in turn, on the same sound.

Run it as a script; it writes speech.json beside itself. All use one thread; the package's forms
are its loop over frames with torch (jit) and onnxruntime, and its many frames at once (sequence).
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from granite_studio.core.document import Span
from granite_studio.media.speech import SpeechDetector, spans
from granite_studio.media.values import BLOCK, RATE, Samples

MINUTES = 20
ROUNDS = 5


def recording() -> Samples:
    """The sample interview, over and over."""
    import soundfile

    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, rate = soundfile.read(folder / "interview.flac", dtype="int16")
    assert rate == RATE
    return np.resize(sound, MINUTES * 60 * RATE)


def ours(sound: Samples) -> list[Span]:
    """As the child does it: block after block."""
    detector = SpeechDetector()
    judged = [detector.feed(sound[first : first + BLOCK]) for first in range(0, len(sound), BLOCK)]
    return list(spans(np.concatenate([*judged, detector.finish()]), len(sound)))


def package_ways() -> dict[str, Callable[[Samples], list[Span]]]:
    import silero_vad  # type: ignore[import-untyped]
    import torch
    from silero_vad.sequence_vad import (  # type: ignore[import-untyped]
        get_speech_timestamps_sequence,
    )

    def frame_by_frame(model: Any) -> Callable[[Samples], list[Span]]:
        def way(sound: Samples) -> list[Span]:
            exact = torch.from_numpy(sound.astype(np.float32) / 32768)
            return _as_spans(silero_vad.get_speech_timestamps(exact, model))

        return way

    sequence = silero_vad.load_silero_vad(sequence=True)

    def at_once(sound: Samples) -> list[Span]:
        exact = sound.astype(np.float32) / 32768
        return _as_spans(get_speech_timestamps_sequence(exact, sequence))

    return {
        "package_sequence": at_once,
        "package_onnx": frame_by_frame(silero_vad.load_silero_vad(onnx=True)),
        "package_jit": frame_by_frame(silero_vad.load_silero_vad()),
    }


def _as_spans(found: list[dict[str, int]]) -> list[Span]:
    return [Span(f["start"] * 1000 // RATE, f["end"] * 1000 // RATE) for f in found]


def main() -> None:
    warnings.simplefilter("ignore")
    sound = recording()
    ways = {"ours": ours, **package_ways()}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, list[Span]] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = time.perf_counter()
            found[name] = way(sound)
            taken[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    result = {
        "command": "python resources/benchmarks/speech.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "minutes": MINUTES,
        "rounds": ROUNDS,
        "seconds": {name: round(value, 3) for name, value in medians.items()},
        "times_real_time": {name: round(MINUTES * 60 / value) for name, value in medians.items()},
        "ours_to_package_sequence": round(
            statistics.median(
                a / b for a, b in zip(taken["ours"], taken["package_sequence"], strict=True)
            ),
            3,
        ),
        "spans": {name: len(value) for name, value in found.items()},
        "equal_to_ours": {name: value == found["ours"] for name, value in found.items()},
    }
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
