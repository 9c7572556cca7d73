"""Measure typing in long transcripts: from the key to the painted letter, ours and Qt's own.

Run it as a script; it writes typing_speed.json beside itself. Transcripts of 20,000 to 200,000
words are typed into in the middle: in our view, with a project that is written at each key; in a
QPlainTextEdit and in a QTextEdit with the same text and nothing behind it; and in our view with
nothing behind it ("alone"), which compares text surface with text surface. They take turns, twenty
keys each. A key's time is what the event takes and what the pass of the event loop
takes that paints; waiting for the screen's beat is left out. Only ratios mean anything on another
machine.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit

from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.core.edits import Place
from granite_studio.services.session import Session
from granite_studio.store.project import Project
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript.surface import TranscriptView

SIZES = (20_000, 100_000, 200_000)
ROUNDS = 8
KEYS = "and so it went, on y"
PARAGRAPH = 40
SAID = ("we", "have", "already", "replaced", "more", "than", "two", "hundred", "metres", "of")

Editor = TranscriptView | QPlainTextEdit | QTextEdit


def make_document(words: int) -> Document:
    """Two speakers in turns of forty words."""
    segments: list[Segment] = []
    for row in range(words // PARAGRAPH):
        ids = range(row * PARAGRAPH, (row + 1) * PARAGRAPH)
        said = tuple(
            Word(id_ + 10, SAID[id_ * 7 % 10], id_ * 400, id_ * 400 + 300, 0.9, "draft")
            for id_ in ids
        )
        segments.append(Segment(words + 10 + row, said, 1 + row % 2))
    speakers = (Speaker(1, "Anna Berg"), Speaker(2, "Reporter"))
    return Document(tuple(segments), speakers, next_id=2 * words + 10)


class Alone(TranscriptView):
    """Our view as a mere text field: what is typed goes nowhere."""

    def _absorb(self) -> None:
        self._touched = None


class Painted(QObject):
    """Counts what is painted."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.count = 0
        editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def press(editor: Editor, painted: Painted, sign: str) -> float:
    """Milliseconds of work from a key to the letter on the screen."""
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
    seen = painted.count
    begun = time.perf_counter()
    QCoreApplication.sendEvent(editor, key)
    work = time.perf_counter() - begun
    while painted.count == seen:
        begun = time.perf_counter()
        QCoreApplication.processEvents()
        last = time.perf_counter() - begun
    return 1000 * (work + last)


def ready(editor: Editor) -> Painted:
    """Show an editor with its caret in the middle of the text."""
    painted = Painted(editor)
    editor.resize(900, 700)
    editor.show()
    editor.setFocus()
    cursor = editor.textCursor()
    cursor.setPosition(editor.document().characterCount() // 2)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfWord)
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()
    for sign in " x":
        press(editor, painted, sign)
    return painted


def timed(act: Callable[[], Editor]) -> tuple[Editor, float]:
    begun = time.perf_counter()
    editor = act()
    return editor, 1000 * (time.perf_counter() - begun)


def measure(words: int, folder: Path) -> dict[str, Any]:
    document = make_document(words)
    text = "\n".join(segment.text for segment in document.segments)
    session, quiet, playback = Session(), Session(), Playback()
    project = Project.create(folder / f"{words}.gstudio", document=document)

    def ours() -> Editor:
        view = TranscriptView(session, playback)
        session.show(project)
        return view

    def alone() -> Editor:
        view = Alone(quiet, playback)
        quiet.show(Project.create(folder / f"{words} alone.gstudio", document=document))
        return view

    def plain() -> Editor:
        editor = QPlainTextEdit()
        editor.setPlainText(text)
        return editor

    def rich() -> Editor:
        editor = QTextEdit()
        editor.setPlainText(text)
        return editor

    ways = {"ours": ours, "alone": alone, "plain": plain, "rich": rich}
    opened = {name: timed(act) for name, act in ways.items()}
    painted = {name: ready(editor) for name, (editor, _) in opened.items()}
    took: dict[str, list[float]] = {name: [] for name in opened}
    for _ in range(ROUNDS):
        for name, (editor, _) in opened.items():
            took[name] += [press(editor, painted[name], sign) for sign in KEYS]
    project.flush()
    report: dict[str, Any] = {
        name: {
            "open_ms": round(opened[name][1], 1),
            "median_ms": round(statistics.median(times), 2),
            "p95_ms": round(statistics.quantiles(times, n=20)[18], 2),
            "max_ms": round(max(times), 2),
        }
        for name, times in took.items()
    }
    view = opened["ours"][0]
    assert isinstance(view, TranscriptView)
    begun = time.perf_counter()
    view.reveal(Place(len(document.segments) - 2, 0))
    view.grab()
    report["jump_to_the_end_ms"] = round(1000 * (time.perf_counter() - begun), 1)
    medians = {name: report[name]["median_ms"] for name in took}
    report["ours_to_plain"] = round(medians["ours"] / medians["plain"], 2)
    report["ours_to_rich"] = round(medians["ours"] / medians["rich"], 2)
    report["alone_to_plain"] = round(medians["alone"] / medians["plain"], 2)
    report["alone_to_rich"] = round(medians["alone"] / medians["rich"], 2)
    for editor, _ in opened.values():
        editor.close()
    session.close()
    quiet.close()
    return report


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    theme.apply(app, "light")
    report: dict[str, Any] = {
        "command": "python resources/benchmarks/typing_speed.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, Python"
        f" {platform.python_version()}, offscreen",
        "keys": len(KEYS) * ROUNDS,
        "words": {},
    }
    with tempfile.TemporaryDirectory() as folder:
        for words in SIZES:
            row = report["words"][str(words)] = measure(words, Path(folder))
            print(words, json.dumps(row))
    Path(__file__).with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
