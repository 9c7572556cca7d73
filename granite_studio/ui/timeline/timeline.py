"""The timeline: sound, speakers and cues over time, with a map of the whole recording."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar, QStackedLayout, QWidget

from granite_studio.core import edits
from granite_studio.core.cue_merging import spanned
from granite_studio.core.document import Change, Document, Span
from granite_studio.media.peaks import Peaks
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles
from granite_studio.ui.timeline.content import Cues
from granite_studio.ui.timeline.desk import Desk
from granite_studio.ui.timeline.gutter import Gutter
from granite_studio.ui.timeline.keys import NO, SHIFT, Keyboard, Keys
from granite_studio.ui.timeline.layout import GUTTER, LANE, MINIMAP, RULER, least_height
from granite_studio.ui.timeline.minimap import Minimap
from granite_studio.ui.timeline.tools import Tools

ZOOM = 1.5
PAGE_PART = 0.1
"""Following turns the page when the playhead is this near its end, and leaves this much before."""
SETTLE_MS = 150
"""So long after a change the map is drawn anew: typing comes first."""


class Timeline(QWidget):
    """Shows the session's document over time and edits its times.

    Building it loads pyqtgraph, some tenths of a second: not before the window is painted.
    """

    span_selected = Signal(int, int)
    """A stretch of time was selected: start and end in ms."""
    span_cleared = Signal()
    place_selected = Signal(object)
    """A turn or a word was chosen: the `Place` of its first or only word."""
    cue_selected = Signal(int)
    """A cue was chosen: the id of its first word."""
    context_requested = Signal(QPoint, int)
    """A menu is wanted: where on the screen, and for which moment (ms)."""
    refused = Signal(str)
    """Why no cue came of the selected span: a sentence."""

    def __init__(
        self,
        session: Session,
        playback: Playback,
        subtitles: Subtitles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        from granite_studio.ui.timeline.hand import Hand
        from granite_studio.ui.timeline.view import View

        self._session = session
        self._playback = playback
        self._subtitles = subtitles
        self._problem = ""
        self._follows = True
        self._is_held = False
        self._misses_cues = False
        self._peaks_total = 0
        self._desk = Desk(session, playback, self)
        self._view = View(self._desk, self)
        self._hand = Hand(self._view, self._desk)
        self._minimap = Minimap(self._desk.content, self)
        self._gutter = Gutter(self._desk.content, self)
        self._tools = Tools(self)
        self._lanes_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._minimap.refresh)
        self._keyboard = Keyboard(self._view, self._keys())
        self.setAccessibleName(self.tr("Timeline"))
        self._build()
        self._connect()
        self._open()

    # for the window ------------------------------------------------------------------------

    def set_peaks(self, peaks: Peaks | None, *, total_ms: int = 0) -> None:
        """The sound's outline, or None while there is none.

        While it is still being read give what there is and how long it will be (`total_ms`).
        """
        self._desk.content.peaks = peaks
        self._peaks_total = total_ms
        self._problem = ""
        self._tell_sound()
        self._refresh()

    def set_sound_problem(self, sentence: str) -> None:
        """Say why there is no sound to draw: the recording is missing, or has none."""
        self._desk.content.peaks = None
        self._problem = sentence
        self._tell_sound()
        self._refresh()

    def set_shots(self, times: Sequence[int]) -> None:
        """Mark these moments, in order, as shot changes."""
        self._desk.content.shots = np.array(times, np.int64)
        self._view.refresh()

    @property
    def span(self) -> Span | None:
        """The selected stretch of time."""
        return self._desk.content.span

    @property
    def chosen(self) -> Span | None:
        """The selected stretch of time, else when the selected turn, word or cue is."""
        return self.span or self._desk.extent(self._desk.content.selected)

    @property
    def shown(self) -> Span:
        """What is on show."""
        start = max(0, round(self._view.start))
        return Span(start, start + round(self._view.span))

    @property
    def is_following(self) -> bool:
        return self._follows

    def zoom_in(self) -> None:
        self._zoom(1 / ZOOM)

    def zoom_out(self) -> None:
        self._zoom(ZOOM)

    def zoom_fit(self) -> None:
        """Show the whole recording."""
        self._view.show_stretch(0, self._desk.content.duration)

    def zoom_selection(self) -> None:
        """Show the selected span, turn, word or cue, with a little around it."""
        chosen = self.chosen
        if chosen is not None:
            length = max(chosen.end - chosen.start, 1)
            self._view.show_stretch(chosen.start - length * 0.1, length * 1.2)

    def set_follow(self, follows: bool) -> None:
        """Whether the view turns its pages while playing."""
        self._follows, self._is_held = follows, False
        self._tools.follow.setChecked(follows)

    def show_moment(self, ms: int) -> None:
        """Scroll to this moment if it cannot be seen."""
        if not self._view.sees(ms):
            self._view.show_stretch(ms - self._view.span / 2)

    def make_cue(self) -> bool:
        """Make the words in the selected span one cue at its times; False if that cannot be."""
        span, text = self.span, self._desk.content.kept
        if span is None or self._session.is_read_only:
            return False
        override = spanned(text.document, span)
        if override is None:
            self.refused.emit(
                self.tr(
                    "A cue is made of words that follow one another; select a stretch with such "
                    "words, and nobody else's between them."
                )
            )
            return False
        self._desk.select_span(None)
        self._desk.commit(edits.fix_cue(text.document, override), self.tr("Make cue"))
        return True

    # building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self._empty = QLabel(
            self.tr("Open a recording to see its sound, who speaks when, and its cues."), self
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._body = QWidget(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._body)
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        grid.addWidget(self._tools, 0, 0)
        grid.addWidget(self._minimap, 0, 1, 1, 2)
        grid.addWidget(self._gutter, 1, 0)
        grid.addWidget(self._view, 1, 1)
        grid.addWidget(self._lanes_bar, 1, 2)
        self._minimap.setFixedHeight(MINIMAP)
        self._gutter.setFixedWidth(GUTTER)
        self._lanes_bar.setSingleStep(LANE)
        self._lanes_bar.setAccessibleName(self.tr("Scroll the speakers' lanes"))
        self.setFocusProxy(self._view)
        self._dress()

    def _connect(self) -> None:
        desk, view, hand = self._desk, self._view, self._hand
        desk.span_selected.connect(self.span_selected)
        desk.span_cleared.connect(self.span_cleared)
        desk.place_selected.connect(self.place_selected)
        desk.cue_selected.connect(self.cue_selected)
        desk.repainted.connect(self._gutter.update)
        hand.context_requested.connect(self.context_requested)
        hand.scrolled.connect(self._hold)
        hand.ended.connect(self._end_drag)
        view.stretch_changed.connect(self._tell_shown)
        view.layout_changed.connect(self._take_layout)
        self._lanes_bar.valueChanged.connect(view.scroll_lanes)
        self._tools.zoom_out.clicked.connect(self.zoom_out)
        self._tools.zoom_in.clicked.connect(self.zoom_in)
        self._tools.fit.clicked.connect(self.zoom_fit)
        self._tools.follow.toggled.connect(self.set_follow)
        self._minimap.seek_requested.connect(self._go_to)
        self._minimap.centre_requested.connect(self._centre)
        self._session.changed.connect(self._change)
        self._session.replaced.connect(self._open)
        self._subtitles.changed.connect(self._take_cues)
        self._playback.moved.connect(self._follow)
        self._playback.duration_changed.connect(self._take_duration)
        self._playback.playing_changed.connect(self._release)

    def _keys(self) -> Keys:
        scroll, key = self._scroll, Qt.Key
        return {
            (NO, key.Key_Space): self._playback.toggle,
            (NO, key.Key_Plus): self.zoom_in,
            (NO, key.Key_Equal): self.zoom_in,
            (NO, key.Key_Minus): self.zoom_out,
            (NO, key.Key_Left): partial(scroll, -PAGE_PART),
            (NO, key.Key_Right): partial(scroll, PAGE_PART),
            (NO, key.Key_PageUp): partial(scroll, -1 + PAGE_PART),
            (NO, key.Key_PageDown): partial(scroll, 1 - PAGE_PART),
            (NO, key.Key_Home): partial(self._go_to, 0),
            (NO, key.Key_End): lambda: self._go_to(self._desk.content.duration),
            (NO, key.Key_Up): partial(self._scroll_lanes, -1),
            (NO, key.Key_Down): partial(self._scroll_lanes, 1),
            (SHIFT, key.Key_Up): partial(self._grow, ZOOM),
            (SHIFT, key.Key_Down): partial(self._grow, 1 / ZOOM),
            (NO, key.Key_Return): self.make_cue,
            (NO, key.Key_Enter): self.make_cue,
            (NO, key.Key_Escape): self._escape,
        }

    # the session and the player ------------------------------------------------------------

    def _open(self) -> None:
        """Another project is open, or none."""
        self._hand.cancel()
        self._desk.content.peaks = None
        self._desk.content.cues = Cues()
        self._desk.content.gain = 1.0
        self._desk.content.media_ms = self._playback.duration
        self._problem = ""
        self._peaks_total = 0
        self._desk.open(self._session.document)
        self._pages.setCurrentIndex(0 if self._session.project is None else 1)
        self._tell_sound()
        self._take_cues()
        self._refresh()
        self._view.show_stretch(0, 30_000)

    def _change(self, _before: Document, after: Document, change: Change) -> None:
        self._desk.follow(after, change)
        self._hand.replay()
        self._tell_sound()
        if not self._settle.isActive():
            self._settle.start()

    def _take_cues(self) -> None:
        """Show the cues as they are now, but pull none away from under a drag."""
        self._misses_cues = self._hand.is_dragging
        if not self._misses_cues:
            self._desk.take_cues(self._subtitles.cues)

    def _end_drag(self) -> None:
        if self._misses_cues:
            self._take_cues()

    def _follow(self, ms: int) -> None:
        self._view.set_playhead(ms)
        self._minimap.set_playhead(ms)
        if self._view.sees(ms):
            self._is_held = False
        if not self._follows or self._is_held or self._hand.is_dragging:
            return
        if not self._playback.is_playing:
            self.show_moment(ms)
            return
        start, span = self._view.start, self._view.span
        if not start <= ms <= start + span * (1 - PAGE_PART / 2):
            self._view.show_stretch(ms - span * PAGE_PART)

    def _hold(self) -> None:
        """Somebody looks elsewhere while it plays: leave them there."""
        self._is_held = self._playback.is_playing and not self._view.sees(self._playback.position)

    def _release(self, _playing: bool) -> None:
        self._is_held = False

    def _take_duration(self, duration: int) -> None:
        self._desk.content.media_ms = duration
        self._refresh()

    # small steps ---------------------------------------------------------------------------

    def _tell_sound(self) -> None:
        """Say in the wave's place why it is not there, or how far it has been read."""
        content = self._desk.content
        content.media_ms = max(self._playback.duration, self._peaks_total)
        if self._problem:
            content.sound_notice = self._problem
        elif content.peaks is not None:
            known = content.peaks.duration_ms
            part = 100 * known // max(1, self._peaks_total)
            reading = self.tr("Reading the sound … {part} %").format(part=part)
            content.sound_notice = reading if known < self._peaks_total else ""
        elif self._session.document.media is None:
            content.sound_notice = self.tr(
                "This transcript has no recording, so there is no sound to show."
            )
        elif self._session.media_path is None:
            content.sound_notice = self.tr(
                "The recording is not where it was; find it again to see its sound."
            )
        else:
            content.sound_notice = self.tr("Reading the sound …")

    def _refresh(self) -> None:
        self._view.refresh()
        self._view.show_stretch(self._view.start)
        self._minimap.refresh()

    def _tell_shown(self) -> None:
        self._minimap.set_shown(self._view.start, self._view.start + self._view.span)

    def _take_layout(self) -> None:
        layout = self._view.layout_now
        self._gutter.show_layout(layout)
        self._lanes_bar.setVisible(layout.hidden > 0)
        self._lanes_bar.setRange(0, layout.hidden)
        self._lanes_bar.setPageStep(layout.speakers.height)
        self.setMinimumHeight(MINIMAP + least_height(len(layout.lanes)))

    def _zoom(self, factor: float) -> None:
        self._view.zoom(factor)
        self._hold()

    def _scroll(self, part: float) -> None:
        self._view.show_stretch(self._view.start + part * self._view.span)
        self._hold()

    def _scroll_lanes(self, lanes: int) -> None:
        self._lanes_bar.setValue(self._lanes_bar.value() + lanes * LANE)

    def _grow(self, factor: float) -> None:
        self._view.set_gain(self._desk.content.gain * factor)

    def _centre(self, ms: float) -> None:
        self._view.show_stretch(ms - self._view.span / 2)
        self._hold()

    def _go_to(self, ms: int) -> None:
        self._playback.seek(ms)
        self.show_moment(ms)

    def _escape(self) -> bool:
        """Cancel a drag, else give up the selection, else leave the key to the window."""
        if self._hand.is_dragging:
            self._hand.cancel()
        elif self.span is not None:
            self._desk.select_span(None)
        elif not self._desk.give_up_choice():
            return False
        return True

    def _dress(self) -> None:
        self._empty.setStyleSheet(f"color: {theme.current().quiet.name()}")
        self._tools.dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._view.dress()
            self._dress()

    def sizeHint(self) -> QSize:
        lanes = max(2, len(self._desk.content.text.lanes))
        return QSize(800, MINIMAP + RULER + 104 + LANE * (min(lanes, 6) + 1))
