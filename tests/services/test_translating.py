"""A translation is made in the background and kept paragraph by paragraph."""

import numpy as np
import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.errors import EngineError, StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.translation import texts_in
from granite_studio.engines import catalog
from granite_studio.engines.base import Options
from granite_studio.engines.models import Ready
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.services.settings import Settings
from granite_studio.services.translating import (
    Translating,
    languages_for,
    ready_to_translate,
)
from granite_studio.store.project import Project

READY = Ready(catalog.find("granite-base"), None, "test")
FRENCH = Options(translate_to="fr")


@pytest.fixture
def opened(qapp, tmp_path):
    """Four paragraphs of two seconds each."""
    path = tmp_path / "noise.wav"
    noise = np.random.default_rng(1).integers(-3000, 3000, 12 * 16_000)
    soundfile.write(path, noise.astype(np.int16), 16_000)
    segments = tuple(
        Segment(20 + n, (Word(30 + n, f"word{n}.", n * 3000, n * 3000 + 2000),)) for n in range(4)
    )
    document = Document(segments, media=Media(path.name, 12_000, fingerprint(path)), next_id=50)
    session = Session()
    session.show(Project.create(tmp_path / "noise.gstudio", document=document, media_path=path))
    yield session
    session.close()


@pytest.fixture
def translating_of(opened, tmp_path):
    made = []

    def make(serve):
        jobs = Jobs("engine")
        reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
        engine = EngineProcess(tmp_path / "engine.log", serve=f"tests.pipeline.engines:{serve}")
        made.append((jobs, engine, reader))
        return Translating(opened, jobs, reader, engine)

    yield make
    for jobs, engine, reader in made:
        jobs.shutdown()
        engine.close()
        reader.close()


def french(session):
    texts = texts_in(session.document, "fr")
    return [texts[s.id].text if s.id in texts else "" for s in session.document]


def test_texts_appear_one_by_one_and_are_one_undo_step(qtbot, opened, translating_of):
    translating, seen, counts = translating_of("translates"), [], []
    translating.progress.connect(seen.append)
    opened.changed.connect(lambda *_: counts.append(sum(map(bool, french(opened)))))
    with qtbot.waitSignal(translating.ended, timeout=20_000) as ended:
        translating.start(READY, FRENCH)
        assert translating.is_running
    assert ended.args == ["finished"]
    assert counts == [1, 2, 3, 4]
    assert french(opened) == ["fr 22/1", "fr 24/2", "fr 24/2", "fr 24/1"]
    assert (seen[-1].done_ms, seen[-1].device) == (seen[-1].total_ms, "test")
    assert opened.undo_label == "Translate"
    opened.undo()
    assert opened.document.translations == ()


def test_what_a_person_writes_meanwhile_stays(qtbot, opened, translating_of):
    translating = translating_of("translates")

    def write(_before, after, _change):
        if len(texts_in(after, "fr")) == 1:
            opened.commit(edits.set_translation(after, 23, "fr", "le mien"), "Write")

    opened.changed.connect(write)
    with qtbot.waitSignal(translating.ended, timeout=20_000):
        translating.start(READY, FRENCH)
    assert french(opened) == ["fr 22/1", "fr 24/2", "fr 24/2", "le mien"]


def test_a_stopped_run_keeps_what_it_has_and_the_next_goes_on(qtbot, opened, translating_of):
    translating = translating_of("translates")
    opened.changed.connect(translating.cancel)
    with qtbot.waitSignal(translating.ended, timeout=20_000) as ended:
        translating.start(READY, FRENCH)
    assert ended.args == ["cancelled"]
    opened.changed.disconnect()
    assert french(opened) == ["fr 22/1", "", "", ""]
    with qtbot.waitSignal(translating.ended, timeout=20_000):
        translating.start(READY, FRENCH)
    assert french(opened) == ["fr 22/1", "fr 24/1", "fr 24/2", "fr 24/2"]


def test_a_paragraph_that_fails_is_told_and_is_a_finding_until_the_next_run(
    qtbot, opened, translating_of
):
    translating, told = translating_of("dies_at_every_second_window"), []
    translating.problem.connect(told.append)
    with qtbot.waitSignal(translating.ended, timeout=20_000):
        translating.start(READY, FRENCH)
    assert french(opened) == ["bien", "", "bien", ""]
    assert [finding.message for finding in opened.document.findings] == told
    assert len(told) == 2
    again = translating_of("translates")
    with qtbot.waitSignal(again.ended, timeout=20_000):
        again.start(READY, FRENCH)
    assert opened.document.findings == ()
    assert french(opened) == ["bien", "fr 24/1", "bien", "fr 24/1"]


def test_without_a_recording_it_says_what_to_do(opened, translating_of):
    translating = translating_of("translates")
    opened.commit(edits.set_media(opened.document, None), "Forget")
    with pytest.raises(StudioError, match="find it"):
        translating.start(READY, FRENCH)


def test_one_run_at_a_time(qtbot, opened, translating_of):
    translating = translating_of("translates")
    with qtbot.waitSignal(translating.ended, timeout=20_000):
        translating.start(READY, FRENCH)
        with pytest.raises(StudioError, match="being made already"):
            translating.start(READY, FRENCH)


def test_the_languages_on_offer_follow_the_one_that_is_spoken():
    assert languages_for(Settings(), "en") == ("fr", "de", "es", "pt", "ja", "it", "zh")
    assert languages_for(Settings(), "fr") == ("en",)


def test_without_a_model_it_says_what_to_get(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineError, match="download"):
        ready_to_translate(Settings(), spoken="en", language="fr", folder=tmp_path)


def test_a_chosen_server_comes_first(tmp_path):
    settings = Settings(engine="remote", server="http://localhost:1")
    ready, options = ready_to_translate(settings, spoken="en", language="fr", folder=tmp_path)
    assert ready.entry.name == "remote"
    assert (options.server, options.translate_to) == ("http://localhost:1", "fr")
