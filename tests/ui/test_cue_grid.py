"""Cues are written, timed, moved and dressed in their grid, as a person does it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton, QTableView, QTabWidget
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Word
from granite_studio.store.project import Project
from granite_studio.ui.cue_looks import fill_colours, fill_places
from granite_studio.ui.cues.cue_list import CueList
from granite_studio.ui.cues.editors import LinesEditor
from granite_studio.ui.cues.model import DURATION, END, GAP, NUMBER, START, TEXT
from granite_studio.ui.dialogs.kept_cues import KeptCues
from granite_studio.ui.dialogs.move_cues import MoveCues
from granite_studio.ui.studio import Studio


def texts(studio: Studio) -> list[str]:
    return [" | ".join(cue.lines) for cue in studio.subtitles.cues]


@pytest.fixture
def table(qtbot: QtBot, opened: Studio) -> Iterator[QTableView]:
    """The grid of the open project, wide enough for all its columns and with the focus."""
    opened.cues.setParent(None)
    opened.cues.resize(1200, 400)
    opened.cues.show()
    opened.cues.activateWindow()
    qtbot.waitUntil(opened.cues.isActiveWindow)
    found = opened.cues.findChild(QTableView)
    assert isinstance(found, QTableView)
    found.setFocus()
    yield found
    opened.cues.setParent(opened.window)  # with which it goes


@pytest.fixture
def trigger(program: Program) -> Callable[[str], None]:
    """Does what an action of the table does."""
    return lambda name: program.frame.actions.actions[name].trigger()


def write(qtbot: QtBot, table: QTableView, row: int, column: int) -> QLineEdit | LinesEditor:
    """Double-click a cell, and return what opens there."""
    index = table.model().index(row, column)
    point = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    kind = LinesEditor if column == TEXT else QLineEdit
    found = next(each for each in table.viewport().findChildren(kind) if each.isVisible())
    assert isinstance(found, QLineEdit | LinesEditor)
    return found


def type_over(editor: QLineEdit | LinesEditor, text: str) -> None:
    editor.selectAll()
    QTest.keyClicks(editor, text)


def test_every_figure_of_a_cue_has_a_column(opened: Studio, table: QTableView) -> None:
    cue, following = opened.subtitles.cues[:2]
    model = table.model()
    shown = [model.index(0, column).data() for column in (NUMBER, DURATION, GAP, TEXT)]
    gap = (following.start - cue.end) / 1000
    assert shown == ["1", f"{(cue.end - cue.start) / 1000:.2f}", f"{gap:.2f}", cue.text]
    assert not any(table.isColumnHidden(column) for column in range(model.columnCount()))


@pytest.mark.parametrize("shift", [1, 3_600_000])
def test_every_column_is_seen_in_a_window_of_the_usual_size(
    qtbot: QtBot, program: Program, opened: Studio, shift: int
) -> None:
    moved = tuple(
        replace(segment, words=tuple(shifted(word, shift) for word in segment.words))
        for segment in opened.session.document
    )
    with qtbot.waitSignal(opened.subtitles.changed):
        opened.session.commit(replace(opened.session.document, segments=moved), "Move")
    opened.window.resize(1440, 900)
    program.frame.actions.actions["view.subtitles"].trigger()
    table = opened.cues.findChild(QTableView)
    assert isinstance(table, QTableView)
    qtbot.waitUntil(lambda: table.isVisible() and not table.isColumnHidden(END))
    model, metrics = table.model(), table.fontMetrics()
    assert model.index(0, START).data().count(":") == (1 if shift < 3_600_000 else 2)
    for column in range(TEXT):
        assert not table.isColumnHidden(column)
        shown = [model.index(row, column).data() for row in range(model.rowCount())]
        assert max(map(metrics.horizontalAdvance, shown)) < table.columnWidth(column)


def test_a_narrower_window_takes_from_the_picture_too(
    qtbot: QtBot, program: Program, opened: Studio
) -> None:
    opened.window.resize(1440, 900)
    program.frame.actions.actions["view.subtitles"].trigger()

    def has_half(width: int) -> bool:
        return 0.45 * width < opened.cues.width() < 0.55 * width

    qtbot.waitUntil(partial(has_half, 1440))
    for hidden in (False, True):
        opened.window.docks["video"].setHidden(hidden)
        for width in (1024, 1440):
            opened.window.resize(width, 900)
            qtbot.waitUntil(partial(has_half, width))


def test_which_figures_have_a_column_can_be_chosen_and_is_remembered(
    qtbot: QtBot, program: Program, opened: Studio, table: QTableView
) -> None:
    menu = program.frame.actions.submenu("cues.columns")

    def choose(title: str) -> None:
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == title).trigger()

    def shown() -> list[str]:
        columns = opened.cues.columns().values()
        return [title for title, is_shown in columns if is_shown]

    assert shown() == ["End", "Length", "Gap", "CPS", "CPL"]
    header = table.horizontalHeader()
    header.customContextMenuRequested.emit(header.rect().center())
    qtbot.waitUntil(menu.isVisible)
    menu.close()
    choose("Gap")
    choose("Length")
    assert shown() == ["End", "CPS", "CPL"]
    assert not table.isColumnHidden(START)
    assert opened.settings.now.cue_columns == ("end", "cps", "cpl")
    choose("Gap")
    assert shown() == ["End", "Gap", "CPS", "CPL"]
    opened.window.resize(1200, 800)
    assert opened.cues.columns()["gap"][1] or table.horizontalHeader().isHidden()
    choose("As many as there is room for")
    opened.window.resize(1600, 900)
    qtbot.waitUntil(lambda: shown() == ["End", "Length", "Gap", "CPS", "CPL"])


def shifted(word: Word, ms: int) -> Word:
    return replace(word, start=word.start + ms, end=word.end + ms)


def test_lines_are_written_in_place_and_return_goes_on_with_the_next(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    times = {word.text: word.start for word in opened.session.document.words()}
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The old sea wall")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(editor, "was built in March.")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert texts(opened)[0] == "The old sea wall | was built in March."
    after = {word.text: word.start for word in opened.session.document.words()}
    assert all(after[text] == start for text, start in times.items())
    qtbot.waitUntil(lambda: table.currentIndex().row() == 1)
    (following,) = (e for e in table.viewport().findChildren(LinesEditor) if e.isVisible())
    assert following.toPlainText() == opened.subtitles.cues[1].text
    opened.session.undo()
    opened.subtitles.catch_up()
    assert texts(opened)[0] == "The sea wall was built in March."


def test_tab_keeps_what_is_written_and_goes_back_to_the_list(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The old sea wall was built.")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert texts(opened)[0] == "The old sea wall was built."
    qtbot.waitUntil(table.hasFocus)


def test_escape_leaves_the_cue_as_it_was(qtbot: QtBot, opened: Studio, table: QTableView) -> None:
    before = opened.session.document
    editor = write(qtbot, table, 1, TEXT)
    type_over(editor, "Nothing of this")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert opened.session.document is before
    qtbot.waitUntil(lambda: table.viewport().findChild(LinesEditor) is None)


def test_what_cannot_be_stays_to_be_written_otherwise(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    before = opened.session.document
    editor = write(qtbot, table, 1, TEXT)
    type_over(editor, "No dash at all")
    with qtbot.waitSignal(opened.cues.refused):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert opened.session.document is before
    type_over(editor, "- How much?")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(editor, "- Four million.")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert texts(opened)[1] == "- How much? | - Four million."


def test_what_is_being_written_when_the_project_is_closed_is_kept(
    qtbot: QtBot, opened: Studio, table: QTableView, project_file: Path
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The last words.")
    opened.project.close()
    with Project.open(project_file) as project:
        assert "The last words." in project.history.document.segments[0].text


def test_while_one_writes_its_lengths_and_speed_are_told(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    assert isinstance(editor, LinesEditor)
    type_over(editor, "Short")
    text, is_bad = editor.figures()
    assert text.startswith("5 characters")
    assert not is_bad
    type_over(editor, "Far too long for any line of forty-two characters")
    assert editor.figures()[1]


@pytest.mark.parametrize(
    ("column", "text", "span"),
    [
        (START, "0.35", (350, None)),
        (END, "0:01.200", (None, 1200)),
        (DURATION, "0,9", (None, 1000)),
    ],
)
def test_times_are_written_in_place(
    qtbot: QtBot,
    opened: Studio,
    table: QTableView,
    column: int,
    text: str,
    span: tuple[int | None, int | None],
) -> None:
    before = opened.subtitles.cues[0]
    editor = write(qtbot, table, 0, column)
    type_over(editor, text)
    with qtbot.waitSignal(opened.subtitles.changed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    cue = opened.subtitles.cues[0]
    assert (cue.start, cue.end) == (span[0] or before.start, span[1] or before.end)
    assert cue.fixed
    assert not table.model().index(0, NUMBER).data(Qt.ItemDataRole.DecorationRole).isNull()


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [(START, "9", "before it begins"), (END, "soon", "not a time"), (DURATION, "0", "before")],
)
def test_times_that_cannot_be_are_refused_in_a_sentence(
    qtbot: QtBot, opened: Studio, table: QTableView, column: int, text: str, told: str
) -> None:
    before = opened.session.document
    editor = write(qtbot, table, 0, column)
    type_over(editor, text)
    with qtbot.waitSignal(opened.cues.refused) as said:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told in said.args[0]
    assert said.args[0].endswith(".")
    assert opened.session.document is before


def test_a_cue_is_split_at_the_cursor_while_it_is_written(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    assert isinstance(editor, LinesEditor)
    cursor = editor.textCursor()
    cursor.setPosition(len("The sea wall"))
    editor.setTextCursor(cursor)
    trigger("cues.split")
    assert texts(opened)[:2] == ["The sea wall", "was built in March."]
    assert opened.session.undo_label == "Split cue"


def test_what_was_refused_is_no_longer_told_once_something_is_done(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    editor = write(qtbot, table, 0, END)
    type_over(editor, "soon")
    with qtbot.waitSignal(opened.cues.refused):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "is not a time" in opened.window.banners.text("action")
    opened.window.job_bar.show_notice("Shown 0.50 s longer.")
    trigger("cues.merge")
    assert opened.window.banners.text("action") == ""
    assert "Shown" not in opened.window.job_bar.text


def test_where_a_cue_is_put_is_told_where_no_picture_shows_it(opened: Studio) -> None:
    opened.playback.seek(opened.subtitles.cues[0].start)
    menu = QMenu()
    fill_places(opened, menu)
    next(action for action in menu.actions() if action.text() == "Above, left").trigger()
    told = "Place on screen of 1 cues: above, left."
    assert opened.window.job_bar.text.startswith(told)


def test_a_cursor_inside_a_word_parts_no_word(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    assert isinstance(editor, LinesEditor)
    editor.setPlainText("The sea \N{WATER WAVE} wall was built in March.")
    cursor = editor.textCursor()
    cursor.setPosition(len("The sea \N{WATER WAVE} wall w") + 1)  # Qt counts UTF-16 units
    editor.setTextCursor(cursor)
    trigger("cues.split")
    assert texts(opened)[:2] == ["The sea \N{WATER WAVE} wall", "was built in March."]


def test_what_is_being_written_stays_while_the_transcript_changes(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The wall was built")
    trigger("cues.italic")
    with qtbot.waitSignal(opened.subtitles.changed):
        document = opened.session.document
        opened.session.commit(
            edits.replace_text(document, edits.Place(1, 0), edits.Place(1, 1), "Then"), "Correct"
        )
    assert isinstance(editor, LinesEditor)
    assert editor.toPlainText() == "The wall was built"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert texts(opened)[0] == "The wall was built"
    assert opened.session.document.emphases


def test_a_cue_without_text_goes_and_return_goes_on_with_the_one_after_it(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    opened.session.commit(edits.split_cue(opened.session.document, range(11, 18), 3), "Split cue")
    opened.subtitles.catch_up()
    refused: list[str] = []
    opened.cues.refused.connect(refused.append)
    editor = write(qtbot, table, 1, TEXT)
    type_over(editor, " ")
    following = opened.subtitles.cues[2].text
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.currentIndex().row() == 1)
    shown = [e for e in table.viewport().findChildren(LinesEditor) if e.isVisible()]
    assert [e.toPlainText() for e in shown] == [following] == [opened.subtitles.cues[1].text]
    assert not refused


def test_merging_takes_what_is_being_written_and_loses_no_word_of_the_next_cue(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    opened.session.commit(edits.split_cue(opened.session.document, range(11, 18), 3), "Split cue")
    opened.subtitles.catch_up()
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The old sea wall")
    trigger("cues.merge")
    opened.subtitles.catch_up()
    assert " ".join(opened.subtitles.cues[0].lines) == "The old sea wall was built in March."


def test_a_cue_that_another_change_merges_keeps_what_is_written_in_its_half(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    document = edits.split_cue(opened.session.document, range(11, 18), 3)
    opened.session.commit(document, "Split cue")
    opened.subtitles.catch_up()
    first, second = opened.subtitles.cues[:2]
    editor = write(qtbot, table, 0, TEXT)
    type_over(editor, "The old sea wall")
    joined = edits.fix_cue(opened.session.document, CueOverride(first.first, second.last))
    opened.session.commit(joined, "Merge cues")
    opened.subtitles.catch_up()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "The old sea wall was built in March." in opened.session.document.segments[0].text


def test_several_cues_are_merged_put_elsewhere_and_left_to_the_style(
    qtbot: QtBot, opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    before = texts(opened)
    table.selectAll()
    assert len(opened.cues.chosen()) == len(before) == 2
    menu = QMenu()
    fill_places(opened, menu)
    next(action for action in menu.actions() if action.text() == "Above").trigger()
    opened.subtitles.catch_up()
    assert {cue.settings for cue in opened.subtitles.cues} == {"line:0"}
    trigger("cues.merge")
    opened.subtitles.catch_up()
    assert len(texts(opened)) == 1
    table.selectAll()
    trigger("cues.release")
    opened.subtitles.catch_up()
    assert texts(opened) == before
    assert not any(cue.fixed for cue in opened.subtitles.cues)


def test_chosen_cues_become_italic_and_plain_again(
    opened: Studio, table: QTableView, trigger: Callable[[str], None]
) -> None:
    plain = picture(opened.cues)
    table.selectRow(0)
    trigger("cues.italic")
    opened.subtitles.catch_up()
    document = opened.session.document
    assert [(each.first, each.last, each.tag) for each in document.emphases] == [(11, 17, "i")]
    table.clearSelection()
    assert picture(opened.cues) != plain
    table.selectRow(0)
    trigger("cues.italic")
    assert opened.session.document.emphases == ()


def test_words_chosen_in_the_transcript_become_yellow(
    qtbot: QtBot, opened: Studio, trigger: Callable[[str], None]
) -> None:
    opened.transcript.setFocus()
    opened.transcript.select_words(edits.Place(0, 1), edits.Place(0, 3))
    menu = QMenu()
    fill_colours(opened, menu)
    next(action for action in menu.actions() if action.text() == "Yellow").trigger()
    (emphasis,) = opened.session.document.emphases
    assert (emphasis.first, emphasis.last, emphasis.tag) == (12, 13, "c.yellow")
    menu.actions()[-1].trigger()
    assert opened.session.document.emphases == ()


def picture(widget: CueList) -> QImage:
    return widget.grab().toImage()


def test_a_right_click_offers_what_can_be_done(
    qtbot: QtBot, opened: Studio, table: QTableView
) -> None:
    with qtbot.waitSignal(opened.cues.menu_asked) as asked:
        table.customContextMenuRequested.emit(QPoint(20, 20))
    assert asked.args[0] == table.viewport().mapToGlobal(QPoint(20, 20))


def move_dialog(opened: Studio) -> MoveCues:
    dialog = opened.show_dialog("move")
    assert isinstance(dialog, MoveCues)
    return dialog


def press(dialog: MoveCues | KeptCues, text: str) -> None:
    next(b for b in dialog.findChildren(QPushButton) if b.text() == text).click()


def field(dialog: MoveCues, name: str, place: int = 0) -> QLineEdit:
    found = [f for f in dialog.findChildren(QLineEdit) if f.accessibleName().startswith(name)]
    return found[place]


def test_all_cues_move_by_an_amount_and_back_with_undo(opened: Studio) -> None:
    starts = [cue.start for cue in opened.subtitles.cues]
    dialog = move_dialog(opened)
    field(dialog, "Seconds").setText("0,75")
    press(dialog, "Move")
    assert [cue.start for cue in opened.subtitles.cues] == [start + 750 for start in starts]
    opened.session.undo()
    opened.subtitles.catch_up()
    assert [cue.start for cue in opened.subtitles.cues] == starts


def test_two_points_are_taken_from_the_playhead(opened: Studio) -> None:
    cues = opened.subtitles.cues
    dialog = move_dialog(opened)
    dialog.findChild(QTabWidget).setCurrentIndex(1)
    opened.playback.seek(cues[0].start + 200)
    press(dialog, "Playhead")
    last = field(dialog, "Right time", 1)
    last.setText(f"{(cues[-1].start + 400) / 1000}")
    press(dialog, "Move")
    after = opened.subtitles.cues
    assert after[0].start == cues[0].start + 200
    assert after[-1].start == cues[-1].start + 400


def test_subtitles_made_for_another_frame_rate_are_stretched(opened: Studio) -> None:
    cues = opened.subtitles.cues
    dialog = move_dialog(opened)
    dialog.findChild(QTabWidget).setCurrentIndex(2)
    old, new = dialog.findChildren(QComboBox)[-2:]
    old.setCurrentText("25")
    new.setCurrentText("24")
    press(dialog, "Move")
    assert opened.subtitles.cues[-1].start == round(cues[-1].start * 25 / 24)


def test_cues_that_would_stay_where_they_are_are_not_fixed_there(opened: Studio) -> None:
    dialog = move_dialog(opened)
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Move")
    assert button.isEnabled()
    field(dialog, "Seconds").setText("0")
    assert not button.isEnabled()
    dialog.findChild(QTabWidget).setCurrentIndex(1)
    assert dialog._told.text() == "Every cue would stay where it is."
    assert not button.isEnabled()


@pytest.mark.parametrize("wrong", ["", "x", "1e999", "nan"])
def test_an_amount_that_is_none_can_not_be_moved_by(opened: Studio, wrong: str) -> None:
    dialog = move_dialog(opened)
    field(dialog, "Seconds").setText(wrong)
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Move")
    assert not button.isEnabled()
    assert "Write seconds" in dialog._told.text()


def test_only_the_chosen_cues_move(opened: Studio, table: QTableView) -> None:
    opened.session.commit(edits.split_cue(opened.session.document, range(11, 18), 3), "Split cue")
    opened.subtitles.catch_up()
    starts = [cue.start for cue in opened.subtitles.cues]
    table.selectRow(1)
    table.selectionModel().select(
        table.model().index(2, 0),
        table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows,
    )
    dialog = move_dialog(opened)
    field(dialog, "Seconds").setText("0.1")
    press(dialog, "Move")
    moved = [cue.start - start for cue, start in zip(opened.subtitles.cues, starts, strict=True)]
    assert moved == [0, 100, 100]


def test_the_list_of_cues_made_by_hand_says_what_no_longer_fits(
    qtbot: QtBot, opened: Studio
) -> None:
    document = opened.session.document
    cue = opened.subtitles.cues[0]
    opened.session.commit(
        edits.retime_cue(document, cue.first, cue.last, cue.start, cue.start + 300), "Retime"
    )
    opened.subtitles.catch_up()
    dialog = opened.show_dialog("kept")
    assert isinstance(dialog, KeptCues)
    table = dialog._table
    assert table.rowCount() == 1
    assert table.item(0, 2).text() == "start, end"
    assert "characters a second" in table.item(0, 3).text()
    press(dialog, "Choose those that no longer fit")
    press(dialog, "Let the style cut the chosen ones")
    assert table.rowCount() == 0
    assert not opened.session.document.cue_overrides
    assert "none is made by hand" in dialog._told.text()


def test_leaving_some_to_the_style_chooses_no_other(opened: Studio) -> None:
    document = opened.session.document
    for cue in opened.subtitles.cues[:2]:
        document = edits.retime_cue(document, cue.first, cue.last, cue.start, cue.end - 10)
    opened.session.commit(document, "Retime")
    opened.subtitles.catch_up()
    dialog = opened.show_dialog("kept")
    assert isinstance(dialog, KeptCues)
    table = dialog._table
    table.selectRow(0)
    kept = table.item(1, 1).text()
    press(dialog, "Let the style cut the chosen ones")
    assert [table.item(row, 1).text() for row in range(table.rowCount())] == [kept]
    assert not table.selectedItems()
    assert not dialog._release.isEnabled()
    table.selectRow(0)
    opened.session.commit(edits.retype(opened.session.document, 2, "About five."), "Type")
    opened.subtitles.catch_up()
    assert table.selectedItems()


@pytest.mark.parametrize("amount", ["-3600", "1e6", "999999999999"])
def test_cues_are_not_moved_to_times_that_no_file_can_hold(opened: Studio, amount: str) -> None:
    dialog = move_dialog(opened)
    field(dialog, "Seconds").setText(amount)
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Move")
    assert not button.isEnabled()
    assert "before the beginning" in dialog._told.text()


def test_return_in_the_amount_moves_the_cues_and_says_so(qtbot: QtBot, opened: Studio) -> None:
    start = opened.subtitles.cues[0].start
    dialog = move_dialog(opened)
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and field(dialog, "Seconds").hasFocus())
    QTest.keyClicks(field(dialog, "Seconds"), "1")
    QTest.keyClick(field(dialog, "Seconds"), Qt.Key.Key_Return)
    assert opened.subtitles.cues[0].start == start + 1000
    assert "were moved" in dialog._told.text()
