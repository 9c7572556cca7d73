"""Listening in the transcript: clicks that play, the word being spoken, what the mouse is on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QGuiApplication, QHelpEvent, QMouseEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from granite_studio.core.edits import Place
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript import quoting, spans
from granite_studio.ui.transcript.headers import Zone
from granite_studio.ui.transcript.painting import Ground, stretch_rects
from granite_studio.ui.transcript.reading import ReadingView
from granite_studio.ui.transcript.spoken import spoken_at

CALM_S = 4.0
"""How many seconds after typing the view begins to follow the sound again."""
_READ_TO = 0.85
"""How far down the spoken word may come before the view moves on, as a share of its height."""

SeekOn = Literal["click", "double-click", "ctrl-click"]


class ListeningView(ReadingView):
    """Goes along with the playback, and the playback with it.

    `seek_on` says which click on a word plays from there; `follows` whether the view keeps the
    spoken word in sight.
    """

    def __init__(
        self, session: Session, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, parent)
        self._playback = playback
        self._spoken: Place | None = None
        self._typed_at = -CALM_S
        self._looked_away = False
        self._pressed: tuple[int, Zone] | None = None
        self.seek_on: SeekOn = "click"
        self.follows = True
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().actionTriggered.connect(self._look_away)
        playback.moved.connect(self._follow)
        playback.playing_changed.connect(self._look_back)

    def _has_changed(self) -> None:
        super()._has_changed()
        self._hovered = None
        self._spoken = spoken_at(self._shown, self._playback.position)

    def play_from_caret(self) -> None:
        """Go to the word at the caret in the recording."""
        if word := self.word:
            self._seek(word.start)

    def previous_word_with_sound(self) -> None:
        """Put the caret before the previous word and play it."""
        self._step_word(-1)

    def next_word_with_sound(self) -> None:
        """Put the caret before the next word and play it."""
        self._step_word(1)

    def _step_word(self, step: int) -> None:
        segments = self._shown.segments
        if not segments:
            return
        row = min(self.place.row, len(segments) - 1)
        places = self._stretches(row)
        offset = self.textCursor().positionInBlock()
        if self._row_of(self.textCursor().blockNumber()) is None:
            offset = 1 << 30
        index = spans.word_at(places, offset)
        index += step if step > 0 or offset <= places[index][0] else 0
        if index < 0 and row > 0:
            row -= 1
            index = len(segments[row].words) - 1
        elif index >= len(places) and row + 1 < len(segments):
            row, index = row + 1, 0
        index = min(max(index, 0), len(segments[row].words) - 1)
        self.reveal(Place(row, index))
        word = segments[row].words[index]
        self._playback.play_span(word.start, word.end)

    def _seek(self, ms: int) -> None:
        self._looked_away = False
        self._playback.seek(ms)

    @Slot(int)
    def _follow(self, ms: int) -> None:
        spoken = spoken_at(self._shown, ms)
        if spoken == self._spoken:
            return
        for place in (self._spoken, spoken):
            if place:
                self.viewport().update(self._word_rect(place))
        self._spoken = spoken
        if not spoken or not self.follows:
            return
        rect = self._word_rect(spoken)
        height = self.viewport().height()
        # Somebody who moves the playhead in another panel wants to see the words there.
        is_playing = self._playback.is_playing
        is_led = not is_playing and not self.hasFocus()
        if rect.top() >= 0 and rect.bottom() <= height * _READ_TO:
            self._looked_away = False
        elif (is_led or (is_playing and not self._looked_away)) and not self._is_busy():
            self._bring_into_view(rect, lowest=_READ_TO)

    def _is_busy(self) -> bool:
        """Whether the person has just typed or holds the mouse down: then nothing may move."""
        typing = self.hasFocus() and time.monotonic() - self._typed_at < CALM_S
        return typing or bool(QGuiApplication.mouseButtons())

    @Slot()
    def _look_away(self) -> None:
        """The person scrolls: the view stays there until the sound comes by."""
        self._looked_away = True

    @Slot(bool)
    def _look_back(self, playing: bool) -> None:
        if playing:
            self._looked_away = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._look_away()
        super().wheelEvent(event)

    def _word_rect(self, place: Place) -> QRect:
        """Where a word is in the view, with a little air; all of its pieces together."""
        block = self._block_of(place.row)
        origin = self._layout.blockBoundingRect(block).topLeft()
        start, end = self._stretches(place.row)[place.word]
        found = QRectF()
        for rect in stretch_rects(block, start, end, self._layout.pitch):
            found = found.united(rect.translated(origin))
        found.translate(0, -self.verticalScrollBar().value())
        return found.adjusted(-4, 0, 4, 0).toAlignedRect()

    # The mouse.

    def word_under(self, point: QPointF) -> Place | None:
        """The gap before the word at this point of the view; None beside the text."""
        position = self._layout.hitTest(self._to_text(point), Qt.HitTestAccuracy.ExactHit)
        if position < 0:
            return None
        block = self.document().findBlock(position)
        row = self._row_of(block.blockNumber())
        if row is None or row >= len(self._shown.segments):
            return None
        places = self._stretches(row)
        offset = position - block.position()
        index = spans.word_at(places, offset)
        return Place(row, index) if offset <= places[index][1] else None

    def zone_under(self, point: QPointF) -> tuple[int, str] | None:
        """The row at this point of the view, and which part of its header: "row" for none."""
        text = self._to_text(point)
        rows = len(self._shown.segments)
        if self._last_gap() and self._last_gap_zone().contains(text):
            return rows, "gap"
        number = self._layout.number_at(text.y())
        row = self._row_of(number)
        if row is None or row >= rows:
            return None
        rect = self._layout.blockBoundingRect(self.document().findBlockByNumber(number))
        zones = self._style.zones(self._header(row), rect, self._head_height(number))
        for zone, area in zones.items():
            if area.adjusted(-4, -4, 4, 2).contains(text):
                return row, zone
        return row, "row"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        zone = self.zone_under(event.position())
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and zone and zone[1] != "row":
            self._pressed = zone  # type: ignore[assignment]
            return
        super().mousePressEvent(event)
        self._give_up_paragraph_end()

    def _give_up_paragraph_end(self) -> None:
        """A triple click also takes the break behind the paragraph: typing would join two."""
        cursor = self.textCursor()
        if cursor.hasSelection() and cursor.atBlockStart() and cursor.anchor() < cursor.position():
            cursor.movePosition(
                QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor
            )
            self.setTextCursor(cursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed:
            if self.zone_under(event.position()) == pressed:
                self._zone_clicked(*pressed)
            return
        super().mouseReleaseEvent(event)
        wanted = {
            "click": Qt.KeyboardModifier.NoModifier,
            "ctrl-click": Qt.KeyboardModifier.ControlModifier,
        }.get(self.seek_on)
        if (
            event.button() == Qt.MouseButton.LeftButton
            and event.modifiers() == wanted
            and not self.textCursor().hasSelection()
        ):
            self._seek_to_word(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        zone = self.zone_under(event.position())
        if zone and zone[1] != "row":
            return
        super().mouseDoubleClickEvent(event)
        if self.seek_on == "double-click":
            self._seek_to_word(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._hover(self.zone_under(event.position()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPointF) -> str:
        """What the tooltip says at this point of the view; nothing beside words and headers."""
        zone = self.zone_under(point)
        if zone and zone[1] in ("time", "gap"):
            return self.tr("Play from here")
        if zone and zone[1] == "name":
            return self.tr("Change who speaks")
        place = self.word_under(point)
        if place is None:
            return ""
        return quoting.word_tip(self._shown.segments[place.row].words[place.word])

    def _zone_clicked(self, row: int, zone: Zone) -> None:
        if zone == "time":
            self._seek(self._shown.segments[row].start)
        elif zone == "gap":
            self._seek(self._gaps[row].start)

    def _seek_to_word(self, point: QPointF) -> None:
        if place := self.word_under(point):
            self._seek(self._shown.segments[place.row].words[place.word].start)

    def _hover(self, zone: tuple[int, str] | None) -> None:
        on_part = zone is not None and zone[1] != "row"
        shape = Qt.CursorShape.PointingHandCursor if on_part else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
        if zone == self._hovered:
            return
        self._hovered = zone
        self.viewport().update()

    def _marks(self, row: int) -> Iterator[Ground]:
        yield from super()._marks(row)
        if self._spoken and self._spoken.row == row:
            yield Ground(*self._stretches(row)[self._spoken.word], theme.current().spoken)
