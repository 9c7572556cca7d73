"""What a session takes back while a machine works on the same transcript."""

import pytest

from granite_studio.core import edits
from granite_studio.core.document import EngineUse, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.store.project import Project


def text(session):
    return [segment.text for segment in session.document]


def hear(session, start, said):
    words = (HeardWord(said, start, start + 400),)
    heard = Heard(Span(start, start + 900), (HeardTurn(words),), EngineUse("test"), str(start))
    after = edits.apply_heard(session.document, heard)
    session.commit(after, "Hear", "run", heard=[heard])


def write(session, typed):
    session.commit(edits.retype(session.document, 0, typed), "Correct text")


@pytest.fixture
def running(session):
    session.begin("run")
    return session


def found(session):
    """What somebody finds who opens the project now."""
    session.project.flush()
    with Project.open(session.project.path, read_only=True) as project:
        history = project.history
        assert history.document == session.document
        return [s.label for s in history.steps[1:]], history.undo_label, history.redo_label


def test_the_step_of_a_person_is_taken_back_and_told(qtbot, running):
    hear(running, 5000, "one")
    write(running, "a b")
    hear(running, 7000, "two")
    before = running.document
    assert running.undo_label == "Correct text"
    with qtbot.waitSignal(running.changed) as told:
        running.undo()
    assert told.args[:2] == [before, running.document]
    assert (told.args[2].first, told.args[2].removed, told.args[2].inserted) == (0, 1, 1)
    assert text(running) == ["a b c d", "one", "two"]
    assert found(running) == (["Hear", "Correct text"], "Hear", "Correct text")
    running.redo()
    assert running.document is before
    assert found(running) == (["Hear", "Correct text"], "Correct text", None)


def test_what_was_undone_outlives_what_is_heard_and_a_restart(running, path):
    write(running, "a b")
    write(running, "a b now")
    running.undo()
    running.undo()
    hear(running, 5000, "one")
    hear(running, 7000, "two")
    assert found(running) == (["Hear", "Correct text", "Correct text"], "Hear", "Correct text")
    running.close()
    running.show(Project.open(path))
    running.redo()
    running.redo()
    assert text(running) == ["a b now", "one", "two"]
    assert set(running.project.results()) == {"5000", "7000"}


def test_a_run_that_ended_is_taken_back_before_what_was_done_before_it(session):
    write(session, "a b")
    session.begin("run")
    hear(session, 5000, "one")
    session.end("run")
    assert session.undo_label == "Hear"
    session.undo()
    assert text(session) == ["a b"]


def test_a_change_that_meets_the_machines_has_to_wait_for_it(qtbot, running):
    write(running, "a b")
    running.commit(edits.retype(running.document, 0, "a b heard"), "Hear", "run")
    assert running.undo_label is None
    assert running.must_wait
    with qtbot.waitSignal(running.undo_refused):
        running.undo()
    assert text(running) == ["a b heard"]
    running.end("run")
    assert not running.must_wait
    with qtbot.assertNotEmitted(running.undo_refused):
        running.undo()
        running.undo()
    assert text(running) == ["a b c d"]


def test_undo_without_anything_to_take_back_changes_nothing(qtbot, running):
    before = running.document
    with qtbot.assertNotEmitted(running.undo_refused):
        running.undo()
        running.redo()
    assert running.document is before


def test_another_project_knows_nothing_of_a_run_in_the_one_before(running, path, tmp_path):
    document = running.document
    running.show(Project.create(tmp_path / "other.gstudio", document=document))
    hear(running, 5000, "one")
    running.end("run")
    assert [step.since for step in running.project.history.steps] == [None, None]
