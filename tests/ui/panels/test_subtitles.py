from dataclasses import replace

from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import Document, Segment
from granite_studio.store.project import Project
from tests.ui.panels.conftest import spoken


def long(paragraphs=900):
    """Nearly an hour."""
    segments = tuple(
        Segment(row, spoken(1000 + 10 * row, 4000 * row, "You are welcome. Come to us."))
        for row in range(1, paragraphs)
    )
    return Document(segments, next_id=100_000)


def show(session, tmp_path, document):
    session.show(Project.create(tmp_path / "other.gstudio", document=document))


def test_a_short_transcript_has_its_cues_at_once(session, subtitles):
    assert subtitles.cues == derive(session.document, subtitles.style)


def test_a_long_one_has_none_of_the_last_and_then_all(qtbot, tmp_path, session, subtitles):
    show(session, tmp_path, long())
    whole = derive(session.document, subtitles.style)
    assert subtitles.cues == whole[: len(subtitles.cues)] != whole
    qtbot.waitUntil(lambda: not subtitles.is_opening)
    assert subtitles.cues == derive(session.document, subtitles.style)


def test_an_edit_while_they_are_cut_is_in_them(qtbot, tmp_path, session, subtitles):
    show(session, tmp_path, long())
    session.commit(edits.retype(session.document, 0, "No."), "Type")
    qtbot.waitUntil(lambda: not subtitles.is_opening)
    assert subtitles.cues[0].lines == ("No.",)
    assert subtitles.cues == derive(session.document, subtitles.style)


def test_words_that_stream_in_do_not_hold_them_back(qtbot, session, subtitles):
    texts = iter(range(10_000))

    def type_on():
        row = len(session.document.segments) - 1
        session.commit(edits.retype(session.document, row, f"Well, {next(texts)}."), "Type")
        return subtitles.cues[-1].lines[0].startswith("Well")

    qtbot.waitUntil(type_on)


def test_the_same_words_in_another_project_are_its_own(tmp_path, session, subtitles, document):
    show(session, tmp_path, replace(document, segments=document.segments[:1]))
    assert [cue.lines for cue in subtitles.cues] == [("Good morning, Raven Point.",)]
