"""The engine process: what runs in the child, and the client that drives it from the parent."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.engines import catalog
from granite_studio.engines.base import Engine, Heartbeat, Options, Transcript, Window
from granite_studio.workers.child import Worker

SERVE = "granite_studio.engines.serving:serve"
"""What runs in the child; tests put an engine that misbehaves in its place."""

_QUIET_S = 300.0
"""Longest silence of the engine before it counts as hung: reading 4 GB from a slow disk takes a
minute, and nothing is said meanwhile. While it hears it speaks at every step."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The engine is ready, runs on this device, and likes this many windows at once."""

    device: str
    batch: int = 1


@dataclass(frozen=True, slots=True)
class _Request:
    engine: str
    model: str | None
    device: str
    options: Options
    windows: tuple[tuple[int, bytes], ...]


class EngineProcess:
    """One engine in a process of its own, kept warm between windows and jobs."""

    def __init__(self, log_path: Path | None = None, *, serve: str = SERVE) -> None:
        self._worker = Worker(serve, name="The engine", log_path=log_path)

    def hear(
        self,
        engine: str,
        windows: Sequence[tuple[int, bytes]],
        options: Options,
        cancel: CancelToken,
        *,
        model: str | None = None,
        device: str = "auto",
    ) -> Iterator[Loaded | Heartbeat | Transcript]:
        """Hear windows, given as (index, 16-bit mono samples at 16 kHz).

        `model` is a folder, or for a remote engine the name its server knows; `device` "auto",
        "cpu", "cuda" or "mps".
        Raises `WorkerDied` or `WorkerHung` when the process is lost (the next call starts a fresh
        one), `EngineError` for what the engine cannot do, `Cancelled` within two seconds.
        """
        request = _Request(engine, model, device, options, tuple(windows))
        return self._worker.run(request, cancel, quiet_s=_QUIET_S)

    def close(self) -> None:
        self._worker.close()


def serve() -> Callable[[Any, CancelToken], Iterator[Any]]:
    """Called once in the child: a handler that keeps the engine it loaded last."""
    loaded: dict[tuple[str, str | None, str], Engine] = {}

    def handle(request: _Request, cancel: CancelToken) -> Iterator[Any]:
        key = (request.engine, request.model, request.device)
        if key not in loaded:
            loaded.clear()  # two models would not fit side by side
            loaded[key] = _load(*key)
        engine = loaded[key]
        yield Loaded(engine.device, engine.batch)
        windows = [Window(index, _floats(pcm)) for index, pcm in request.windows]
        yield from engine.hear(windows, request.options, cancel)

    return handle


def _load(name: str, model: str | None, device: str) -> Engine:
    module, function = catalog.find(name).loader.split(":")
    engine: Engine = getattr(importlib.import_module(module), function)(
        Path(model) if model else None, device
    )
    return engine


def _floats(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)
