"""The list shows only the cues that somebody wants to see: a count, the selection, a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core import edits
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document
from granite_studio.core.importing import from_captions
from granite_studio.store.project import Project
from granite_studio.ui import theme
from granite_studio.ui.cues.editors import LinesEditor
from granite_studio.ui.cues.model import GAP, NUMBER, TEXT
from granite_studio.ui.studio import Studio

Trigger = Callable[[str], None]
MS = (2000, 300, 2000, 2000, 400, 2000)
"""How long each cue is there: the second and the fifth are too short."""
LONG = 50_000


def document(count: int = len(MS)) -> Document:
    cues = (
        Caption(3000 * n, 3000 * n + MS[n % len(MS)], f"Cue number {n + 1} is here.")
        for n in range(count)
    )
    return from_captions(Captions(tuple(cues)))


def show(qtbot: QtBot, studio: Studio, folder: Path, made: Document) -> None:
    judged: list[object] = []
    studio.findings.judged.connect(judged.append)
    studio.session.show(Project.create(folder / "film.gstudio", document=made))
    qtbot.waitUntil(lambda: not studio.subtitles.is_opening, timeout=60_000)
    judged.clear()
    studio.findings.refresh()
    qtbot.waitUntil(lambda: bool(judged), timeout=60_000)
    studio.findings.judged.disconnect(judged.append)


@pytest.fixture
def shown(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Studio:
    """The whole program with six cues, of which two are too short, in the subtitles layout."""
    show(qtbot, studio, tmp_path, document())
    studio.window.use_layout("subtitles")
    QAbstractItemModelTester(
        studio.cues._table.model(),
        QAbstractItemModelTester.FailureReportingMode.Fatal,
        studio.cues,
    )
    return studio


@pytest.fixture
def trigger(program: Program) -> Trigger:
    """Does what an action of the table does."""

    def do(name: str) -> None:
        program.frame.actions.refresh()
        program.frame.actions.actions[name].trigger()

    return do


def table_of(studio: Studio) -> QTableView:
    found = studio.cues.findChild(QTableView)
    assert isinstance(found, QTableView)
    return found


def numbers(studio: Studio) -> list[str]:
    model = table_of(studio).model()
    return [model.index(row, NUMBER).data() for row in range(model.rowCount())]


def chosen(studio: Studio) -> list[str]:
    rows = sorted(index.row() for index in table_of(studio).selectionModel().selectedRows())
    return [numbers(studio)[row] for row in rows]


def labels(studio: Studio) -> list[str]:
    return [label.text() for label in studio.cues.findChildren(QLabel) if label.isVisible()]


def test_only_cues_with_findings_are_listed_and_counted(shown: Studio, trigger: Trigger) -> None:
    assert "6 cues" in labels(shown)
    trigger("cues.list_findings")
    assert numbers(shown) == ["2", "5"]
    assert "2 of 6 cues" in labels(shown)
    model = table_of(shown).model()
    assert model.index(0, GAP).data() == "2.70"
    assert "Shown for" in model.index(1, TEXT).data(Qt.ItemDataRole.ToolTipRole)
    trigger("cues.list_findings")
    assert numbers(shown) == ["1", "2", "3", "4", "5", "6"]
    assert "6 cues" in labels(shown)


def test_the_button_above_the_list_offers_the_same(program: Program, shown: Studio) -> None:
    button = next(
        each
        for each in shown.cues.findChildren(QToolButton)
        if each.accessibleName() == "Which cues are listed"
    )
    program.frame.actions.refresh()
    button.click()
    assert numbers(shown) == ["2", "5"]
    program.frame.actions.refresh()
    assert button.isChecked()
    texts = [action.text() for action in button.menu().actions()]
    assert texts[0] == "List all cues"
    assert len(texts) == 4
    button.menu().actions()[0].trigger()
    assert len(numbers(shown)) == 6


def test_chosen_cues_stay_chosen(shown: Studio, trigger: Trigger) -> None:
    table = table_of(shown)
    table.setFocus()
    flags = QItemSelectionModel.SelectionFlag
    for row, flag in ((3, flags.ClearAndSelect), (4, flags.Select)):
        table.selectionModel().select(table.model().index(row, 0), flag | flags.Rows)
    assert chosen(shown) == ["4", "5"]
    trigger("cues.list_errors")
    assert chosen(shown) == ["5"]
    trigger("cues.list_all")
    assert chosen(shown) == ["5"]
    assert table.currentIndex().row() == 4


def test_a_cue_that_is_mended_goes_and_its_neighbour_is_chosen(
    qtbot: QtBot, shown: Studio, trigger: Trigger
) -> None:
    trigger("cues.list_errors")
    qtbot.waitUntil(lambda: numbers(shown) == ["2", "5"])
    table = table_of(shown)
    table.setFocus()
    flags = QItemSelectionModel.SelectionFlag
    # Not `selectRow`, which goes by keys that another test may have left pressed.
    table.selectionModel().setCurrentIndex(
        table.model().index(0, 0), flags.ClearAndSelect | flags.Rows
    )
    cue = shown.cues.chosen()[0]
    after = edits.retime_cue(
        shown.session.document, cue.first, cue.last, cue.start, cue.start + 2000
    )
    shown.session.commit(after, "Set")
    qtbot.waitUntil(lambda: numbers(shown) == ["5"])
    assert chosen(shown) == ["5"]
    assert "1 of 6 cues" in labels(shown)
    shown.session.undo()
    qtbot.waitUntil(lambda: numbers(shown) == ["2", "5"])
    assert chosen(shown) == ["5"]


def test_where_nothing_is_found_a_sentence_says_so(
    qtbot: QtBot, shown: Studio, trigger: Trigger
) -> None:
    for row in (1, 4):
        cue = shown.subtitles.cues[row]
        after = edits.retype_cue(shown.session.document, cue.first, cue.last, ["Cue number"])
        shown.session.commit(after, "Write")
        shown.subtitles.catch_up()
        cue = shown.subtitles.cues[row]
        times = cue.start, cue.start + 1000
        after = edits.retime_cue(shown.session.document, cue.first, cue.last, *times)
        shown.session.commit(after, "Set")
    trigger("cues.list_findings")
    told = (
        "No cue breaks a rule of the style chosen above. “List all cues” brings the others back."
    )
    qtbot.waitUntil(lambda: told in labels(shown))
    assert "0 of 6 cues" in labels(shown)
    assert not table_of(shown).isVisible()
    trigger("cues.list_all")
    assert table_of(shown).isVisible()


def test_those_made_by_hand_are_listed(shown: Studio, trigger: Trigger) -> None:
    trigger("cues.list_by_hand")
    assert len(numbers(shown)) == 6
    cue = shown.subtitles.cues[2]
    shown.session.commit(edits.release_cue(shown.session.document, cue.first), "Let go")
    shown.subtitles.catch_up()
    assert "3" not in numbers(shown)


def test_the_next_finding_is_the_chosen_row_and_others_choose_none(
    shown: Studio, trigger: Trigger
) -> None:
    trigger("cues.list_errors")
    shown.transcript.setFocus()
    seen = []
    for name in ("next", "next", "next", "previous"):  # the second is too short and too fast
        trigger(f"review.{name}")
        seen += chosen(shown)
    assert seen == ["2", "2", "5", "2"]
    shown.playback.seek(shown.subtitles.cues[3].start)
    assert chosen(shown) == []
    shown.cues.choose(shown.subtitles.cues[4].first)
    assert chosen(shown) == ["5"]


def test_a_key_with_ctrl_that_moves_the_playhead_chooses_one_cue(
    qtbot: QtBot, shown: Studio
) -> None:
    shown.transcript.setFocus()
    cues, bar = shown.subtitles.cues, shown.window.job_bar
    shown.playback.seek(cues[0].start)
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, ctrl)  # from now on it counts as held
    shown.playback.seek(cues[1].start)
    assert chosen(shown) == ["2"]
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)


def test_rows_stay_while_somebody_writes_from_one_to_the_next(
    qtbot: QtBot, shown: Studio, trigger: Trigger
) -> None:
    text = "This line is far too long for any style that anybody keeps to here"
    for row in (1, 4):
        cue = shown.subtitles.cues[row]
        lines = [f"{text} {row}."]
        after = edits.retype_cue(shown.session.document, cue.first, cue.last, lines)
        after = edits.retime_cue(
            after, cue.first, after.cue_overrides[row].last, cue.start, cue.end
        )
        shown.session.commit(after, "Write")
        shown.subtitles.catch_up()
    trigger("cues.list_findings")
    assert numbers(shown) == ["2", "5"]
    table = table_of(shown)
    table.setFocus()
    for row in (0, 1):
        if row == 0:
            table.setCurrentIndex(table.model().index(0, TEXT))
            QTest.keyClick(table, Qt.Key.Key_Return)
        editor = next(e for e in table.viewport().findChildren(LinesEditor) if e.isVisible())
        assert editor.place.row() == row
        assert numbers(shown) == ["2", "5"]
        editor.selectAll()
        QTest.keyClicks(editor, "Hi")
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert [cue.text for cue in shown.subtitles.cues][1:5:3] == ["Hi", "Hi"]


@pytest.mark.parametrize("size", [(400, 300), (1200, 300)], ids=["cards", "columns"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_selected_row_keeps_the_colours_of_its_figures(
    qtbot: QtBot, qapp: QApplication, shown: Studio, mode: str, size: tuple[int, int]
) -> None:
    theme.apply(qapp, mode)
    shown.cues.setParent(None)
    shown.cues.resize(*size)
    shown.cues.show()
    table = table_of(shown)

    def reds(row: int) -> int:
        place = table.visualRect(table.model().index(row, TEXT))
        place.setLeft(0)
        place.setRight(place.right() - theme.GRID * 4 if size[0] < 500 else 600)
        picture = table.viewport().grab(place).toImage()
        pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(42))
        return sum(each.red() - each.blue() > 50 for each in pixels)

    table.clearSelection()
    plain = [reds(row) for row in (0, 1)]
    table.selectAll()
    chosen = [reds(row) for row in (0, 1)]
    theme.apply(qapp, "light")
    shown.cues.setParent(shown.window)  # with which it goes
    assert plain[0] == chosen[0] == 0
    assert plain[1] > 20
    assert chosen[1] > plain[1] // 2


def test_another_project_lists_all_its_cues(
    qtbot: QtBot, shown: Studio, trigger: Trigger, tmp_path: Path
) -> None:
    trigger("cues.list_errors")
    (tmp_path / "other").mkdir()
    show(qtbot, shown, tmp_path / "other", document(4))
    assert len(numbers(shown)) == 4
    assert "4 cues" in labels(shown)


def test_fifty_thousand_cues_are_sifted_at_once(
    qtbot: QtBot, studio: Studio, tmp_path: Path, trigger: Trigger
) -> None:
    show(qtbot, studio, tmp_path, document(LONG))
    studio.window.use_layout("subtitles")
    moments = [time.perf_counter()]
    for name in ("errors", "findings", "by_hand"):
        trigger(f"cues.list_{name}")
        moments.append(time.perf_counter())
        if name != "by_hand":
            assert len(numbers(studio)) == LONG // 3 + (LONG % 3 > 1)
    assert max(later - before for before, later in pairwise(moments)) < 2.0
