"""Recordings made on the spot, and an application dressed as the program dresses itself."""

import math
import struct
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_studio import app
from granite_studio.app import Program
from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.store.project import Project
from granite_studio.ui import theme
from granite_studio.ui.studio import Studio
from tests.engines import modelfolders


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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folders, empty."""
    place = tmp_path / "home"
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(place / name.lower()))
    monkeypatch.setenv("HF_HOME", str(place / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    return place


@pytest.fixture(scope="session")
def plus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole, tiny Plus model in a folder of its own; it hears nothing."""
    return modelfolders.write(tmp_path_factory.mktemp("elsewhere") / "plus", "plus")


@pytest.fixture
def program(qtbot: QtBot, dressed: QApplication, home: Path) -> Iterator[Program]:
    """The whole program with its window on show; the qtbot keeps Qt's loop alive."""
    made = app.build()
    window = made.studio.window
    window.resize(1200, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield made
    made.shut_down()
    window.may_close = lambda: True
    window.close()
    # Windows that stay make every later one slower: each hears of fonts, palettes and styles.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def studio(program: Program) -> Studio:
    """The parts of the whole program."""
    return program.studio


WORDS = (
    (1, ("The", "sea", "wall", "was", "built", "in", "March.")),
    (2, ("How", "much", "did", "it", "cost", "so", "far?")),
    (1, ("About", "four", "million", "pounds.")),
)


def transcript(duration: int = 4000) -> Document:
    """Three paragraphs by two speakers, 200 ms a word from 100 ms on, words numbered from 11."""
    segments, at, number = [], 100, 11
    for row, (speaker, texts) in enumerate(WORDS):
        words = []
        for text in texts:
            words.append(Word(number, text, at, at + 180, 0.9, "draft"))
            at, number = at + 200, number + 1
        segments.append(Segment(101 + row, tuple(words), speaker))
    return Document(
        segments=tuple(segments),
        speakers=(Speaker(1, "Anna Berg"), Speaker(2, "Reporter")),
        media=Media("tone.wav", duration),
        next_id=200,
    )


@pytest.fixture
def project_file(tone: Path) -> Path:
    """A project of the tone with three paragraphs in it, closed."""
    path = tone.with_suffix(".gstudio")
    with Project.create(path, document=transcript(), media_path=tone):
        pass
    return path


@pytest.fixture
def opened(qtbot: QtBot, studio: Studio, project_file: Path) -> Studio:
    """The whole program with that project open and its sound read."""
    with qtbot.waitSignals([studio.opening.opened, studio.recording.settled], timeout=20_000):
        studio.opening.open_project(project_file)
    qtbot.waitUntil(lambda: not studio.recording.is_reading)
    return studio
