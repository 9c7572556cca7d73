"""The mouse on the timeline: what a press, a drag and a wheel do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from granite_studio.core.document import Span
from granite_studio.core.edits import Place
from granite_studio.ui.timeline.content import NOTHING, Kind, Target
from granite_studio.ui.timeline.desk import Desk
from granite_studio.ui.timeline.drags import (
    Drag,
    MoveCueEdge,
    MoveTurnEdge,
    MoveWordEdge,
    Pointer,
    Scrub,
    SelectSpan,
)
from granite_studio.ui.timeline.hits import described, target_at
from granite_studio.ui.timeline.layout import RULER
from granite_studio.ui.timeline.view import View

DRAG_PX = 3
NOTCH = 120
"""What one step of a wheel counts in Qt."""
SCROLL_PART = 0.12
ZOOM_STEP = 1.25
EDGE_SCROLL_MS = 30

EDGES = (Kind.WORD_EDGE, Kind.TURN_EDGE, Kind.CUE_EDGE)
CURSORS = {
    Kind.SPAN_EDGE: Qt.CursorShape.SizeHorCursor,
    Kind.WORD_EDGE: Qt.CursorShape.SizeHorCursor,
    Kind.TURN_EDGE: Qt.CursorShape.SplitHCursor,
    Kind.CUE_EDGE: Qt.CursorShape.SizeHorCursor,
    Kind.RULER: Qt.CursorShape.PointingHandCursor,
}


class Pan:
    """Drags the recording along."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: View, x: float) -> None:
        self._view = view
        self._home = view.start
        self._x = x

    def move(self, at: Pointer) -> None:
        self._view.show_stretch(self._home - (at.x - self._x) * at.pixel_ms)

    def drop(self) -> None:
        pass

    def cancel(self) -> None:
        self._view.show_stretch(self._home)


