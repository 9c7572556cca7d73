"""What the mouse works with: the content, where a time snaps to, and the way into the session."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from granite_studio.core.cues import Cue
from granite_studio.core.document import Change, Document, Span
from granite_studio.core.edits import Place
from granite_studio.services.session import Session
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.timeline.content import NOTHING, Content, Kind, Target, Text

SNAP_PX = 7
QUIET_BIN_MS = 16
QUIET_PART = 0.5
"""A silence is worth snapping to where it is this much quieter than what is around it."""


class Desk(QObject):
    """Everything that drags read and change."""

    repainted = Signal()
    """The picture is another."""
    span_selected = Signal(int, int)
    span_cleared = Signal()
    place_selected = Signal(object)
    """A turn or a word was chosen: the `Place` of its first or only word."""
    cue_selected = Signal(int)
    """A cue was chosen: the id of its first word."""

    def __init__(self, session: Session, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.playback = playback
        self.content = Content()
        self.readout = ""
        """What the drag would do,"""
        self.pointed = 0.0
        """said beside this moment, in ms."""

    @property
    def nobody(self) -> str:
        return QCoreApplication.translate("Timeline", "Unknown")

    def open(self, document: Document) -> None:
        """Show another project's document."""
        content = self.content
        content.span, content.selected = None, NOTHING
        content.show(Text.of(document, self.nobody))
        self.restore()

    def follow(self, document: Document, change: Change) -> None:
        """Show the session's document after a change."""
        content = self.content
        old = content.kept
        content.show(old.changed(document, change, self.nobody))
        content.selected = _kept_choice(content.selected, old.document, document, change)
        self.restore()

    def preview(self, document: Document) -> None:
        """Draw this in place of the session's document, until `restore` or a commit."""
        kept = self.content.kept
        is_kept = document is kept.document
        self.content.text = kept if is_kept else kept.turned_into(document, self.nobody)
        self.repainted.emit()

    def restore(self) -> None:
        """Draw the session's document again, and nothing of a drag."""
        self.content.text = self.content.kept
        self.content.guide = None
        self.readout = ""
        self.repainted.emit()

    def commit(self, document: Document, label: str, merge_key: str | None = None) -> None:
        """Make a previewed document the session's."""
        self.restore()
        self.session.commit(document, label, merge_key)

    def select_span(self, span: Span | None) -> None:
        """Select a stretch of time, or none, and tell."""
        self.content.span = span
        if span is None:
            self.span_cleared.emit()
        else:
            self.span_selected.emit(span.start, span.end)
        self.repainted.emit()

    def choose(self, target: Target) -> None:
        """Select a turn, a word or a cue, and tell; anything else is no selection."""
        if target.kind is Kind.CUE:
            self.cue_selected.emit(self.content.cues.items[target.cue].first)
        elif target.kind in (Kind.TURN, Kind.WORD):
            self.place_selected.emit(Place(target.row, max(0, target.word)))
        else:
            target = NOTHING
        self.content.selected = target
        self.repainted.emit()

    def give_up_choice(self) -> bool:
        """Select no turn, word or cue; whether one was selected."""
        had = self.content.selected != NOTHING
        self.choose(NOTHING)
        return had

    def take_cues(self, cues: tuple[Cue, ...]) -> None:
        """Show these cues; a selected one stays selected if it still begins with the same word."""
        content = self.content
        first = None
        if content.selected.kind is Kind.CUE:
            first = content.cues.items[content.selected.cue].first
        content.cues = content.cues.changed(cues)
        if first is not None:
            again = [n for n, cue in enumerate(content.cues.items) if cue.first == first]
            content.selected = Target(Kind.CUE, cue=again[0]) if again else NOTHING
        self.repainted.emit()

    def extent(self, target: Target) -> Span | None:
        """When this turn, word or cue is."""
        content = self.content
        if target.kind is Kind.CUE:
            cue = content.cues.items[target.cue]
            return Span(cue.start, cue.end)
        if target.kind is Kind.TURN:
            segment = content.text.segment(target.row)
            return Span(segment.start, segment.end)
        if target.kind is Kind.WORD:
            word = content.text.segment(target.row).words[target.word]
            return Span(word.start, word.end)
        return None

    def snapped(self, ms: float, pixel_ms: float, *, free: bool, shots: bool = False) -> int:
        """The nearest edge of a word or cue, else the quietest moment near, else `ms` itself.

        `shots` lets shot changes count as edges; `free` turns snapping off. What was snapped to is
        shown until the drag ends.
        """
        content = self.content
        content.guide = None
        bounded = max(0, min(round(ms), content.duration))
        if free:
            return bounded
        reach = SNAP_PX * pixel_ms
        edges = content.edges_near(ms, reach, shots=shots)
        if len(edges):
            content.guide = int(edges[np.abs(edges - ms).argmin()])
        else:
            content.guide = self._quiet_near(ms, reach)
        return bounded if content.guide is None else content.guide

    def _quiet_near(self, ms: float, reach: float) -> int | None:
        peaks = self.content.peaks
        first = round((ms - reach) / QUIET_BIN_MS) - 1
        count = round(2 * reach / QUIET_BIN_MS) + 3
        start, end = first * QUIET_BIN_MS, (first + count) * QUIET_BIN_MS
        if peaks is None or first < 0 or end > peaks.duration_ms:
            return None
        low, high = peaks.columns(start, end, count)
        loud = high.astype(np.int32) - low
        quietest = int(loud.argmin())
        if loud[quietest] >= QUIET_PART * loud.mean():
            return None
        return round(start + (quietest + 0.5) * QUIET_BIN_MS)


def _kept_choice(chosen: Target, before: Document, after: Document, change: Change) -> Target:
    """The same turn or word after a change, or nothing when it has gone."""
    if chosen.row < change.first:
        return chosen  # also a cue: it stays until the cues are derived again
    if chosen.row >= change.first + change.removed:
        return replace(chosen, row=chosen.row + change.inserted - change.removed)
    old = before.segments[chosen.row]
    for row in range(change.first, change.first + change.inserted):
        segment = after.segments[row]
        if chosen.kind is Kind.TURN and segment.id == old.id:
            return replace(chosen, row=row)
        if chosen.kind is Kind.WORD:
            wanted = old.words[chosen.word].id
            for number, word in enumerate(segment.words):
                if word.id == wanted:
                    return replace(chosen, row=row, word=number)
    return NOTHING
