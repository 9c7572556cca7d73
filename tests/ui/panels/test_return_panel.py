"""What comes back from Word is shown first, and taken over in one step."""

from dataclasses import replace

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from granite_studio.core import edits
from granite_studio.core.document import Media
from granite_studio.core.roundtrip.differences import Side
from granite_studio.core.translation import texts_in
from granite_studio.formats import Content, Layout, dump
from granite_studio.ui.dialogs.returning import ReturnPanel

BACK = "How did you come to this place?"


@pytest.fixture
def document(document):
    return replace(document, media=Media("lighthouse.wav", 20_000, "print"))


@pytest.fixture
def edited(tmp_path, document):
    """An export in which "work" became "place"."""
    path = tmp_path / "edited.docx"
    path.write_bytes(dump("docx", Content(document=document)))
    file = docx.Document(path)
    for paragraph in file.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("work?", "place?")
    file.save(path)
    return path


def panel_of(qtbot, session, jobs, path):
    panel = ReturnPanel(session, jobs, path)
    panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "Reading" not in panel._sum.text())
    return panel


def test_it_shows_what_went_struck_out_and_what_came_underlined(qtbot, session, jobs, edited):
    panel = panel_of(qtbot, session, jobs, edited)
    assert panel._sum.text() == "Differences in edited.docx: 1."
    assert "How did you come to this work? place?" in panel._list.toPlainText()
    shown = panel._list.toHtml()
    assert "line-through" in shown
    assert "underline" in shown
    assert not panel._side_row.isVisible()


def test_taking_over_is_one_step_that_undo_takes_back(qtbot, session, jobs, edited, document):
    panel = panel_of(qtbot, session, jobs, edited)
    qtbot.mouseClick(panel._take, Qt.MouseButton.LeftButton)
    assert session.document.segments[2].text == BACK
    assert session.undo_label == "Bring back from Word"
    assert not panel.isVisible()
    session.undo()
    assert session.document is document


def test_cancel_changes_nothing(qtbot, session, jobs, edited, document):
    panel = panel_of(qtbot, session, jobs, edited)
    panel.reject()
    assert session.document is document


def test_conflicts_come_first_and_a_person_says_whose_text_stays(
    qtbot, session, jobs, edited, document
):
    now = edits.retype(document, 2, "How did you come to this job?")
    session.commit(now, "Type")
    panel = panel_of(qtbot, session, jobs, edited)
    assert "Changed in the project as well: 1." in panel._sum.text()
    assert "the text that came back is taken" in panel._list.toPlainText()
    assert panel._take.isEnabled()
    panel._side.setCurrentIndex(panel._side.findData(Side.PROJECT))
    qtbot.waitUntil(lambda: "the project's text stays" in panel._list.toPlainText())
    assert not panel._take.isEnabled()
    panel._side.setCurrentIndex(0)
    qtbot.waitUntil(panel._take.isEnabled)
    panel.accept()
    assert session.document.segments[2].text == BACK


def test_a_transcript_that_changed_meanwhile_is_compared_again(
    qtbot, session, jobs, edited, document
):
    panel = panel_of(qtbot, session, jobs, edited)
    session.commit(edits.retype(session.document, 0, "Good evening, Raven Point."), "Type")
    panel.accept()
    assert panel.isVisible()
    qtbot.waitUntil(panel._take.isEnabled)
    panel.accept()
    assert [segment.text for segment in session.document] == [
        "Good evening, Raven Point.",
        "You are very welcome here.",
        BACK,
    ]


def test_a_file_that_cannot_be_read_says_why(qtbot, session, jobs, tmp_path):
    (tmp_path / "no.docx").write_bytes(b"no")
    panel = panel_of(qtbot, session, jobs, tmp_path / "no.docx")
    assert "is not a Word document" in panel._sum.text()
    assert not panel._take.isEnabled()


def test_text_of_strangers_is_no_markup(qtbot, session, jobs, edited):
    file = docx.Document(edited)
    file.paragraphs[-1].runs[-1].text = "How did you <img src=x> come?"
    file.save(edited)
    panel = panel_of(qtbot, session, jobs, edited)
    assert "<img src=x>" in panel._list.toPlainText()


def test_every_control_has_a_name(qtbot, session, jobs, edited):
    panel = panel_of(qtbot, session, jobs, edited)
    assert panel._list.accessibleName() == "Differences"
    assert panel._side.accessibleName() == "Where both changed the same words:"
    [label] = [each for each in panel._side_row.findChildren(QLabel) if each.buddy()]
    assert label.buddy() is panel._side


def test_the_menu_leads_there(qtbot, studio, tmp_path, edited, document):
    from granite_studio.store.project import Project

    studio.session.show(Project.create(tmp_path / "whole.gstudio", document=document))
    studio.project.show_returned(edited)
    panel = studio.window.findChild(ReturnPanel)
    qtbot.waitUntil(panel._take.isEnabled)
    panel.accept()
    assert studio.session.document.segments[2].text == BACK


def test_rows_of_cues_show_their_lines_and_the_times_that_cannot_be(
    qtbot, session, jobs, tmp_path, document
):
    path = tmp_path / "cues.docx"
    path.write_bytes(dump("docx", Content(document=document, layout=Layout.CUES)))
    file = docx.Document(path)
    first, second = file.tables[0].rows[1:3]
    words = first.cells[4].text.split()
    first.cells[4].paragraphs[0].runs[0].text = f"{words[0]}\n{' '.join(words[1:])}"
    second.cells[2].paragraphs[0].runs[0].text = "soon"
    file.save(path)
    panel = panel_of(qtbot, session, jobs, path)
    assert panel._sum.text() == "Differences in cues.docx: 2. Times that cannot be taken: 1."
    shown = panel._list.toPlainText()
    assert f"{words[0]} | {words[1]}" in shown
    assert shown.index("cannot be read: the cue keeps its times") < shown.index("other lines")
    assert not panel._side_row.isVisible()
    panel.accept()
    [hand] = session.document.cue_overrides
    assert hand.breaks == (document.segments[0].words[0].id,)


def test_a_translation_is_told_with_its_language(qtbot, session, jobs, tmp_path, document):
    number = document.segments[0].id
    document = edits.set_translation(document, number, "fr", "bonsoir")
    session.commit(document, "Translate")
    path = tmp_path / "two.docx"
    path.write_bytes(dump("docx", Content(document=document, layout=Layout.BILINGUAL)))
    file = docx.Document(path)
    file.tables[0].rows[1].cells[3].paragraphs[0].runs[0].text = "bonjour"
    file.save(path)
    session.commit(edits.set_translation(document, number, "fr", "salut"), "Type")
    panel = panel_of(qtbot, session, jobs, path)
    shown = panel._list.toPlainText()
    assert "fr \N{MIDDLE DOT} another translation \N{MIDDLE DOT} changed on both sides" in shown
    assert "what came back is taken" in shown
    assert "salut bonjour" in shown
    panel.accept()
    assert texts_in(session.document, "fr")[number].text == "bonjour"
