"""Whether the two channels of a recording are two microphones with a person each."""

from __future__ import annotations

from functools import partial
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Span
from granite_studio.media import decoding
from granite_studio.media.downmix import BLEED_DB, OneChannel
from granite_studio.media.loudness import levels
from granite_studio.media.speech import SpeechDetector, spans
from granite_studio.media.values import FRAME, RATE, Block, Channels, Samples, SoundRequest

STRETCHES = 12
STRETCH_MS = 20_000
"""What is judged: four minutes, spread over the recording. People take turns within that."""

MOST_ALIKE = 0.5
"""Two people's loudness hardly goes together. Two microphones that hear everybody, or the same
sound twice, are above 0.8."""
LEAST_SHARE = 0.05
"""Of all speech, each channel must have so much; a channel of noise or music has none."""
LEAST_SPEECH_MS = 2000

_QUIET_DB = 75.0
"""Below this there is nothing but noise; how much below says nothing."""
_SMOOTH = 5
"""Frames whose loudness is taken together: 160 ms, about a syllable."""


def channels(path: Path, track: int | None, cancel: CancelToken) -> Channels:
    """Compare the channels of a track in a sample of it. Raises `MediaError` and `Cancelled`.

    Two channels are people when in each there is speech, their loudness does not go together, and
    the balance between them moves so far that a channel can be told from the other's bleeding.
    The same sound in both, also with the wrong sign, a dead channel, and the two microphones of a
    stereo recorder are none.
    """
    info = decoding.probe(path)
    wanted = (info.track,) if track is None else info.tracks
    chosen = next((each for each in wanted if each and track in (None, each.index)), None)
    if chosen is not None and chosen.channels != 2:
        return Channels(chosen.channels)
    loudness: list[NDArray[np.float64]] = []
    speaks: list[NDArray[np.bool_]] = []
    for start, end in _stretches(info.duration_ms):
        sounds = [_samples(SoundRequest(path, start, end, track), c, cancel) for c in (0, 1)]
        loudness.append(np.stack([_loudness(samples) for samples in sounds], axis=1))
        speaks.append(np.stack([_speaks(samples) for samples in sounds], axis=1))
    return compared(np.concatenate(loudness), np.concatenate(speaks))


def compared(loudness: NDArray[np.float64], speaks: NDArray[np.bool_]) -> Channels:
    """The answer from each frame's loudness in dB and speech, both of shape (frames, 2)."""
    there = speaks.any(axis=1)
    found = tuple(int(count) * FRAME * 1000 // RATE for count in speaks.sum(axis=0))
    speech_ms = int(there.sum()) * FRAME * 1000 // RATE
    if speech_ms < LEAST_SPEECH_MS or min(found) < LEAST_SHARE * speech_ms:
        return Channels(2, speech_ms=found)
    left, right = loudness[there].T
    low, high = np.percentile(left - right, (5, 95))
    varies = min(left.std(), right.std()) > 0
    likeness = float(np.corrcoef(left, right)[0, 1]) if varies else 1.0
    swing = float(high - low)
    are_people = likeness <= MOST_ALIKE and swing >= 2 * BLEED_DB
    return Channels(2, are_people, round(likeness, 3), round(swing, 1), found)


def _stretches(duration_ms: int) -> list[tuple[int, int]]:
    """Where to listen: everywhere in a short recording, else here and there."""
    whole = STRETCHES * STRETCH_MS
    if duration_ms <= whole:
        return [(0, whole)]
    step = duration_ms / STRETCHES
    starts = [round(step * (place + 0.5)) - STRETCH_MS // 2 for place in range(STRETCHES)]
    return [(start, start + STRETCH_MS) for start in starts]


def _samples(request: SoundRequest, channel: int, cancel: CancelToken) -> Samples:
    plain = partial(OneChannel, channel, bleed_db=inf)
    events = decoding.sound(request, cancel, mixer=plain)
    blocks = [event.samples for event in events if isinstance(event, Block)]
    return np.concatenate([np.zeros(0, dtype=np.int16), *blocks])


def _loudness(samples: Samples) -> NDArray[np.float64]:
    """Of each frame and those around it, in dB above what counts as nothing."""
    powers = 10 ** (-levels(samples).astype(np.float64) / 10)
    if len(powers) >= _SMOOTH:
        powers = np.convolve(powers, np.full(_SMOOTH, 1 / _SMOOTH), mode="same")
    heard: NDArray[np.float64] = np.maximum(
        10 * np.log10(np.maximum(powers, 1e-12)) + _QUIET_DB, 0
    )
    return heard


def _speaks(samples: Samples) -> NDArray[np.bool_]:
    """Which frames lie in speech."""
    detector = SpeechDetector()
    judged = np.concatenate((detector.feed(samples), detector.finish()))
    found = np.zeros(len(levels(samples)), dtype=np.bool_)
    for span in spans(judged, len(samples)):
        found[_frames(span)] = True
    return found


def _frames(span: Span) -> slice:
    return slice(span.start * RATE // 1000 // FRAME, -(-span.end * RATE // 1000 // FRAME))
