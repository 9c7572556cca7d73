"""The outline of a recording at every zoom: a pyramid of minima and maxima."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

from granite_studio.media.values import BASE, RATE, Samples

FACTOR = 4
_COARSEST = 64
"""Levels are added until one has no more pairs than this."""

_HEAD = struct.Struct("<8sQQQ")
_CHECK = struct.Struct("<I")
_MAGIC = b"GSPEAKS1"


@dataclass(frozen=True, slots=True)
class Peaks:
    """Pairs of minima and maxima of mono int16 sound: each pair of level n stands for
    256 * 4**n samples. Never changes; while a file is still read, longer ones follow."""

    duration_ms: int
    """How much of the recording is known."""
    levels: tuple[tuple[Samples, Samples], ...]

    def columns(self, start_ms: float, end_ms: float, width: int) -> tuple[Samples, Samples]:
        """Lowest and highest sample for each of `width` columns of the stretch.

        Zero outside of what is known. Closer than 16 ms a column, neighbours share a pair.
        ValueError for an empty stretch or no columns.
        """
        if width < 1 or end_ms <= start_ms:
            raise ValueError(f"{width} columns from {start_ms} to {end_ms} ms")
        samples = (end_ms - start_ms) * RATE / 1000 / width
        level = 0
        while level + 1 < len(self.levels) and BASE * FACTOR ** (level + 1) <= samples:
            level += 1
        low, high = self.levels[level]
        pair_ms = BASE * FACTOR**level * 1000 / RATE
        edges = np.floor(np.linspace(start_ms / pair_ms, end_ms / pair_ms, width + 1))
        begun, past = np.searchsorted(edges[:-1], (0, len(low)))
        first = min(begun, np.searchsorted(edges[1:], 0, side="right"))
        lows, highs = np.zeros(width, dtype=np.int16), np.zeros(width, dtype=np.int16)
        if first < past:
            last = min(max(int(edges[past]), int(edges[past - 1]) + 1), len(low))
            starts = np.maximum(edges[first:past], 0).astype(np.intp)
            lows[first:past] = np.minimum.reduceat(low[:last], starts)
            highs[first:past] = np.maximum.reduceat(high[:last], starts)
        return lows, highs


class PeaksBuilder:
    """Grows a pyramid from the base pairs, so that it can be shown while it grows."""

    def __init__(self) -> None:
        self._levels = [_Level()]

    def add(self, low: Samples, high: Samples) -> None:
        """Append base pairs."""
        self._levels[0].append(low, high)
        depth = 0
        while True:
            lower = self._levels[depth]
            if depth + 1 == len(self._levels):
                if lower.count <= _COARSEST:
                    return
                self._levels.append(_Level())
            upper = self._levels[depth + 1]
            first, last = upper.count * FACTOR, lower.count // FACTOR * FACTOR
            low, high = lower.view(first, last)
            upper.append(low.reshape(-1, FACTOR).min(axis=1), high.reshape(-1, FACTOR).max(axis=1))
            depth += 1

    def snapshot(self) -> Peaks:
        """What is known by now. Pairs of coarse levels follow when they are complete."""
        known = self._levels[0].count * BASE * 1000 // RATE
        return Peaks(known, tuple(level.view() for level in self._levels))

    def finish(self, duration_ms: int) -> Peaks:
        """The whole pyramid of a recording of this length."""
        levels = [self._levels[0].view()]
        while len(levels[-1][0]) > _COARSEST:
            low, high = levels[-1]
            starts = np.arange(0, len(low), FACTOR)
            levels.append((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))
        return Peaks(duration_ms, tuple(levels))


class _Level:
    """Two arrays that grow at their end. What was handed out never moves or changes."""

    def __init__(self) -> None:
        self.count = 0
        self._room = np.zeros((2, 4096), dtype=np.int16)

    def append(self, low: Samples, high: Samples) -> None:
        count = self.count + len(low)
        if count > self._room.shape[1]:
            room = np.zeros((2, count * 2), dtype=np.int16)
            room[:, : self.count] = self._room[:, : self.count]
            self._room = room
        self._room[0, self.count : count] = low
        self._room[1, self.count : count] = high
        self.count = count

    def view(self, first: int = 0, last: int | None = None) -> tuple[Samples, Samples]:
        last = self.count if last is None else last
        return self._room[0, first:last], self._room[1, first:last]


def dump(peaks: Peaks, size: int, mtime_ns: int) -> bytes:
    """Peaks as a file's content, with size and time of change of the recording they show."""
    low, high = peaks.levels[0]
    head = _HEAD.pack(_MAGIC, size, mtime_ns, peaks.duration_ms)
    content = head + low.astype("<i2").tobytes() + high.astype("<i2").tobytes()
    return content + _CHECK.pack(zlib.crc32(content))


def load(content: bytes, size: int, mtime_ns: int) -> Peaks | None:
    """The peaks in a file's content; None if it is damaged, of another version or recording."""
    if len(content) < _HEAD.size + _CHECK.size or len(content) % 4:
        return None
    rest, check = memoryview(content)[: -_CHECK.size], content[-_CHECK.size :]
    magic, *state, duration = _HEAD.unpack_from(rest)
    if (magic, state) != (_MAGIC, [size, mtime_ns]) or zlib.crc32(rest) != _CHECK.unpack(check)[0]:
        return None
    low, high = np.frombuffer(rest[_HEAD.size :], dtype="<i2").astype(np.int16).reshape(2, -1)
    builder = PeaksBuilder()
    builder.add(low, high)
    return builder.finish(duration)
