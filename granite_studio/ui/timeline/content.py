"""What the timeline shows at the moment, in one holder that all its parts read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import numpy as np

from granite_studio.core.cues import Cue
from granite_studio.core.document import Change, Document, Segment, Span, alike, difference
from granite_studio.media.peaks import Peaks
from granite_studio.ui.timeline.lanes import Blocks, Index, Lane, Times, lanes_of

LEAST_MS = 10_000
"""An empty timeline is this long."""


class Kind(Enum):
    """What lies under the pointer, or is selected."""

    NOTHING = auto()
    RULER = auto()
    SOUND = auto()
    SPAN_EDGE = auto()
    TURN = auto()
    TURN_EDGE = auto()
    WORD = auto()
    WORD_EDGE = auto()
    CUE = auto()
    CUE_EDGE = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A thing on the timeline. `row`, `word` and `cue` are places in the document now, or -1.

    For an edge, `is_end` tells the end from the start.
    """

    kind: Kind
    row: int = -1
    word: int = -1
    cue: int = -1
    is_end: bool = False


NOTHING = Target(Kind.NOTHING)


@dataclass(frozen=True, slots=True)
class Text:
    """A document with its arrays and its lanes."""

    document: Document = field(default_factory=Document)
    index: Index = field(default_factory=lambda: Index.of(()))
    lanes: tuple[Lane, ...] = ()

    @classmethod
    def of(cls, document: Document, nobody: str) -> Text:
        index = Index.of(document.segments)
        return cls(document, index, lanes_of(document, index, nobody))

    def changed(self, document: Document, change: Change, nobody: str) -> Text:
        """The same for a document that differs by `change`."""
        index = self.index.spliced(document, change)
        return Text(document, index, lanes_of(document, index, nobody))

    def turned_into(self, document: Document, nobody: str) -> Text:
        """The same for any document made from this one by edits."""
        return self.changed(document, difference(self.document, document), nobody)

    def segment(self, row: int) -> Segment:
        return self.document.segments[row]

    def lane_of(self, row: int) -> int:
        """Which lane shows this row."""
        speaker = self.segment(row).speaker
        return next(n for n, lane in enumerate(self.lanes) if lane.speaker == speaker)


@dataclass(frozen=True, slots=True)
class Cues:
    """Derived cues in order of their start, and the same as blocks."""

    items: tuple[Cue, ...] = ()
    blocks: Blocks = field(default_factory=lambda: Blocks.from_pairs(()))

    @classmethod
    def of(cls, cues: tuple[Cue, ...]) -> Cues:
        items = tuple(sorted(cues, key=lambda cue: cue.start))
        return cls(items, Blocks.of(*_times(items)))

    def changed(self, cues: tuple[Cue, ...]) -> Cues:
        """The same for other cues, most of which are here already."""
        head, tail = alike(self.items, cues)
        known = (self.blocks.starts, self.blocks.ends)
        starts, ends = (
            np.concatenate((old[:head], new, old[len(old) - tail :]))
            for old, new in zip(known, _times(cues[head : len(cues) - tail]), strict=True)
        )
        if np.any(np.diff(starts) < 0):  # cues made by hand left no room for others
            return Cues.of(cues)
        return Cues(cues, Blocks.of(starts, ends))

    def moved(self, cue: int, start: int, end: int) -> Cues:
        """The same with one cue at another time."""
        items = list(self.items)
        items[cue] = replace(items[cue], start=start, end=end)
        starts, ends = self.blocks.starts.copy(), self.blocks.ends.copy()
        starts[cue], ends[cue] = start, end
        return Cues(tuple(items), Blocks.of(starts, ends))


def _times(cues: Sequence[Cue]) -> tuple[Times, Times]:
    """Starts and ends."""
    starts = np.fromiter((cue.start for cue in cues), np.int64, len(cues))
    return starts, np.fromiter((cue.end for cue in cues), np.int64, len(cues))


class Content:
    """Everything on show. Who changes it tells the views to paint."""

    def __init__(self) -> None:
        self.kept = Text()
        """The session's document."""
        self.text = Text()
        """What is drawn: the same, or what a drag would make of it."""
        self.cues = Cues()
        self.peaks: Peaks | None = None
        self.sound_notice = ""
        """Said in place of the wave when there are no peaks."""
        self.media_ms = 0
        """How long the recording is, as far as anybody knows."""
        self.span: Span | None = None
        self.selected = NOTHING
        self.guide: int | None = None
        """Where a drag snapped to, in ms."""
        self.shots: Times = np.empty(0, np.int64)
        """Where the picture is cut, in order."""
        self.gain = 1.0
        self.untranscribed = Blocks.from_pairs(())
        self.findings = Blocks.from_pairs(())
        self._marked: tuple[object, object] = (None, None)

    @property
    def duration(self) -> int:
        """How long the timeline is in ms."""
        peaks = self.peaks.duration_ms if self.peaks else 0
        media = self.kept.document.media
        said = media.duration if media else 0
        return max(LEAST_MS, said, self.media_ms, peaks, self.kept.index.end)

    def show(self, text: Text) -> None:
        """Make this the session's document and what is drawn."""
        self.kept = self.text = text
        document = text.document
        if self._marked != (document.untranscribed, document.findings):
            self.untranscribed = Blocks.from_pairs(
                (span.start, span.end) for span in document.untranscribed
            )
            self.findings = Blocks.from_pairs(
                (finding.span.start, finding.span.end) for finding in document.findings
            )
            self._marked = (document.untranscribed, document.findings)

    def shots_within(self, start: float, end: float) -> Times:
        """The shot changes between two moments, in ms."""
        first, last = np.searchsorted(self.shots, (start, end))
        return self.shots[first:last]

    def edges_near(self, ms: float, reach: float, *, shots: bool = False) -> Times:
        """Every start and end of a word or cue within `reach` ms of this moment, sorted.

        With `shots`, shot changes too.
        """
        start, end = ms - reach, ms + reach
        index = self.kept.index
        found = [self.shots_within(start, end + 1) if shots else np.empty(0, np.int64)]
        for lane in self.kept.lanes:
            for block in lane.blocks.within(start, end):
                words = index.words_of(int(lane.rows[block]))
                found += [index.word_starts[words], index.word_ends[words]]
        cues = self.cues.blocks.within(start, end)
        cut = slice(cues.start, cues.stop)
        found += [self.cues.blocks.starts[cut], self.cues.blocks.ends[cut]]
        edges = np.unique(np.concatenate(found))
        return edges[(edges >= start) & (edges <= end)]
