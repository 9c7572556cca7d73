"""Rows of a table that came back as cues: which of them are made by hand now, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from granite_studio.core.document import CueOverride, Document, Word, joined
from granite_studio.core.roundtrip.cue_pieces import Pieces, breaks_in, read_time
from granite_studio.core.roundtrip.differences import Deed, Difference, Side
from granite_studio.core.roundtrip.handed import Brought, HandedRow
from granite_studio.core.showing import SHOWN
from granite_studio.core.timing import clock

_Times = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that came back, from 0: the words that it has now, for each person; the rows of the
    export that these were in; and whether it is another piece of the words than was exported."""

    number: int
    turns: Sequence[Sequence[int]]
    homes: tuple[int, ...]
    is_cut: bool
    has_own_lines: bool
    """Whether its words are those that stand in it, so that its lines say where they break."""

    @property
    def ids(self) -> list[int]:
        return [word for turn in self.turns for word in turn]


class Shapes:
    """Compares the lines and the times of rows with those of their export, and of the project.

    `words` are the ids of the words that the rows have now, `merged` are the rows of which these
    are others than stand in them, and `moved` those that stand elsewhere, with another's times.
    """

    def __init__(
        self,
        before: Document,
        after: Document,
        brought: Brought,
        pieces: Pieces,
        words: Mapping[int, Sequence[Sequence[int]]],
        keep: Side,
        *,
        moved: set[int],
        merged: set[int],
    ) -> None:
        self._came = brought.rows
        self._handed = brought.handed.rows if brought.handed else ()
        self._now = {word.id: word for word in after.words()}
        self._place = {word_id: at for at, word_id in enumerate(self._now)}
        self._voices = {word.id: segment.speaker for segment in after for word in segment.words}
        self._names = {speaker.id: speaker.name for speaker in after.speakers}
        self._keep = keep
        self._moved = moved
        self._edges = _edges(pieces)
        self._hands, self._recut = _hands(before, pieces, self._edges)
        self._rows = list(_rows(words, pieces, merged))
        self.differences: list[Difference] = []
        self.cues = list(self._made())

    def _made(self) -> Iterator[CueOverride]:
        for row in self._rows:
            ids = row.ids
            if self._place[ids[-1]] - self._place[ids[0]] != len(ids) - 1:
                continue  # what stands between its words is of another row, said meanwhile
            hand = self._hand(row)
            breaks = self._breaks(row, hand)
            times = self._times(row, hand)
            is_edge = hand is not None and (hand.first, hand.last) != (ids[0], ids[-1])
            if not row.is_cut and breaks is None and times is None and not is_edge:
                continue
            made = replace(hand or CueOverride(0, 0), first=ids[0], last=ids[-1])
            if hand and hand.breaks is not None:
                made = replace(made, breaks=self._left(hand.breaks, row))
            if breaks is not None:
                made = replace(made, breaks=breaks)
            if times:
                made = replace(made, start=times[0], end=times[1])
            yield made

    def _hand(self, row: _Row) -> CueOverride | None:
        """What a person had fixed of these words: of a row that was cut, its two ends."""
        if not row.homes:
            return None
        first, last = self._hands.get(row.homes[0]), self._hands.get(row.homes[-1])
        if not row.is_cut:
            return first
        known = [word for word in row.ids if word in self._edges.first or word in self._edges.last]
        start = first.start if first and first.first in known else None
        end = last.end if last and last.last in known else None
        settings = first.settings if first else ""
        return CueOverride(row.ids[0], row.ids[-1], start, end, settings=settings)

    # ---- lines

    def _breaks(self, row: _Row, hand: CueOverride | None) -> tuple[int, ...] | None:
        """Where its lines break, if that is other than it was exported; None where it is not."""
        if not row.has_own_lines:
            return None
        turns = [[self._now[word] for word in turn] for turn in row.turns]
        shown = tuple(breaks_in(self._came[row.number], turns))
        if row.is_cut:
            return shown
        expected = self._left(self._handed[row.homes[0]].breaks, row)
        current = expected
        if hand and hand.breaks is not None:
            current = self._left(hand.breaks, row)
        if shown in (expected, current):
            return None
        conflict = current != expected or row.homes[0] in self._recut
        self._tell(Deed.LINES, row, self._lines(row, current), self._lines(row, shown), conflict)
        return None if conflict and self._keep is Side.PROJECT else shown

    def _left(self, breaks: Iterable[int], row: _Row) -> tuple[int, ...]:
        """These breaks as far as they still are between words of the row: behind the word itself,
        or the nearest one in front of it that is left."""
        ids = row.ids
        here = set(ids[:-1])
        order = [word for home in row.homes for turn in self._handed[home].words for word in turn]
        place = {word: at for at, word in enumerate(order)}
        found: dict[int, None] = {}
        for word in breaks:
            at = place.get(word, -1)
            left = (order[n] for n in range(at, -1, -1) if order[n] in here)
            stands = word if word in here else next(left, None)
            if stands is not None and word != ids[-1]:
                found[stands] = None
        return tuple(found)

    def _lines(self, row: _Row, breaks: Iterable[int]) -> str:
        ends, lines = set(breaks), [list[str]()]
        for word in row.ids:
            lines[-1].append(self._now[word].text)
            if word in ends:
                lines.append([])
        return "\n".join(map(joined, lines))

    # ---- times

    def _times(self, row: _Row, hand: CueOverride | None) -> _Times | None:
        """When it is shown, if that is other than it was exported; None where it is not, or where
        it cannot be."""
        came = self._came[row.number]
        homes = [self._handed[home] for home in row.homes]
        new_start = self._is_new(came.start, [home.start for home in homes])
        new_end = self._is_new(came.end, [home.end for home in homes])
        if row.number in self._moved or not (new_start or new_end):
            return None
        shown = f"{came.start} \N{EN DASH} {came.end}"
        old = _shown_times(homes, hand)
        start, end = read_time(came.start), read_time(came.end)
        if (new_start and start is None) or (new_end and end is None):
            self._tell(Deed.UNREADABLE, row, old, shown, conflict=True)
            return None
        start = start if start is not None else (hand.start if hand else None)
        end = end if end is not None else (hand.end if hand else None)
        if deed := self._fault(row, start, end, moves=new_start):
            self._tell(deed, row, old, shown, conflict=True)
            return None
        conflict = self._times_changed(row, hand) and hand is not None
        conflict = conflict and hand is not None and (hand.start, hand.end) != (start, end)
        conflict = conflict or any(home in self._recut for home in row.homes)
        if homes:
            self._tell(Deed.TIMES, row, old, _times_said(start, end), conflict)
        return None if conflict and self._keep is Side.PROJECT else (start, end)

    @staticmethod
    def _is_new(shown: str, exported: Sequence[int]) -> bool:
        """Whether a cell shows another time than it was exported with; an empty one shows none."""
        is_as_written = not shown or shown in map(clock, exported)
        return not is_as_written and read_time(shown) not in exported

    def _fault(self, row: _Row, start: int | None, end: int | None, *, moves: bool) -> Deed | None:
        """Why these times cannot be: a cue ends behind its start, stays for a moment, and begins
        between those around it."""
        if end is not None and end <= (start or 0):
            return Deed.BACKWARDS
        if start is not None and end is not None and end - start < SHOWN:
            return Deed.SHORT
        if moves and start is not None:
            before, behind = self._around(row.number)
            if start < before or (behind is not None and start > behind):
                return Deed.BACKWARDS
        return None

    def _around(self, number: int) -> tuple[int, int | None]:
        """When the rows in front of this one and behind it begin, as they show it."""
        rows = self._came
        before = (at for at in range(number - 1, -1, -1) if at not in self._moved)
        behind = (at for at in range(number + 1, len(rows)) if at not in self._moved)
        first = (time for at in before if (time := read_time(rows[at].start)) is not None)
        last = (time for at in behind if (time := read_time(rows[at].start)) is not None)
        return next(first, 0), next(last, None)

    def _times_changed(self, row: _Row, hand: CueOverride | None) -> bool:
        """Whether the project set other times by hand than were exported."""
        if hand is None or row.is_cut:
            return False
        home = self._handed[row.homes[0]]
        return hand.start not in (None, home.start) or hand.end not in (None, home.end)

    # ---- what is told

    def tell_joined(self, known: set[int]) -> None:
        """Tell of rows, from 1, that have the words of several now, but for those that are known
        to differ."""
        for row in self._rows:
            if len(row.homes) > 1 and row.number + 1 not in known:
                self._tell(Deed.JOINED, row, "", joined(self._now[n].text for n in row.ids))

    def _tell(self, deed: Deed, row: _Row, old: str, new: str, conflict: bool = False) -> None:
        first: Word = self._now[row.ids[0]]
        speaker = self._voices[first.id]
        name = self._names.get(speaker, "") if speaker is not None else ""
        self.differences.append(
            Difference(deed, row.number + 1, first.start, old, new, name, conflict)
        )


