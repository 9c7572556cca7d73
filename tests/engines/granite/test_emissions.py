import struct
import zlib

import numpy as np
import pytest

from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Emissions
from granite_studio.engines.granite.emissions import dump, load

HEADER = "<4sHxxIIdI"


def some(frames=40, classes=348):
    chance = np.random.default_rng(5)
    return Emissions(chance.integers(0, 256, (frames, classes), np.uint8), 0.02)


@pytest.mark.parametrize(("frames", "classes"), [(40, 348), (0, 348), (1, 1)])
def test_bytes_come_back_as_they_were(frames, classes):
    before = some(frames, classes)
    after = load(dump(before))
    assert after.frame_s == before.frame_s
    assert after.levels.dtype == np.uint8
    assert np.array_equal(after.levels, before.levels)


def test_the_same_emissions_give_the_same_bytes():
    assert dump(some()) == dump(some())


def forged(body, *, frames=2, classes=3, frame_s=0.02, magic=b"GSEM", version=1):
    packed = zlib.compress(body)
    head = struct.pack(HEADER, magic, version, frames, classes, frame_s, zlib.crc32(packed))
    return head + packed


def test_a_forged_file_that_is_right_is_read():
    assert load(forged(b"abcdef")).levels.tolist() == [[97, 98, 99], [100, 101, 102]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GSEM",
        dump(some())[:-1],
        dump(some()) + b"x",
        dump(some())[:40] + b"\xff" + dump(some())[41:],
        forged(b"abcdef", magic=b"GSEN"),
        forged(b"abcdef", version=2),
        forged(b"abcde"),
        forged(b"abcdefg"),
        forged(bytes(10_000_000)),
        forged(b"", frames=0, classes=0),
        forged(b"", frames=2**32 - 1, classes=2**32 - 1),
        forged(b"abcdef", frame_s=float("nan")),
        forged(b"abcdef", frame_s=-1.0),
        struct.pack(HEADER, b"GSEM", 1, 2, 3, 0.02, zlib.crc32(b"no deflate")) + b"no deflate",
    ],
)
def test_what_dump_did_not_make_is_refused_in_a_sentence(data):
    with pytest.raises(EngineError, match=r"damaged; hear this part of the recording again\."):
        load(data)
