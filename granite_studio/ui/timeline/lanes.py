"""Where turns, words and cues lie in time, as arrays in which a frame finds its part at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Change, Document, Segment

Times = NDArray[np.int64]
NOBODY = -1
"""Stands for "no speaker" in `Index.speakers`: ids are positive."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Stretches of time in order of their start, in ms; they may overlap.

    `reached[i]` is the latest end among the first i + 1 of them.
    """

    starts: Times
    ends: Times
    reached: Times

    @classmethod
    def of(cls, starts: Times, ends: Times) -> Blocks:
        return cls(starts, ends, np.maximum.accumulate(ends) if len(ends) else ends)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, int]]) -> Blocks:
        table = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        return cls.of(table[:, 0].copy(), table[:, 1].copy())

    def __len__(self) -> int:
        return len(self.starts)

    def columns(self, edges: NDArray[np.float64]) -> Times:
        """For each column between two neighbouring `edges` (ms): the block in it, or -1.

        Where several share a column the one that starts last shows, so no start is hidden.
        """
        if not len(self):
            return np.full(len(edges) - 1, -1)
        last = np.searchsorted(self.starts, edges[1:], "left") - 1
        covered = (last >= 0) & (self.reached[last] > edges[:-1])
        return np.where(covered, last, -1)

    def within(self, start: float, end: float) -> range:
        """The blocks from the first to the last that overlap these milliseconds."""
        first = int(np.searchsorted(self.reached, start, "right"))
        return range(first, max(first, int(np.searchsorted(self.starts, end, "left"))))

    def at(self, ms: float) -> int | None:
        """The block under this moment; of several the one that starts last."""
        for block in reversed(self.within(ms, ms + 1)):
            if self.ends[block] > ms:
                return block
        return None


@dataclass(frozen=True, slots=True)
class Index:
    """A document's times as arrays. `offsets` are the first words of the rows, and an end."""

    starts: Times
    ends: Times
    speakers: Times
    offsets: Times
    word_starts: Times
    word_ends: Times

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> Index:
        words = [word for segment in segments for word in segment.words]
        counts = np.fromiter((len(segment.words) for segment in segments), np.int64, len(segments))
        return cls(
            starts=np.fromiter((s.start for s in segments), np.int64, len(segments)),
            ends=np.fromiter((s.end for s in segments), np.int64, len(segments)),
            speakers=np.fromiter(
                (NOBODY if s.speaker is None else s.speaker for s in segments),
                np.int64,
                len(segments),
            ),
            offsets=np.concatenate(([0], np.cumsum(counts))),
            word_starts=np.array([word.start for word in words], np.int64),
            word_ends=np.array([word.end for word in words], np.int64),
        )

    def spliced(self, document: Document, change: Change) -> Index:
        """The arrays of `document`, which differs by `change` from the one these belong to."""
        if not change.removed and not change.inserted:
            return self
        fresh = Index.of(document.segments[change.first : change.first + change.inserted])
        first, beyond = change.first, change.first + change.removed
        word_first, word_beyond = int(self.offsets[first]), int(self.offsets[beyond])
        grown = int(fresh.offsets[-1]) - (word_beyond - word_first)

        def rows(old: Times, new: Times) -> Times:
            return np.concatenate((old[:first], new, old[beyond:]))

        def words(old: Times, new: Times) -> Times:
            return np.concatenate((old[:word_first], new, old[word_beyond:]))

        return Index(
            starts=rows(self.starts, fresh.starts),
            ends=rows(self.ends, fresh.ends),
            speakers=rows(self.speakers, fresh.speakers),
            offsets=np.concatenate(
                (
                    self.offsets[:first],
                    fresh.offsets[:-1] + word_first,
                    self.offsets[beyond:] + grown,
                )
            ),
            word_starts=words(self.word_starts, fresh.word_starts),
            word_ends=words(self.word_ends, fresh.word_ends),
        )

    def words_of(self, row: int) -> slice:
        """Where the words of this row stand in the word arrays."""
        return slice(int(self.offsets[row]), int(self.offsets[row + 1]))

    @property
    def end(self) -> int:
        """When the last word ends, 0 without words."""
        return int(self.ends.max()) if len(self.ends) else 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One speaker's turns. `rows[i]` is the document's row of the i-th block."""

    speaker: int | None
    name: str
    rows: Times
    blocks: Blocks


def lanes_of(document: Document, index: Index, nobody: str) -> tuple[Lane, ...]:
    """A lane for each speaker, and one named `nobody` where turns have none."""
    places = [(speaker.id, speaker.name) for speaker in document.speakers]
    loose = NOBODY in index.speakers
    if loose or not places:
        places.append((NOBODY, nobody))
    lanes = []
    for speaker, name in places:
        rows = np.flatnonzero(index.speakers == speaker)
        blocks = Blocks.of(index.starts[rows], index.ends[rows])
        lanes.append(Lane(None if speaker == NOBODY else speaker, name, rows, blocks))
    return tuple(lanes)
