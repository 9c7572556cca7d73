"""The embedded draft engine: CMU PocketSphinx with the English model that its wheel brings.

It needs no download and no GPU and gives real words with start, end and confidence, good enough
for finding one's way in a recording. It is a draft: no punctuation, no case, and speakers told
apart by the mere sound of their voices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import voiceprint
from granite_studio.engines.base import (
    RATE,
    Capabilities,
    Heartbeat,
    Options,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.catalog import find

_FRAME_S = 0.01
_SHORTEST = RATE // 10
_FAINTEST = 3 / 32768


def load(model: Path | None = None, device: str = "auto") -> Sphinx:
    """Load the model that lies in PocketSphinx's wheel; takes about half a second."""
    if model is not None:
        raise EngineError("The draft engine brings its own model; leave out --model.")
    from pocketsphinx import Decoder

    try:
        decoder = Decoder(samprate=RATE, loglevel="FATAL")
    except (RuntimeError, OSError) as error:
        raise EngineError(
            "The draft engine's English model is missing or damaged; install Granite Studio anew."
        ) from error
    return Sphinx(decoder)


class Sphinx:
    """PocketSphinx behind the `Engine` protocol. One window is one utterance."""

    device = "CPU, 1 thread"
    batch = 1

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    @property
    def capabilities(self) -> Capabilities:
        return find("draft").capabilities

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window. A window is one native call, some seconds long."""
        for window in windows:
            cancel.check()
            words = self._words(window.samples)
            if not words or not options.speakers:
                yield Transcript(window.index, (Turn(words),) if words else ())
                continue
            sound = voiceprint.Sound(window.samples)
            turns = voiceprint.turns(sound, words)
            yield Transcript(window.index, turns, voices=voiceprint.voices(sound, turns))

    def _words(self, samples: NDArray[np.float32]) -> tuple[TimedWord, ...]:
        if len(samples) < _SHORTEST or float(np.abs(samples).max()) < _FAINTEST:
            return ()  # given nothing at all, the recogniser invents a word
        decoder = self._decoder
        # Cepstral means of the window before would seep into this one, and the text of a window
        # must not depend on what was heard before it: a resumed run has to give the same words.
        decoder.reinit_feat()
        decoder.start_utt()
        # Fed in pieces the running mean turns the text to rubbish, so the window goes in whole.
        decoder.process_raw((samples * 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        length_s = len(samples) / RATE
        return tuple(
            TimedWord(
                _spelling(seg.word),
                min(seg.start_frame * _FRAME_S, length_s),
                min((seg.end_frame + 1) * _FRAME_S, length_s),
                min(1.0, max(0.0, seg.prob)),
            )
            for seg in decoder.seg()
            if not seg.word.startswith(("<", "[", "+"))
        )


def _spelling(word: str) -> str:
    """The word without its pronunciation mark ("the(2)"), and "i" as English writes it."""
    text = word.split("(", 1)[0]
    return "I" + text[1:] if text == "i" or text.startswith("i'") else text
