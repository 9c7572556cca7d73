"""Measure what the pipeline adds to its engine: time spent waiting, and padding in batches.

    python resources/benchmarks/pipeline.py FOLDER

FOLDER holds recordings of speech, which are joined to twenty minutes with pauses between them,
from a seed. An engine that sleeps as long as a GPU would work hears it through `pipeline.listen`,
with all processes of the program. What cannot be gone below is the longer of two times: reading
the recording (decoding and finding speech) without an engine, and the engine's own work.
Then an hour made in the same way is heard by an engine that counts what is padding in its batches,
with all windows ready at once, as they are for an engine that is slower than reading.
Writes `pipeline.json` beside itself.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.files import fingerprint
from granite_studio.engines.base import Options, TimedWord, Transcript, Turn, Window
from granite_studio.engines.granite.batches import in_batches
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.client import MediaReader
from granite_studio.media.values import RATE, Block, End, Samples, SoundWindow
from granite_studio.pipeline.listen import Task, listen
from granite_studio.pipeline.results import Result

MINUTES = 20
SEED = 7
ROUNDS = 3
MEDIA = (".flac", ".wav", ".mp3")
MP3_RATE = 44_100
SPEEDS = {"NAR on an H100": (1820, 128), "base on an H100": (231, 32), "as reading": (0, 16)}
"""Times real time and windows at once; 0 is as fast as the recording can be read."""
HOUR = 60
LONGEST_S = (12, 30)
SIZES = (4, 16, 32)


def sleeper() -> Callable[[Any, CancelToken], Iterator[Any]]:
    """Runs in the engine's process: `request.model` is "speed batch"."""

    def handle(request: Any, cancel: CancelToken) -> Iterator[Any]:
        speed, batch = (float(part) for part in request.model.split())
        yield Loaded("sleeps", int(batch))
        for first in range(0, len(request.windows), int(batch)):
            part = request.windows[first : first + int(batch)]
            time.sleep(sum(len(pcm) for _, pcm in part) / 2 / RATE / speed)
            yield from (answer(index, len(pcm) / 2 / RATE) for index, pcm in part)

    return handle


def answer(index: int, seconds: float) -> Transcript:
    """Words in which the audit finds nothing, so that no window is heard again."""
    times = np.arange(0, seconds - 0.1, 1.2).tolist()
    words = (TimedWord(f"word{at:.1f}", at, at + 0.1, 0.9) for at in times)
    return Transcript(index, (Turn(tuple(words)),))


def recording(reader: MediaReader, folder: Path, minutes: int) -> Samples:
    """Everything in the folder, in random order over and over, with pauses as people make them."""
    sounds = []
    for path in sorted(path for path in folder.iterdir() if path.suffix in MEDIA):
        events = reader.sound(path, CancelToken())
        sounds.append(np.concatenate([e.samples for e in events if isinstance(e, Block)]))
    rng = random.Random(SEED)
    parts: list[Samples] = []
    left = minutes * 60 * RATE
    while left > 0:
        pause = np.zeros(round(min(30.0, rng.expovariate(1 / 1.5)) * RATE), dtype=np.int16)
        parts += [rng.choice(sounds), pause]
        left -= len(parts[-2]) + len(pause)
    return np.concatenate(parts)[: minutes * 60 * RATE]


