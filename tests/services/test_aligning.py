"""Words that a person typed find their times in what was heard of them, or is heard for them."""

import numpy as np
import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.document import Document, EngineUse, Media, Segment, Span, Word
from granite_studio.core.errors import EngineError, StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines import catalog
from granite_studio.engines.base import Emissions, Options
from granite_studio.engines.models import Ready
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.emissions import keep
from granite_studio.services.aligning import Aligning
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.store.project import Project

TELLS = "tells_what_its_encoder_heard"
READY = Ready(catalog.find("granite-base"), None, "test")


def choose():
    return READY


def choose_none():
    raise EngineError("There is no engine; get one.")


@pytest.fixture
def opened(qapp, tmp_path):
    """A paragraph "ab cd" from 1 s to 3 s and another from 5 s on."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, (8000 * np.sin(np.arange(160_000) * 0.1)).astype(np.int16), 16_000)
    segments = (
        Segment(20, (Word(1, "ab", 1000, 2000), Word(2, "cd", 2000, 3000))),
        Segment(21, (Word(3, "ef", 5000, 6000),)),
    )
    document = Document(segments, media=Media(path.name, 10_000, fingerprint(path)), next_id=50)
    session = Session()
    session.show(Project.create(tmp_path / "tone.gstudio", document=document, media_path=path))
    yield session
    session.close()


@pytest.fixture
def aligning_of(opened, tmp_path):
    made = []

    def make(serve=TELLS):
        quick, jobs = Jobs("quick"), Jobs("engine")
        reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
        engine = EngineProcess(tmp_path / "engine.log", serve=f"tests.pipeline.engines:{serve}")
        made.append((quick, jobs, engine, reader))
        return Aligning(opened, quick, jobs, reader, engine, tmp_path / "cache")

    yield make
    for quick, jobs, engine, reader in made:
        quick.shutdown()
        jobs.shutdown()
        engine.close()
        reader.close()


def keep_letters(session, folder, **letters):
    """Keep emissions of 0..4 s in which these letters sound at these ms."""
    levels = np.full((200, 128), 255, np.uint8)
    levels[:, 0] = 0
    for letter, ms in letters.items():
        levels[ms // 20] = 255
        levels[ms // 20, ord(letter)] = 0
    name = session.document.media.fingerprint
    keep(folder, name, "r", Span(0, 4000), Emissions(levels, 0.02))


def starts(session):
    return [word.start for word in session.document.segments[0].words]


def type_in(session, text):
    session.commit(edits.retype(session.document, 0, text), "Correct text", "type")


def test_what_was_heard_once_is_enough(qtbot, opened, aligning_of, tmp_path):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, x=1600, y=1700, c=2400, d=2500)
    type_in(opened, "ab xy cd")
    aligning = aligning_of("never_ends")
    with qtbot.waitSignal(aligning.ended, timeout=20_000) as ended:
        aligning.start([20], choose_none, options=Options())
    assert ended.args == ["finished"]
    assert starts(opened) == pytest.approx([1200, 1600, 2400], abs=100)
    assert opened.undo_label == "Align words"


def test_what_was_not_heard_yet_is_heard_now_and_kept(qtbot, opened, aligning_of):
    type_in(opened, "ab cd a")
    aligning, seen = aligning_of(), []
    aligning.progress.connect(seen.append)
    with qtbot.waitSignals([aligning.started, aligning.ended], timeout=20_000):
        aligning.start([20], choose, options=Options())
    last = opened.document.segments[0].words[-1]
    assert (last.text, last.end, last.estimated) == ("a", 3440, False)
    assert seen[-1].done_ms == seen[-1].total_ms
    again = aligning_of("never_ends")
    with qtbot.waitSignal(again.ended, timeout=20_000) as ended:
        again.start([20], choose_none, options=Options())
    assert ended.args == ["finished"]


@pytest.mark.parametrize(
    ("serve", "chosen", "said"),
    [(TELLS, choose_none, "get one"), ("hears_nothing", choose, "does not tell where")],
)
def test_why_it_cannot_be_done_is_told(qtbot, opened, aligning_of, serve, chosen, said):
    type_in(opened, "ab xy cd")
    before, aligning, told = opened.document, aligning_of(serve), []
    aligning.problem.connect(told.append)
    with qtbot.waitSignal(aligning.ended, timeout=20_000) as ended:
        aligning.start([20], chosen, options=Options())
    assert ended.args == ["failed"]
    assert len(told) == 1
    assert said in told[0]
    assert opened.document is before
    assert not aligning.is_running


def test_the_cursor_leaves_a_paragraph_and_its_words_are_in_time_undone_with_the_typing(
    opened, aligning_of, tmp_path
):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, x=1600, y=1700, c=2400, d=2500)
    aligning, before = aligning_of(), opened.document
    type_in(opened, "ab xy cd")
    typed = opened.document
    aligning.leave(20)
    assert opened.document is typed
    opened.seal()
    aligning.leave(21)
    assert starts(opened) == pytest.approx([1200, 1600, 2400], abs=100)
    assert opened.undo_label == "Correct text"
    opened.undo()
    assert opened.document is before
    opened.redo()
    assert starts(opened) == pytest.approx([1200, 1600, 2400], abs=100)
    opened.project.flush()
    with Project.open(opened.project.path, read_only=True) as project:
        assert project.history.document == opened.document
        assert len(project.history.steps) == 2


def test_after_another_change_it_is_a_step_of_its_own(opened, aligning_of, tmp_path):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, x=1600, y=1700, c=2400, d=2500)
    aligning = aligning_of()
    type_in(opened, "ab xy cd")
    opened.commit(edits.retype(opened.document, 1, "Ef"), "Other")
    aligning.leave(21)
    assert opened.undo_label == "Align words"
    opened.undo()
    assert opened.undo_label == "Other"


def test_words_heard_meanwhile_do_not_part_the_typing_from_its_times(
    opened, aligning_of, tmp_path
):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, x=1600, y=1700, c=2400, d=2500)
    aligning = aligning_of()
    opened.begin("hear")
    type_in(opened, "ab xy cd")
    words = (HeardWord("gh", 8000, 8500),)
    heard = Heard(Span(7500, 9000), (HeardTurn(words),), EngineUse("test"), "k")
    opened.commit(edits.apply_heard(opened.document, heard), "Hear", "hear", heard=[heard])
    aligning.leave(21)
    assert starts(opened) == pytest.approx([1200, 1600, 2400], abs=100)
    assert opened.undo_label == "Correct text"
    opened.undo()
    assert [segment.text for segment in opened.document] == ["ab cd", "ef", "gh"]
    opened.redo()
    assert starts(opened) == pytest.approx([1200, 1600, 2400], abs=100)
    opened.project.flush()
    with Project.open(opened.project.path, read_only=True) as project:
        assert project.history.document == opened.document
        assert [step.label for step in project.history.steps[1:]] == ["Hear", "Correct text"]


def test_without_anything_kept_leaving_a_paragraph_changes_nothing(opened, aligning_of):
    aligning = aligning_of()
    type_in(opened, "ab xy cd")
    before = opened.document
    aligning.leave(21)
    assert opened.document is before


def test_a_paragraph_whose_words_have_their_times_is_left_alone(opened, aligning_of, tmp_path):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, c=2400, d=2500)
    aligning = aligning_of()
    type_in(opened, "Ab, cd")  # the same words in other dress
    before = opened.document
    aligning.leave(21)
    assert opened.document is before


def test_with_something_to_redo_it_is_a_step_that_can_be_seen(opened, aligning_of, tmp_path):
    keep_letters(opened, tmp_path / "cache", a=1200, b=1300, x=1600, y=1700, c=2400, d=2500)
    aligning = aligning_of()
    type_in(opened, "ab xy cd")
    opened.commit(edits.retype(opened.document, 1, "Ef"), "Other")
    opened.undo()
    aligning.leave(21)
    assert opened.undo_label == "Align words"


def test_a_text_without_a_recording_cannot_be_aligned(opened, aligning_of):
    opened.commit(edits.set_media(opened.document, None), "Forget")
    with pytest.raises(StudioError, match="no recording"):
        aligning_of().start([20], choose, options=Options())
