from importlib import resources
from pathlib import Path

import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.document import Document, Media, Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import fingerprint
from granite_studio.engines import models
from granite_studio.engines.base import Options
from granite_studio.engines.serving import SERVE, EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import plan
from granite_studio.pipeline.listen import Task, run_name
from granite_studio.pipeline.results import Progress
from granite_studio.services.hearing import Hearing
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.store.project import Project

RATE = 16_000
DRAFT = plan.only(models.ready("draft", None, Path("none")), Options())
LONG = 90_000
"""ms a run may take before the test gives up."""


@pytest.fixture
def media(tmp_path):
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    path = tmp_path / "interview.wav"
    soundfile.write(path, sound[: 35 * RATE], RATE)
    return path


@pytest.fixture
def opened(qapp, media, tmp_path):
    session = Session()
    document = Document(media=Media(media.name, 35_000, fingerprint(media)))
    path = tmp_path / "interview.gstudio"
    session.show(Project.create(path, document=document, media_path=media))
    yield session
    session.close()


@pytest.fixture
def hearing_of(opened, tmp_path):
    made = []

    def make(serve=SERVE):
        jobs = Jobs("engine")
        reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
        engine = EngineProcess(tmp_path / "engine.log", serve=serve)
        made.append((jobs, engine, reader))
        return Hearing(opened, jobs, reader, engine)

    yield make
    for jobs, engine, reader in made:
        jobs.shutdown()
        engine.close()
        reader.close()


def task_of(session):
    media = session.document.media
    path = session.media_path
    return Task(path, media.fingerprint, media.duration, "draft", None, Options())


def words(session):
    return [word.text for word in session.document.words()]


def test_the_transcript_grows_while_it_runs_and_is_one_undo_step(qtbot, opened, hearing_of):
    hearing, sizes, seen = hearing_of(), [], []
    opened.changed.connect(lambda _before, after, _change: sizes.append(len(after.segments)))
    hearing.progress.connect(seen.append)
    with qtbot.waitSignal(hearing.ended, timeout=LONG) as ended:
        hearing.start(DRAFT)
        assert hearing.is_running
    assert ended.args == ["finished"]
    assert not hearing.is_running
    assert len(sizes) > 2
    assert {"lighthouse", "visitors", "november"} <= set(words(opened))
    assert seen[-1] == Progress(35_000, 35_000, "Done", "CPU, 1 thread")
    assert opened.undo_label == "Hear"
    assert opened.project.stage("run", run_name(task_of(opened)))["options"]["language"] == "en"
    opened.undo()
    assert words(opened) == []


def test_a_correction_made_while_it_runs_stays(qtbot, opened, hearing_of):
    hearing = hearing_of()

    def correct(_before, after, _change):
        if after.segments and not any(word.touched for word in after.words()):
            fixed = after.segments[0].text.replace("good morning", "Bonjour", 1)
            opened.commit(edits.retype(after, 0, fixed), "Correct")

    opened.changed.connect(correct)
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT)
    assert words(opened)[0] == "Bonjour"
    assert "november" in words(opened)


def test_cancel_keeps_what_was_heard_and_the_next_run_goes_on(qtbot, opened, hearing_of):
    hearing = hearing_of()
    opened.changed.connect(lambda *_: hearing.cancel())
    with qtbot.waitSignal(hearing.ended, timeout=LONG) as ended:
        hearing.start(DRAFT)
    assert ended.args == ["cancelled"]
    kept = words(opened)
    assert kept
    results = opened.project.results()
    opened.changed.disconnect()
    with qtbot.waitSignal(hearing.ended, timeout=LONG) as ended:
        hearing.start(DRAFT)
    assert ended.args == ["finished"]
    assert words(opened)[: len(kept)] == kept
    assert results.items() <= opened.project.results().items()


def test_what_was_undone_is_heard_again(qtbot, opened, hearing_of):
    hearing = hearing_of()
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT)
    heard = words(opened)
    opened.undo()
    assert words(opened) == []
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT)
    assert words(opened) == heard


def test_findings_stay_when_what_was_heard_stands(qtbot, opened, hearing_of):
    hearing = hearing_of("tests.pipeline.engines:doubts_itself")
    for _ in range(2):
        with qtbot.waitSignal(hearing.ended, timeout=LONG):
            hearing.start(DRAFT)
        found = opened.document.findings
        assert {finding.kind for finding in found} >= {"window-doubtful"}
        assert len(found) == len(set(found))


def test_a_window_that_fails_is_a_finding_that_the_next_run_clears(qtbot, opened, hearing_of):
    failing = hearing_of("tests.pipeline.engines:dies_at_loud_windows")
    told = []
    failing.problem.connect(told.append)
    with qtbot.waitSignal(failing.ended, timeout=LONG):
        failing.start(DRAFT)
    kinds = [finding.kind for finding in opened.document.findings]
    assert kinds == ["window-failed"] * len(told) != []
    hearing = hearing_of()
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT)
    assert opened.document.findings == ()


def test_a_span_is_heard_again_on_request(qtbot, opened, hearing_of):
    hearing = hearing_of()
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT, span=Span(0, 9000))
    assert all(word.start < 9000 for word in opened.document.words())
    first = words(opened)
    with qtbot.waitSignal(hearing.ended, timeout=LONG):
        hearing.start(DRAFT, span=Span(0, 9000))
    assert words(opened) == first


def test_what_cannot_be_heard_is_refused_with_a_sentence(qtbot, opened, hearing_of, media):
    hearing = hearing_of()
    opened.show(None)
    with pytest.raises(StudioError, match="no recording"):
        hearing.start(DRAFT)
