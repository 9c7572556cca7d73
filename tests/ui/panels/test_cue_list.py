from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester

from granite_studio.core import edits
from granite_studio.core.styles import style
from granite_studio.ui.cues.cue_list import CueList
from granite_studio.ui.cues.model import CPS, NUMBER, START, TEXT, CueModel


def texts(model, column=TEXT):
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_each_cue_is_a_row_with_its_figures(session, subtitles):
    model = CueModel(session, subtitles, session)
    assert texts(model) == [
        "Good morning, Raven Point.",
        "You are very welcome here.",
        "How did you come to this work?",
    ]
    assert texts(model, NUMBER) == ["1", "2", "3"]
    assert model.index(0, START).data() == "0:01.000"
    assert int(model.index(0, CPS).data()) > 0


def test_a_cue_too_fast_to_read_is_marked_and_says_why(session, subtitles):
    fast = edits.retime_segment(session.document, 1, 5000, 5400)
    session.commit(fast, "Retime")
    from granite_studio.core.document import CueOverride

    words = session.document.segments[1].words
    fixed = edits.fix_cue(
        session.document, CueOverride(words[0].id, words[-1].id, start=5000, end=5400)
    )
    session.commit(fixed, "Fix")
    subtitles.set_style(style("general"))
    model = CueModel(session, subtitles, session)
    index = model.index(1, TEXT)
    assert "CPS" in index.data(Qt.ItemDataRole.ToolTipRole) or "characters" in index.data(
        Qt.ItemDataRole.ToolTipRole
    )
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()


def test_the_rows_follow_edits_undo_and_another_style(qtbot, session, subtitles):
    model = CueModel(session, subtitles, session)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with qtbot.waitSignal(subtitles.changed):
        session.commit(edits.retype(session.document, 1, "You are welcome."), "Correct")
    assert texts(model)[1] == "You are welcome."
    with qtbot.waitSignal(subtitles.changed):
        everything = edits.delete(session.document, edits.Place(1, 0), edits.Place(2, 7))
        session.commit(everything, "Delete")
    assert texts(model) == ["Good morning, Raven Point."]
    with qtbot.waitSignal(subtitles.changed):
        session.undo()
    assert len(texts(model)) == 3
    subtitles.set_style(style("vertical"))
    assert max(len(line) for text in texts(model) for line in text.split("\n")) <= 24


def test_a_click_moves_the_playhead_to_the_cue(qtbot, session, subtitles, playback):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.resize(480, 300)
    view.show()
    table = view._table
    place = table.visualRect(table.model().index(2, TEXT)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert playback.position == subtitles.cues[2].start


def test_the_cue_on_screen_is_the_chosen_row(qtbot, session, subtitles, playback):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    playback.seek(subtitles.cues[1].start + 50)
    assert view._table.currentIndex().row() == 1


def test_a_cue_that_is_chosen_elsewhere_is_the_chosen_row(qtbot, session, subtitles, playback):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.choose(subtitles.cues[2].first)
    assert view._table.currentIndex().row() == 2
    view.choose(999)
    assert view._table.currentIndex().row() == 2


def test_cues_that_are_cut_anew_leave_the_cue_on_screen_chosen(
    qtbot, session, subtitles, playback
):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    playback.seek(subtitles.cues[2].start + 50)
    with qtbot.waitSignal(subtitles.changed):
        everything = edits.delete(session.document, edits.Place(0, 0), edits.Place(0, 4))
        session.commit(everything, "Delete")
    assert view._table.currentIndex().row() == 1


def test_the_cue_on_screen_comes_into_sight_with_its_neighbours(
    qtbot, session, subtitles, playback
):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.resize(480, 140)
    view.show()
    playback.seek(subtitles.cues[1].start)
    table = view._table
    middle = table.visualRect(table.currentIndex()).center().y()
    assert abs(middle - table.viewport().height() // 2) < table.rowHeight(1)


def test_the_current_cue_stays_in_sight_when_its_panel_gets_wider(
    qtbot, session, subtitles, playback
):
    text = " ".join("This is one more sentence." for _ in range(60))
    session.commit(edits.retype(session.document, 2, text), "Write")
    subtitles.catch_up()
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    row = len(subtitles.cues) // 2
    playback.seek(subtitles.cues[row].start)
    view.resize(1000, 300)
    table = view._table
    assert table.currentIndex().row() == row
    qtbot.waitUntil(lambda: table.viewport().rect().contains(middle_of(table)))


def middle_of(table):
    return table.visualRect(table.currentIndex()).center()


def test_the_focus_is_seen_before_the_first_cue_is_on_screen(qtbot, session, subtitles, playback):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus()
    assert [index.row() for index in view._table.selectionModel().selectedRows()] == [0]


def test_lines_that_are_read_from_the_right_end_on_the_left(session, subtitles, playback):
    """Where the list itself runs from the left, their full stop would else be on the right."""
    session.commit(edits.retype(session.document, 0, "شكرا لك."), "Correct")
    subtitles.catch_up()
    panel = CueList(session, playback, subtitles)
    table = panel._table
    shown = table.itemDelegate().displayText("- תודה.\n- Hello.", QLocale())
    lines = shown.split("\u2028")
    assert [(line[0], line[-1]) for line in lines] == [("\u2068", "\u2069")] * 2
    assert table.itemDelegate().displayText("Grüße, 1:02", QLocale()) == "Grüße, 1:02"
    assert table.model().index(0, TEXT).data() == "شكرا لك."  # what is edited has no such signs


def test_picking_a_style_is_told(qtbot, session, subtitles, playback, styles):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    view.set_styles(styles, QAction("Edit styles …", view))
    row = view._styles.findData("bbc")
    with qtbot.waitSignal(view.style_chosen) as told:
        view._styles.activated.emit(row)
    assert told.args == ["bbc"]


def test_without_cues_there_is_a_sentence_instead_of_an_empty_table(
    qtbot, session, subtitles, playback
):
    view = CueList(session, playback, subtitles)
    qtbot.addWidget(view)
    assert view._pages.currentWidget() is view._table
    session.show(None)
    assert view._pages.currentWidget() is view._empty
