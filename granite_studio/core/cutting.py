"""Cut a whole document into cues, and after an edit only what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from operator import gt

from granite_studio.core.cuts import Cut, Part, cut_by_hand, cut_run
from granite_studio.core.dialogue import Head, head_of
from granite_studio.core.document import (
    CueOverride,
    Document,
    alike,
    difference,
)
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import is_wide, lengths, speed_limits
from granite_studio.core.partition import START, Found, Run, State, search
from granite_studio.core.passage import PASSED, Fixed, past
from granite_studio.core.phrasing import cut_costs
from granite_studio.core.styles import Style

FARTHEST = 100
"""A cue made by hand reaches over so many paragraphs at most."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What was found on the way through a run of words, or past a cue made by hand."""

    found: Found
    made: Run | Cut
    speaker: int | None = None
    head: Head | None = None


@dataclass(slots=True, eq=False)
class _Row:
    """What was found about a paragraph and those into which its cues made by hand reach.

    `begins` and `ends` are the states in front and behind, `entered` and `chosen` the places in
    them of the labels that the best way takes. The steps are kept until a way is chosen.
    """

    begins: State
    ends: State
    steps: Sequence[_Step] = ()
    entered: int = 0
    chosen: int | None = None
    cuts: tuple[Cut, ...] = ()


