"""Cuts found in films made on the spot."""

from fractions import Fraction
from pathlib import Path
from random import Random

import av
import numpy as np
import pytest

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.shots import cuts
from granite_studio.media.values import Shots, ShotsProgress

FPS = 25


def film(path: Path, begins: set[int], frames: int, *, seed: int = 1) -> Path:
    """A grainy film in which a new scene begins at each of these frames; scenes move and sway."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:180, 0:320] / 40
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.bit_rate = 2_000_000
        phases = rng.uniform(0, 6, (3, 4))
        for number in range(frames):
            if number in begins:
                phases = rng.uniform(0, 6, (3, 4))
            moved = number / 60
            picture = np.stack(
                [
                    128
                    + 60 * np.sin(rows * a + moved + b)
                    + 60 * np.sin(columns * c - moved + d)
                    + 4 * np.sin(number)
                    for a, b, c, d in phases
                ],
                axis=2,
            )
            picture += rng.normal(0, 5, picture.shape)
            frame = av.VideoFrame.from_ndarray(
                np.clip(picture, 0, 255).astype(np.uint8), format="rgb24"
            )
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_every_cut_is_found_and_nothing_else(fresh_reader, tmp_path):
    begins = sorted(20 * n + Random(4).randint(0, 6) for n in range(1, 20))
    path = film(tmp_path / "film.mp4", set(begins), 420)
    *progress, found = fresh_reader.shots(path, CancelToken())
    assert isinstance(found, Shots)
    assert found.times == tuple(1000 * number // FPS for number in begins)
    assert found.fps == FPS
    assert all(isinstance(event, ShotsProgress) for event in progress)
    assert [event.done_ms for event in progress] == sorted(event.done_ms for event in progress)
    assert progress


def test_a_film_without_a_cut_has_none(fresh_reader, tmp_path):
    path = film(tmp_path / "calm.mp4", set(), 60)
    *_, found = fresh_reader.shots(path, CancelToken())
    assert found.times == ()


def test_a_shaken_camera_is_no_cut():
    times = range(0, 4000, 40)
    shaken = [30.0 + 5 * (n % 3) for n in range(100)]
    assert cuts(times, shaken, shaken) == ()
    shaken[50] = 99.0
    assert cuts(times, [s / 3 if n != 50 else s for n, s in enumerate(shaken)], shaken) == (2000,)


def test_of_two_cuts_close_together_the_larger_is_one():
    size = [0.5] * 40
    size[20], size[22] = 30.0, 60.0
    assert cuts(range(0, 1600, 40), size, size) == (880,)


@pytest.mark.parametrize(("name", "sentence"), [("a.wav", "has no picture"), ("b.mp4", "damaged")])
def test_what_has_no_pictures_is_told(fresh_reader, make_wav, tmp_path, name, sentence):
    if name == "a.wav":
        path = make_wav(np.zeros(1600, np.int16))
    else:
        path = tmp_path / name
        path.write_bytes(b"no film at all" * 100)
    with pytest.raises(MediaError, match=sentence):
        list(fresh_reader.shots(path, CancelToken()))
