"""A recording's reader and engine processes, closed after each test."""

from importlib import resources

import pytest
import soundfile

from granite_studio.engines.serving import SERVE, EngineProcess
from granite_studio.media.client import MediaReader


@pytest.fixture
def reader(tmp_path):
    reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
    yield reader
    reader.close()


@pytest.fixture
def engine_of(tmp_path):
    engines = []

    def make(serve=SERVE):
        engines.append(EngineProcess(tmp_path / "engine.log", serve=serve))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture(scope="session")
def half_minute(tmp_path_factory):
    """The first half minute of the bundled interview as a WAV file."""
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    path = tmp_path_factory.mktemp("media") / "half minute.wav"
    soundfile.write(path, sound[: 30 * 16_000], 16_000)
    return path
