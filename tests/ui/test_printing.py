"""The transcript on paper and as a PDF."""

import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QColor, QImage, QPageRanges
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from granite_studio import formats
from granite_studio.app import Program
from granite_studio.core.document import (
    CueOverride,
    Document,
    Highlight,
    Note,
    Segment,
    Span,
    Speaker,
    Word,
)
from granite_studio.formats.print_page import printable
from granite_studio.ui import theme
from granite_studio.ui.studio import Studio

LARGEST_STALL_S = 1.0


def written(qtbot: QtBot, studio: Studio, path: Path) -> QPdfDocument:
    """The PDF that the window makes of the open project."""
    with qtbot.waitSignal(studio.printing.write_pdf(path).finished):
        pass
    return opened_pdf(path)


def opened_pdf(path: Path) -> QPdfDocument:
    found = QPdfDocument()
    assert found.load(str(path)) is QPdfDocument.Error.None_
    return found


def text(found: QPdfDocument, page: int = 0) -> str:
    return " ".join(found.getAllText(page).text().split())


def picture(found: QPdfDocument, page: int = 0) -> QImage:
    """A page on white."""
    drawn = found.render(page, QSize(600, 850))
    return drawn.convertToFormat(QImage.Format.Format_ARGB32)


def colours(image: QImage) -> set[str]:
    return {
        QColor(image.pixelColor(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def long_interview(count: int = 20_000) -> Document:
    """Two people over two hours, fifty words a paragraph."""
    segments = []
    for row in range(count // 50):
        first = 10 + row * 51
        said = tuple(
            Word(first + n, "remember", (row * 50 + n) * 360, (row * 50 + n) * 360 + 300)
            for n in range(50)
        )
        segments.append(Segment(first + 50, said, 1 + row % 2))
    return Document(
        tuple(segments), (Speaker(1, "Anna"), Speaker(2, "Tom")), next_id=count * 2 + 100
    )


def test_a_pdf_holds_what_was_said_with_its_title_and_numbered_pages(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    found = written(qtbot, opened, tmp_path / "talk.pdf")

    assert found.pageCount() == 1
    said = text(found)
    assert said.startswith("tone File: tone.wav Length: 00:00:04 Language: English (en)")
    assert "[00:00:00] Anna Berg: The sea wall was built in March." in said
    assert "[00:00:01] Reporter: How much did it cost so far?" in said
    assert said.endswith("tone 1 / 1")
    assert found.metaData(QPdfDocument.MetaDataField.Title) == "tone"
    assert str(tmp_path / "talk.pdf") in opened.window.job_bar.text


def test_the_name_of_a_pdf_ends_as_it_must(qtbot: QtBot, opened: Studio, tmp_path: Path) -> None:
    with qtbot.waitSignal(opened.printing.write_pdf(tmp_path / "talk").finished):
        pass

    assert [path.name for path in tmp_path.glob("talk*")] == ["talk.pdf"]


def test_the_paper_is_white_in_the_dark_too(
    qtbot: QtBot, opened: Studio, tmp_path: Path, qapp: QApplication
) -> None:
    light = picture(written(qtbot, opened, tmp_path / "light.pdf"))
    theme.apply(qapp, "dark")

    assert picture(written(qtbot, opened, tmp_path / "dark.pdf")) == light


def test_notes_quotes_and_gaps_are_on_the_paper(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    document = opened.session.document
    words = list(document.words())
    opened.session.commit(
        replace(
            document,
            notes=(Note(300, words[0].id, "Which <b>wall</b>?\nAsk."),),
            highlights=(Highlight(301, words[2].id, words[3].id, "what it costs"),),
            untranscribed=(Span(3500, 3900),),
            next_id=302,
        ),
        "Mark",
    )

    found = written(qtbot, opened, tmp_path / "talk.pdf")

    said = text(found)
    assert "[00:00:03 \N{EN DASH} 00:00:03 speech not transcribed]" in said
    assert "1. Which <b>wall</b>? Ask." in said
    assert "2. what it costs" in said
    assert "#fff2a8" in colours(picture(found))


def test_what_paper_cannot_hold_is_said(qtbot: QtBot, opened: Studio, tmp_path: Path) -> None:
    document = opened.session.document
    words = list(document.words())
    hand = CueOverride(words[0].id, words[1].id)
    opened.session.commit(replace(document, cue_overrides=(hand,)), "Cue")
    asked: list[str] = []
    opened.printing.noticed.connect(asked.append)

    opened.printing.save_pdf()
    found = opened.window.findChild(QFileDialog)
    assert found is not None
    found.reject()
    written(qtbot, opened, tmp_path / "talk.pdf")

    assert asked[0] == "Not in PDF: 1 cue made by hand."
    assert asked[1].endswith("talk.pdf. Not in PDF: 1 cue made by hand.")


def test_speakers_have_the_colours_that_they_have_in_a_word_document() -> None:
    page = printable(formats.Content(document=long_interview(100)))

    assert '<b style="color: #0B5394">Anna:</b>' in page
    assert '<b style="color: #B45309">Tom:</b>' in page


def test_two_hours_do_not_stop_the_window(qtbot: QtBot, opened: Studio, tmp_path: Path) -> None:
    opened.session.commit(replace(long_interview(), media=None), "Import")
    ticks = [time.monotonic()]
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()

    found = written(qtbot, opened, tmp_path / "long.pdf")

    timer.stop()
    ticks.append(time.monotonic())
    assert max(b - a for a, b in pairwise(ticks)) < LARGEST_STALL_S
    assert found.pageCount() > 20
    assert text(found, 7).endswith(f"tone 8 / {found.pageCount()}")


def test_what_cannot_be_written_is_told_and_leaves_nothing(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "folder.pdf").mkdir()
    before = set(tmp_path.iterdir())
    with qtbot.waitSignal(opened.printing.write_pdf(tmp_path / "folder.pdf").failed):
        pass

    told = [label.text() for label in opened.window.banners.findChildren(QLabel)]
    assert any("could not be written (is a directory); choose another place." in t for t in told)
    assert set(tmp_path.iterdir()) == before


def test_a_cancelled_question_changes_nothing(
    program: Program, opened: Studio, tmp_path: Path
) -> None:
    before, files = opened.session.document, set(tmp_path.iterdir())
    for action, kind in (("file.pdf", QFileDialog), ("file.print", QPrintDialog)):
        program.frame.actions.actions[action].trigger()
        (dialog,) = opened.window.findChildren(kind)
        dialog.reject()

    assert opened.session.document is before
    assert set(tmp_path.iterdir()) == files


def test_the_place_that_is_offered_is_beside_the_project(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    opened.printing.save_pdf()
    (dialog,) = opened.window.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]) == tmp_path / "tone.pdf"

    with qtbot.waitSignal(opened.printing.noticed):
        dialog.accept()

    assert opened_pdf(tmp_path / "tone.pdf").pageCount() == 1


@pytest.fixture
def printer(tmp_path: Path) -> QPrinter:
    """A printer that prints into a file."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    return made


def test_a_printer_gets_the_pages_that_it_is_asked_for(
    qtbot: QtBot, opened: Studio, tmp_path: Path, printer: QPrinter
) -> None:
    opened.session.commit(replace(long_interview(2000), media=None), "Import")
    pages = QPageRanges()
    pages.addRange(2, 3)
    printer.setPageRanges(pages)

    with qtbot.waitSignal(opened.printing.print_on(printer).finished):
        pass

    found = opened_pdf(tmp_path / "printed.pdf")
    assert found.pageCount() == 2
    assert " 2 / " in text(found, 0)[-12:]
    assert " 3 / " in text(found, 1)[-12:]


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_told(
    qtbot: QtBot, opened: Studio, tmp_path: Path, printer: QPrinter
) -> None:
    printer.setOutputFileName(str(tmp_path / "no such folder" / "printed.pdf"))

    with qtbot.waitSignal(opened.printing.print_on(printer).failed):
        pass

    told = [label.text() for label in opened.window.banners.findChildren(QLabel)]
    assert any(t.startswith("The printer does not take the transcript; check") for t in told)
