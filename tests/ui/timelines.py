"""A small conversation, its sound, and a timeline over it with ways to use the mouse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.media.peaks import Peaks, PeaksBuilder
from granite_studio.services.session import Session
from granite_studio.store.project import Project
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles
from granite_studio.ui.timeline.layout import RULER
from granite_studio.ui.timeline.timeline import Timeline

ANNA, BEN = 1, 2
NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def words(first_id: int, *timed: tuple[str, int, int]) -> tuple[Word, ...]:
    return tuple(Word(first_id + n, *word) for n, word in enumerate(timed))


CONVERSATION = Document(
    segments=(
        Segment(
            10,
            words(11, ("We", 1000, 1200), ("know", 1200, 1500), ("that", 1700, 2000)),
            ANNA,
        ),
        Segment(
            20,
            words(21, ("Who", 2200, 2500), ("pays", 2500, 3000), ("you?", 3000, 3400)),
            BEN,
        ),
        Segment(30, words(31, ("Nobody.", 4000, 4600))),
    ),
    speakers=(Speaker(ANNA, "Anna"), Speaker(BEN, "Ben")),
    media=Media("talk.wav", 60_000),
    next_id=100,
)


def talk(quiet: tuple[int, int] = (0, 0), duration: int = 60_000) -> Peaks:
    """A minute of even noise, silent between two moments (ms)."""
    loud = np.full(duration * 16 // 256, 8000, np.int16)
    loud[quiet[0] * 16 // 256 : quiet[1] * 16 // 256] = 10
    builder = PeaksBuilder()
    builder.add(-loud, loud)
    return builder.finish(duration)


class Desktop:
    """A timeline on the screen, 5 ms a pixel from the start, over a project in a folder."""

    def __init__(self, folder: Path, document: Document = CONVERSATION) -> None:
        self.session = Session()
        self.session.show(Project.create(folder / "talk.gstudio", document=document))
        self.playback = Playback()
        self.subtitles = Subtitles(self.session)
        self.timeline = Timeline(self.session, self.playback, self.subtitles)
        self.timeline.resize(1144, 300)
        self.timeline.show()
        self.view = self.timeline._view
        self.viewport = self.view.viewport()
        self.scale(5)

    def close(self) -> None:
        self.timeline.close()
        self.session.close()

    def scale(self, ms: float, start: float = 0) -> None:
        """Show so many ms a pixel."""
        self.view.show_stretch(start, ms * self.viewport.width())
        QApplication.processEvents()

    @property
    def document(self) -> Document:
        return self.session.document

    def at(self, ms: float, place: str | int = "sound") -> QPoint:
        """Where a moment lies in the ruler, the sound, the cues, or the lane of this number."""
        layout = self.view.layout_now
        if place == "ruler":
            y = -8
        elif isinstance(place, int):
            y = (layout.lanes[place].top + layout.lanes[place].bottom) // 2
        else:
            band = layout.cues if place == "cues" else layout.wave
            y = (band.top + band.bottom) // 2
        return QPoint(round(self.view.frame.x(ms)), y + RULER)

    def mouse(
        self,
        kind: QEvent.Type,
        point: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifiers: Qt.KeyboardModifier = NO,
    ) -> None:
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
        event = QMouseEvent(
            kind, QPointF(point), self.viewport.mapToGlobal(point), button, held, modifiers
        )
        QApplication.sendEvent(self.viewport, event)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = NO) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, point, modifiers=modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, point, modifiers=modifiers)

    def double_click(self, point: QPoint) -> None:
        self.click(point)
        self.mouse(QEvent.Type.MouseButtonDblClick, point)
        self.mouse(QEvent.Type.MouseButtonRelease, point)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        modifiers: Qt.KeyboardModifier = NO,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        drop: bool = True,
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, start, button, modifiers)
        for part in (0.3, 0.7, 1.0):
            point = start + (end - start) * part
            self.mouse(QEvent.Type.MouseMove, point, button, modifiers)
        if drop:
            self.mouse(QEvent.Type.MouseButtonRelease, end, button, modifiers)

    def wheel(
        self, point: QPoint, up: int, modifiers: Qt.KeyboardModifier = NO, sideways: bool = False
    ) -> None:
        turned = QPoint(120 * up, 0) if sideways else QPoint(0, 120 * up)
        event = QWheelEvent(
            QPointF(point),
            QPointF(self.viewport.mapToGlobal(point)),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.viewport, event)
