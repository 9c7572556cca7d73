"""One warm media reader for the tests of this folder, and recordings made on the spot."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from granite_studio.media.client import MediaReader


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaReader]:
    folder = tmp_path_factory.mktemp("reader")
    reader = MediaReader(folder / "cache", folder / "media.log")
    yield reader
    reader.close()


@pytest.fixture
def fresh_reader(tmp_path: Path) -> Iterator[MediaReader]:
    reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
    yield reader
    reader.close()


@pytest.fixture
def make_wav(tmp_path: Path) -> Callable[..., Path]:
    from recordings import write_wav

    def make(samples, rate=16_000, name="a.wav"):
        path = tmp_path / name
        write_wav(path, samples, rate)
        return path

    return make
