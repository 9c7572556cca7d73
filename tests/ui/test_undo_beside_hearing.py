"""Ctrl+Z while the machine hears takes back what a person typed, and nothing that was heard."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.document import Document, Media
from granite_studio.core.files import fingerprint
from granite_studio.engines import models
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.pipeline import plan
from granite_studio.store.project import Project

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DRAFT = plan.only(models.ready("draft", None, Path("none")), Options())


class Hearing:
    """The whole program with a recording that is heard one window at a time, when told."""

    def __init__(self, qtbot: QtBot, program: Program, told: Path) -> None:
        self.qtbot = qtbot
        self.program = program
        self.session = program.studio.session
        self.view = program.studio.transcript
        self._told = told

    @property
    def text(self) -> str:
        return self.view.toPlainText()

    def window(self) -> None:
        """Let one more window be heard, and wait for its words."""
        with self.qtbot.waitSignal(self.session.changed, timeout=20_000):
            self._told.write_bytes(self._told.read_bytes() + b".")

    def type_before(self, place: str, typed: str) -> None:
        cursor = self.view.textCursor()
        cursor.setPosition(self.text.index(place))
        self.view.setTextCursor(cursor)
        self.view.setFocus()
        self.qtbot.waitUntil(self.view.hasFocus)
        QTest.keyClicks(self.view, typed)

    def label(self, action: str) -> str:
        self.program.frame.actions.refresh()
        return self.program.frame.actions.actions[action].text()


@pytest.fixture
def hearing(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hearing]:
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, rate = soundfile.read(folder / "interview.flac", dtype="int16")
    media = tmp_path / "interview.wav"
    soundfile.write(media, sound[: 35 * rate], rate)
    document = Document(media=Media(media.name, 35_000, fingerprint(media)))
    studio = program.studio
    path = tmp_path / "interview.gstudio"
    studio.session.show(Project.create(path, document=document, media_path=media))
    told = tmp_path / "told"
    told.touch()
    monkeypatch.setenv("GRANITE_TEST_MARK", str(told))
    engine = EngineProcess(
        tmp_path / "engine.log", serve="tests.pipeline.engines:goes_on_when_told"
    )
    monkeypatch.setattr(studio.hearing, "_engine", engine)
    studio.hearing.start(DRAFT, window_s=6)
    yield Hearing(qtbot, program, told)
    with qtbot.waitSignal(studio.hearing.ended, timeout=20_000):
        studio.hearing.cancel()
    engine.close()


def test_the_typing_goes_and_comes_back_while_words_arrive(hearing: Hearing) -> None:
    hearing.window()
    first = hearing.text
    hearing.type_before("wordb", "typed ")
    hearing.window()
    both = hearing.text
    assert "typed wordb" in both
    assert len(both) > len(first) + len("typed ")
    assert hearing.label("edit.undo") == "Undo: Correct text"
    QTest.keyClick(hearing.view, Qt.Key.Key_Z, CTRL)
    heard = both.replace("typed ", "")
    assert hearing.text == heard
    assert hearing.label("edit.undo") == "Undo: when the work that goes on has ended"
    assert "Undo waits until this ends" not in hearing.program.studio.window.job_bar.text
    QTest.keyClick(hearing.view, Qt.Key.Key_Z, CTRL)
    assert hearing.text == heard  # what is being heard stays until that is over
    assert "Undo waits until this ends" in hearing.program.studio.window.job_bar.text
    assert hearing.label("edit.redo") == "Redo: Correct text"
    hearing.window()
    assert hearing.text.startswith(heard)
    QTest.keyClick(hearing.view, Qt.Key.Key_Z, CTRL | SHIFT)
    assert hearing.text.startswith(both)
    assert len(hearing.text) > len(both)
    assert hearing.program.studio.hearing.is_running
