"""Translating and aligning in the whole window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.document import Span
from granite_studio.core.edits import Place
from granite_studio.core.files import fingerprint
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Emissions
from granite_studio.engines.models import Ready
from granite_studio.engines.serving import EngineProcess
from granite_studio.pipeline.emissions import keep
from granite_studio.store import places
from granite_studio.ui.studio import Studio


@pytest.fixture
def engine(opened: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Choose which engine of the tests runs in the place of Granite Speech."""
    made = []

    def put(serve: str) -> None:
        made.append(EngineProcess(tmp_path / "log", serve=f"tests.pipeline.engines:{serve}"))
        opened.translating._engine = opened.aligning._engine = made[-1]
        ready = Ready(catalog.find("granite-base"), None, "test")
        monkeypatch.setattr(models, "ready", lambda *_args, **_options: ready)

    yield put
    for process in made:
        process.close()


def french(studio: Studio) -> list[str]:
    return [
        text.text
        for lane in studio.session.document.translations
        if lane.language == "fr"
        for text in lane.texts
    ]


def test_a_language_is_asked_for_and_the_texts_come_into_the_panel(
    qtbot: QtBot, program: Program, opened: Studio, engine
) -> None:
    engine("translates")
    program.frame.actions.actions["cues.translate"].trigger()
    dialog = opened.window.findChild(QInputDialog)
    assert dialog.comboBoxItems()[:2] == ["French", "German"]
    with qtbot.waitSignal(opened.translating.ended, timeout=20_000):
        dialog.accept()
        assert "Starting" in opened.window.job_bar.text
    assert french(opened) == ["fr 14/1", "fr 14/2", "fr 9/2"]
    assert opened.translation.isVisible()
    assert opened.translation.language == "fr"
    assert "Everything was translated." in opened.window.job_bar.text


def test_stop_stops_a_translation_and_says_what_is_kept(
    qtbot: QtBot, program: Program, opened: Studio, engine
) -> None:
    engine("never_ends")
    actions = program.frame.actions.actions
    with qtbot.waitSignal(opened.translating.started):
        actions["cues.translate"].trigger()
        opened.window.findChild(QInputDialog).accept()
    qtbot.waitUntil(actions["listen.stop"].isEnabled)
    assert not actions["listen.hear"].isEnabled()
    with qtbot.waitSignal(opened.translating.ended, timeout=20_000):
        actions["listen.stop"].trigger()
    assert "what was translated is kept" in opened.window.job_bar.text
    qtbot.waitUntil(actions["listen.hear"].isEnabled)


def test_without_a_model_a_banner_leads_to_the_models(program: Program, opened: Studio) -> None:
    program.frame.actions.actions["cues.translate"].trigger()
    opened.window.findChild(QInputDialog).accept()
    assert "download" in opened.window.banners.text("engine")
    assert not opened.translating.is_running


def keep_words(studio: Studio, *said: str) -> None:
    """Keep in the cache that these words were spelled at these times: "sea 200-400"."""
    levels = np.full((200, 128), 255, np.uint8)
    levels[:, 0] = 0
    for word in said:
        text, _, span = word.partition(" ")
        first, last = map(int, span.split("-"))
        for place, letter in enumerate(text):
            frame = (first + (last - first) * place // len(text)) // 20
            levels[frame] = 255
            levels[frame, ord(letter)] = 0
    path = studio.session.media_path
    assert path is not None
    keep(places.cache_dir(), fingerprint(path), "r", Span(0, 4000), Emissions(levels, 0.02))


def test_words_that_were_typed_are_in_time_when_the_cursor_leaves_their_paragraph(
    qtbot: QtBot, opened: Studio
) -> None:
    heard = "The 100-220 sea 300-420 wall 500-620 was 700-820 built 900-1020 in 1100-1180"
    parts = heard.split()
    keep_words(
        opened,
        *(f"{word.lower()} {time}" for word, time in zip(parts[::2], parts[1::2], strict=True)),
        "march 1300-1420",
    )
    before = opened.session.document
    opened.transcript.setFocus()
    opened.transcript.reveal(Place(0, 3))
    QTest.keyClicks(opened.transcript, "old ")
    typed = opened.session.document.segments[0].words[3]
    assert (typed.text, typed.estimated) == ("old", True)
    opened.transcript.reveal(Place(1, 0))
    qtbot.waitUntil(lambda: opened.session.document.segments[0].words[2].start > 430)
    assert opened.transcript.place == Place(1, 0)
    QTest.keyClick(opened.transcript, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.session.document == before


def test_the_words_of_a_paragraph_are_aligned_on_request(
    qtbot: QtBot, program: Program, opened: Studio, engine
) -> None:
    engine("tells_what_its_encoder_heard")
    opened.transcript.reveal(Place(2, 0))
    with qtbot.waitSignal(opened.aligning.ended, timeout=20_000) as ended:
        program.frame.actions.actions["edit.align"].trigger()
    assert ended.args == ["finished"]
    assert "where they are said" in opened.window.job_bar.text


def test_why_words_cannot_be_aligned_is_said_in_a_banner(
    qtbot: QtBot, program: Program, opened: Studio, engine
) -> None:
    engine("hears_nothing")
    with qtbot.waitSignal(opened.aligning.ended, timeout=20_000):
        program.frame.actions.actions["edit.align"].trigger()
    assert "does not tell where" in opened.window.banners.text("aligning")
