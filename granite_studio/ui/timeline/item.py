"""The one graphics item of the timeline: wave, lanes and cues as one kept picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from granite_studio.ui.timeline.drawing import Drawing, Frame


class TimelineItem(QGraphicsItem):
    """Covers the whole recording in x (ms) and 0 to 1 in y, whatever part of it is seen.

    A bounding rectangle that followed the view would crash pyqtgraph's view box.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._bounds = QRectF(0, 0, 1, 1)
        self._frame: Frame | None = None

    def set_duration(self, duration: int) -> None:
        """Cover this many ms."""
        if duration != self._bounds.width():
            self.prepareGeometryChange()
            self._bounds = QRectF(0, 0, duration, 1)

    def set_drawing(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def set_frame(self, frame: Frame) -> None:
        """What to show from now on. The caller has the view painted."""
        self._frame = frame

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        if self._frame is None:
            return
        painter.setWorldMatrixEnabled(False)
        painter.drawImage(QPointF(0, self._frame.top), self._drawing.picture(self._frame))
        painter.setWorldMatrixEnabled(True)
