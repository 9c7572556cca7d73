"""Cues that do not follow one another are not merged: what stands between them would go too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cue_merging import merged, spanned
from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document, Segment, Span, Word
from granite_studio.core.importing import from_captions
from granite_studio.store.project import Project
from granite_studio.ui.studio import Studio

REFUSED = "Merge takes cues that follow one another;"
CUES = ((0, 2000), (3000, 3300), (6000, 8000), (9000, 9300))
"""The second and the fourth are too short."""


@pytest.fixture
def shown(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Studio:
    """The whole program with four cues, in the subtitles layout."""
    captions = (Caption(*times, f"Cue number {n} is here.") for n, times in enumerate(CUES, 1))
    made = from_captions(Captions(tuple(captions)))
    studio.session.show(Project.create(tmp_path / "film.gstudio", document=made))
    qtbot.waitUntil(lambda: len(studio.subtitles.cues) == len(CUES))
    studio.window.use_layout("subtitles")
    return studio


@pytest.fixture
def merge(program: Program) -> Callable[[], None]:
    def do() -> None:
        program.frame.actions.refresh()
        program.frame.actions.actions["cues.merge"].trigger()

    return do


def choose(studio: Studio, *rows: int) -> None:
    table = studio.cues.findChild(QTableView)
    assert isinstance(table, QTableView)
    flags = QItemSelectionModel.SelectionFlag
    table.clearSelection()
    for row in rows:
        index = table.model().index(row, 0)
        table.selectionModel().select(index, flags.Select | flags.Rows)


def test_neighbours_of_the_filtered_list_are_merged_only_where_they_are_neighbours(
    qtbot: QtBot, program: Program, shown: Studio, merge: Callable[[], None]
) -> None:
    before = shown.session.document
    table = shown.cues.findChild(QTableView)
    assert isinstance(table, QTableView)
    program.frame.actions.actions["cues.list_findings"].trigger()
    qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    choose(shown, 0, 1)
    merge()
    assert shown.session.document is before
    assert REFUSED in shown.window.job_bar.text


def test_rows_between_which_one_is_not_chosen_are_not_merged(
    shown: Studio, merge: Callable[[], None]
) -> None:
    before = shown.session.document
    choose(shown, 0, 2)
    merge()
    assert shown.session.document is before
    assert REFUSED in shown.window.job_bar.text
    cues = shown.subtitles.cues
    choose(shown, 0, 1, 2)
    merge()
    made = shown.session.document.cue_overrides
    assert [(hand.first, hand.last) for hand in made if hand.first < cues[3].first] == [
        (cues[0].first, cues[2].last)
    ]
    assert REFUSED not in shown.window.job_bar.text


def test_cues_of_two_people_at_once_follow_one_another_as_they_are_read() -> None:
    rows = tuple(
        Segment(10 * row, words=tuple(Word(n, str(n), n, n + 1) for n in ids))
        for row, ids in enumerate(((1, 2), (3,)), 1)
    )
    document = Document(segments=rows)
    times = ((1, 0), (3, 1000), (2, 2000))
    one, other, two = (Cue(word, word, start, start + 900, ("",)) for word, start in times)
    cues = (one, other, two)
    assert merged(document, (one, two), cues) == CueOverride(1, 2)
    assert merged(document, (other, two), cues) == CueOverride(2, 3)
    assert merged(document, (one, other), cues) is None


def test_a_stretch_of_two_people_at_once_makes_no_cue_that_takes_words_from_outside() -> None:
    one = tuple(Word(n, str(n), 1000 * n, 1000 * n + 900) for n in (1, 2, 3))
    document = Document(segments=(Segment(10, one), Segment(11, (Word(4, "4", 1100, 1800),))))
    assert spanned(document, Span(1000, 2000)) is None
    assert spanned(document, Span(5000, 6000)) is None
    assert spanned(document, Span(2000, 4000)) == CueOverride(2, 3, 2000, 4000)
    assert spanned(document, Span(1000, 4000)) == CueOverride(1, 4, 1000, 4000)
