"""Cut the words of a paragraph into cues and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from operator import gt

from granite_studio.core.dialogue import with_dialogues
from granite_studio.core.document import (
    CueOverride,
    Document,
    Segment,
    Word,
    alike,
    difference,
    joined,
)
from granite_studio.core.lines import Ruler
from granite_studio.core.partition import cheapest_ends, faults
from granite_studio.core.phrasing import cut_costs
from granite_studio.core.styles import Style

FARTHEST = 100
"""A cue made by hand reaches over so many paragraphs at most."""

Part = tuple[Segment, Sequence[Word]]
"""A paragraph, and the words of it that are meant."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Words that make one cue, before its time is shaped.

    `start` and `end` are those that a person set, else those of the sound; `override` is the fact
    in the transcript that made it, if a person did.
    """

    first: int
    last: int
    start: int
    end: int
    lines: tuple[str, ...]
    speaker: int | None
    words: int
    override: CueOverride | None = None
    faults: int = 0
    """Rules of time that it breaks however it is shaped; not counted where a person made it."""

    @property
    def is_pinned(self) -> bool:
        """Whether a person set when it begins."""
        return self.override is not None and self.override.start is not None


class Cutter:
    """Cuts one document after another, and of each only the paragraphs that changed."""

    def __init__(self, style: Style, shots: Sequence[int] = ()) -> None:
        self._style = style
        self._shots = shots
        self._document = Document()
        self._by_row: list[tuple[Cut, ...] | None] = []
        self._goes_on: list[bool] = []  # whether a cue of the row before reaches into this one
        self._overrides: dict[int, CueOverride] = {}

    def cuts(self, document: Document) -> list[Cut]:
        """All cues in order of their start, before their times are shaped."""
        self.prepare(document)
        cuts = [cut for row_cuts in self._by_row for cut in row_cuts or ()]
        cuts = with_dialogues(cuts, self._style)
        starts = [cut.start for cut in cuts]
        if any(map(gt, starts, starts[1:])):
            cuts.sort(key=lambda cut: (cut.start, not cut.is_pinned))
        return cuts

    def prepare(self, document: Document, *, words: float = inf) -> bool:
        """Cut paragraphs of about so many words; whether none is left for the next call."""
        self._forget_changed(document)
        row = 0
        while row < len(self._by_row):
            if self._by_row[row] is None:
                if words <= 0:
                    return False
                first, row = row, self._cut_from(row)
                words -= sum(len(segment.words) for segment in document.segments[first:row])
            else:
                row += 1
        return True

    def _forget_changed(self, document: Document) -> None:
        """Mark with None the rows that have to be cut anew."""
        before, self._document = self._document, document
        if before.language != document.language:
            before = Document()
            self._by_row, self._goes_on, self._overrides = [], [], {}
        change = difference(before, document)
        end = change.first + change.removed
        dirty = set(range(change.first, change.first + change.inserted))
        if change.removed or change.inserted:
            dirty.add(change.first - 1)  # its last cue stays until the next begins
        if end < len(self._goes_on) and self._goes_on[end]:
            dirty.add(change.first + change.inserted)
        self._by_row[change.first : end] = [None] * change.inserted
        self._goes_on[change.first : end] = [False] * change.inserted
        if before.cue_overrides is not document.cue_overrides:
            self._overrides = {override.first: override for override in document.cue_overrides}
            changed = _unlike(before.cue_overrides, document.cue_overrides)
            dirty |= self._rows_of({override.first for override in changed})
        for row in dirty:
            if 0 <= row < len(self._by_row):
                self._forget(row)

    def _rows_of(self, words: set[int]) -> set[int]:
        """The rows with these words; a cue that begins with one is quicker to find than a word."""
        rows: set[int] = set()
        found: set[int] = set()
        for row, cuts in enumerate(self._by_row):
            for cut in cuts or ():
                if cut.first in words:
                    rows.add(row)
                    found.add(cut.first)
        for row, segment in enumerate(self._document.segments if words - found else ()):
            if not words.isdisjoint([word.id for word in segment.words]):
                rows.add(row)
        return rows

    def _forget(self, row: int) -> None:
        """Forget a row and those that a cue ties to it."""
        first, last = row, row + 1
        while first > 0 and self._goes_on[first]:
            first -= 1
        while last < len(self._goes_on) and self._goes_on[last]:
            last += 1
        self._by_row[first:last] = [None] * (last - first)
        self._goes_on[first:last] = [False] * (last - first)

    def _cut_from(self, row: int) -> int:
        """Cut this row and those that its cues reach into; returns the row behind them."""
        first, place = row, 0
        language = self._document.language
        cuts: list[Cut] = []
        while place < len((segment := self._document.segments[row]).words):
            end, override, parts = self._next_by_hand(row, place)
            said = segment.words[place:end]
            behind = self._behind(row, end, override)
            cuts += cut_words(said, segment.speaker, self._style, language, behind, self._shots)
            place = end
            if override:
                cuts.append(cut_by_hand(parts, override, self._style, language))
                row += len(parts) - 1
                place = len(parts[-1][1]) + (place if len(parts) == 1 else 0)
        self._by_row[first : row + 1] = [tuple(cuts), *[()] * (row - first)]
        self._goes_on[first + 1 : row + 1] = [True] * (row - first)
        return row + 1

    def _behind(self, row: int, place: int, override: CueOverride | None) -> int | None:
        """When the cue begins that follows the words of a row up to this place."""
        if override and override.start is not None:
            return override.start
        segments = self._document.segments
        if place < len(segments[row].words):
            return segments[row].words[place].start
        return segments[row + 1].start if row + 1 < len(segments) else None

    def _next_by_hand(self, row: int, place: int) -> tuple[int, CueOverride | None, list[Part]]:
        """Where the next cue made by hand begins in a row, and its words."""
        words = self._document.segments[row].words
        if self._overrides:
            for index in range(place, len(words)):
                override = self._overrides.get(words[index].id)
                if override and (parts := self._parts(row, index, override.last)):
                    return index, override, parts
        return len(words), None, []

    def _parts(self, row: int, place: int, last: int) -> list[Part]:
        """The words from a place up to the one with this id, paragraph by paragraph; nothing if
        it does not follow."""
        parts: list[Part] = []
        for segment in self._document.segments[row : row + FARTHEST]:
            for index in range(place, len(segment.words)):
                if segment.words[index].id == last:
                    return [*parts, (segment, segment.words[place : index + 1])]
            parts.append((segment, segment.words[place:]))
            place = 0
        return []


def _unlike(old: Sequence[CueOverride], new: Sequence[CueOverride]) -> list[CueOverride]:
    """Overrides between the first and the last that are not the same objects."""
    head, tail = alike(old, new)
    return [*old[head : len(old) - tail], *new[head : len(new) - tail]]


def cut_words(
    words: Sequence[Word],
    speaker: int | None,
    style: Style,
    language: str,
    following: int | None = None,
    shots: Sequence[int] = (),
) -> list[Cut]:
    """Cut words of one speaker into cues after this style.

    `following` is when the cue behind them begins in ms, None where there is none; `shots` are
    the cuts of the film in ms, in order.
    """
    cuts: list[Cut] = []
    first = 0
    for place in range(1, len(words) + 1):
        end = words[place].start if place < len(words) else following
        if place == len(words) or words[place].start - words[place - 1].end >= style.pause_ms:
            cuts += _cut_run(words[first:place], speaker, style, language, end, shots)
            first = place
    return cuts


def cut_by_hand(
    parts: Sequence[Part],
    override: CueOverride,
    style: Style,
    language: str,
) -> Cut:
    """The cue that an override makes of these words, which may come from several paragraphs."""
    speakers = [segment.speaker for segment, _ in parts]
    # Two unknown voices in a row are two people: one person's words would be one paragraph.
    dashed = len(parts) > 1 and any(a != b or a is None for a, b in pairwise(speakers))
    lines: list[str] = []
    words = [word for _, said in parts for word in said]
    pieces = [said for _, said in parts] if dashed else [words]
    for place, said in enumerate(pieces):
        if override.breaks is None:
            room = max(style.lines // len(pieces), 1)
            texts = [word.text for word in said]
            ruler = Ruler(texts, style)
            own = ruler.lines(0, len(texts), cut_costs(texts, language), room)
        else:
            own = _broken_after(said, override.breaks)
        lines += [style.dash_before(place) + own[0], *own[1:]] if dashed else own
    return Cut(
        words[0].id,
        words[-1].id,
        words[0].start if override.start is None else override.start,
        words[-1].end if override.end is None else override.end,
        tuple(lines),
        speakers[0] if len(set(speakers)) == 1 else None,
        len(words),
        override,
    )


def _cut_run(
    words: Sequence[Word],
    speaker: int | None,
    style: Style,
    language: str,
    following: int | None,
    shots: Sequence[int],
) -> list[Cut]:
    """Cut words without a long pause among them."""
    texts = [word.text for word in words]
    costs = cut_costs(texts, language)
    ruler = Ruler(texts, style)
    cuts: list[Cut] = []
    ends = cheapest_ends(words, costs, ruler, style, following, shots)
    for first, end in pairwise([0, *ends]):
        lines = ruler.lines(first, end, costs, style.lines)
        head, tail = words[first], words[end - 1]
        characters = ruler.ends[end - 1] - ruler.begins[first] - (len(lines) - 1) * ruler.space
        behind = words[end].start if end < len(words) else following
        weak = faults(head.start, tail.end, behind, characters, end - first, ruler.fastest, style)
        cuts.append(
            Cut(
                head.id,
                tail.id,
                head.start,
                tail.end,
                tuple(lines),
                speaker,
                end - first,
                faults=weak,
            )
        )
    return cuts


def _broken_after(words: Sequence[Word], breaks: Sequence[int]) -> list[str]:
    lines: list[list[str]] = [[]]
    for word in words:
        lines[-1].append(word.text)
        if word.id in breaks:
            lines.append([])
    return [joined(line) for line in lines if line]