class Hand(QObject):
    """Turns the mouse events of the view's viewport into seeks, selections and edits."""

    scrolled = Signal()
    """A person moved the view."""
    ended = Signal()
    """A drag was dropped or cancelled."""
    context_requested = Signal(QPoint, int)
    """A menu is wanted: where on the screen, and for which moment (ms)."""

    def __init__(self, view: View, desk: Desk) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._drag: Drag | None = None
        self._pressed: tuple[Target, QPointF] | None = None
        self._last = QPointF()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._edge_scroll = QTimer(self, interval=EDGE_SCROLL_MS)
        self._edge_scroll.timeout.connect(self._scroll_at_edge)
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            handler = {
                QEvent.Type.MouseButtonPress: self.press,
                QEvent.Type.MouseMove: self.move,
                QEvent.Type.MouseButtonRelease: self.release,
                QEvent.Type.MouseButtonDblClick: self.double_click,
            }.get(kind)
            if handler is None:
                return False
            handler(event)
            return True
        if isinstance(event, QWheelEvent):
            self.wheel(event)
            return True
        if isinstance(event, QContextMenuEvent):
            self.ask(event)
            return True
        if isinstance(event, QHelpEvent):
            self.explain(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self.pinch(event)
        if kind is QEvent.Type.Leave and self._drag is None:
            self._view.viewport().unsetCursor()
        return False

    @property
    def is_dragging(self) -> bool:
        return self._drag is not None

    def cancel(self) -> None:
        """End a drag as if it had never begun."""
        if self._drag is not None:
            drag, self._drag = self._drag, None
            drag.cancel()
            self._end()
        self._pressed = None

    def replay(self) -> None:
        """The document changed under a drag: do it again to the new one."""
        if self._drag is not None:
            at = self._pointer(self._last)
            self._desk.pointed = at.ms
            self._drag.move(at)

    def target(self, position: QPointF) -> Target:
        """What lies there. Where nothing can be changed, edges are part of what they bound."""
        found = target_at(self._desk.content, self._view.frame, position.x(), position.y() - RULER)
        if found.kind is Kind.TURN_EDGE and self._border(found) is None:
            return Target(Kind.TURN, row=found.row)
        if found.kind in EDGES and self._desk.session.is_read_only:
            body = {Kind.WORD_EDGE: Kind.WORD, Kind.TURN_EDGE: Kind.TURN, Kind.CUE_EDGE: Kind.CUE}
            return Target(body[found.kind], row=found.row, word=found.word, cue=found.cue)
        return found

    def press(self, event: QMouseEvent) -> None:
        self._note(event)
        if event.button() is Qt.MouseButton.MiddleButton:
            self._begin(Pan(self._view, self._last.x()))
            self.scrolled.emit()
        elif event.button() is Qt.MouseButton.LeftButton:
            target = self.target(self._last)
            self._pressed = (target, self._last)
            if target.kind is Kind.RULER:
                self._begin(Scrub(self._desk))
                self.replay()

    def move(self, event: QMouseEvent) -> None:
        self._note(event)
        if self._drag is None and self._pressed is not None:
            target, origin = self._pressed
            if abs(self._last.x() - origin.x()) >= DRAG_PX:
                self._begin(self._drag_of(target, origin))
        if self._drag is None:
            cursor = CURSORS.get(self.target(self._last).kind, Qt.CursorShape.ArrowCursor)
            self._view.viewport().setCursor(cursor)
            return
        self.replay()
        outside = not 0 <= self._last.x() < self._view.viewport().width()
        if outside and not isinstance(self._drag, Pan):
            self._edge_scroll.start()
        else:
            self._edge_scroll.stop()

    def release(self, event: QMouseEvent) -> None:
        self._note(event)
        if self._drag is not None:
            drag, self._drag = self._drag, None
            drag.drop()
            self._end()
        elif self._pressed is not None:
            self._click(self._pressed[0])
        self._pressed = None

    def double_click(self, event: QMouseEvent) -> None:
        """Select what lies there and go to its start."""
        self._note(event)
        target = self.body(self.target(self._last))
        extent = self._desk.extent(target)
        if event.button() is Qt.MouseButton.LeftButton and extent is not None:
            self._desk.choose(target)
            self._desk.playback.seek(extent.start)

    def wheel(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl or Alt zoom at the pointer; with Shift make the wave taller."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / NOTCH  # Alt turns a wheel sideways
        modifiers = event.modifiers()
        if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            self._view.zoom(ZOOM_STEP**-notches, self._view.frame.ms(event.position().x()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._view.set_gain(self._desk.content.gain * ZOOM_STEP**notches)
        else:
            pixels = event.pixelDelta().x() or event.pixelDelta().y()
            part = pixels * self._view.frame.pixel_ms if pixels else notches * self._notch()
            self._view.show_stretch(self._view.start - part)
        self.scrolled.emit()
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom with two fingers."""
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        at = self._view.frame.ms(event.position().x())
        self._view.zoom(1 / max(0.1, 1 + event.value()), at)
        self.scrolled.emit()
        return True

    def ask(self, event: QContextMenuEvent) -> None:
        """Select what the menu will be about, and ask for it."""
        position = QPointF(event.pos())
        target = self.body(self.target(position))
        if self._desk.extent(target) is not None and target != self._desk.content.selected:
            self._desk.choose(target)
        self.context_requested.emit(
            event.globalPos(), max(0, round(self._view.frame.ms(position.x())))
        )

    def explain(self, event: QHelpEvent) -> None:
        """Say in full what is cut short or only drawn."""
        text = described(self._desk.content, self._view.frame, QPointF(event.pos()))
        QToolTip.showText(event.globalPos(), text, self._view)

    def body(self, target: Target) -> Target:
        """The turn, word or cue that an edge belongs to; anything else as it is."""
        kinds = {Kind.WORD_EDGE: Kind.WORD, Kind.TURN_EDGE: Kind.TURN, Kind.CUE_EDGE: Kind.CUE}
        kind = kinds.get(target.kind, target.kind)
        return Target(kind, row=target.row, word=target.word, cue=target.cue)

    def set_edge(self, ms: float, *, is_end: bool) -> None:
        """Let what is selected begin or end at this moment; a span, a word or a cue."""
        desk, chosen = self._desk, self._desk.content.selected
        span = desk.content.span
        moment = max(0, min(round(ms), desk.content.duration))
        if span is not None:
            start, end = (span.start, moment) if is_end else (moment, span.end)
            desk.select_span(Span(min(start, end), max(start, end)))
        elif desk.session.is_read_only:
            return
        elif chosen.kind is Kind.WORD:
            place = Place(chosen.row, chosen.word)
            self._at_once(MoveWordEdge(desk, place, is_end), moment)
        elif chosen.kind is Kind.CUE:
            self._at_once(MoveCueEdge(desk, chosen.cue, is_end), moment)

    def _at_once(self, drag: Drag, ms: int) -> None:
        drag.move(Pointer(ms, self._view.frame.x(ms), self._view.frame.pixel_ms, free=True))
        drag.drop()

    def _click(self, target: Target) -> None:
        ms = self._view.frame.ms(self._last.x())
        if self._modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.set_edge(ms, is_end=False)
        elif self._modifiers & Qt.KeyboardModifier.ControlModifier:
            self.set_edge(ms, is_end=True)
        else:
            if self._desk.content.span is not None:
                self._desk.select_span(None)
            if self.body(target) != self._desk.content.selected:
                self._desk.choose(NOTHING)
            self._desk.playback.seek(max(0, min(round(ms), self._desk.content.duration)))

    def _drag_of(self, target: Target, origin: QPointF) -> Drag:
        desk = self._desk
        if target.kind is Kind.WORD_EDGE:
            return MoveWordEdge(desk, Place(target.row, target.word), target.is_end)
        if target.kind is Kind.CUE_EDGE:
            return MoveCueEdge(desk, target.cue, target.is_end)
        border = self._border(target)
        if target.kind is Kind.TURN_EDGE and border is not None:
            return MoveTurnEdge(desk, border)
        span = desk.content.span
        if target.kind is Kind.SPAN_EDGE and span is not None:
            return SelectSpan(desk, span.start if target.is_end else span.end)
        return SelectSpan(desk, self._view.frame.ms(origin.x()))

    def _border(self, target: Target) -> int | None:
        """The row behind the border that an edge of a turn is, if a turn lies on each side."""
        row = target.row + 1 if target.is_end else target.row
        return row if 0 < row < len(self._desk.content.text.document.segments) else None

    def _begin(self, drag: Drag) -> None:
        self._drag = drag
        self._view.viewport().setCursor(drag.cursor)

    def _end(self) -> None:
        self._edge_scroll.stop()
        self._view.viewport().unsetCursor()
        self.ended.emit()

    def _note(self, event: QMouseEvent) -> None:
        self._last = event.position()
        self._modifiers = event.modifiers()

    def _pointer(self, position: QPointF) -> Pointer:
        frame = self._view.frame
        return Pointer(
            ms=frame.ms(position.x()),
            x=position.x(),
            pixel_ms=frame.pixel_ms,
            free=bool(self._modifiers & Qt.KeyboardModifier.ShiftModifier),
            apart=bool(self._modifiers & Qt.KeyboardModifier.AltModifier),
        )

    def _notch(self) -> float:
        return SCROLL_PART * self._view.span

    def _scroll_at_edge(self) -> None:
        """While a drag is held beyond the edge, go on in that direction."""
        beyond = min(0.0, self._last.x()) + max(
            0.0, self._last.x() - self._view.viewport().width()
        )
        self._view.show_stretch(self._view.start + beyond * self._view.frame.pixel_ms * 0.3)
        self.replay()
