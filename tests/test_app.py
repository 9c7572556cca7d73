"""The program from its start to its end, as a person meets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_studio import app
from granite_studio.store.project import Project
from granite_studio.ui import theme
from granite_studio.ui.transcript_panel import TranscriptPanel

SAMPLE = Path(__file__).parents[1] / "resources" / "samples" / "interview.flac"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
    return tmp_path / "home"


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from granite_studio import app; sys.exit(app.run(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=dict(os.environ),
    )


def test_the_first_paint_needs_nothing_large(home: Path) -> None:
    code = (
        "import sys; from granite_studio import app\n"
        "def seen(*_):\n"
        "    large = {'numpy', 'pyqtgraph', 'qtawesome', 'PySide6.QtMultimedia', 'sqlite3',\n"
        "      'av', 'torch', 'transformers', 'onnxruntime', 'pocketsphinx', 'scipy', 'pandas'}\n"
        "    print(sorted(large & set(sys.modules)), flush=True)\n"
        "    raise SystemExit\n"
        "app._start = seen\n"
        "app.run([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "[]\n"


def test_the_running_window_never_loads_an_engine_or_a_decoder(home: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from granite_studio import app; app.run(sys.argv[1:])\n"
        "large = {'torch', 'transformers', 'av', 'onnxruntime', 'pocketsphinx', 'scipy'}\n"
        "print(sorted(large & set(sys.modules)))"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            str(sample_copy(tmp_path)),
            "--screenshot",
            str(tmp_path / "a.png"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "[]\n", done.stderr


def sample_copy(folder: Path) -> Path:
    path = folder / "interview.flac"
    path.write_bytes(SAMPLE.read_bytes())
    return path


def test_a_picture_of_the_window_can_be_asked_for(home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = start(str(sample_copy(tmp_path)), "--screenshot", str(picture), "--size", "1200x700")
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1200, 700)
    assert (tmp_path / "interview.gstudio").exists()


def test_a_dark_picture_is_dark(home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    assert start("--dark", "--screenshot", str(picture)).returncode == 0
    assert QImage(str(picture)).pixelColor(3, 500) == theme.DARK.base


def test_a_broken_file_is_a_sentence_in_the_window_and_no_traceback(
    home: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"\0" * 99)
    done = start(str(broken), "--screenshot", str(tmp_path / "window.png"))
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_an_unknown_option_is_refused(home: Path) -> None:
    done = start("--frobnicate")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_fault_in_the_program_is_logged_and_said_once(qtbot: QtBot, home: Path) -> None:
    from granite_studio.ui.trouble import Trouble

    program = app.build()
    trouble = Trouble(program.studio.window)
    for _ in range(2):
        trouble.tell(RuntimeError, RuntimeError("secret detail"), None)
    qtbot.waitUntil(lambda: program.studio.window.banners.text("trouble") != "")
    said = program.studio.window.banners.text("trouble")
    assert "Your work is saved" in said
    assert "secret detail" not in said
    program.shut_down()


def test_the_story_of_a_first_correction(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    """Open the sample from the welcome page, write, split, name a speaker, undo, close."""
    theme.apply(qapp, "light")
    program = app.build()
    studio = program.studio
    window, session, transcript = studio.window, studio.session, studio.transcript
    window.show()
    window.activateWindow()
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        window.welcome.sample_pressed.emit()
    qtbot.waitUntil(lambda: not studio.recording.is_reading, timeout=20_000)
    (panel,) = window.findChildren(TranscriptPanel)
    assert "Hear writes down what is said" in panel.hint
    transcript.setFocus()
    QTest.keyClicks(transcript, "Good morning from Raven Point")
    assert session.document.segments[0].text == "Good morning from Raven Point"
    assert panel.hint == ""
    for _ in range(len("Point")):
        QTest.keyClick(transcript, Qt.Key.Key_Left)
    QTest.keyClick(transcript, Qt.Key.Key_Return)
    assert [s.text for s in session.document.segments] == ["Good morning from Raven", "Point"]
    qtbot.waitUntil(program.frame.actions.actions["speakers.new"].isEnabled)
    QTest.keyClick(transcript, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert [speaker.name for speaker in session.document.speakers] == ["Speaker 1"]
    for _ in range(2):
        QTest.keyClick(transcript, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [s.text for s in session.document.segments] == ["Good morning from Raven Point"]
    qtbot.waitUntil(program.frame.actions.actions["edit.redo"].isEnabled)
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.project is not None
    path = session.project.path
    assert window.close()
    program.shut_down()
    with Project.open(path) as project:
        texts = [segment.text for segment in project.history.document.segments]
    assert texts == ["Good morning from Raven", "Point"]
