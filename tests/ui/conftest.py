"""Recordings made on the spot, and an application dressed as the program dresses itself."""

import math
import struct
import wave
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from granite_studio.ui import theme


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A WAV file of 4 s."""
    path = tmp_path / "tone.wav"
    samples = [int(8000 * math.sin(n * 0.17)) for n in range(4 * 8000)]
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A silent MP4 of 2 s at 25 frames a second; frame n is n * 4 grey."""
    import av
    import numpy as np

    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for n in range(50):
            grey = np.full((180, 320, 3), n * 4, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    return path
