"""What the program asks of a speech engine, and what an engine says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
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
    own_times: bool = False
    """Whether the model can be asked for word times of its own, beside the aligned ones."""
    carries: bool = False
    """Whether it goes on from earlier text, so that speakers keep their labels."""
    draft: bool = False
    window_s: float = 30.0
    """Longest window it should be given, in seconds."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one run. Part of the key under which results are kept.

    With `translate_to`, windows are translated instead of transcribed. `own_times` asks the model
    for its own word times too, which costs five times as much. `before` is the text that was
    heard earlier in the same sound, which the model then goes on from (Plus). `carried` asks that
    each window is heard after clips of those who spoke before, so that they keep their labels.
    `server` is the address of a remote engine and empty for all others.
    """

    language: str = "en"
    keywords: tuple[str, ...] = ()
    translate_to: str | None = None
    punctuation: bool = True
    speakers: bool = True
    own_times: bool = False
    before: str = ""
    carried: bool = field(default=False, repr=False)  # results of earlier versions keep their keys
    server: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of sound to hear: float32 mono samples at `RATE`, in -1..1, shape (n,)."""

    index: int
    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as the engine gave it, in seconds from the window's start.

    `estimated` says that the times were interpolated, because the sound did not show them.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Words by one voice; `speaker` is the engine's label, good inside this window only."""

    words: tuple[TimedWord, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Emissions:
    """What the encoder heard, frame by frame: enough to align any text to this window later.

    `levels` has shape (frames, classes): minus the logarithm of each character's probability in
    sixteenths of a nat, at most 255. Class 0 is the blank, class n the character chr(n).
    """

    levels: NDArray[np.uint8]
    frame_s: float


@dataclass(frozen=True, slots=True)
class Half:
    """Half of what a speaker says in a window: `vector` is as a `Voice`'s, and `state`, shape
    (d,), the mean of an early layer of the encoder over its words."""

    vector: NDArray[np.float32]
    state: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """How one speaker of a window sounds: `vector` has shape (d,) and length 1.

    Vectors of one engine and one revision can be compared: the larger the inner product, the more
    alike. `seconds` is how much speech it was made from. An engine whose encoder keeps voices
    apart in an early layer gives two `halves`, or one of a voice too short to be parted.
    """

    speaker: str | None
    vector: NDArray[np.float32]
    seconds: float
    halves: tuple[Half, ...] = ()


class Doubt(StrEnum):
    """Why an engine's answer for a window is worth a second look."""

    LOOP = "loop"
    """The text began to repeat itself and was cut there."""
    CUT_OFF = "cut-off"
    """The text reached the longest that this much speech can have."""
    TIMES = "times"
    """The model's own word times were malformed, or disagree with the aligned ones."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """An engine's answer for one window: words in turns, or a translation where that was asked."""

    index: int
    turns: tuple[Turn, ...] = ()
    translation: str = ""
    doubts: tuple[Doubt, ...] = ()
    emissions: Emissions | None = None
    voices: tuple[Voice, ...] = ()


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
        """What it runs on, in words a person understands ("CPU, 1 thread", "cuda:0, bfloat16")."""
        ...

    @property
    def batch(self) -> int:
        """How many windows it likes to be given at once."""
        ...

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """Hear windows, in any order, one `Transcript` each.

        Raises `Cancelled` within one decoding step of the token being set, and `EngineError` for
        what the engine cannot do (a language it does not know).
        """
        ...
