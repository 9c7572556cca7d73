"""The whole program in an offscreen window, on recordings cut from the bundled interview."""

from importlib import resources

import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from granite_studio import app
from granite_studio.store import places
from granite_studio.ui import theme

RATE = 16_000
LONG = 120_000
"""ms that hearing may take before a story gives up."""


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    for name in ("data_dir", "cache_dir", "log_dir", "config_dir"):
        folder = tmp_path / "folders" / name
        folder.mkdir(parents=True)
        monkeypatch.setattr(places, name, lambda folder=folder: folder)


@pytest.fixture
def media(tmp_path):
    """Twenty seconds of interview, alone in a folder."""
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    path = tmp_path / "work" / "lighthouse.wav"
    path.parent.mkdir()
    soundfile.write(path, sound[: 20 * RATE], RATE)
    return path


class Person:
    """What somebody does at the window, in words."""

    def __init__(self, qtbot, program):
        self.qtbot = qtbot
        self.program = program
        self.studio = program.studio
        self.window = program.studio.window

    def do(self, action_id):
        """Choose an action of the menus."""
        action = self.program.frame.actions.actions[action_id]
        self.qtbot.waitUntil(lambda: action.isEnabled(), timeout=5000)
        action.trigger()

    def open(self, *paths):
        """Drop files on the window and wait until they are shown."""
        with self.qtbot.waitSignal(self.studio.opening.opened, timeout=20_000):
            self.window.open_requested.emit(list(paths))
        self.qtbot.waitUntil(lambda: not self.studio.recording.is_reading, timeout=20_000)

    def hear(self):
        """Press Hear and wait for its end."""
        with self.qtbot.waitSignal(self.studio.hearing.ended, timeout=LONG) as ended:
            self.do("listen.hear")
        return ended.args[0]

    def text(self):
        """The paragraphs on screen; they must be those of the document."""
        shown = self.studio.transcript.toPlainText().split("\n")
        paragraphs = [segment.text for segment in self.studio.session.document.segments]
        assert shown == (paragraphs or [""])
        return paragraphs

    def place_caret(self, before):
        """Put the caret in front of the first place where this stands."""
        view = self.studio.transcript
        at = view.toPlainText().index(before)
        cursor = view.textCursor()
        cursor.setPosition(at)
        view.setTextCursor(cursor)
        view.setFocus()

    def select(self, text):
        """Select the first place where this stands."""
        self.place_caret(text)
        cursor = self.studio.transcript.textCursor()
        cursor.setPosition(cursor.position() + len(text), QTextCursor.MoveMode.KeepAnchor)
        self.studio.transcript.setTextCursor(cursor)

    def type(self, text):
        self.qtbot.keyClicks(self.studio.transcript, text)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.studio.transcript, key, modifier)


@pytest.fixture
def person(qtbot, qapp):
    theme.apply(qapp, "light")
    program = app.build()
    program.frame.window.resize(1280, 800)
    program.frame.window.show()
    qtbot.waitExposed(program.frame.window)
    yield Person(qtbot, program)
    program.shut_down()
    program.frame.window.deleteLater()
