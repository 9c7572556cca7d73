"""The panel of the translation: what it teaches, shows, and lets a person write."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPlainTextEdit

from granite_studio.core import edits
from granite_studio.core.document import Document
from granite_studio.core.edits import Place
from granite_studio.core.translation import mark_of, texts_in
from granite_studio.store.project import Project
from granite_studio.ui.translation.model import OriginalRole
from granite_studio.ui.translation.panel import TranslationPanel


@pytest.fixture
def panel(qtbot, session, playback):
    panel = TranslationPanel(session, playback)
    qtbot.addWidget(panel)
    panel.resize(420, 500)
    panel.show()
    QAbstractItemModelTester(
        panel._model, QAbstractItemModelTester.FailureReportingMode.Warning, panel
    )
    return panel


def by_machine(session, segment_id, text, language="fr"):
    document = session.document
    mark = mark_of(document.segments[document.row_of(segment_id)].words)
    after = edits.add_translation(document, segment_id, language, text, source=mark)
    session.commit(after, "Translate")


def shown(panel):
    model = panel._model
    return [model.index(row).data() for row in range(model.rowCount())]


def editor_at(panel, row):
    panel._list.setCurrentIndex(panel._model.index(row))
    panel._list.edit(panel._model.index(row))
    return panel._list.findChild(QPlainTextEdit)


def test_without_a_translation_it_says_how_to_make_one(panel, qtbot):
    assert "every paragraph" in panel.hint
    action = QAction("Translate …", panel)
    panel.set_action(action)
    assert panel._first.isVisible()
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(panel._first, Qt.MouseButton.LeftButton)
    action.setEnabled(False)
    assert not panel._first.isEnabled()


def test_without_text_there_is_nothing_to_press(panel, session):
    session.show(None)
    assert "Once something was heard" in panel.hint
    assert not panel._first.isVisible()


def test_a_row_says_when_it_begins_what_was_said_and_what_that_is(panel, session):
    by_machine(session, 2, "Vous êtes les bienvenus.")
    assert panel.hint == ""
    assert shown(panel) == ["Not translated yet", "Vous êtes les bienvenus.", "Not translated yet"]
    assert panel._model.index(1).data(OriginalRole) == "0:05   You are very welcome here."
    assert panel._summary.text() == "1 of 3"


def test_what_is_written_in_a_row_is_a_persons_and_one_step(panel, session):
    by_machine(session, 2, "Vous êtes là.")
    editor = editor_at(panel, 1)
    assert editor.toPlainText() == "Vous êtes là."
    QTest.keyClicks(editor, "Soyez les bienvenus.")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert shown(panel)[1] == "Soyez les bienvenus."
    assert texts_in(session.document, "fr")[2].touched
    assert session.undo_label == "Correct the translation"
    session.undo()
    assert shown(panel)[1] == "Vous êtes là."


def test_escape_leaves_a_text_as_it_was(panel, session):
    by_machine(session, 2, "Vous êtes là.")
    before = session.document
    editor = editor_at(panel, 1)
    QTest.keyClicks(editor, "no")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert session.document is before


def test_what_is_being_written_when_the_project_is_closed_is_kept(panel, session, tmp_path):
    by_machine(session, 1, "Bonjour.")
    editor_at(panel, 0).setPlainText("Bonjour à tous.")
    session.close()
    with Project.open(tmp_path / "lighthouse.gstudio") as project:
        assert texts_in(project.history.document, "fr")[1].text == "Bonjour à tous."


def test_the_row_that_is_written_in_stays_open_while_others_come(panel, session):
    by_machine(session, 2, "Vous êtes là.")
    editor = editor_at(panel, 1)
    QTest.keyClicks(editor, "So")
    by_machine(session, 3, "Comment ?")
    assert editor.isVisible()
    assert editor.toPlainText() == "So"
    assert shown(panel)[2] == "Comment ?"


def test_a_text_whose_paragraph_changed_is_marked(panel, session):
    by_machine(session, 2, "Vous êtes là.")
    session.commit(edits.retype(session.document, 1, "You were not welcome."), "Correct")
    index = panel._model.index(1)
    assert "was changed after" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "was changed after" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_rows_follow_paragraphs_that_are_split_and_joined(panel, session):
    by_machine(session, 2, "Vous êtes là.")
    session.commit(edits.split(session.document, Place(0, 2)), "Split")
    assert shown(panel) == [
        "Not translated yet",
        "Not translated yet",
        "Vous êtes là.",
        "Not translated yet",
    ]
    session.commit(edits.merge(session.document, 0), "Join")
    session.commit(edits.merge(session.document, 0), "Join")
    assert shown(panel) == ["Vous êtes là.", "Not translated yet"]


def test_one_language_of_several_is_shown(panel, session):
    by_machine(session, 1, "Bonjour.")
    by_machine(session, 1, "Guten Morgen.", "de")
    assert (panel.language, shown(panel)[0]) == ("fr", "Bonjour.")
    panel._languages.setCurrentIndex(1)
    assert (panel.language, shown(panel)[0]) == ("de", "Guten Morgen.")
    panel.show_language("fr")
    assert shown(panel)[0] == "Bonjour."
    assert [panel._languages.itemText(n) for n in range(2)] == ["French", "German"]


def test_a_language_that_was_asked_for_is_shown_with_its_first_text(panel, session):
    by_machine(session, 1, "Bonjour.")
    panel.show_language("de")
    assert panel.language == "fr"
    by_machine(session, 1, "Guten Morgen.", "de")
    assert panel.language == "de"


def test_a_row_that_is_chosen_moves_the_playback(panel, session, playback, qtbot):
    by_machine(session, 1, "Bonjour.")
    with qtbot.waitSignal(playback.moved):
        panel._list.clicked.emit(panel._model.index(1))
    assert playback.position == 5000


def test_what_is_open_for_reading_only_cannot_be_written_in(panel, session, tmp_path, document):
    path = tmp_path / "locked.gstudio"
    translated = edits.set_translation(document, 1, "fr", "Bonjour.")
    Project.create(path, document=translated).close()
    session.show(Project.open(path, read_only=True))
    assert shown(panel)[0] == "Bonjour."
    assert not panel._model.flags(panel._model.index(0)) & Qt.ItemFlag.ItemIsEditable


def test_another_project_without_translations_shows_the_hint_again(panel, session, tmp_path):
    by_machine(session, 1, "Bonjour.")
    session.show(Project.create(tmp_path / "other.gstudio", document=Document()))
    assert "Once something was heard" in panel.hint
    assert panel.language == ""
