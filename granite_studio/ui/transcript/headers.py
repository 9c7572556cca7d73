"""What stands above each paragraph: who speaks, when, and speech in front of it without text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from granite_studio.core import timing
from granite_studio.core.document import Document, Segment, Span
from granite_studio.ui import theme

Zone = Literal["name", "time", "gap"]

TOP = 24.0
"""Space above the first paragraph."""
TURN = 28.0
"""Space above a paragraph where somebody else begins to speak."""
PAUSE = 14.0
"""Space above a paragraph where the same person goes on."""
BELOW = 4.0
"""Space between a header and its text."""
GAP = 18.0
"""Space above and below a line about speech without text, half of it each."""
_BETWEEN = 12.0


@dataclass(frozen=True, slots=True)
class Header:
    """The words of one header. `place` is the speaker's among the document's, None for nobody."""

    name: str
    place: int | None
    is_turn: bool
    time: str
    gap: str = ""


def clock(ms: int) -> str:
    """Hours, minutes and seconds, as a quote or a header gives a time."""
    return timing.clock(ms).partition(".")[0]


def shows_name(document: Document, row: int) -> bool:
    """Whether a header says who speaks: where that is another person than in the row before."""
    return starts_turn(document, row) and (row > 0 or document.segments[row].speaker is not None)


def starts_turn(document: Document, row: int) -> bool:
    """Whether somebody else than in the paragraph before speaks here."""
    segments = document.segments
    return row == 0 or segments[row].speaker != segments[row - 1].speaker


def gaps_by_row(untranscribed: Sequence[Span], segments: Sequence[Segment]) -> dict[int, Span]:
    """Stretches of speech without text, under the row they stand in front of.

    The number of segments stands for the end. Several in one place become one, which begins with
    the first and lasts as long as they do together.
    """
    found: dict[int, Span] = {}
    for span in untranscribed:
        row = bisect_left(segments, span.start, key=lambda segment: segment.start)
        known = found.get(row, Span(span.start, span.start))
        found[row] = Span(known.start, known.end + span.end - span.start)
    return found


def gap_text(gap: Span) -> str:
    """The sentence about speech without text."""
    words = QCoreApplication.translate("TranscriptView", "Speech without text, {duration}")
    return words.format(duration=timing.short_clock(max(gap.end - gap.start, 1000)))


def header(document: Document, row: int, gap: Span | None) -> Header:
    """What to say above this row."""
    segment = document.segments[row]
    place = next((i for i, s in enumerate(document.speakers) if s.id == segment.speaker), None)
    is_turn = shows_name(document, row)
    if place is not None:
        name = document.speakers[place].name
    elif is_turn:
        name = QCoreApplication.translate("TranscriptView", "Unknown speaker")
    else:
        name = QCoreApplication.translate("TranscriptView", "Who speaks?")
    return Header(
        name=name,
        place=place,
        is_turn=is_turn,
        time=clock(segment.start),
        gap=gap_text(gap) if gap else "",
    )


class HeaderStyle:
    """Measures and paints headers in a font that goes with the text's."""

    def __init__(self, text_font: QFont) -> None:
        self.small = QFont(text_font)
        self.small.setPointSizeF(text_font.pointSizeF() * 0.76)
        self.name = QFont(self.small)
        self.name.setWeight(QFont.Weight.DemiBold)
        self.name.setCapitalization(QFont.Capitalization.AllUppercase)
        self.name.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
        self._small_metrics = QFontMetricsF(self.small)
        self.line = self._small_metrics.height()

    def height(self, *, is_first: bool, is_turn: bool, has_gap: bool) -> float:
        """Space that a header takes above the text."""
        above = TOP if is_first else TURN if is_turn else PAUSE
        return float(round(above + (self.line + GAP if has_gap else 0) + self.line + BELOW))

    def gap_height(self) -> float:
        """Space that a line about speech without text takes at the end of the transcript."""
        return float(round(TURN + self.line + GAP))

    def zones(self, header: Header, rect: QRectF, height: float) -> dict[Zone, QRectF]:
        """Where the parts of a header lie, in a block's rectangle whose header is this high."""
        base = rect.top() + height - BELOW - self.line
        metrics = QFontMetricsF(self._name_font(header))
        width = min(metrics.horizontalAdvance(header.name), rect.width() * 0.7)
        found: dict[Zone, QRectF] = {"name": QRectF(rect.left(), base, width, self.line)}
        time = self._small_metrics.horizontalAdvance(header.time)
        left = rect.left() + (width + _BETWEEN if header.is_turn else 0)
        found["time"] = QRectF(left, base, time, self.line)
        if not header.is_turn:
            found["name"].moveLeft(left + time + _BETWEEN)
        if header.gap:
            found["gap"] = self.gap_zone(header.gap, rect.left(), base - GAP - self.line)
        return found

    def gap_zone(self, text: str, left: float, top: float) -> QRectF:
        """Where a line about speech without text lies."""
        width = self.line + 2 * BELOW + self._small_metrics.horizontalAdvance(text) + 8
        return QRectF(left - 2, top - 2, width, self.line + 4)

    def paint(
        self, painter: QPainter, header: Header, zones: dict[Zone, QRectF], hovered: str
    ) -> None:
        """Draw a header. `hovered` is the zone under the mouse, "row" beside them, or nothing."""
        colours = theme.current()
        quiet, text = colours.quiet, colours.text
        painter.save()
        if header.is_turn or hovered:
            colour = quiet
            if header.is_turn and header.place is not None:
                colour = colours.speakers[header.place % len(colours.speakers)]
            painter.setFont(self._underlined(self._name_font(header), hovered == "name"))
            painter.setPen(colour)
            self._text(painter, zones["name"], header.name)
        painter.setFont(self._underlined(self.small, hovered == "time"))
        painter.setPen(text if hovered else quiet)
        self._text(painter, zones["time"], header.time)
        painter.restore()
        if header.gap:
            self.paint_gap(painter, zones["gap"], header.gap)

    def paint_gap(self, painter: QPainter, zone: QRectF, text: str) -> None:
        """Draw the line about speech without text: bars of sound and the sentence, in red."""
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.red_soft)
        painter.drawRoundedRect(zone, 4, 4)
        painter.setBrush(colours.red)
        for index, height in enumerate((0.4, 0.8, 0.5)):
            bar = QRectF(0, 0, 2, height * self.line)
            bar.moveCenter(QPointF(zone.left() + 8 + 4 * index, zone.center().y()))
            painter.drawRoundedRect(bar, 1, 1)
        painter.setPen(colours.red)
        painter.setFont(self.small)
        self._text(painter, zone.adjusted(8 + 12 + BELOW, 2, 0, -2), text)
        painter.restore()

    def _name_font(self, header: Header) -> QFont:
        return self.small if header.place is None else self.name

    def _text(self, painter: QPainter, zone: QRectF, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, zone.width() + 1)
        painter.drawText(QPointF(zone.left(), zone.top() + metrics.ascent()), short)

    def _underlined(self, font: QFont, wanted: bool) -> QFont:
        if not wanted:
            return font
        made = QFont(font)
        made.setUnderline(True)
        return made
