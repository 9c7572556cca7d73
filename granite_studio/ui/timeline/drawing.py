"""Draws a frame: columns of pixels with numpy, then the few texts that are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from granite_studio.core.document import joined
from granite_studio.ui.theme import Theme
from granite_studio.ui.timeline.colours import BODY, PAUSE, lane_colour, pixel, tint
from granite_studio.ui.timeline.content import Content, Kind
from granite_studio.ui.timeline.labels import Labels
from granite_studio.ui.timeline.lanes import Blocks, Lane, Times
from granite_studio.ui.timeline.layout import Band, Layout
from granite_studio.ui.timeline.picture import (
    Pixels,
    Stretch,
    hatch,
    mixed,
    paint_cuts,
    paint_wave,
    sound,
)
from granite_studio.ui.timeline.ruler import spacing

WORDS_BELOW_MS = 7.0
"""Single words show when a pixel is shorter than this: about ten seconds on a screen."""
LEAST_LABEL = 28
LEAST_MARK = 6
STRIP = 16
"""Pixels of the hatched strip under speech that has no text."""
PAD = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture is of. Equal frames look the same as long as `version` is the same."""

    stretch: Stretch
    layout: Layout
    height: int
    top: int
    ratio: float
    version: int

    @property
    def shows_words(self) -> bool:
        return self.pixel_ms <= WORDS_BELOW_MS

    @property
    def pixel_ms(self) -> float:
        """How many ms a logical pixel shows."""
        return self.stretch.ms * self.ratio

    def x(self, ms: float) -> float:
        """Where this moment lies, in logical pixels from the left."""
        return (ms - self.stretch.start) / self.pixel_ms

    def ms(self, x: float) -> float:
        """Which moment lies there."""
        return self.stretch.start + x * self.pixel_ms

    def rows(self, band: Band, inset: int = 0) -> slice:
        """The rows of the picture in this band."""
        return slice(
            round((band.top + inset) * self.ratio), round((band.bottom - inset) * self.ratio)
        )


