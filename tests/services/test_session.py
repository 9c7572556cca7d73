import pytest

from granite_studio.core import edits
from granite_studio.core.document import Change, Document, EngineUse, Span
from granite_studio.core.errors import ProjectError
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.services.session import Session
from granite_studio.store.project import Project


def text(session):
    return [segment.text for segment in session.document]


def test_a_commit_is_told_with_the_rows_that_changed(qtbot, session):
    before = session.document
    after = edits.split(before, edits.Place(0, 2))
    with qtbot.waitSignal(session.changed) as told:
        session.commit(after, "Split")
    assert told.args == [before, after, Change(0, 1, 2)]
    assert (session.undo_label, session.redo_label) == ("Split", None)


def test_undo_and_redo_give_back_the_very_same_documents(session):
    first = session.document
    second = edits.retype(first, 0, "a b c e")
    session.commit(second, "Correct")
    session.undo()
    assert session.document is first
    assert session.redo_label == "Correct"
    session.redo()
    assert session.document is second


def test_every_commit_is_on_the_disk_when_saved_is_told(qtbot, session, path):
    with qtbot.waitSignal(session.saved):
        session.commit(edits.retype(session.document, 0, "one two"), "Correct")
    with Project.open(path, read_only=True) as found:
        assert [s.text for s in found.history.document] == ["one two"]


def test_the_undo_history_is_there_after_a_restart(session, path):
    session.commit(edits.retype(session.document, 0, "a b"), "Shorten")
    session.commit(edits.retype(session.document, 0, "a"), "Shorten more")
    session.undo()
    session.close()
    session.show(Project.open(path))
    assert (session.undo_label, session.redo_label) == ("Shorten", "Shorten more")
    session.undo()
    assert text(session) == ["a b c d"]


def test_typing_in_one_word_is_one_step_until_the_caret_moves(session):
    for typed in ("a b c e", "a b c ef"):
        session.commit(edits.retype(session.document, 0, typed), "Type", "word-4")
    session.seal()
    session.commit(edits.retype(session.document, 0, "a b c efg"), "Type", "word-4")
    session.undo()
    assert text(session) == ["a b c ef"]
    session.undo()
    assert text(session) == ["a b c d"]


def test_machine_words_never_change_what_a_person_typed(session):
    session.commit(edits.retype(session.document, 0, "a b c Raven"), "Correct")
    heard = Heard(
        Span(0, 3000),
        (HeardTurn(tuple(HeardWord(t, n * 500, n * 500 + 400) for n, t in enumerate("wxyz", 1))),),
        EngineUse("test"),
        key="k1",
    )
    after = edits.apply_heard(session.document, heard)
    session.commit(after, "Hear", "hear-1", heard=[heard])
    assert "Raven" in text(session)[0]
    assert session.project.results().keys() == {"k1"}


def test_nothing_can_be_committed_where_there_is_no_project(qapp):
    session = Session()
    with pytest.raises(ProjectError, match="reading only"):
        session.commit(Document(), "Edit")


def test_a_second_opener_reads_and_cannot_write(session, path):
    other = Session()
    other.show(Project.open(path))
    assert other.is_read_only
    assert text(other) == text(session)
    with pytest.raises(ProjectError):
        other.commit(edits.retype(other.document, 0, "x"), "Edit")
    other.undo()
    assert text(other) == text(session)
    other.close()
