"""The names at the left of the timeline, each beside its lane."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from granite_studio.ui import theme
from granite_studio.ui.timeline.colours import lane_colour
from granite_studio.ui.timeline.content import Content
from granite_studio.ui.timeline.layout import GUTTER, RULER, Band, Layout, lay_out

SWATCH = 10
PAD = 8


class Gutter(QWidget):
    """Paints names; who hides part of one says the whole on hovering."""

    def __init__(self, content: Content, parent: QWidget) -> None:
        super().__init__(parent)
        self._content = content
        self._layout = lay_out(0, 0)
        self.setAccessibleName(self.tr("Names of the lanes"))

    def sizeHint(self) -> QSize:
        return QSize(GUTTER, 0)

    def show_layout(self, layout: Layout) -> None:
        """Write the names beside these bands."""
        self._layout = layout
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font())
        painter.translate(0, RULER)
        layout, content = self._layout, self._content
        wave = layout.wave
        gain = f"  {content.gain:.1f} \N{MULTIPLICATION SIGN}" if content.gain != 1 else ""
        self._name(painter, Band(wave.top, wave.top + 24), self.tr("Sound") + gain)
        self._name(painter, layout.cues, self.tr("Cues"))
        painter.setClipRect(QRectF(0, layout.speakers.top, GUTTER, layout.speakers.height))
        for number, lane in enumerate(content.text.lanes[: len(layout.lanes)]):
            band = layout.lanes[number]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(lane_colour(colours, lane.speaker, number))
            middle = (band.top + band.bottom) / 2
            painter.drawRoundedRect(QRectF(PAD, middle - SWATCH / 2, SWATCH, SWATCH), 3, 3)
            self._name(painter, band, lane.name, PAD + SWATCH)
        painter.end()

    def _name(self, painter: QPainter, band: Band, name: str, left: int = 0) -> None:
        colours = theme.current()
        painter.setPen(colours.text if left else colours.quiet)
        place = QRectF(left + PAD, band.top, self.width() - left - 2 * PAD, band.height)
        fitted = painter.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideRight, int(place.width())
        )
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, flags | Qt.TextFlag.TextSingleLine, fitted)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.name_at(event.pos().y()), self)
            return True
        return super().event(event)

    def name_at(self, y: int) -> str:
        """The name beside this height, in pixels from the top of the gutter; may be empty."""
        below = y - RULER
        if not self._layout.speakers.holds(below):
            return ""
        lanes = zip(self._content.text.lanes, self._layout.lanes, strict=False)
        return next((lane.name for lane, band in lanes if band.holds(below)), "")
