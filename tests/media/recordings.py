"""Recordings made for a test, and ways to look at what was read from one."""

import wave
from fractions import Fraction
from pathlib import Path

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.values import Block, End


def tone(seconds, rate=16_000, loud=10_000, hertz=440):
    """A sine, int16, shape (n,)."""
    time = np.arange(round(seconds * rate)) / rate
    return np.rint(loud * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def silence(seconds, rate=16_000):
    return np.zeros(round(seconds * rate), dtype=np.int16)


def write_wav(path, samples, rate=16_000):
    """Samples of shape (n,) or (n, channels)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def write_stamped(path, pieces, *, codec="pcm_s16le", container="matroska", rate=16_000):
    """Pieces of (second, samples), each muxed at its own time."""
    import av

    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        for second, samples in pieces:
            for first in range(0, len(samples), 1600):
                part = np.ascontiguousarray(samples[first : first + 1600]).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
                frame.sample_rate = rate
                frame.time_base = Fraction(1, rate)
                frame.pts = round(second * rate) + first
                for packet in stream.encode(frame):
                    file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)


def write_joined(path, pieces):
    """Transport streams of (second, samples) one behind the other, as when files are joined."""
    with path.open("wb") as whole:
        for piece in pieces:
            part = path.with_name("part.ts")
            write_stamped(part, [piece], codec="mp2", container="mpegts")
            whole.write(part.read_bytes())


def listen(reader, path, **stretch):
    """All sound of a stretch as one array, where it starts, and the end."""
    *blocks, end = reader.sound(Path(path), CancelToken(), **stretch)
    assert isinstance(end, End)
    assert all(isinstance(block, Block) for block in blocks)
    reached = stretch.get("start", 0)
    for block in blocks:
        assert block.start_ms == reached, "blocks follow one another"
        assert block.samples.dtype == np.int16
        reached += len(block.samples) * 1000 // 16_000
    samples = [block.samples for block in blocks] or [silence(0)]
    return np.concatenate(samples), end


def outcome(reader, path):
    """The ms of sound, 0 for a refusal; the child must not have died of it."""
    try:
        return listen(reader, path)[1].duration_ms
    except MediaError as error:
        if error.__cause__ is not None:
            raise
        return 0


def loud_from(samples, level=300):
    """The ms of the first sample above this level, or None."""
    loud = np.flatnonzero(np.abs(samples.astype(int)) > level)
    return loud[0] / 16 if len(loud) else None


def loudness(samples):
    """RMS."""
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))
