"""Lays paragraphs out one below the other, each with a header above it, and only those seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from math import ceil
from typing import cast

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QTextBlock,
    QTextDocument,
    QTextFrame,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from granite_studio.ui.transcript.looks import told, with_others

LEADING = 1.5
"""Distance of two base lines in font heights."""
CHARACTERS = 72
"""Reading width."""
MARGIN = 32
"""Least space left and right of the text in pixels."""
FOOT = 48
"""Usual space below the last paragraph in pixels."""
_SAMPLE = "the quick brown fox jumps over the lazy dog "

_Point = QPointF | QPoint | QPainterPath.Element
Fonts = Callable[[QTextBlock], list[QTextLayout.FormatRange]]
Painter = Callable[[QPainter, QTextBlock, QRectF, QAbstractTextDocumentLayout.PaintContext], None]


class TranscriptLayout(QAbstractTextDocumentLayout):
    """The geometry of a transcript's text.

    A rich-text layout places every paragraph below an edit anew; this one keeps a list of
    heights. A paragraph that nobody has seen has an estimated one, until it is laid out; `settle`
    does that for what is about to be seen. `head` gives the space above a paragraph's text by
    block number, `fonts` those of its words that are not set in the usual one, `paint` draws a
    block in its rectangle. All lengths are pixels.
    """

    def __init__(
        self, document: QTextDocument, head: Callable[[int], float], fonts: Fonts, paint: Painter
    ) -> None:
        super().__init__(document)
        # Asked for it, `self.document()` makes PySide believe that the document is this layout's
        # child, and the two are deleted twice when they go.
        self._text = document
        self._head = head
        self._fonts = fonts
        self._paint = paint
        self._is_dressing = False
        self._heights: list[float] = []
        self._tops: list[float] | None = None
        self.foot = float(FOOT)
        """Space below the last paragraph."""
        self._announced = QSizeF()
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._width = 0.0
        self._measure()

    @property
    def left(self) -> float:
        """Where the column of text begins."""
        return max(float(MARGIN), (self._width - self.column) // 2)

    def set_width(self, width: float) -> None:
        """Centre the column in this width; lines are broken anew only if it gets another width."""
        if width == self._width:
            return
        column = self.column
        self._width = width
        self._measure()
        if self.column != column:
            self.forget(0, len(self._heights))
        self._announce()
        self.update.emit()

    def forget(self, first: int, count: int) -> None:
        """The heads of these blocks may have changed: measure them again when they are seen."""
        block = self._text.findBlockByNumber(first)
        for number in range(first, min(first + count, len(self._heights))):
            block.clearLayout()
            self._heights[number] = self._estimated(block)
            block = block.next()
        self._tops = None

    def refresh(self, first: int, count: int) -> None:
        """Lay those of these blocks out anew of which words have another font now."""
        block = self._text.findBlockByNumber(first)
        while block.isValid() and block.blockNumber() < first + count:
            if block.layout().lineCount() and self._is_stale(block):
                self._change_one(block)
            block = block.next()

    def forget_stale(self) -> None:
        """Forget every block of which words have another font now."""
        block = self._text.begin()
        while block.isValid():
            if block.layout().lineCount() and self._is_stale(block):
                self.forget(block.blockNumber(), 1)
            block = block.next()

    def settle(self, top: float, bottom: float) -> float:
        """Lay out what is seen between two heights; what comes back is how far it moved down.

        The uppermost paragraph that was laid out already counts as the one that is looked at.
        """
        blocks = list(self.blocks_between(top, bottom))
        known = next((block for block in blocks if block.layout().lineCount()), None)
        held = known or (blocks[0] if blocks else self._text.begin())
        before = self.top_of(held.blockNumber())
        while True:
            moved = self.top_of(held.blockNumber()) - before
            unseen = [
                block
                for block in self.blocks_between(top + moved, bottom + moved)
                if not block.layout().lineCount()
            ]
            if not unseen:
                self._announce()
                return moved
            for block in unseen:
                self._lay_out(block)

    def top_of(self, number: int) -> float:
        """Where this block begins, its header included."""
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0.0))
        return self._tops[number]

    def number_at(self, y: float) -> int:
        """The number of the block at this height, the nearest one where there is none."""
        self.top_of(0)
        assert self._tops is not None
        return min(max(bisect_right(self._tops, y) - 1, 0), len(self._heights) - 1)

    def blocks_between(self, top: float, bottom: float) -> Iterator[QTextBlock]:
        """The blocks that touch this stretch."""
        block = self._text.findBlockByNumber(self.number_at(top))
        while block.isValid() and self.top_of(block.blockNumber()) <= bottom:
            yield block
            block = block.next()

    def line_at(self, block: QTextBlock, y: float) -> QTextLine:
        """The line of a block at this height below the block's top; the nearest one."""
        layout = block.layout()
        index = int((y - self._head(block.blockNumber())) // self.pitch)
        return layout.lineAt(min(max(index, 0), layout.lineCount() - 1))

    # What Qt asks.

    def documentChanged(self, start: int, removed: int, added: int) -> None:
        if self._is_dressing:
            return
        document = self._text
        first = document.findBlock(start)
        last = document.findBlock(min(start + added, document.characterCount() - 1))
        at, end = first.blockNumber(), last.blockNumber() + 1
        grown = document.blockCount() - len(self._heights)
        if start == 0 and end == document.blockCount():
            self._measure()
        if grown == 0 and at + 1 == end:
            self._change_one(first)
            return
        block = first
        fresh: list[float] = []
        for _ in range(at, end):
            block.clearLayout()
            fresh.append(self._estimated(block))
            block = block.next()
        self._heights[at : max(at, end - grown)] = fresh
        self._tops = None
        self._announce()
        self.update.emit()

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        if not block.isValid():
            return QRectF()
        if not block.layout().lineCount():
            self._lay_out(block)
        number = block.blockNumber()
        return QRectF(self.left, self.top_of(number), self.column, self._heights[number])

    def documentSize(self) -> QSizeF:
        return QSizeF(self._width, self.top_of(len(self._heights)) + self.foot)

    def frameBoundingRect(self, frame: QTextFrame) -> QRectF:
        return QRectF(QPointF(), self.documentSize())

    def pageCount(self) -> int:
        return 1

    def hitTest(self, point: _Point, accuracy: Qt.HitTestAccuracy) -> int:
        point = cast("QPointF", point)  # Qt gives nothing else
        block = self._text.findBlockByNumber(self.number_at(point.y()))
        inside = point - self.blockBoundingRect(block).topLeft()
        line = self.line_at(block, inside.y())
        if accuracy == Qt.HitTestAccuracy.ExactHit and not line.naturalTextRect().contains(inside):
            return -1
        return block.position() + int(line.xToCursor(inside.x()))

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        clip = context.clip
        for block in self.blocks_between(clip.top(), clip.bottom()):
            self._paint(painter, block, self.blockBoundingRect(block), context)

    def _measure(self) -> None:
        metrics = QFontMetricsF(self._text.defaultFont())
        per_character = metrics.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        self.pitch = float(ceil(LEADING * metrics.height()))
        """Height of a line."""
        room = max(self._width - 2 * MARGIN, 10 * per_character)
        self.column = float(ceil(min(CHARACTERS * per_character, room)))
        """Width of the text."""
        self._per_line = self.column / per_character - 3

    def _estimated(self, block: QTextBlock) -> float:
        lines = ceil(block.length() / self._per_line)
        return self._head(block.blockNumber()) + lines * self.pitch

    def _lay_out(self, block: QTextBlock) -> None:
        head = self._head(block.blockNumber())
        layout = block.layout()
        self._dress(block)
        layout.setTextOption(self._option)
        layout.beginLayout()
        y = head
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.column)
            line.setPosition(QPointF(0, y + (self.pitch - line.height()) / 2))
            y += self.pitch
        layout.endLayout()
        number = block.blockNumber()
        if self._heights[number] != y:
            self._heights[number] = y
            self._tops = None

    def _is_stale(self, block: QTextBlock) -> bool:
        return told(self._fonts(block)) != told(block.layout().formats())

    def _dress(self, block: QTextBlock) -> None:
        """Give words their fonts."""
        layout = block.layout()
        fonts = self._fonts(block)
        if not fonts and not told(layout.formats()):
            return
        layout.setFormats(with_others(fonts, layout))
        # Qt takes that for a change of the text, and would tell of it together with the next one.
        self._is_dressing = True
        self._text.markContentsDirty(block.position(), block.length())
        self._is_dressing = False

    def _change_one(self, block: QTextBlock) -> None:
        number = block.blockNumber()
        before = self._heights[number]
        self._lay_out(block)
        if self._heights[number] == before:
            self.updateBlock.emit(block)
        else:
            self._announce()
            self.update.emit()

    def _announce(self) -> None:
        size = self.documentSize()
        if size != self._announced:
            self._announced = size
            self.documentSizeChanged.emit(size)
