"""The command line in this process, with its folders in a temporary place, on half a minute."""

from importlib import resources

import pytest
import soundfile

from granite_studio.cli import commands
from granite_studio.store import logs, places

RATE = 16_000


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    for name in ("data_dir", "cache_dir", "log_dir", "config_dir"):
        folder = tmp_path / "folders" / name
        folder.mkdir(parents=True)
        monkeypatch.setattr(places, name, lambda folder=folder: folder)
    monkeypatch.setattr(logs, "start", lambda name: None)


@pytest.fixture
def command(capfd):
    """Run a command; gives its exit code, what it printed and what it complained of."""

    def run(*arguments):
        try:
            code = commands.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.fixture(scope="session")
def interview(tmp_path_factory):
    """The first fifteen seconds of the bundled interview."""
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    path = tmp_path_factory.mktemp("media") / "interview.wav"
    soundfile.write(path, sound[: 15 * RATE], RATE)
    return path
