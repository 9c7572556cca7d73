"""Measure child processes: start, round trip, sound through the pipe, cancelling.

Run it as a script; it writes workers.json beside itself. Shared memory is measured as the way not
taken: blocks of sound go through the pipe.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

import numpy as np

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.media.values import BLOCK, Block
from granite_studio.workers.child import Worker

HOURS = 1
BLOCKS = HOURS * 3600


def handler() -> Callable[[str, CancelToken], Iterator[Any]]:
    """Runs in the child: nothing, an hour of blocks in one way or the other, or for ever."""
    samples = np.random.default_rng(1).integers(-9999, 9999, BLOCK).astype(np.int16)

    def handle(request: str, cancel: CancelToken) -> Iterator[Any]:
        if request == "pipe":
            for index in range(BLOCKS):
                yield Block(index * 1000, samples)
        elif request == "shared":
            slots = 16
            memory = shared_memory.SharedMemory(create=True, size=slots * BLOCK * 2)
            ring = np.ndarray((slots, BLOCK), dtype=np.int16, buffer=memory.buf)
            yield memory.name
            for index in range(BLOCKS):
                ring[index % slots] = samples
                yield index
            del ring
            memory.close()
        elif request == "endless":
            while True:
                yield Block(0, samples)
        else:
            yield request

    return handle


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def through_pipe(worker: Worker) -> None:
    for block in worker.run("pipe", CancelToken(), quiet_s=20):
        block.samples.copy()


def through_shared_memory(worker: Worker) -> None:
    events = worker.run("shared", CancelToken(), quiet_s=20)
    memory = shared_memory.SharedMemory(name=next(events))
    ring = np.ndarray((16, BLOCK), dtype=np.int16, buffer=memory.buf)
    for index in events:
        ring[index % 16].copy()
    del ring
    memory.close()
    memory.unlink()


def cancel_once(worker: Worker) -> float:
    cancel = CancelToken()
    events = worker.run("endless", cancel, quiet_s=20)
    for _ in range(20):
        next(events)
    cancel.cancel()
    begun = time.perf_counter()
    try:
        for _ in events:
            pass
    except Cancelled:
        return time.perf_counter() - begun
    raise AssertionError("a cancelled run ends with Cancelled")


def start_once() -> float:
    worker = Worker("workers:handler", name="The helper")
    taken = seconds(lambda: list(worker.run("echo", CancelToken(), quiet_s=20)))
    worker.close()
    return taken


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))  # where the child finds this file
    worker = Worker("workers:handler", name="The helper")
    list(worker.run("echo", CancelToken(), quiet_s=20))
    trips = [
        seconds(lambda: list(worker.run("echo", CancelToken(), quiet_s=20))) for _ in range(1000)
    ]
    ways = [
        (
            seconds(lambda: through_pipe(worker)),
            seconds(lambda: through_shared_memory(worker)),
        )
        for _ in range(5)
    ]
    cancels = sorted(cancel_once(worker) for _ in range(100))
    pipe, shared = (statistics.median(column) for column in zip(*ways, strict=True))
    worker.close()
    result = {
        "command": "python resources/benchmarks/workers.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "start_to_first_answer_s": round(statistics.median(start_once() for _ in range(7)), 3),
        "round_trip_us": round(statistics.median(trips) * 1e6, 1),
        "hour_of_sound_through_pipe_s": round(pipe, 3),
        "hour_of_sound_through_shared_memory_s": round(shared, 3),
        "cancel_ms": {
            "median": round(statistics.median(cancels) * 1000, 2),
            "p95": round(cancels[94] * 1000, 2),
            "worst": round(cancels[-1] * 1000, 2),
        },
    }
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