class Cutter:
    """Cuts one document after another, and of each only what changed.

    The search goes through the paragraphs from the first to the last and the choice of the best
    way back. Both stop where they meet what they found in the document before.
    """

    def __init__(self, style: Style, shots: Sequence[int] = ()) -> None:
        self._style = style
        self._shots = shots
        self._document = Document()
        self._by_row: list[_Row | None] = []
        self._goes_on: list[bool] = []  # whether a cue of the row before reaches into this one
        self._overrides: dict[int, CueOverride] = {}
        # The words that are searched next, measured already: where they stand, and in runs.
        self._ahead: tuple[tuple[int, int, int], list[Run]] = (-1, -1, -1), []
        # The cue made by hand that was looked at last: where it begins, its last word, its words.
        self._parted: tuple[tuple[int, int, int], list[Part]] = (-1, -1, -1), []

    def cuts(self, document: Document) -> list[Cut]:
        """All cues in order of their start, before their times are shaped."""
        self.prepare(document)
        rows = [row for row in self._by_row if row]
        behind = min(enumerate(rows[-1].ends), key=lambda end: end[1][2])[0] if rows else 0
        for row in range(len(rows) - 1, -1, -1):
            if rows[row].chosen is None:
                self._choose(row, behind)
            behind = rows[row].entered
        return _in_order([cut for row in rows for cut in row.cuts])

    def settled(self) -> list[Cut]:
        """The first cuts of a document that is being prepared, which hang on nothing behind."""
        cuts: list[Cut] = []
        for row in self._by_row:
            if row is None or row.chosen is None:
                break
            cuts += row.cuts
        return _in_order(cuts[:-1])

    def prepare(self, document: Document, *, words: float = inf) -> bool:
        """Search paragraphs of about so many words; whether none is left for the next call."""
        self._forget_changed(document)
        row, state = 0, START
        while row < len(self._by_row):
            found = self._by_row[row]
            if found and found.begins == state:
                row, state = self._next_unknown(row, found)
                continue
            self._by_row[row] = None
            if words <= 0:
                return False
            behind, found = self._searched(row, state)
            self._by_row[row:behind] = [found, *self._passed(found, behind - row - 1)]
            self._goes_on[row + 1 : behind] = [True] * (behind - row - 1)
            words -= sum(len(segment.words) for segment in document.segments[row:behind])
            row, state = behind, found.ends
            if len(state) == 1:
                self._choose(row - 1, 0)  # whatever follows
        return True

    def _next_unknown(self, row: int, found: _Row) -> tuple[int, State]:
        """The first row behind this one that is not known, and the state in front of it."""
        rows = self._by_row
        try:
            row = rows.index(None, row)
        except ValueError:
            return len(rows), found.ends
        before = rows[row - 1]
        return row, before.ends if before else found.ends

    def _passed(self, found: _Row, count: int) -> Iterator[_Row]:
        """Rows that end within a cue made by hand."""
        for _ in range(count):
            yield _Row(found.ends, found.ends)

    def _choose(self, row: int, wanted: int) -> None:
        """Choose the best way back from a label of the state behind a row."""
        while row >= 0 and (found := self._by_row[row]) and found.chosen != wanted:
            self._take(row, found, wanted)
            row, wanted = row - 1, found.entered

    def _take(self, row: int, found: _Row, wanted: int) -> None:
        """Cut a row on the way to a label of the state behind it."""
        found.chosen = found.entered = wanted
        if self._goes_on[row]:
            return
        cuts: list[Cut] = []
        for step in reversed(found.steps or self._searched(row, found.begins)[1].steps):
            found.entered, spans = step.found.way(found.entered)
            if isinstance(step.made, Cut):
                cuts.append(step.made)
            else:
                cuts += reversed(
                    list(cut_run(step.made, step.head, spans, step.speaker, self._style))
                )
        found.steps, found.cuts = (), tuple(reversed(cuts))

    def _forget_changed(self, document: Document) -> None:
        """Mark with None the rows that have to be cut anew."""
        before, self._document = self._document, document
        self._ahead = (-1, -1, -1), []
        self._parted = (-1, -1, -1), []
        if before.language != document.language:
            before = Document()
            self._by_row, self._goes_on, self._overrides = [], [], {}
        change = difference(before, document)
        end = change.first + change.removed
        dirty = set(range(change.first, change.first + change.inserted))
        if change.removed or change.inserted:
            dirty.add(change.first - 1)
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
        for row, found_row in enumerate(self._by_row):
            for cut in found_row.cuts if found_row else ():
                if cut.first in words:
                    rows.add(row)
                    found.add(cut.first)
        for row, segment in enumerate(self._document.segments if words - found else ()):
            if not words.isdisjoint([word.id for word in segment.words]):
                rows.add(row)
        return rows

    def _forget(self, row: int) -> None:
        """Forget a row, those that a cue ties to it, and two before: the last cue of one stays
        until the next begins, and may take all words of the one between."""
        first, last = row, row + 1
        while last < len(self._goes_on) and self._goes_on[last]:
            last += 1
        for step in range(3):
            first = max(first - 1, 0) if step else first
            while first > 0 and self._goes_on[first]:
                first -= 1
        self._by_row[first:last] = [None] * (last - first)
        self._goes_on[first:last] = [False] * (last - first)

    def _searched(self, row: int, begins: State) -> tuple[int, _Row]:
        """Search this row and those that its cues reach into; with the row behind them."""
        place, state = 0, begins
        steps: list[_Step] = []
        while place < len((segment := self._document.segments[row]).words):
            end, override, parts = self._next_by_hand(row, place)
            for run in self._runs(row, place, end):
                head = self._head_behind(row, run) if run.words[-1] is segment.words[-1] else None
                found = search(run, head, state, self._style, self._shots)
                steps.append(_Step(found, run, segment.speaker, head))
                state = found.ends
            place = end
            if override:
                cut = cut_by_hand(parts, override, self._style, self._document.language)
                row += len(parts) - 1
                place = len(parts[-1][1]) + (place if len(parts) == 1 else 0)
                steps.append(_Step(found := self._past(cut, parts, row, place, state), cut))
                state = found.ends
        return row + 1, _Row(begins, state, steps)

    def _runs(self, row: int, place: int, end: int) -> list[Run]:
        """The words of a row from one place to another, parted at long silences."""
        if self._ahead[0] == (row, place, end):
            return self._ahead[1]
        runs: list[Run] = []
        said = self._document.segments[row].words
        for index in range(place + 1, end + 1):
            if index < end and said[index].start - said[index - 1].end < self._style.pause_ms:
                continue
            texts = [word.text for word in said[place:index]]
            costs = cut_costs(texts, self._document.language)
            ruler = Ruler(texts, self._style)
            runs.append(Run(said[place:index], costs, ruler, *self._behind(row, index)))
            place = index
        return runs

    def _head_behind(self, row: int, run: Run) -> Head | None:
        """The words with which the next person can share a cue with the last run of a row."""
        one, *others = self._document.segments[row : row + 2]
        if self._style.lines < 2 or not others or None in (one.speaker, others[0].speaker):
            return None
        if one.speaker == others[0].speaker or others[0].start - one.end >= self._style.pause_ms:
            return None
        end, _, _ = self._next_by_hand(row + 1, 0)
        runs = self._runs(row + 1, 0, end)
        self._ahead = (row + 1, 0, end), runs
        if not runs:
            return None
        two = runs[0]
        return head_of(
            run.ruler,
            two.words,
            two.ruler,
            two.costs,
            two.following,
            self._style,
            is_pinned=two.is_pinned,
        )

    def _past(self, cut: Cut, parts: Sequence[Part], row: int, place: int, state: State) -> Found:
        """The search's way past a cue made by hand, behind which this place follows."""
        following, is_pinned = self._behind(row, place)
        assert cut.override
        if is_pinned and state == START:
            return PASSED  # nothing waits, and there is no choice
        _, fastest = speed_limits(self._style, wide=is_wide("".join(cut.lines)))
        fixed = Fixed(
            (parts[0][1][0].start, parts[-1][1][-1].end),
            cut.override.start,
            cut.override.end,
            sum(lengths(cut.lines)),
            cut.words,
            fastest,
            following,
            is_pinned,
        )
        return past(fixed, state, self._style)

    def _behind(self, row: int, place: int) -> tuple[int | None, bool]:
        """When the cue begins that follows the words of a row up to this place, and whether a
        person set that."""
        segments = self._document.segments
        if place == len(segments[row].words):
            row, place = row + 1, 0
        if row == len(segments):
            return None, False
        word = segments[row].words[place]
        override = self._overrides.get(word.id)
        if override and override.start is not None and self._parts(row, place, override.last):
            return override.start, True
        return word.start, False

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
        if self._parted[0] != (row, place, last):
            self._parted = (row, place, last), self._parts_anew(row, place, last)
        return self._parted[1]

    def _parts_anew(self, row: int, place: int, last: int) -> list[Part]:
        parts: list[Part] = []
        for segment in self._document.segments[row : row + FARTHEST]:
            for index in range(place, len(segment.words)):
                if segment.words[index].id == last:
                    return [*parts, (segment, segment.words[place : index + 1])]
            parts.append((segment, segment.words[place:]))
            place = 0
        return []


def _in_order(cuts: list[Cut]) -> list[Cut]:
    starts = [cut.start for cut in cuts]
    if any(map(gt, starts, starts[1:])):
        cuts.sort(key=lambda cut: (cut.start, not cut.is_pinned))
    return cuts


def _unlike(old: Sequence[CueOverride], new: Sequence[CueOverride]) -> list[CueOverride]:
    """Overrides between the first and the last that are not the same objects."""
    head, tail = alike(old, new)
    return [*old[head : len(old) - tail], *new[head : len(new) - tail]]
