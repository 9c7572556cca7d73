"""Measure the waveform of a one-hour MP3: first screen, completion, drawing columns, size.

Run it as a script; it writes peaks.json beside itself. The decoder's own time, measured in turn
with ours, is the floor. Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.media import decoding
from granite_studio.media.client import MediaReader, PeaksProgress
from granite_studio.media.peaks import Peaks, PeaksBuilder, dump, load
from granite_studio.media.values import BASE, BLOCK, Block, End, Piece
from granite_studio.media.values import RATE as RATE_16

RATE = 44_100
SCREEN_MS = 10_000
WIDTH = 1920


def make_mp3(path: Path, minutes: int) -> None:
    """Syllables of noise with pauses, stereo at 128 kbit/s, the same on every run."""
    import av

    chance = np.random.default_rng(20261120)
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="stereo")
        stream.bit_rate = 128_000
        for _ in range(minutes * 60):
            loudness = np.repeat(chance.random(10) ** 2 * (chance.random(10) > 0.2), RATE // 10)
            noise = np.cumsum(chance.normal(0, 900, RATE)) % 16_000 - 8_000
            samples = (noise * loudness).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(
                np.repeat(samples, 2).reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate = RATE
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


def decode_only(path: Path) -> float:
    """Seconds to decode every packet and throw the sound away: the floor."""
    import av

    begun = time.perf_counter()
    with av.open(str(path)) as container:
        for _ in container.decode(audio=0):
            pass
    return time.perf_counter() - begun


def decode_and_resample(path: Path) -> float:
    """Seconds to decode and bring the sound to 16 kHz mono in the simplest way."""
    import av

    begun = time.perf_counter()
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000, frame_size=16_000)
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                part.to_ndarray()
    return time.perf_counter() - begun


def ours(path: Path, cache: Path) -> tuple[float, float, float]:
    """Seconds to the first screen and to the end, from a cold start, and to read the cache."""
    reader = MediaReader(cache)
    first = 0.0
    begun = time.perf_counter()
    for event in reader.peaks(path, CancelToken()):
        known = event.peaks.duration_ms if isinstance(event, PeaksProgress) else SCREEN_MS
        if not first and known >= SCREEN_MS:
            first = time.perf_counter() - begun
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    (_,) = reader.peaks(path, CancelToken())
    again = time.perf_counter() - begun
    reader.close()
    for file in cache.iterdir():
        file.unlink()
    return first, whole, again


def ten_hours() -> tuple[Peaks, float]:
    """The peaks of ten hours of noise and the seconds to build the pyramid from base pairs."""
    chance = np.random.default_rng(1)
    pairs = 10 * 3600 * 16_000 // 256
    high = chance.integers(0, 20_000, pairs).astype(np.int16)
    begun = time.perf_counter()
    builder = PeaksBuilder()
    for first in range(0, pairs, 6250):
        builder.add(-high[first : first + 6250], high[first : first + 6250])
    peaks = builder.finish(10 * 3600 * 1000)
    return peaks, time.perf_counter() - begun


def from_pcm(rounds: int) -> dict[str, float]:
    """An hour of samples to the whole pyramid, second by second as it is decoded, and the floor:
    one minimum and one maximum over all rows at once."""
    hour = np.random.default_rng(3).integers(-9999, 9999, 3600 * RATE_16).astype(np.int16)
    blocks = [Block(1000 * n, hour[n * BLOCK : (n + 1) * BLOCK]) for n in range(3600)]
    sound = [*blocks, End(3_600_000, 3_600_000, 0)]

    def build() -> None:
        builder = PeaksBuilder()
        for event in decoding.peaks(Path(), None, CancelToken()):
            if isinstance(event, Piece):
                builder.add(event.low, event.high)
        builder.finish(3_600_000)

    def floor() -> None:
        rows = hour.reshape(-1, BASE)
        rows.min(axis=1), rows.max(axis=1)

    with patch.object(decoding, "sound", lambda _request, _cancel: iter(sound)):
        pairs = [(microseconds(build, 1), microseconds(floor, 1)) for _ in range(rounds)]
    ours, least = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    return {"ours_us": ours, "numpy_us": least, "ratio": round(ratio, 2)}


def naive_columns(samples: NDArray[np.int16], width: int) -> None:
    """Aegisub's way: look at every sample of every column."""
    edges = np.linspace(0, len(samples), width + 1).astype(int)
    for first, last in itertools.pairwise(edges):
        part = samples[first:last]
        part.min(), part.max()


def microseconds(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1e6)
    return round(statistics.median(taken), 1)


def measure_columns(peaks: Peaks) -> dict[str, Any]:
    spans = {"10 s": 10_000, "2 min": 120_000, "1 h": 3_600_000, "10 h": 36_000_000}
    ours_us = {
        name: microseconds(partial(peaks.columns, 0, span, WIDTH), 200)
        for name, span in spans.items()
    }
    hour = np.random.default_rng(2).integers(-9, 9, 3600 * 16_000).astype(np.int16)
    return {
        "ours_us": ours_us,
        "naive_1_h_us": microseconds(lambda: naive_columns(hour, WIDTH), 3),
    }


def median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, cache = Path(folder, "hour.mp3"), Path(folder, "cache")
        make_mp3(path, wanted.minutes)
        rounds = [
            (decode_only(path), decode_and_resample(path), *ours(path, cache))
            for _ in range(wanted.rounds)
        ]
    floor, resampled, first, whole, again = (list(column) for column in zip(*rounds, strict=True))
    peaks, build_s = ten_hours()
    content = dump(peaks, 1, 1)
    result = {
        "command": "python resources/benchmarks/peaks.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "minutes": wanted.minutes,
        "rounds": wanted.rounds,
        "first_screen_s": median(first),
        "complete_s": median(whole),
        "decode_only_s": median(floor),
        "decode_and_resample_s": median(resampled),
        "complete_to_decode_only": median([a / b for a, b in zip(whole, floor, strict=True)]),
        "complete_to_decode_and_resample": median(
            [a / b for a, b in zip(whole, resampled, strict=True)]
        ),
        "from_cache_s": median(again),
        "hour_from_pcm": from_pcm(9),
        "columns": measure_columns(peaks),
        "ten_hours": {
            "build_s": round(build_s, 3),
            "memory_bytes": sum(low.nbytes + high.nbytes for low, high in peaks.levels),
            "file_bytes": len(content),
            "load_us": microseconds(lambda: load(content, 1, 1), 5),
        },
    }
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
