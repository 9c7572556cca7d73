"""Character probabilities of a window as bytes, to keep on disk."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Emissions

_MAGIC = b"GSEM"
_VERSION = 1
_HEADER = struct.Struct("<4sHxxIIdI")
_MOST_FRAMES = 50 * 3600
_MOST_CLASSES = 4096
_LONGEST_FRAME_S = 10.0


def dump(emissions: Emissions) -> bytes:
    """The emissions as bytes: a header, then the levels, deflated."""
    levels = np.ascontiguousarray(emissions.levels, np.uint8)
    body = zlib.compress(levels.tobytes(), 6)
    return (
        _HEADER.pack(_MAGIC, _VERSION, *levels.shape, emissions.frame_s, zlib.crc32(body)) + body
    )


def load(data: bytes) -> Emissions:
    """What `dump` made. Raises `EngineError` for anything else, however long it pretends to be."""
    damaged = EngineError("Kept speech data is damaged; hear this part of the recording again.")
    if len(data) < _HEADER.size:
        raise damaged
    magic, version, frames, classes, frame_s, check = _HEADER.unpack_from(data)
    body = data[_HEADER.size :]
    if (
        magic != _MAGIC
        or version != _VERSION
        or frames > _MOST_FRAMES
        or not 1 <= classes <= _MOST_CLASSES
        or not 0 < frame_s <= _LONGEST_FRAME_S
        or zlib.crc32(body) != check
    ):
        raise damaged
    wanted = frames * classes
    inflate = zlib.decompressobj()
    try:
        # One byte more than there should be is room enough to see a body that is too long.
        raw = inflate.decompress(body, wanted + 1)
    except zlib.error as error:
        raise damaged from error
    if len(raw) != wanted or not inflate.eof or inflate.unused_data:
        raise damaged
    return Emissions(np.frombuffer(raw, np.uint8).reshape(frames, classes), frame_s)
