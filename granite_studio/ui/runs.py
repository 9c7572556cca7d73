"""Lines of a cue painted in italics, bold, underlined and in colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout

from granite_studio.core.emphasis import COLOURS, Tags
from granite_studio.core.looks import has_right_to_left

Runs = Sequence[tuple[Tags, str]]


def in_own_direction(text: str) -> str:
    """The text, each line of it in the direction of its first letter, wherever Qt draws it."""
    if not has_right_to_left(text):
        return text
    isolate, end = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
    return "\n".join(f"{isolate}{line}{end}" for line in text.split("\n"))


def is_plain(lines: Sequence[Runs] | None) -> bool:
    """Whether nothing in these lines looks different."""
    return not lines or not any(tags for runs in lines for tags, _ in runs)


def laid_out(runs: Runs, font: QFont, *, in_colour: bool) -> QTextLayout:
    """One line, ready to be drawn in any direction of writing.

    On a panel, where any colour might not be seen, it is a line below the words.
    """
    layout = QTextLayout("".join(text for _, text in runs), font)
    formats: list[QTextLayout.FormatRange] = []
    place = 0
    for tags, text in runs:
        # Qt counts UTF-16 units.
        size = len(text.encode("utf-16-le")) // 2
        if tags:
            made = QTextLayout.FormatRange()
            made.start, made.length = place, size
            made.format = format_of(tags, in_colour=in_colour)
            formats.append(made)
        place += size
    layout.setFormats(formats)
    layout.beginLayout()
    layout.createLine().setPosition(QPointF(0, 0))
    layout.endLayout()
    return layout


def draw(
    painter: QPainter,
    box: QRectF,
    runs: Runs,
    font: QFont,
    *,
    in_colour: bool = False,
    centred: bool = False,
) -> None:
    """Draw a line in the middle of a box's height, from its left or in its middle; clipped."""
    layout = laid_out(runs, font, in_colour=in_colour)
    line = layout.lineAt(0)
    left = box.left()
    if centred:
        left = box.center().x() - line.naturalTextWidth() / 2
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    layout.draw(painter, QPointF(left, box.center().y() - line.height() / 2))
    painter.restore()


def format_of(tags: Tags, *, in_colour: bool = False) -> QTextCharFormat:
    """The font for words that look so."""
    made = QTextCharFormat()
    if "i" in tags:
        made.setFontItalic(True)
    if "b" in tags:
        made.setFontWeight(QFont.Weight.Bold)
    if "u" in tags:
        made.setFontUnderline(True)
    for tag in tags:
        if colour := COLOURS.get(tag.removeprefix("c.")):
            if in_colour:
                made.setForeground(QColor(f"#{colour}"))
            else:
                made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                made.setUnderlineColor(QColor(f"#{colour}"))
    return made
