"""Draws what lies behind a paragraph's text: selection, matches, the word being spoken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextLine

from granite_studio.ui import theme

_RIGHT_TO_LEFT = (("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufeff"))
_ROUND = 4.0
_PAD = 2.0
_INSET = 2.0
_LINE, _EDGE = 3.0, 1.0
_LINE_AT = 1 / 6
"""How far above the bottom of a line of text a coloured one lies, as a share of its height."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Characters of a block and the colour behind them; a round one leaves lines apart."""

    start: int
    end: int
    colour: QColor
    is_round: bool = True


def stretch_rects(block: QTextBlock, start: int, end: int, pitch: float) -> Iterator[QRectF]:
    """The rectangles that these characters cover, relative to the block, full lines high."""
    layout = block.layout()
    first = layout.lineForTextPosition(start)
    if not first.isValid():
        return
    mixed = _is_mixed(block.text())
    for number in range(first.lineNumber(), layout.lineCount()):
        line = layout.lineAt(number)
        if line.textStart() >= end:
            return
        a, b = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        top = line.y() - (pitch - line.height()) / 2
        for left, right in _extents(line, a, b, mixed=mixed):
            yield QRectF(left, top, right - left, pitch)


def paint_ground(
    painter: QPainter, block: QTextBlock, origin: QPointF, ground: Ground, pitch: float
) -> None:
    """Fill the ground behind some characters of a block that is drawn at `origin`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, ground.is_round)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground.colour)
    for rect in stretch_rects(block, ground.start, ground.end, pitch):
        box = rect.translated(origin)
        if ground.is_round:
            painter.drawRoundedRect(box.adjusted(-_PAD, _INSET, _PAD, -_INSET), _ROUND, _ROUND)
        else:
            painter.drawRect(box)
    painter.restore()


def paint_line(
    painter: QPainter, block: QTextBlock, origin: QPointF, line: Ground, pitch: float
) -> None:
    """Draw a line in a colour below some characters, edged so that any colour can be seen."""
    painter.save()
    painter.setPen(QPen(theme.current().quiet, _EDGE))
    painter.setBrush(line.colour)
    for rect in stretch_rects(block, line.start, line.end, pitch):
        top = round(rect.bottom() + origin.y() - pitch * _LINE_AT) + _EDGE / 2
        left, right = rect.left() + origin.x(), rect.right() + origin.x()
        painter.drawRect(QRectF(left, top, right - left - _EDGE, _LINE))
    painter.restore()


def _extents(
    line: QTextLine, start: int, end: int, *, mixed: bool
) -> Iterator[tuple[float, float]]:
    """Left and right of the pieces of one line; text of both directions may have several."""
    if not mixed:
        yield _x(line, start), _x(line, end)
        return
    for run in line.glyphRuns(start, end - start):
        rect = run.boundingRect()
        yield rect.left(), rect.right()


def _x(line: QTextLine, position: int) -> float:
    x = line.cursorToX(position)
    return float(x[0]) if isinstance(x, tuple) else cast("float", x)


def _is_mixed(text: str) -> bool:
    if text.isascii():
        return False
    return any(first <= sign <= last for sign in text for first, last in _RIGHT_TO_LEFT)