def write_mp3(path: Path, samples: Samples) -> None:
    """As recorders write it: 44.1 kHz, two channels."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=MP3_RATE, layout="stereo")
        for first in range(0, len(samples), RATE):
            part = np.ascontiguousarray(samples[first : first + RATE]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def reading(reader: MediaReader, path: Path, longest_s: int = 30) -> list[SoundWindow]:
    events = reader.windows(path, CancelToken(), longest_ms=longest_s * 1000)
    return [event for event in events if isinstance(event, SoundWindow)]


def task_for(path: Path, model: str, longest_s: int = 30) -> Task:
    return Task(
        media=path,
        fingerprint=fingerprint(path),
        duration=MINUTES * 60_000,
        engine="granite-nar",
        model=model,
        options=Options(),
        window_s=longest_s,
    )


def hearing(
    reader: MediaReader, engine: EngineProcess, path: Path, speed: float, batch: int
) -> tuple[float, float]:
    """Seconds to the end, and to the first words."""
    task = task_for(path, f"{speed} {batch}")
    begun = time.perf_counter()
    first = 0.0
    for event in listen(task, reader, engine, CancelToken()):
        if isinstance(event, Result) and not first:
            first = time.perf_counter() - begun
    return time.perf_counter() - begun, first


def overhead(reader: MediaReader, path: Path) -> dict[str, Any]:
    """Reading alone and hearing at each speed take turns."""
    engine = EngineProcess(serve="pipeline:sleeper")
    sound_s = sum(len(window.samples) for window in reading(reader, path)) / RATE
    hearing(reader, engine, path, 1e9, 128)
    begun = time.perf_counter()
    reading(reader, path)
    own = sound_s / (time.perf_counter() - begun)
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in SPEEDS}
    for _ in range(ROUNDS):
        for name, (speed, batch) in SPEEDS.items():
            begun = time.perf_counter()
            reading(reader, path)
            read_s = time.perf_counter() - begun
            taken[name].append((read_s, *hearing(reader, engine, path, speed or own, batch)))
    engine.close()
    result = {}
    for name, (speed, batch) in SPEEDS.items():
        model_s = sound_s / (speed or own)
        rows = taken[name]
        wall_s = statistics.median(wall for _, wall, _ in rows)
        result[name] = {
            "times_real_time": round(speed or own),
            "batch": batch,
            "reading_s": round(statistics.median(read for read, _, _ in rows), 2),
            "engine_s": round(model_s, 2),
            "wall_s": round(wall_s, 2),
            "first_words_s": round(statistics.median(first for _, _, first in rows), 2),
            "wall_to_ideal": round(
                statistics.median(wall / max(read, model_s) for read, wall, _ in rows), 3
            ),
            "engine_idle": round(max(0.0, 1 - model_s / wall_s), 3),
        }
    return result


class Ready:
    """A reader that has read everything."""

    def __init__(self, windows: Sequence[SoundWindow]) -> None:
        self._windows = windows

    def windows(self, *_: Any, **__: Any) -> Iterator[SoundWindow | End]:
        yield from self._windows
        yield End(0, 0, 0)


class Counting:
    """An engine that makes batches as ours do, and counts what is sound in them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.sound = self.filled = 0

    def hear(
        self, engine: str, windows: Sequence[tuple[int, bytes]], *_: Any, **__: Any
    ) -> Iterator[Loaded | Transcript]:
        yield Loaded("counts", self._size)
        asked = [Window(index, np.frombuffer(pcm, np.float16)) for index, pcm in windows]
        for event in in_batches(asked, size=self._size, work=self._work, cancel=CancelToken()):
            assert isinstance(event, Transcript)
            yield event

    def _work(self, batch: Sequence[Window]) -> Iterator[Transcript]:
        lengths = [len(window.samples) for window in batch]
        self.sound += sum(lengths)
        self.filled += max(lengths) * len(lengths)
        yield from (answer(w.index, len(w.samples) / RATE) for w in batch)


def padding(windows: Sequence[SoundWindow], task: Task, size: int) -> dict[str, float]:
    """The share of padding: as windows come, as the pipeline does it, and if all were sorted."""
    lengths = [len(window.samples) for window in windows]
    engine, reader = Counting(size), Ready(windows)
    for _ in listen(task, reader, engine, CancelToken()):  # type: ignore[arg-type]
        pass
    assert engine.sound == sum(lengths), "every window was heard once"
    return {
        "as_they_come": _padding(lengths, size),
        "pipeline": round(1 - engine.sound / engine.filled, 4),
        "all_sorted": _padding(sorted(lengths), size),
    }


def _padding(lengths: Sequence[int], size: int) -> float:
    batches = [lengths[first : first + size] for first in range(0, len(lengths), size)]
    return round(1 - sum(lengths) / sum(max(batch) * len(batch) for batch in batches), 4)


def waste(reader: MediaReader, path: Path) -> list[dict[str, Any]]:
    rows = []
    for longest_s in LONGEST_S:
        windows = reading(reader, path, longest_s)
        for size in SIZES:
            found = padding(windows, task_for(path, "", longest_s), size)
            rows.append({"longest_s": longest_s, "windows": len(windows), "batch": size, **found})
    return rows


def main() -> None:
    import soundfile

    sys.path.insert(0, str(Path(__file__).parent))  # where the child finds this file
    with tempfile.TemporaryDirectory() as scratch:
        reader = MediaReader(Path(scratch, "cache"))
        folder, path = Path(sys.argv[1]), Path(scratch, "recording.mp3")
        hour = Path(scratch, "hour.flac")
        soundfile.write(hour, recording(reader, folder, HOUR), RATE)
        write_mp3(path, recording(reader, folder, MINUTES))
        result = {
            "command": "python resources/benchmarks/pipeline.py FOLDER",
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
            "minutes": MINUTES,
            "rounds": ROUNDS,
            "overhead": overhead(reader, path),
            "padding": waste(reader, hour),
        }
        reader.close()
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
