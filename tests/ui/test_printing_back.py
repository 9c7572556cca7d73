"""What the window printed as a PDF is opened again."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontDatabase, QPageSize
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import (
    Document,
    EngineUse,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    Word,
)
from granite_studio.formats import Content, Source
from granite_studio.formats.pdf import document_of
from granite_studio.formats.pdf import told as told_by
from granite_studio.formats.print_page import printable
from granite_studio.services import paper
from granite_studio.ui.opening import caption_endings
from granite_studio.ui.studio import Studio

WORD = st.from_regex(r"([A-Za-zäöüßéñ']{1,12}|[0-9]{1,4})[.,?!:]?", fullmatch=True)
NAME = st.from_regex(r"[A-ZÄÖ][a-zäöüß]{1,9}( [A-Z][a-z]{1,9}){0,2}( \(host\))?", fullmatch=True)
FONT = QFont("DejaVu Sans", 10)
PARAGRAPHS = st.lists(
    st.tuples(st.one_of(st.just(""), NAME), st.lists(WORD, min_size=1, max_size=40)),
    min_size=1,
    max_size=12,
)


def transcript(said: list[tuple[str, list[str]]]) -> Document:
    """Paragraphs of these speakers and words, each beginning at a whole second."""
    ids = count(1)
    speakers = {name: Speaker(next(ids), name) for name in dict.fromkeys(n for n, _ in said if n)}
    segments = []
    start = 0
    for name, texts in said:
        words = tuple(
            Word(next(ids), text, start + 100 * n, start + 100 * n + 100)
            for n, text in enumerate(texts)
        )
        speaker = speakers[name].id if name else None
        segments.append(Segment(next(ids), words, speaker))
        start = (words[-1].end // 1000 + 1) * 1000
    return Document(
        tuple(segments),
        tuple(speakers.values()),
        language="de",
        media=Media("talk.wav", start),
        next_id=next(ids),
    )


def printed(document: Document, timecodes: str = "paragraph") -> bytes:
    content = Content(document=document, timecodes=timecodes, title="My talk", date="2026-11-21")
    return paper.pdf(
        printable(content),
        "My talk",
        FONT,
        QPageSize(QPageSize.PageSizeId.A4),
        CancelToken(),
    )


def read_back(data: bytes) -> Document:
    *_, text = told_by(Source(data))
    assert text is not None
    return document_of(text, Source(data))


def told(document: Document) -> list[tuple[str, str]]:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(each.speaker or 0, ""), each.text) for each in document]


@pytest.mark.usefixtures("qapp")
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=PARAGRAPHS)
def test_speakers_paragraphs_and_times_come_back_from_paper(
    said: list[tuple[str, list[str]]],
) -> None:
    document = transcript(said)

    found = read_back(printed(document))

    assert told(found) == told(document)
    assert [each.start for each in found] == [each.start for each in document]
    assert (found.language, found.media) == ("de", document.media)


def test_notes_gaps_and_times_inside_come_back(qapp: QApplication) -> None:
    document = transcript([("Anna", ["sea", "wall"] * 20), ("Tom", ["harbour"] * 30)])
    words = list(document.words())
    document = replace(
        document,
        notes=(Note(900, words[3].id, "Which wall?\nAsk."), Note(901, words[-1].id, "Where?")),
        untranscribed=(Span(60_000, 65_000),),
        engines=(EngineUse("draft", "", True),),
        next_id=902,
    )

    found = read_back(printed(document, "minutes:1"))

    assert told(found) == told(document)
    row = {word.id: place for place, word in enumerate(found.words())}
    assert [(row[note.word], note.text) for note in found.notes] == [
        (3, "Which wall?\nAsk."),
        (69, "Where?"),
    ]
    assert found.untranscribed == document.untranscribed


def test_without_times_names_and_paragraphs_come_back(qapp: QApplication) -> None:
    document = transcript([("Anna", ["wall"] * 90), ("", ["ship"] * 90), ("Tom", ["No."])] * 12)

    found = read_back(printed(document, "off"))

    assert told(found) == told(document)


@pytest.mark.parametrize(
    ("system", "name", "said"),
    [
        (
            QFontDatabase.WritingSystem.Hebrew,
            "דנה",
            "שלום לכולם, ברוכים הבאים לתוכנית (שלנו) של 2026. " * 6,
        ),
        (
            QFontDatabase.WritingSystem.Arabic,
            "ليلى",
            "مرحبا بكم في برنامجنا اليوم مع ضيف جديد. " * 6,
        ),
    ],
)
def test_text_from_the_right_comes_back(
    qapp: QApplication, system: QFontDatabase.WritingSystem, name: str, said: str
) -> None:
    if not QFontDatabase.families(system):
        pytest.skip("no font here has these letters")
    document = replace(
        transcript([(name, said.split()), ("Tom", said.split()[:3])]), language="he"
    )

    found = read_back(printed(document))

    assert told(found) == told(document)


def test_a_printed_project_is_opened_in_the_window(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    path = tmp_path / "elsewhere.pdf"
    with qtbot.waitSignal(opened.printing.write_pdf(path).finished):
        pass
    assert ".pdf" in caption_endings()

    opened.opening.open_paths([path])
    qtbot.waitUntil(lambda: bool(opened.window.findChildren(QMessageBox)), timeout=60_000)
    with qtbot.waitSignal(opened.opening.opened, timeout=60_000):
        # Which recording belongs to it?
        (box,) = opened.window.findChildren(QMessageBox)
        next(each for each in box.buttons() if each.text() == "Open without").click()

    after = opened.session.document
    assert told(after) == told(before)
    assert before.media is not None
    assert after.media == replace(before.media, fingerprint="")
