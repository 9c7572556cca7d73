"""The quality report in the window."""

import csv
import io
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt

from granite_studio.core import edits
from granite_studio.core.styles import style
from granite_studio.ui.dialogs.quality_panel import QualityPanel


@pytest.fixture
def panel(qtbot, session, jobs, subtitles):
    subtitles.set_style(replace(style(), min_ms=6000))
    panel = QualityPanel(session, jobs, subtitles)
    panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.quality is not None)
    return panel


def rows(panel):
    table = panel._rules
    return [[table.item(row, n).text() for n in range(3)] for row in range(table.rowCount())]


def test_it_says_which_rules_are_broken_and_why(panel):
    assert panel._sum.text() == "3 cues: 2 errors, 0 warnings; 33 % break no rule"
    assert ["2 errors", "Shortest time", style().reason("min_ms")] in rows(panel)
    assert panel._style.text() == "Style: General, 42 characters by 2 lines"


@pytest.mark.parametrize("width", [420, 900])
def test_every_reason_has_room_for_all_its_lines(qtbot, panel, width):
    table = panel._rules

    def is_roomy(row):
        room = QRect(0, 0, table.columnWidth(2) - 30, 0)
        text = table.item(row, 2).text()
        lines = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return table.rowHeight(row) >= lines.height() + 8

    panel.resize(width, 500)
    qtbot.waitUntil(lambda: all(map(is_roomy, range(table.rowCount()))))


def test_it_follows_the_text_and_the_style(qtbot, panel, session, subtitles):
    session.commit(edits.delete(session.document, edits.Place(1, 0), edits.Place(2, 7)), "Delete")
    qtbot.waitUntil(lambda: panel._sum.text().startswith("1 cues:"))
    subtitles.set_style(style("vertical"))
    qtbot.waitUntil(lambda: panel._style.text() == "Style: Upright video")


@pytest.mark.parametrize("ending", [".html", ".csv"])
def test_it_is_written_beside_the_project(qtbot, panel, tmp_path, ending):
    path = tmp_path / f"report{ending}"
    panel.write(path)
    qtbot.waitUntil(lambda: "The report is in" in panel._told.text())
    text = path.read_text("utf-8")
    if ending == ".html":
        assert "<h1>lighthouse</h1>" in text
    else:
        assert len(list(csv.DictReader(io.StringIO(text)))) == len(panel.quality.faults)


def test_a_place_that_cannot_be_written_is_said(qtbot, panel, tmp_path):
    panel.write(tmp_path / "no folder" / "a.html")
    qtbot.waitUntil(lambda: "could not be written" in panel._told.text())


def test_without_cues_there_is_nothing_to_save(qtbot, panel, session):
    document = session.document
    everything = edits.delete(document, edits.Place(0, 0), edits.Place(2, 7))
    session.commit(everything, "Delete")
    qtbot.waitUntil(lambda: panel._sum.text() == "There are no cues.")
    assert not any(button.isEnabled() for button in panel._saves)
