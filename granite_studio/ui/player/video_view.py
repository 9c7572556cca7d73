"""The picture with the current cue over it; for sound alone, the cue in large letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from granite_studio.core.cues import Cue
from granite_studio.core.edits import alignment_of
from granite_studio.core.looks import LINE, MARGIN, MEDIUM, SHADE
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.runs import Runs, draw
from granite_studio.ui.subtitles import Subtitles

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

_SHADE = QColor(0, 0, 0, SHADE)
_BLACK = QColor(12, 12, 14)
_WHITE = QColor(255, 255, 255)
_BELOW = 2
"""The usual place on the number pad."""


class VideoView(QWidget):
    """Paints frames itself, so that what is drawn over them is drawn with them."""

    pressed = Signal()

    def __init__(
        self,
        session: Session,
        playback: Playback,
        subtitles: Subtitles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._subtitles = subtitles
        self._frame: QVideoFrame | None = None
        self._image: QImage | None = None
        self._cue: Cue | None = None
        self.setAccessibleName(self.tr("Picture and current subtitle"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        playback.frame.connect(self._take_frame)
        playback.has_video_changed.connect(self._forget_frame)
        playback.moved.connect(self._look_up_cue)
        subtitles.changed.connect(self._look_up_cue)
        session.replaced.connect(self._forget_frame)

    @property
    def has_frame(self) -> bool:
        """Whether there is a picture to show."""
        return self._frame is not None

    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._image = None
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._frame is not None:
            self._paint_picture(painter)
        else:
            self._paint_cover(painter)
        if self.hasFocus():
            painter.setPen(theme.current().accent)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _take_frame(self, frame: QVideoFrame) -> None:
        self._frame, self._image = frame, None
        if self.isVisible():
            self.update()

    def _forget_frame(self) -> None:
        if not self._playback.has_video:
            self._frame = self._image = None
        self._look_up_cue()
        self.update()

    def _look_up_cue(self) -> None:
        cue = self._subtitles.at(self._playback.position)
        if cue is not self._cue:
            self._cue = cue
            self.update()

    def _paint_picture(self, painter: QPainter) -> None:
        if self._image is None and self._frame is not None:
            self._image = self._frame.toImage()
        painter.fillRect(self.rect(), _BLACK)
        if self._image is None or self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        picture = QRect(0, 0, size.width(), size.height())
        picture.moveCenter(self.rect().center())
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, not self._playback.is_playing
        )
        painter.drawImage(picture, self._image)
        if self._cue is not None:
            self._paint_cue_over(painter, picture, self._cue)

    def _paint_cue_over(self, painter: QPainter, picture: QRect, cue: Cue) -> None:
        """Two lines at a readable height, each on its own shade, inside the safe margin."""
        font = _fitting(cue.lines, picture.width() * 0.9, picture.height() * MEDIUM, at_least=10)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        height = metrics.height() * LINE
        looks = self._runs(cue)
        row, column = divmod((alignment_of(cue.settings) or _BELOW) - 1, 3)
        safe = QRectF(picture)
        safe.adjust(0, picture.height() * MARGIN, 0, -picture.height() * MARGIN)
        free = safe.height() - height * len(looks)
        top = safe.top() + free * (2 - row) / 2
        for number, (line, runs) in enumerate(zip(cue.lines, looks, strict=True)):
            box = QRectF(0, 0, metrics.horizontalAdvance(line) + height * 0.6, height)
            left = safe.left() + safe.width() * 0.05
            box.moveLeft(left + (safe.width() * 0.9 - box.width()) * column / 2)
            box.moveTop(top + number * height)
            painter.fillRect(box, _SHADE)
            painter.setPen(_WHITE)
            draw(painter, box, runs, font, in_colour=True, centred=True)

    def _runs(self, cue: Cue) -> Sequence[Runs]:
        looks = self._subtitles.looks
        if looks is None:
            return [[((), line)] for line in cue.lines]
        return looks.lines(cue.first, cue.last, cue.lines)

    def _paint_cover(self, painter: QPainter) -> None:
        colours = theme.current()
        painter.fillRect(self.rect(), colours.base)
        room = QRectF(self.rect()).adjusted(24, 16, -24, -16)
        if self._cue is None:
            self._paint_hint(painter, room)
            return
        document = self._session.document
        speaker = document.speaker(self._cue.speaker)
        # A size that nearly all lines of the style fit in, so that it seldom changes.
        letter = room.width() / (0.55 * self._subtitles.style.cpl)
        size = max(float(colours.large), min(room.height() / 7, letter))
        font = _fitting(self._cue.lines, room.width(), size, at_least=colours.small)
        metrics = QFontMetricsF(font)
        gap = theme.GRID if speaker else 0
        name_font = theme.ui_font(bold=True)
        name_height = QFontMetricsF(name_font).height() if speaker else 0
        text_height = metrics.lineSpacing() * 1.15 * len(self._cue.lines)
        top = room.center().y() - (name_height + gap + text_height) / 2
        if speaker:
            painter.setFont(name_font)
            painter.setPen(colours.speaker(document, speaker.id))
            line = QRectF(room.left(), top, room.width(), name_height)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, speaker.name.upper())
        painter.setFont(font)
        painter.setPen(colours.text)
        words = QRectF(room.left(), top + name_height + gap, room.width(), text_height)
        for runs in self._runs(self._cue):
            words.setHeight(metrics.lineSpacing() * 1.15)
            draw(painter, words, runs, font, centred=True)
            words.moveTop(words.bottom())

    def _paint_hint(self, painter: QPainter, room: QRectF) -> None:
        """Only a document without any words is told what this place is for."""
        if self._session.document.segments or self._session.project is None:
            return
        painter.setFont(theme.ui_font())
        painter.setPen(theme.current().quiet)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, flags, self.tr("The words being spoken will stand here."))


def _fitting(lines: tuple[str, ...], width: float, pixels: float, *, at_least: float) -> QFont:
    """The font of this height, or of the largest smaller one in which every line fits."""
    font = QFont(theme.font(round(max(pixels, at_least))))
    font.setWeight(QFont.Weight.Medium)
    smallest = theme.font(round(at_least)).pointSizeF()
    while font.pointSizeF() > smallest:
        metrics = QFontMetricsF(font)
        if all(metrics.horizontalAdvance(line) <= width for line in lines):
            break
        font.setPointSizeF(font.pointSizeF() - 0.75)
    return font
