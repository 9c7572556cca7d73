"""The shape in which a film is shown, whatever its pixels and its turn."""

import shutil
import subprocess
from fractions import Fraction

import av
import numpy as np
import pytest

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.values import Shape


def film(path, *, pixel=Fraction(1)):
    """Two grey pictures of 160 by 90 pixels of this width to one of height."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.codec_context.sample_aspect_ratio = pixel
        for _ in range(2):
            grey = np.full((90, 160, 3), 99, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("pixel", "width"), [("1", 160), ("4/3", 213), ("1/2", 80)])
def test_pixels_are_made_square(fresh_reader, tmp_path, pixel, width):
    path = film(tmp_path / "film.mp4", pixel=Fraction(pixel))
    assert fresh_reader.shape(path, CancelToken()) == Shape(width, 90)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
def test_a_film_of_a_phone_is_turned(fresh_reader, tmp_path):
    source, turned = film(tmp_path / "film.mp4"), tmp_path / "turned.mp4"
    command = ["ffmpeg", "-v", "error", "-i", source, "-metadata:s:v", "rotate=90", "-c", "copy"]
    subprocess.run([*command, turned], check=True)
    with av.open(str(turned)) as container:
        if next(container.decode(video=0)).rotation == 0:
            pytest.skip("this ffmpeg writes no turn that way")
    assert fresh_reader.shape(turned, CancelToken()) == Shape(90, 160)


def test_sound_has_none(fresh_reader, make_wav):
    with pytest.raises(MediaError, match="has no picture"):
        fresh_reader.shape(make_wav(np.zeros(1600, np.int16)), CancelToken())
