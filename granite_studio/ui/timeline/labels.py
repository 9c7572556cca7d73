"""Short texts that fit into a given width, laid out once and drawn many times."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTransform

KEPT = 4000
"""How many laid-out texts are kept: some frames' worth."""
LEAST_LETTERS = 5
"""A text that must be cut shorter than this says nothing."""
STEP = 4
"""Widths are rounded down to this, so that zooming finds most texts again."""


class Labels:
    """A font's texts. `draw` costs about as much as copying the picture of the text."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self._texts: dict[str, QStaticText] = {}
        self._fitted: dict[tuple[str, int, int], str] = {}
        self.height = self._metrics.height()
        self.letter = self._metrics.averageCharWidth()

    def width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def fitted(self, text: str, width: float, least: int = LEAST_LETTERS) -> str:
        """The text, cut with an ellipsis where it is wider than `width` pixels.

        Empty where fewer than `least` letters would be left.
        """
        room = int(width) // STEP * STEP
        key = (text, room, least)
        found = self._fitted.get(key)
        if found is None:
            if len(self._fitted) > KEPT:
                self._fitted.clear()
            found = text
            if self._metrics.horizontalAdvance(text) > room:
                found = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                found = found if len(found) >= least else ""
            self._fitted[key] = found
        return found

    def draw(self, painter: QPainter, x: float, middle: float, text: str) -> None:
        """Draw with the painter's pen, vertically centred on `middle`."""
        static = self._texts.get(text)
        if static is None:
            if len(self._texts) > KEPT:
                self._texts.clear()
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            static.prepare(QTransform(), self.font)
            self._texts[text] = static
        painter.drawStaticText(QPointF(round(x), round(middle - self.height / 2)), static)
