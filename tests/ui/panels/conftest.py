"""An open project with a little text, for panels that show or write it."""

import pytest

from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.engines import download
from granite_studio.services.fetching import Fetching
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.services.styles import StyleKeeper
from granite_studio.store.project import Project
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles
from tests.hubs import Hub


def spoken(first_id, start, text):
    words = text.split()
    return tuple(
        Word(first_id + n, word, start + n * 300, start + n * 300 + 250, 0.9, "draft")
        for n, word in enumerate(words)
    )


@pytest.fixture
def document():
    return Document(
        segments=(
            Segment(1, spoken(101, 1000, "Good morning, Raven Point."), 51),
            Segment(2, spoken(201, 5000, "You are very welcome here."), 52),
            Segment(3, spoken(301, 9000, "How did you come to this work?"), 51),
        ),
        speakers=(Speaker(51, "Helen"), Speaker(52, "Thomas")),
        media=Media("lighthouse.wav", 20_000),
        next_id=400,
    )


@pytest.fixture
def session(dressed, tmp_path, document):
    session = Session()
    session.show(Project.create(tmp_path / "lighthouse.gstudio", document=document))
    yield session
    session.close()


@pytest.fixture
def playback(dressed):
    return Playback()


@pytest.fixture
def subtitles(session):
    return Subtitles(session)


@pytest.fixture
def settings(dressed, tmp_path):
    return SettingsKeeper(tmp_path / "settings.json")


@pytest.fixture
def styles(dressed, tmp_path):
    folder = tmp_path / "styles"
    folder.mkdir()
    return StyleKeeper(folder)


@pytest.fixture
def jobs(dressed):
    jobs = Jobs("quick")
    yield jobs
    jobs.shutdown()


@pytest.fixture
def hub(plus_folder):
    """Has the tiny model under every name."""
    return Hub(plus_folder)


@pytest.fixture
def fetching(dressed, hub, tmp_path, monkeypatch):
    """Downloads from that hub into an empty models folder; no other program's models are seen."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    jobs = Jobs("models")
    folder = tmp_path / "models"
    folder.mkdir()
    yield Fetching(jobs, folder, download=hub.download, remove=download.remove)
    jobs.shutdown()
