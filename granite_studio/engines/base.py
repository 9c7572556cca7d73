"""What the program asks of a speech engine, and what an engine says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken

RATE = 16_000
"""Samples a second that every engine hears."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can give. `languages` and `translates_to` are BCP 47 primary tags."""

    languages: tuple[str, ...]
    word_times: bool = False
    speakers: bool = False
    punctuation: bool = False
    keywords: bool = False
    translates_to: tuple[str, ...] = ()
    draft: bool = False
    window_s: float = 30.0
    """Longest window it should be given, in seconds."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one run. Part of the key under which results are kept."""

    language: str = "en"
    keywords: tuple[str, ...] = ()
    translate_to: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of sound to hear: float32 mono samples at `RATE`, in -1..1, shape (n,)."""

    index: int
    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as the engine gave it, in seconds from the window's start."""

    text: str
    start_s: float
    end_s: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Words by one voice; `speaker` is the engine's label, good inside this window only."""

    words: tuple[TimedWord, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """An engine's answer for one window. Engines without word times fill `text` alone."""

    index: int
    turns: tuple[Turn, ...] = ()
    text: str = ""
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Sent while a window is being heard: the share that is done, 0..1."""

    index: int
    fraction: float


class Engine(Protocol):
    """A loaded engine, living in the engine process."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def device(self) -> str:
        """What it runs on, in words a person understands ("CPU, 1 thread", "cuda:0, bf16")."""
        ...

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """Hear windows, in any order, one `Transcript` each.

        Raises `Cancelled` within one decoding step of the token being set, and `EngineError` for
        what the engine cannot do (a language it does not know).
        """
        ...