@dataclass(frozen=True, slots=True)
class _Edges:
    """The rows of the export that a word is the first, or the last, of in the project."""

    first: Mapping[int, int]
    last: Mapping[int, int]


def _edges(pieces: Pieces) -> _Edges:
    words: dict[int, list[int]] = defaultdict(list)
    for (row, _), piece in pieces.by_turn.items():
        words[row] += (word.id for word in piece.words)
    return _Edges(
        {ids[0]: row for row, ids in words.items() if row >= 0},
        {ids[-1]: row for row, ids in words.items() if row >= 0},
    )


def _hands(
    document: Document, pieces: Pieces, edges: _Edges
) -> tuple[dict[int, CueOverride], set[int]]:
    """The cues made by hand that are rows of the export, by these, and the rows that such cues
    cut in another way."""
    hands: dict[int, CueOverride] = {}
    recut: set[int] = set()
    for each in document.cue_overrides:
        row = edges.first.get(each.first)
        if row is not None and edges.last.get(each.last) == row:
            hands[row] = each
        else:
            first, last = pieces.rows[each.first], pieces.rows[each.last]
            recut |= {first, last}
    return hands, recut


def _rows(
    words: Mapping[int, Sequence[Sequence[int]]], pieces: Pieces, merged: set[int]
) -> Iterator[_Row]:
    """The rows that have words; one is cut where these are of none or several rows of the export,
    or where another row has words of the same one."""
    homes: dict[int, tuple[int, ...]] = {}
    users: dict[int, set[int]] = defaultdict(set)
    for number, turns in words.items():
        found = (pieces.rows[word] for turn in turns for word in turn if word in pieces.rows)
        homes[number] = tuple(dict.fromkeys(found))
        for home in homes[number]:
            users[home].add(number)
    for number, turns in words.items():
        here = tuple(home for home in homes[number] if home >= 0)
        if not any(turns) or (homes[number] and not here):
            continue
        is_cut = len(here) != 1 or len(users[here[0]]) > 1
        yield _Row(number, turns, here, is_cut, number not in merged)


def _shown_times(homes: Sequence[HandedRow], hand: CueOverride | None) -> str:
    """The times that a row had: those set by hand, or else as it was exported."""
    if not homes:
        return ""
    start = hand.start if hand and hand.start is not None else homes[0].start
    end = hand.end if hand and hand.end is not None else homes[-1].end
    return _times_said(start, end)


def _times_said(start: int | None, end: int | None) -> str:
    parts = ("" if time is None else clock(time) for time in (start, end))
    return " \N{EN DASH} ".join(parts)
