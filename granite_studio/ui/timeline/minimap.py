"""The whole recording in one strip: sound, text, what is missing, and which part is on show."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from granite_studio.ui import theme
from granite_studio.ui.timeline.colours import lane_colour, pixel, tint
from granite_studio.ui.timeline.content import Content
from granite_studio.ui.timeline.layout import MINIMAP
from granite_studio.ui.timeline.picture import (
    Pixels,
    Stretch,
    hatch,
    mixed,
    paint_wave,
    sound,
)

TEXT = 6
"""Height of the strip that shows where there is text, in pixels."""
DRAG_PX = 4
LEAST_FRAME_PX = 6


class Minimap(QWidget):
    """Asks for a seek on a click, and to scroll when the frame or any other place is dragged."""

    seek_requested = Signal(int)
    centre_requested = Signal(float)
    """Show this moment (ms) in the middle."""

    def __init__(self, content: Content, parent: QWidget) -> None:
        super().__init__(parent)
        self._content = content
        self._theme = theme.current()
        self._image: QImage | None = None
        self._pixels: Pixels = np.empty((0, 0), np.uint32)
        self._shown = (0.0, 1.0)
        self._playhead = 0
        self._pressed: QPointF | None = None
        self._grip = 0.0
        self._is_dragging = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Whole recording"))
        self.setToolTip(
            self.tr(
                "The whole recording. Click to go there, drag to look around.\n"
                "Red hatching: speech without text. Flags: things worth a look."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(400, MINIMAP)

    def refresh(self) -> None:
        """The sound or the text is another: draw it anew when next painted."""
        self._image = None
        self.update()

    def set_shown(self, start: float, end: float) -> None:
        """Which part the timeline shows, in ms."""
        if (start, end) != self._shown:
            self._shown = (start, end)
            self.update()

    def set_playhead(self, ms: int) -> None:
        old, new = self._x(self._playhead), self._x(ms)
        self._playhead = ms
        if round(old) != round(new):
            self.update(QRect(round(old) - 3, 0, 6, self.height()))
            self.update(QRect(round(new) - 3, 0, 6, self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            self._image = self._picture()
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        frame = self._frame()
        soft = QColor(self._theme.accent)
        soft.setAlpha(36)
        painter.fillRect(frame, soft)
        painter.setPen(QPen(self._theme.accent, 1.5))
        painter.drawRect(frame.adjusted(0.75, 0.75, -0.75, -0.75))
        x = round(self._x(self._playhead))
        painter.fillRect(QRectF(x - 1, 0, 2, self.height()), self._theme.playhead)
        painter.end()

    def resizeEvent(self, event: QEvent) -> None:
        self._image = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._theme = theme.current()
            self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        frame = self._frame()
        self._pressed = event.position()
        self._is_dragging = False
        inside = frame.left() <= event.position().x() <= frame.right()
        self._grip = event.position().x() - frame.center().x() if inside else 0.0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if abs(event.position().x() - self._pressed.x()) >= DRAG_PX:
            self._is_dragging = True
        if self._is_dragging:
            self.centre_requested.emit(self._ms(event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._is_dragging:
            ms = self._ms(event.position().x())
            self.seek_requested.emit(max(0, min(round(ms), self._content.duration)))
        self._pressed = None

    def _x(self, ms: float) -> float:
        return ms * self.width() / self._content.duration

    def _ms(self, x: float) -> float:
        return x * self._content.duration / max(1, self.width())

    def _frame(self) -> QRectF:
        left, right = self._x(self._shown[0]), self._x(self._shown[1])
        lack = max(0.0, LEAST_FRAME_PX - (right - left)) / 2
        return QRectF(left - lack, 0, right - left + 2 * lack, self.height())

    def _picture(self) -> QImage:
        ratio = self.devicePixelRatioF()
        columns, rows = round(self.width() * ratio), round(self.height() * ratio)
        content, colours = self._content, self._theme
        stretch = Stretch(0, content.duration / max(1, columns), max(1, columns))
        pixels = self._pixels = np.full((rows, stretch.columns), pixel(colours.base))
        split = rows - round(TEXT * ratio)
        edges = stretch.edges()
        silent = content.untranscribed.columns(edges) >= 0
        behind = np.full(stretch.columns, pixel(colours.base))
        behind[silent] = pixel(colours.red_soft)
        pixels[:split] = behind
        spoken, speech = self._text(stretch)
        if content.peaks is not None:
            known = max(0, min(stretch.columns, stretch.column(content.peaks.duration_ms) + 1))
            wave = np.where(spoken > 0, pixel(colours.wave), pixel(colours.wave_quiet))
            wave[silent] = pixel(colours.red)
            low, high = (part[:known] for part in sound(content.peaks, stretch))
            area = pixels[:split, :known]
            gain = 0.95 / max(0.1, float(high.max(initial=0)), float(-low.min(initial=0)))
            paint_wave(area, low, high, wave=wave[:known], behind=behind[:known], gain=gain)
        size = max(1, round(1.5 * ratio))
        hatch(pixels, silent, tint(colours, colours.red, 0.55), phase=0, size=size)
        pixels[split:] = np.where(silent, pixels[split:], speech)
        image = QImage(
            pixels.data, stretch.columns, rows, stretch.columns * 4, QImage.Format.Format_RGB32
        )
        image.setDevicePixelRatio(ratio)
        self._flags(image)
        return image

    def _text(self, stretch: Stretch) -> tuple[Pixels, Pixels]:
        """For each column, what part of it is spoken (0 to 255), and its colour in the strip."""
        index, colours = self._content.kept.index, self._theme
        columns = (index.word_starts / stretch.ms).astype(np.int64)
        lengths = index.word_ends - index.word_starts
        time = np.bincount(columns, lengths, stretch.columns)[: stretch.columns]
        part = np.clip(time / stretch.ms * 255, 0, 255).astype(np.uint32)
        edges = stretch.edges()
        line = np.full(stretch.columns, pixel(colours.base))
        for number, lane in enumerate(self._content.kept.lanes):
            seen = lane.blocks.columns(edges) >= 0
            line[seen] = pixel(lane_colour(colours, lane.speaker, number))
        sparse = (part > 0) & (part < 96)
        line[sparse] = mixed(np.full_like(line, pixel(colours.base)), line, 0.5)[sparse]
        line[part == 0] = pixel(colours.base)
        return part, line

    def _flags(self, image: QImage) -> None:
        painter = QPainter(image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.amber)
        starts = self._content.findings.starts
        for x in np.unique(np.round(starts * (self.width() / self._content.duration) / 6) * 6):
            painter.drawPolygon(QPolygonF([QPointF(x - 4, 0), QPointF(x + 4, 0), QPointF(x, 6)]))
        painter.end()
