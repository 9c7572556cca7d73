"""Takes the pictures of the window for the README, without a screen.

    .venv/bin/python packaging/screenshots.py

opens the sample interview in a folder of its own, hears a part of it, then opens it as it is after
a person has corrected it (from the script that the tests keep), and writes five pictures of 1440
by 900 pixels to `resources/screenshots/`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from granite_studio.ui.studio import Studio

ROOT = Path(__file__).resolve().parents[1]
SOUND = ROOT / "resources" / "samples" / "interview.flac"
WORDS = ROOT / "tests" / "data" / "sample" / "interview.words.json"
PICTURES = ROOT / "resources" / "screenshots"
NAMES = {"HELEN": "Helen Marsh", "THOMAS": "Thomas Reed"}
SIZE = (1440, 900)
PATIENCE_MS = 60_000
MOMENT_MS = 31_400
UNHEARD = 4
"""This paragraph is left out, to show what speech without text looks like."""


def main() -> int:
    """Take all pictures; returns the exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="granite-studio-") as place:
        folder = Path(place)
        for name in ("DATA", "CACHE", "CONFIG", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
        take_all(folder)
    return 0


def take_all(folder: Path) -> None:
    """Build the program and lead it from picture to picture."""
    from PySide6.QtCore import QLoggingCategory
    from PySide6.QtWidgets import QApplication

    from granite_studio import app
    from granite_studio.ui import theme

    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    application = QApplication([])
    theme.apply(application, "light")
    program = app.build()
    studio, window = program.studio, program.studio.window
    window.resize(*SIZE)
    window.show()
    take(window, "empty")

    heard = folder / "interview.flac"
    shutil.copyfile(SOUND, heard)
    open_and_wait(studio, heard)
    program.frame.actions.actions["listen.hear"].trigger()
    wait_until(lambda: len(studio.session.document.segments) > 4)
    take(window, "hearing")
    studio.hearing.cancel()
    wait_until(lambda: not studio.hearing.is_running)

    corrected = folder / "Raven Point.flac"
    shutil.copyfile(SOUND, corrected)
    make_project(corrected)
    open_and_wait(studio, corrected)
    studio.playback.seek(MOMENT_MS)
    take(window, "transcribed")
    theme.apply(application, "dark")
    take(window, "dark")
    theme.apply(application, "light")
    program.frame.actions.actions["view.subtitles"].trigger()
    take(window, "subtitles")
    program.shut_down()


def open_and_wait(studio: Studio, path: Path) -> None:
    """Open a recording and wait until its waveform is whole."""
    before = studio.session.project
    studio.opening.open_paths([path])
    wait_until(lambda: studio.session.project is not before and not studio.opening.is_busy)
    wait_until(lambda: not studio.recording.is_reading)


def make_project(recording: Path) -> None:
    """Write the project of a corrected interview beside the recording."""
    from granite_studio.core.document import (
        Document,
        EngineUse,
        Media,
        Segment,
        Span,
        Speaker,
        Word,
    )
    from granite_studio.store.project import Project, project_path_for

    spoken = json.loads(WORDS.read_text("utf-8"))["words"]
    people = {name: number for number, name in enumerate(NAMES, start=1)}
    segments, unheard, number = [], [], 100
    turns = groupby(spoken, key=lambda word: str(word["speaker"]))
    for place, (name, group) in enumerate(turns):
        words = []
        for word in group:
            number += 1
            start, end = round(word["start"] * 1000), round(word["end"] * 1000)
            words.append(Word(number, word["w"], start, end, 1.0, "draft", touched=True))
        if place == UNHEARD:
            unheard.append(Span(words[0].start, words[-1].end))
        else:
            number += 1
            segments.append(Segment(number, tuple(words), people[name]))
    document = Document(
        segments=tuple(segments),
        speakers=tuple(Speaker(people[name], shown) for name, shown in NAMES.items()),
        media=Media(recording.name, 171_984),
        engines=(EngineUse("Draft (PocketSphinx, English)", draft=True),),
        untranscribed=tuple(unheard),
        next_id=number + 1,
    )
    with Project.create(project_path_for(recording), document=document, media_path=recording):
        pass


def take(window: QWidget, name: str) -> None:
    """Let everything come to rest, and write the picture."""
    from PySide6.QtCore import QElapsedTimer

    calm = QElapsedTimer()
    calm.start()
    wait_until(lambda: calm.elapsed() > 600)
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    if not window.grab().save(str(path)):
        raise SystemExit(f"{path} could not be written.")
    print(path.relative_to(ROOT))


def wait_until(condition: Callable[[], bool]) -> None:
    """Run Qt's loop until this holds."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop, patience = QEventLoop(), QElapsedTimer()
    patience.start()

    def look() -> None:
        if condition():
            loop.quit()
        elif patience.elapsed() > PATIENCE_MS:
            raise SystemExit("The program did not come to rest within a minute.")

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
