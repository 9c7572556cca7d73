"""Where somebody speaks, by Silero's voice activity model.

The model (MIT licence) comes with the package silero-vad, which is not imported: that would load
torch. The form of the model that takes many frames at once gives the same probabilities in a
third of the time.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Span
from granite_studio.core.errors import MediaError
from granite_studio.media.loudness import QUIETEST, levels
from granite_studio.media.values import FRAME, RATE, Block, End, Samples, Speech, SpeechProgress

_MODEL = Path("data", "silero_vad_16k_sequence.onnx")
_CONTEXT = 64
_BATCH = 256
"""Frames in one call, 8 s; more are no faster."""

_FAINT_DB = 45.0
"""Speech this far below full scale is raised to the usual level before it is judged."""
_USUAL_DB = 26.0

Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How probabilities become spans; the defaults are Silero's own. Times in ms."""

    threshold: float = 0.5
    """Speech begins at this probability."""
    end_threshold: float = 0.35
    """It ends when the probability stays under this for `min_silence`."""
    min_speech: int = 250
    min_silence: int = 100
    pad: int = 30
    """Added to both ends of a span, as far as its neighbours leave room."""


class SpeechDetector:
    """Judges sound as it comes. One detector for one recording, fed from its beginning."""

    def __init__(self) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(_model_path()), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._hidden = np.zeros((1, 1, 128), dtype=np.float32)
        self._cell = np.zeros((1, 1, 128), dtype=np.float32)
        self._context = np.zeros(_CONTEXT, dtype=np.float32)
        self._waiting: list[Samples] = []
        self._waiting_count = 0
        self._loudest = float(QUIETEST)

    def _raised(self, samples: Samples) -> NDArray[np.float32]:
        """Samples in -1..1; those of a faint recording raised to where the model hears them.

        Told by the loudest stretch so far, so that the pauses of a loud recording stay pauses.
        """
        floats = samples.astype(np.float32) / np.float32(32768)
        if len(samples):
            self._loudest = min(self._loudest, float(np.percentile(levels(samples), 10)))
        if not _FAINT_DB < self._loudest < QUIETEST:
            return floats
        raised: NDArray[np.float32] = floats * np.float32(10 ** ((self._loudest - _USUAL_DB) / 20))
        return raised

    def feed(self, samples: Samples) -> Probabilities:
        """Take the next int16 samples; give the probabilities of the frames judged now."""
        self._waiting.append(samples)
        self._waiting_count += len(samples)
        if self._waiting_count < _BATCH * FRAME:
            return np.zeros(0, dtype=np.float32)
        joined = np.concatenate(self._waiting)
        whole = len(joined) // (_BATCH * FRAME) * (_BATCH * FRAME)
        self._waiting, self._waiting_count = [joined[whole:]], len(joined) - whole
        return self._judge(joined[:whole])

    def finish(self) -> Probabilities:
        """Judge what is left; a last frame that is not full is filled with silence."""
        left = np.concatenate(self._waiting or [np.zeros(0, dtype=np.int16)])
        self._waiting, self._waiting_count = [], 0
        return self._judge(np.pad(left, (0, -len(left) % FRAME)))

    def _judge(self, samples: Samples) -> Probabilities:
        judged = [np.zeros(0, dtype=np.float32)]
        frames = self._raised(samples).reshape(-1, FRAME)
        for first in range(0, len(frames), _BATCH):
            batch = frames[first : first + _BATCH]
            tails = np.vstack((self._context, batch[:-1, -_CONTEXT:]))
            self._context = batch[-1, -_CONTEXT:]
            values, self._hidden, self._cell = self._session.run(
                ["speech_probs", "hn", "cn"],
                {
                    "input": np.concatenate((tails, batch), axis=1),
                    "h": self._hidden,
                    "c": self._cell,
                },
            )
            judged.append(values.reshape(-1))
        return np.concatenate(judged)


def spans(
    probabilities: Probabilities, count: int, options: SpeechOptions | None = None
) -> tuple[Span, ...]:
    """Spans of speech in ms from one probability for each 512 of `count` samples.

    The rules are those of `get_speech_timestamps` in silero-vad 6.2.
    """
    wanted = options or SpeechOptions()
    found = _padded(list(_rough(probabilities, count, wanted)), count, wanted.pad * RATE // 1000)
    return tuple(Span(start * 1000 // RATE, end * 1000 // RATE) for start, end in found)


def speech(sound: Iterable[Block | End]) -> Iterator[SpeechProgress | Speech]:
    """Find the speech in a recording's sound, which must begin at its beginning."""
    detector = SpeechDetector()
    judged: list[Probabilities] = []
    loudness = []
    kept = np.zeros(0, dtype=np.int16)
    count = 0
    for event in sound:
        if isinstance(event, End):
            loudness.append(levels(kept))
            judged.append(detector.finish())
            found = spans(np.concatenate(judged), count)
            yield Speech(found, np.concatenate(loudness), event)
            return
        judged.append(detector.feed(event.samples))
        kept = np.concatenate((kept, event.samples))
        whole = len(kept) // FRAME * FRAME
        loudness.append(levels(kept[:whole]))
        kept = kept[whole:]
        count += len(event.samples)
        if len(judged[-1]):
            yield SpeechProgress(count * 1000 // RATE)


def _rough(
    probabilities: Probabilities, count: int, options: SpeechOptions
) -> Iterator[tuple[int, int]]:
    """Unpadded spans in samples."""
    min_speech = options.min_speech * RATE // 1000
    min_silence = options.min_silence * RATE // 1000
    start = silence = None
    # Most frames are plainly the one or the other: only those that can change the state are seen.
    for frame in np.flatnonzero(_matters(probabilities, options)):
        probability, at = probabilities[frame], int(frame) * FRAME
        if probability >= options.threshold:
            silence = None
            start = at if start is None else start
        elif probability < options.end_threshold and start is not None:
            silence = at if silence is None else silence
            if at - silence >= min_silence:
                if silence - start > min_speech:
                    yield start, silence
                start = silence = None
    if start is not None and count - start > min_speech:
        yield start, count


def _matters(probabilities: Probabilities, options: SpeechOptions) -> NDArray[np.bool_]:
    return (probabilities >= options.threshold) | (probabilities < options.end_threshold)


def _padded(found: list[tuple[int, int]], count: int, pad: int) -> Iterator[tuple[int, int]]:
    """Widen the spans by `pad` samples; two that are closer than twice that meet half-way."""
    for index, (start, end) in enumerate(found):
        before = start - found[index - 1][1] if index else 2 * pad
        after = found[index + 1][0] - end if index + 1 < len(found) else 2 * pad
        yield (
            max(0, start - min(pad, before // 2)),
            min(count, end + min(pad, after // 2)),
        )


def _model_path() -> Path:
    found = importlib.util.find_spec("silero_vad")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / _MODEL
        if path.is_file():
            return path
    raise MediaError(
        "The model that finds speech is missing; install the program again (package silero-vad)."
    )
