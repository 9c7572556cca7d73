"""What a benchmark of the models is asked, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure: a model's folder, or the name of a shape with random weights.

    Each window is `seconds` long, each answer `tokens` long; `repeats` runs are timed after one
    that is not, and the median is told.
    """

    folder: Path | None
    random: str
    device: str
    batches: tuple[int, ...]
    seconds: float
    tokens: int
    repeats: int
    stock: bool
    graphs: bool = False
    """Whether decoding steps are recorded as CUDA graphs."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured, and on what."""

    model: str
    device: str
    teraflops: float
    floor_rtfx: float
    """Seconds of sound a second that the device could do, if it did nothing but multiply."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage: seconds of sound a second of work, and the most memory in use, in bytes."""

    stage: str
    batch: int
    rtfx: float
    took_s: float
    memory: int = 0
    beside: str = ""
    """The stage that this one is to be compared with: the same work by transformers."""
