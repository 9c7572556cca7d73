"""Reading and listening in the transcript: clicks, hovering, the word being spoken, matches."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from granite_studio.core.document import Word
from granite_studio.core.edits import Place
from granite_studio.core.search import Match
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.transcript import quoting, spans
from granite_studio.ui.transcript.headers import Zone
from granite_studio.ui.transcript.painting import Ground, stretch_rects
from granite_studio.ui.transcript.paragraphs import ParagraphView
from granite_studio.ui.transcript.spoken import spoken_at

CALM_S = 4.0
"""How many seconds after typing the view begins to follow the sound again."""
_READ_FROM = 0.3
"""Where a line that is brought into view is put, as a share of the view's height."""
_READ_TO = 0.85
"""How far down the spoken word may come before the view moves on."""

_KEEP = QTextCursor.MoveMode.KeepAnchor

SeekOn = Literal["click", "double-click", "ctrl-click"]


class ReadingView(ParagraphView):
    """Places in the text, and what listening has to do with it.

    `seek_on` says which click on a word plays from there; `follows` whether the view keeps the
    spoken word in sight; `quote_form` how `copy_quote` writes (see `quoting.QUOTE`).
    """

    place_changed = Signal(object)
    """The `Place` of the caret."""

    def __init__(
        self, session: Session, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, parent)
        self._playback = playback
        self._place = Place(0, 0)
        self._spoken: Place | None = None
        self._matches: dict[int, tuple[Match, ...]] = {}
        self._typed_at = -CALM_S
        self._looked_away = False
        self._pressed: tuple[int, Zone] | None = None
        self.seek_on: SeekOn = "click"
        self.follows = True
        self.quote_form = quoting.QUOTE
        self.viewport().setMouseTracking(True)
        self.cursorPositionChanged.connect(self._caret_moved)
        self.selectionChanged.connect(self._caret_moved)
        self.verticalScrollBar().actionTriggered.connect(self._look_away)
        playback.moved.connect(self._follow)
        playback.playing_changed.connect(self._look_back)
        self._show_all()

    # Places.

    @property
    def place(self) -> Place:
        """The gap at the caret: before the word it is in, behind the one it follows."""
        cursor = self.textCursor()
        row = self._row_of(cursor.blockNumber())
        if row is None or row >= len(self._shown.segments):
            above = cursor.blockNumber() - 1
            return self._end_of(above) if above >= 0 else Place(0, 0)
        return Place(row, spans.gap_at(self._stretches(row), cursor.positionInBlock()))

    @property
    def selection(self) -> tuple[Place, Place] | None:
        """The gaps around the words that are selected, even in part; None without any."""
        cursor = self.textCursor()
        start = self._gap_behind(cursor.selectionStart())
        end = self._gap_before(cursor.selectionEnd())
        return (start, end) if start is not None and end is not None and start < end else None

    @property
    def chosen_characters(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Start and end of the selection, or the caret twice: row and characters before it."""
        cursor = self.textCursor()
        found = []
        for position in (cursor.selectionStart(), cursor.selectionEnd()):
            block = self.document().findBlock(position)
            row = self._row_of(block.blockNumber())
            offset = spans.index_of(block.text(), position - block.position())
            found.append((block.blockNumber(), 0) if row is None else (row, offset))
        return found[0], found[1]

    @property
    def word(self) -> Word | None:
        """The word at the caret, the one before it at a paragraph's end."""
        row = self._row_of(self.textCursor().blockNumber())
        if row is None or row >= len(self._shown.segments):
            return None
        index = spans.word_at(self._stretches(row), self.textCursor().positionInBlock())
        return self._shown.segments[row].words[index]

    def reveal(self, place: Place, *, focus: bool = False) -> None:
        """Put the caret at a place and bring it into view; ValueError if there is none."""
        self._select(place, place)
        if focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_words(self, start: Place, end: Place) -> None:
        """Select the words between two places and bring them into view."""
        self._select(start, end)

    def highlight_matches(self, matches: Sequence[Match]) -> None:
        """Colour what was found in the document as it is now; an empty sequence ends that."""
        by_row: dict[int, list[Match]] = {}
        for match in matches:
            by_row.setdefault(match.start.row, []).append(match)
        self._matches = {row: tuple(found) for row, found in by_row.items()}
        self.viewport().update()

    def select_match(self, match: Match) -> None:
        """Select the characters that were found and bring them into view."""
        block = self._block_of(match.start.row)
        start, end = self._match_stretch(match, self._shown.segments[match.start.row].text)
        cursor = self.textCursor()
        cursor.setPosition(block.position() + start)
        cursor.setPosition(block.position() + min(end, block.length() - 1), _KEEP)
        self._go_to(cursor)

    def _match_stretch(self, match: Match, text: str) -> spans.Stretch:
        return spans.units(text[: match.first]), spans.units(text[: match.last])

    def _end_of(self, row: int) -> Place:
        return Place(row, len(self._shown.segments[row].words))

    def _select(self, start: Place, end: Place) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._position_of(start))
        cursor.setPosition(self._position_of(end, behind=start != end), _KEEP)
        self._go_to(cursor)

    def _go_to(self, cursor: QTextCursor) -> None:
        """Make this the caret and selection; what was not in view comes into its upper part."""
        bar = self.verticalScrollBar()
        before = bar.value()
        self.setTextCursor(cursor)
        if bar.value() != before:
            bar.setValue(before)  # Qt brings it to the edge
        self._bring_into_view(self.cursorRect())

    def _position_of(self, place: Place, *, behind: bool = False) -> int:
        """Where a gap is in the text: before the word after it, or `behind` the word before it."""
        segments = self._shown.segments
        if place == Place(0, 0) and not segments:
            return 0
        if not 0 <= place.row < len(segments):
            raise ValueError(f"there is no paragraph {place.row}")
        places = self._stretches(place.row)
        if not 0 <= place.word <= len(places):
            raise ValueError(f"there is no place {place.word} in paragraph {place.row}")
        block = self._block_of(place.row)
        behind = place.word > 0 if behind else place.word == len(places)
        offset = places[place.word - 1][1] if behind else places[place.word][0]
        return block.position() + offset

    def _gap_behind(self, position: int) -> Place | None:
        """The gap before the first word that ends after this position."""
        for row, offset in self._row_from(position, 1):
            for index, (_, end) in enumerate(self._stretches(row)):
                if end > offset:
                    return Place(row, index)
        return None

    def _gap_before(self, position: int) -> Place | None:
        """The gap behind the last word that starts before this position."""
        for row, offset in self._row_from(position, -1):
            places = self._stretches(row)
            for index in range(len(places), 0, -1):
                if places[index - 1][0] < offset:
                    return Place(row, index)
        return None

    def _row_from(self, position: int, step: int) -> Iterator[tuple[int, int]]:
        """The row at a position and its offset there, then the rows beyond it, whole."""
        block = self.document().findBlock(position)
        row = self._row_of(block.blockNumber())
        offset = position - block.position()
        if row is None:
            row = block.blockNumber() - (step < 0)
            offset = 0 if step > 0 else 1 << 30
        while 0 <= row < len(self._shown.segments):
            yield row, offset
            row += step
            offset = 0 if step > 0 else 1 << 30

    @Slot()
    def _caret_moved(self) -> None:
        if not self._is_rewriting:
            self._tell_place()

    def _tell_place(self) -> None:
        place = self.place
        if place != self._place:
            self._place = place
            self.place_changed.emit(place)

    def _has_changed(self) -> None:
        self._matches = {}
        self._hovered = None
        self._spoken = spoken_at(self._shown, self._playback.position)
        self._tell_place()

    # Copying.

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        cursor = self.textCursor()
        lines = cursor.selectedText().split("\u2029")
        data.setText("\n".join(line.strip(" ") for line in lines if line.strip(" ")))
        return data

    def copy_quote(self) -> None:
        """Copy the selected words, else the paragraph, as a quote that says who and when."""
        row = self._row_of(self.textCursor().blockNumber())
        chosen = self.selection
        if chosen is None:
            if row is None or row >= len(self._shown.segments):
                return
            chosen = (Place(row, 0), Place(row, len(self._shown.segments[row].words)))
        text = quoting.quote(self._shown, *chosen, self.quote_form)
        QGuiApplication.clipboard().setText(text)

    # Listening.

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
        if not spoken or not self._playback.is_playing or not self.follows:
            return
        rect = self._word_rect(spoken)
        height = self.viewport().height()
        if rect.top() >= 0 and rect.bottom() <= height * _READ_TO:
            self._looked_away = False
        elif not self._looked_away and not self._is_busy():
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

    def _bring_into_view(self, rect: QRect, *, lowest: float = 1.0) -> None:
        """Scroll so that this part of the view is well inside it; not at all if it is."""
        height = self.viewport().height()
        if rect.top() >= 0 and rect.bottom() <= height * lowest:
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + rect.top() - round(height * _READ_FROM))

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

    def _grounds(self, block: QTextBlock, row: int | None) -> Iterator[Ground]:
        colours = theme.current()
        matches = self._matches.get(row, ()) if row is not None else ()
        spoken = self._spoken if self._spoken and self._spoken.row == row else None
        if row is not None and matches:
            text = self._shown.segments[row].text
            for match in matches:
                yield Ground(*self._match_stretch(match, text), colours.amber_soft)
        if spoken:
            yield Ground(*self._stretches(spoken.row)[spoken.word], colours.spoken)
        yield from super()._grounds(block, row)
