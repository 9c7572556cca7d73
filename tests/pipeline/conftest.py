"""A recording's reader and engine processes, closed after each test."""

import pytest

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
