"""A transcript on screen, drawn and read as text: `|` is the caret, `[` and `]` a selection."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.services.session import Session
from granite_studio.store.project import Project
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript.surface import TranscriptView


class Player(Playback):
    """A playback that plays nothing, and remembers what it was asked to play."""

    def __init__(self) -> None:
        super().__init__()
        self.playing = False
        self.played: list[tuple[int, int]] = []

    @property
    def is_playing(self) -> bool:
        return self.playing

    def play_span(self, start: int, end: int) -> None:
        self.played.append((start, end))


def written(*paragraphs: str) -> Document:
    """Paragraphs as "Anna: one two"; a word lasts 300 ms, 100 ms lie between words, 1 s between
    paragraphs. Ids of words count from 101, those of paragraphs from 1."""
    names: list[str] = []
    segments: list[Segment] = []
    word_id, start = 101, 1000
    for number, paragraph in enumerate(paragraphs, start=1):
        name, _, text = paragraph.rpartition(": ")
        if name and name not in names:
            names.append(name)
        words = []
        for token in text.split():
            words.append(Word(word_id, token, start, start + 300, 0.9, "draft"))
            word_id += 1
            start += 400
        speaker = 51 + names.index(name) if name else None
        segments.append(Segment(number, tuple(words), speaker))
        start += 900
    speakers = tuple(Speaker(51 + place, name) for place, name in enumerate(names))
    return Document(
        tuple(segments),
        speakers,
        media=Media("sea-wall.wav", max(start, 60_000)),
        next_id=word_id,
    )


class Desk:
    """A transcript view with its session and playback, and ways to say what is on it."""

    def __init__(self, qtbot: QtBot, path: Path, document: Document) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.session.show(Project.create(path, document=document))
        self.player = Player()
        self.view = TranscriptView(self.session, self.player)
        qtbot.addWidget(self.view)
        self.view.resize(760, 600)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        qtbot.waitUntil(self.view.hasFocus)

    @property
    def document(self) -> Document:
        return self.session.document

    @property
    def said(self) -> list[str]:
        """The paragraphs of the document."""
        return [segment.text for segment in self.document.segments]

    @property
    def shown(self) -> list[str]:
        """The paragraphs of the view."""
        text = self.view.document()
        return [text.findBlockByNumber(n).text() for n in range(text.blockCount())]

    @property
    def picture(self) -> str:
        """The view's text, a line a paragraph, with caret and selection drawn in."""
        text = "\n".join(self.shown)
        cursor = self.view.textCursor()
        if not cursor.hasSelection():
            return text[: cursor.position()] + "|" + text[cursor.position() :]
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        return text[:start] + "[" + text[start:end] + "]" + text[end:]

    @property
    def steps(self) -> list[str]:
        """The labels of all that undo takes back."""
        project = self.session.project
        assert project
        return [step.label for step in project.history.steps[1:]]

    def at(self, where: str) -> None:
        """Put the caret where this picture of some of the text has its `|`, or select `[...]`."""
        text = "\n".join(self.shown)
        bare = where.translate({ord(sign): None for sign in "|[]"})
        assert text.count(bare) == 1, f"{bare!r} is not once in {text!r}"
        start = text.index(bare)
        cursor = self.view.textCursor()
        if "[" in where:
            first = where.index("[")
            cursor.setPosition(start + first)
            cursor.setPosition(start + where.index("]") - 1, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(start + where.index("|"))
        self.view.setTextCursor(cursor)

    def type(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.view, text)
            return
        for sign in text:  # QTest knows ASCII alone
            event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
            QApplication.sendEvent(self.view, event)

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        times: int = 1,
    ) -> None:
        for _ in range(times):
            QTest.keyClick(self.view, key, modifiers)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Puts paragraphs on screen: `desk("Anna: one two", "Ben: three")`, or a document."""
    desks: list[Desk] = []

    def make(*paragraphs: str, document: Document | None = None) -> Desk:
        shown = document if document is not None else written(*paragraphs)
        desks.append(Desk(qtbot, tmp_path / f"{len(desks)}.gstudio", shown))
        return desks[-1]

    yield make
    for made in desks:
        made.view.close()
        made.session.close()
