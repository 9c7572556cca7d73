"""The scrolling part of the timeline: pyqtgraph's view box and axis around one item."""

from __future__ import annotations

import pyqtgraph
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from granite_studio.ui import theme
from granite_studio.ui.timeline.desk import Desk
from granite_studio.ui.timeline.drawing import Drawing, Frame
from granite_studio.ui.timeline.item import TimelineItem
from granite_studio.ui.timeline.labels import Labels
from granite_studio.ui.timeline.layout import RULER, Layout, lay_out
from granite_studio.ui.timeline.picture import Stretch
from granite_studio.ui.timeline.ruler import Ruler

CLOSEST_MS = 0.25
"""A pixel never shows less."""
FIRST_SPAN_MS = 30_000
HEAD = 6
"""Half the width of the playhead's handle in the ruler."""
MOST_GAIN = 32.0


class View(pyqtgraph.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """Shows a stretch of time. The view box holds which; every scroll and zoom goes through it."""

    stretch_changed = Signal()
    layout_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._theme = theme.current()
        self._labels = Labels(theme.ui_font())
        self._drawing = Drawing(desk.content, self._theme, self._labels)
        self._playhead = 0
        self._scrolled = 0
        self._version = 0
        self._layout = lay_out(0, 0)
        self._ruler = Ruler()
        self._box = pyqtgraph.ViewBox(enableMenu=False, defaultPadding=0)
        self._item = TimelineItem(self._drawing)
        self._build()
        self._frame = self._framed()
        desk.repainted.connect(self.refresh)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(self.tr("Timeline"))
        self.setAccessibleDescription(
            self.tr(
                "Space plays, plus and minus zoom, arrows scroll. Drag the edges of words and "
                "cues to retime them, the edges of turns to move words; Shift drags freely."
            )
        )

    def _build(self) -> None:
        grid = self.centralLayout
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self._ruler.setHeight(RULER)
        self._ruler.linkToView(self._box)
        self._box.setMouseEnabled(False, False)
        self._box.disableAutoRange()
        self._box.addItem(self._item, ignoreBounds=True)
        self._box.setRange(xRange=(0, FIRST_SPAN_MS), yRange=(0, 1), padding=0)
        self._box.sigXRangeChanged.connect(self._follow_box)
        grid.addItem(self._ruler, 0, 0)
        grid.addItem(self._box, 1, 0)
        self._dress()

    # what is on show -----------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self._frame

    @property
    def layout_now(self) -> Layout:
        return self._layout

    @property
    def start(self) -> float:
        """The first moment on show, in ms."""
        return self._frame.stretch.start

    @property
    def span(self) -> float:
        """How many ms are on show."""
        return self._frame.stretch.ms * self._frame.stretch.columns

    @property
    def closest(self) -> float:
        """The shortest span that can be shown, in ms."""
        return CLOSEST_MS * float(max(1, self.viewport().width()))

    def show_stretch(self, start: float, span: float | None = None) -> None:
        """Show `span` ms from `start`, as near as the recording's length allows.

        The start lies on a whole pixel of the recording, so that the wave does not shake.
        """
        columns = self._columns()
        duration = self._desk.content.duration
        span = max(self.closest, min(self.span if span is None else span, duration))
        ms = span / columns
        column = round(max(0.0, min(start, duration - span)) / ms)
        self._box.setXRange(column * ms, (column + columns) * ms, padding=0)

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show `factor` times as much; the moment `at` (ms) stays where it is.

        Without it that is the playhead if it can be seen, else the middle.
        """
        if at is None:
            head = self._playhead
            at = head if self.sees(head) else self.start + self.span / 2
        span = max(self.closest, min(self.span * factor, self._desk.content.duration))
        self.show_stretch(at - (at - self.start) * span / self.span, span)

    def sees(self, ms: float) -> bool:
        return self.start <= ms <= self.start + self.span

    def set_gain(self, gain: float) -> None:
        """Draw the wave so many times taller, from 1 to 32."""
        self._desk.content.gain = max(1.0, min(gain, MOST_GAIN))
        self.refresh()
        self.layout_changed.emit()

    def scroll_lanes(self, scrolled: int) -> None:
        """Show the lanes from this pixel on, where not all of them fit."""
        self._scrolled = max(0, min(scrolled, self._layout.hidden))
        self._lay_out()

    def refresh(self) -> None:
        """The content is another: draw it anew."""
        self._version += 1
        self._item.set_duration(self._desk.content.duration)
        self._lay_out()

    def set_playhead(self, ms: int) -> None:
        """Move the line. Only the few pixels below it are painted again."""
        old, self._playhead = self._playhead, ms
        for moment in (old, ms):
            x = round(self._frame.x(moment))
            self.viewport().update(QRect(x - HEAD - 1, 0, 2 * HEAD + 2, self.height()))

    # pyqtgraph and Qt ----------------------------------------------------------------------

    def _columns(self) -> int:
        width: int = self.viewport().width()
        ratio: float = self.devicePixelRatioF()
        return max(1, round(width * ratio))

    def _follow_box(self) -> None:
        self._frame = self._framed()
        self._item.set_frame(self._frame)
        self.viewport().update()
        self.stretch_changed.emit()

    def _lay_out(self) -> None:
        layout = lay_out(
            self.viewport().height() - RULER, len(self._desk.content.text.lanes), self._scrolled
        )
        changed = layout != self._layout
        self._layout = layout
        self._frame = self._framed()
        self._item.set_frame(self._frame)
        self.viewport().update()
        if changed:
            self.layout_changed.emit()

    def _framed(self) -> Frame:
        start, end = self._box.viewRange()[0]
        columns = self._columns()
        return Frame(
            stretch=Stretch(start, (end - start) / columns, columns),
            layout=self._layout,
            height=max(1, self.viewport().height() - RULER),
            top=RULER,
            ratio=self.devicePixelRatioF(),
            version=self._version,
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        pixel_ms = None if event is None else self._frame.pixel_ms
        super().resizeEvent(event)
        if pixel_ms is not None:  # pyqtgraph calls this too, while it is being built
            self._lay_out()
            was_shown = event is not None and event.oldSize().isValid()
            scaled = pixel_ms * self.viewport().width()
            self.show_stretch(self.start, scaled if was_shown else self.span)

    def dress(self) -> None:
        """Take up the theme's colours and fonts."""
        self._theme = theme.current()
        self._labels = Labels(theme.ui_font())
        self._drawing = Drawing(self._desk.content, self._theme, self._labels)
        self._item.set_drawing(self._drawing)
        self._dress()
        self.refresh()

    def _dress(self) -> None:
        self.setBackground(self._theme.base)
        self._ruler.setPen(pyqtgraph.mkPen(self._theme.line))
        self._ruler.setTickPen(pyqtgraph.mkPen(self._theme.wave))
        self._ruler.setTextPen(pyqtgraph.mkPen(self._theme.quiet))
        self._ruler.setStyle(tickFont=self._labels.font)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        height = self.viewport().height()
        guide = self._desk.content.guide
        if guide is not None:
            painter.setPen(QPen(self._theme.accent, 1, Qt.PenStyle.DashLine))
            x = round(self._frame.x(guide))
            painter.drawLine(QPointF(x, RULER), QPointF(x, height))
        x = round(self._frame.x(self._playhead))
        if rect.left() - HEAD <= x <= rect.right() + HEAD:
            painter.fillRect(QRectF(x - 1, 0, 2, height), self._theme.playhead)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.playhead)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top, tip = RULER - 12, RULER
            corners = [
                (x - HEAD, top),
                (x + HEAD, top),
                (x + HEAD, top + 5),
                (x, tip),
                (x - HEAD, top + 5),
            ]
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._say(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.accent, 2))
            painter.drawRect(QRectF(1, 1, self.viewport().width() - 2, height - 2))

    def _say(self, painter: QPainter) -> None:
        """Write beside the pointer what a drag would do."""
        said = self._desk.readout
        if not said:
            return
        wide = self._labels.width(said) + 16
        left = self._frame.x(self._desk.pointed) + 10
        left = max(4.0, min(left, self.viewport().width() - wide - 4))
        box = QRectF(round(left), RULER + 6, wide, self._labels.height + 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.text)
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._theme.base)
        painter.setFont(self._labels.font)
        self._labels.draw(painter, box.left() + 8, box.center().y(), said)