class Drawing:
    """Turns `Content` into pictures and keeps the last one."""

    def __init__(self, content: Content, theme: Theme, labels: Labels) -> None:
        self.content = content
        self.theme = theme
        self.labels = labels
        self._frame: Frame | None = None
        self._pixels: Pixels = np.empty((0, 0), np.uint32)
        self._edges: NDArray[np.float64] = np.empty(0)
        self._image = QImage()

    def picture(self, frame: Frame) -> QImage:
        """The picture of this frame."""
        if frame == self._frame:
            return self._image
        size = (round(frame.height * frame.ratio), frame.stretch.columns)
        if self._pixels.shape != size:
            self._pixels = np.empty(size, np.uint32)
        self._frame = frame
        self._edges = frame.stretch.edges()
        plain = self._plain(frame)
        self._pixels[:] = plain
        self._wave(frame, plain)
        self._lanes(frame)
        self._cues(frame)
        self._shots(frame)
        self._image = QImage(
            self._pixels.data, size[1], size[0], size[1] * 4, QImage.Format.Format_RGB32
        )
        self._image.setDevicePixelRatio(frame.ratio)
        painter = QPainter(self._image)
        try:
            self._texts(painter, frame)
        finally:
            painter.end()
        return self._image

    def _plain(self, frame: Frame) -> Pixels:
        """What is behind everything, per column: steps of time, the selected span, the end."""
        theme, stretch = self.theme, frame.stretch
        plain = np.full(stretch.columns, pixel(theme.base))
        major, _minor = spacing(stretch.ms * stretch.columns, stretch.columns / frame.ratio)
        steps = np.arange(np.ceil(stretch.start / major) * major, stretch.end, major)
        columns = ((steps - stretch.start) / stretch.ms).astype(np.int64)
        plain[columns[columns < stretch.columns]] = tint(theme, theme.line, 0.7)
        if (span := self.content.span) is not None:
            cut = stretch.cut(span.start, span.end)
            plain[cut] = mixed(plain[cut], pixel(theme.selection), 0.6)
        plain[max(0, stretch.column(self.content.duration) + 1) :] = pixel(theme.window)
        return plain

    def _wave(self, frame: Frame, plain: Pixels) -> None:
        content, theme, stretch = self.content, self.theme, frame.stretch
        rows = frame.rows(frame.layout.wave)
        silent = content.untranscribed.columns(self._edges) >= 0
        known = 0
        if content.peaks is not None:
            known = max(0, min(stretch.columns, stretch.column(content.peaks.duration_ms) + 1))
        if content.peaks is not None and known:
            wave = self._wave_colours()
            wave[silent] = pixel(theme.red)
            low, high = sound(content.peaks, stretch)
            paint_wave(
                self._pixels[rows, :known],
                low[:known],
                high[:known],
                wave=wave[:known],
                behind=plain[:known],
                gain=content.gain * 0.92,
            )
        phase = round(stretch.start / stretch.ms)
        size = max(1, round(3 * frame.ratio))
        if content.sound_notice:
            unread = self._edges[:-1] < content.duration
            unread[:known] = False
            faint = tint(theme, theme.line, 0.5)
            hatch(self._pixels[rows], unread, faint, phase=phase, size=size * 2)
        strip = self._pixels[rows.stop - round(STRIP * frame.ratio) : rows.stop]
        strip[:, silent] = tint(theme, theme.red, 0.1)
        hatch(strip, silent, tint(theme, theme.red, 0.5), phase=phase, size=size)

    def _wave_colours(self) -> Pixels:
        """The wave of each column takes the colour of whoever speaks there."""
        wave = np.full(len(self._edges) - 1, pixel(self.theme.wave))
        for number, lane in enumerate(self.content.text.lanes):
            if lane.speaker is not None:
                spoken = lane.blocks.columns(self._edges) >= 0
                wave[spoken] = tint(
                    self.theme, lane_colour(self.theme, lane.speaker, number), 0.85
                )
        return wave

    def _lanes(self, frame: Frame) -> None:
        theme, text = self.theme, self.content.text
        for number, lane in enumerate(text.lanes):
            band = frame.layout.lanes[number]
            if band.bottom <= frame.layout.speakers.top or band.top >= frame.layout.cues.top:
                continue
            colour = lane_colour(theme, lane.speaker, number)
            self._blocks(frame, _clipped(band, frame.layout.speakers), lane.blocks, colour)
            if frame.shows_words:
                self._words(frame, _clipped(band, frame.layout.speakers), lane, colour)

    def _cues(self, frame: Frame) -> None:
        self._blocks(frame, frame.layout.cues, self.content.cues.blocks, self.theme.quiet)

    def _shots(self, frame: Frame) -> None:
        stretch, layout = frame.stretch, frame.layout
        paint_cuts(
            self._pixels,
            stretch.columns_of(self.content.shots_within(stretch.start, stretch.end)),
            frame.rows(layout.wave),
            frame.rows(layout.cues),
            colour=pixel(self.theme.text),
            ratio=frame.ratio,
        )

    def _blocks(self, frame: Frame, band: Band, blocks: Blocks, colour: QColor) -> None:
        """Fill a lane: bodies in a soft tint, each with its start marked where there is room."""
        rows = frame.rows(band, 2)
        which = blocks.columns(self._edges)
        covered = which >= 0
        line = self._pixels[rows.start].copy() if rows.stop > rows.start else None
        if line is None or not covered.any():
            return
        line[covered] = tint(self.theme, colour, BODY)
        begins = _begins(which, blocks, frame.pixel_ms * LEAST_MARK)
        line[np.maximum(begins - 1, 0)] = pixel(self.theme.base)
        for offset in range(max(1, round(2 * frame.ratio))):
            line[np.minimum(begins + offset, len(line) - 1)] = tint(self.theme, colour, 0.9)
        self._pixels[rows] = line

    def _words(self, frame: Frame, band: Band, lane: Lane, colour: QColor) -> None:
        """In front of a lane's bodies: silence between words is paler, a line begins each word."""
        rows = frame.rows(band, 2)
        index = self.content.text.index
        seen = lane.blocks.within(frame.stretch.start, frame.stretch.end)
        cuts = [index.words_of(int(lane.rows[block])) for block in seen]
        if not cuts or rows.stop <= rows.start:
            return
        starts = np.concatenate([index.word_starts[cut] for cut in cuts])
        order = np.argsort(starts, kind="stable")
        ends = np.concatenate([index.word_ends[cut] for cut in cuts])
        words = Blocks.of(starts[order], ends[order])
        which = words.columns(self._edges)
        line = self._pixels[rows.start].copy()
        turn = lane.blocks.columns(self._edges)
        line[(turn >= 0) & (which < 0)] = tint(self.theme, colour, PAUSE)
        begins = _begins(which, words, frame.pixel_ms * 3)
        first = _begins(turn, lane.blocks, 0)
        line[np.setdiff1d(begins, first)] = tint(self.theme, colour, 0.6)
        self._pixels[rows] = line

    # texts ---------------------------------------------------------------------------------

    def _texts(self, painter: QPainter, frame: Frame) -> None:
        painter.setFont(self.labels.font)
        painter.setPen(self.theme.text)
        content, speakers = self.content, frame.layout.speakers
        painter.save()
        painter.setClipRect(QRectF(0, speakers.top, 1e6, speakers.height))
        for number, lane in enumerate(content.text.lanes):
            band = frame.layout.lanes[number]
            if band.bottom > speakers.top and band.top < speakers.bottom:
                self._lane_texts(painter, frame, band, lane)
        painter.restore()
        for cue, left, right in self._wide(frame, content.cues.blocks):
            words = " | ".join(content.cues.items[cue].lines)
            self._text(painter, frame.layout.cues, left, right, words)
        self._notices(painter, frame)
        self._outline(painter, frame)
        self._findings(painter, frame)

    def _lane_texts(self, painter: QPainter, frame: Frame, band: Band, lane: Lane) -> None:
        text = self.content.text
        if frame.shows_words:
            for block in lane.blocks.within(frame.stretch.start, frame.stretch.end):
                self._word_texts(painter, frame, band, int(lane.rows[block]))
            return
        for block, left, right in self._wide(frame, lane.blocks):
            row = int(lane.rows[block])
            cut = text.index.words_of(row)
            first = 0
            if lane.blocks.starts[block] < frame.stretch.start:
                ends = text.index.word_starts[cut]
                first = int(np.searchsorted(ends, frame.stretch.start, "left"))
            letters = int((right - left) / self.labels.letter * 2) + 8
            words = text.segment(row).words[first : first + letters // 2]
            said = joined(word.text for word in words)[:letters]
            self._text(painter, band, left, right, ("… " if first else "") + said)

    def _word_texts(self, painter: QPainter, frame: Frame, band: Band, row: int) -> None:
        text = self.content.text
        cut = text.index.words_of(row)
        starts, ends = text.index.word_starts[cut], text.index.word_ends[cut]
        first = int(np.searchsorted(ends, frame.stretch.start, "right"))
        beyond = int(np.searchsorted(starts, frame.stretch.end, "left"))
        words = text.segment(row).words
        middle = (band.top + band.bottom) / 2
        for number in range(first, beyond):
            left, right = frame.x(int(starts[number])), frame.x(int(ends[number]))
            room = right if number + 1 == len(words) else frame.x(int(starts[number + 1]))
            fitted = self.labels.fitted(words[number].text, room - left - 4, least=3)
            lack = right - left - self.labels.width(fitted)
            self.labels.draw(painter, left + max(3.0, lack / 2 + 1), middle, fitted)

    def _wide(self, frame: Frame, blocks: Blocks) -> list[tuple[int, float, float]]:
        """The blocks that are wide enough for a text, with their seen left and right in pixels."""
        seen = blocks.within(frame.stretch.start, frame.stretch.end)
        cut = slice(seen.start, seen.stop)
        left = np.maximum(0, _x(frame, blocks.starts[cut]))
        right = np.minimum(frame.x(frame.stretch.end), _x(frame, blocks.ends[cut]))
        found = np.flatnonzero(right - left >= LEAST_LABEL)
        return [(seen.start + int(n), float(left[n]), float(right[n])) for n in found]

    def _text(self, painter: QPainter, band: Band, left: float, right: float, text: str) -> None:
        fitted = self.labels.fitted(text, right - left - 2 * PAD)
        if fitted:
            self.labels.draw(painter, left + PAD, (band.top + band.bottom) / 2, fitted)

    def _notices(self, painter: QPainter, frame: Frame) -> None:
        """Say what a hatched part is, where there is room to say it."""
        wave = frame.layout.wave
        strip = Band(wave.bottom - STRIP, wave.bottom)
        said = QCoreApplication.translate("Timeline", "speech without text")
        wide = self.labels.width(said)
        for _block, left, right in self._wide(frame, self.content.untranscribed):
            if right - left > wide + 4 * PAD:
                self._chip(painter, strip, left + PAD, said, self.theme.red)
        if self.content.sound_notice:
            known = self.content.peaks.duration_ms if self.content.peaks else 0
            left = max(0.0, frame.x(known)) + 2 * PAD
            right = frame.x(min(frame.stretch.end, self.content.duration))
            fitted = self.labels.fitted(self.content.sound_notice, right - left - 4 * PAD)
            if fitted:
                self._chip(painter, wave, left, fitted, self.theme.text)

    def _chip(self, painter: QPainter, band: Band, left: float, text: str, colour: QColor) -> None:
        """A text on a plain ground, for places that are not quiet enough to read on."""
        middle = (band.top + band.bottom) / 2
        height = self.labels.height
        wide = self.labels.width(text) + 2 * PAD
        painter.fillRect(QRectF(left, middle - height / 2, wide, height), self.theme.base)
        painter.setPen(colour)
        self.labels.draw(painter, left + PAD, middle, text)
        painter.setPen(self.theme.text)

    def _outline(self, painter: QPainter, frame: Frame) -> None:
        """Frame what is selected, and the ends of the selected span."""
        content = self.content
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.accent, 2))
        if (span := content.span) is not None:
            for ms in (span.start, span.end):
                x = round(frame.x(ms))
                painter.drawLine(QPointF(x, 0), QPointF(x, frame.layout.cues.bottom))
        place = self._selected_place(frame)
        if place is not None:
            band, start, end = place
            left, right = (
                max(-4.0, frame.x(start)),
                min(frame.x(frame.stretch.end) + 4, frame.x(end)),
            )
            if right > left:
                box = QRectF(
                    round(left) + 1, band.top + 3, round(right - left) - 2, band.height - 6
                )
                painter.drawRect(box)

    def _selected_place(self, frame: Frame) -> tuple[Band, int, int] | None:
        content, chosen = self.content, self.content.selected
        text = content.text
        if chosen.kind is Kind.CUE and chosen.cue < len(content.cues.items):
            cue = content.cues.items[chosen.cue]
            return frame.layout.cues, cue.start, cue.end
        if chosen.kind not in (Kind.TURN, Kind.WORD) or chosen.row >= len(text.document.segments):
            return None
        segment = text.segment(chosen.row)
        band = frame.layout.lanes[text.lane_of(chosen.row)]
        if not frame.layout.speakers.holds(band.top + 1):
            return None
        if chosen.kind is Kind.TURN:
            return band, segment.start, segment.end
        if chosen.word >= len(segment.words):
            return None
        return band, segment.words[chosen.word].start, segment.words[chosen.word].end

    def _findings(self, painter: QPainter, frame: Frame) -> None:
        """A small flag at the top of the wave for each finding, one per few pixels."""
        blocks = self.content.findings
        seen = blocks.within(frame.stretch.start, frame.stretch.end)
        places = np.unique(np.round(_x(frame, blocks.starts[seen.start : seen.stop]) / 8))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.amber)
        for place in places:
            x = max(4.0, float(place) * 8)
            painter.drawPolygon(QPolygonF([QPointF(x - 5, 0), QPointF(x + 5, 0), QPointF(x, 8)]))


def _x(frame: Frame, moments: Times) -> NDArray[np.float64]:
    return (moments.astype(np.float64) - frame.stretch.start) / frame.pixel_ms


def _begins(which: Times, blocks: Blocks, least_ms: float) -> Times:
    """The columns in which a block of at least `least_ms` begins."""
    columns = np.flatnonzero((which[1:] != which[:-1]) & (which[1:] >= 0)) + 1
    long = blocks.ends[which[columns]] - blocks.starts[which[columns]] >= least_ms
    return columns[long]


def _clipped(band: Band, within: Band) -> Band:
    return Band(max(band.top, within.top), min(band.bottom, within.bottom))
