"""The writing of EBU STL: what is on screen when, and the blocks that say so.

Both the file and what is said of its losses are made from one plan. Of subtitles that overlap, a
receiver shows the later one alone or lays one over the other, so those that are shown at once are
written as one with the rows of all, and each such time is a subtitle of its own. Those that come
one after another and go together are what the standard calls a cumulative set.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.showing import SHOWN
from granite_studio.core.timing import RATES, from_frames, to_frames
from granite_studio.formats.base import Content, Part
from granite_studio.formats.broadcast import (
    Row,
    Spelling,
    nearest,
    pages,
    parts_words,
    place_of,
    rows_of,
    shared_out,
)
from granite_studio.formats.frames import name_of
from granite_studio.formats.markup import plain
from granite_studio.formats.reshaping import Shown, parts
from granite_studio.formats.stl_characters import TABLES
from granite_studio.formats.stl_codes import (
    DOUBLE_HEIGHT,
    LAST,
    NEW_LINE,
    TEXT,
    UNUSED,
)
from granite_studio.formats.stl_head import (
    GROUP,
    ROWS,
    facts_of,
    head,
    parts_of,
)
from granite_studio.formats.stl_screen import NOTE, Screen, colour_codes

MOST_BLOCKS = 99_999
"""The head counts blocks in five digits."""
DAY = 24 * 3_600_000
STANDARD = (RATES["25"], RATES["30"])
"""The rates that the standard has, which are all that is written."""
_OTHER_RATE = "at {rate} frames a second (EBU STL has 25 and 30; written are {own})"


def write(content: Content) -> bytes:
    """Head and blocks. Raises `FormatError` for more than the format can count."""
    plan = _Plan(content)
    blocks: list[bytes] = []
    first: int | None = None
    subtitles = 0
    day = to_frames(DAY, plan.rate)
    for subtitles, shown in enumerate(plan.shown(), 1):
        if shown.end >= day:
            raise FormatError(
                "EBU STL has no times of 24 hours and more; shift the times, or choose SRT."
            )
        if shown.place != NOTE and first is None:
            first = shown.start
        times = b"".join(bytes(parts_of(at, plan.rate)) for at in (shown.start, shown.end))
        blocks += _blocks(subtitles - 1, times, shown, plan.screen.field(shown.rows, shown.place))
        if len(blocks) > MOST_BLOCKS:
            raise FormatError(
                f"An EBU STL file holds at most {MOST_BLOCKS:,} blocks of text; "
                "save a part of it, or choose SRT."
            )
    counts = len(blocks), subtitles
    kind = plan.rate, plan.display, plan.table
    return b"".join([head(content, kind, counts, first or 0), *blocks])


def display_of(captions: Captions) -> str:
    """The display standard: that of the file the captions come from, or open subtitles ("0"), or
    teletext of level 1 where there are colours, which open subtitles do not have."""
    own = facts_of(captions).get("DSC", "")
    return own or str(int(has_colours(captions)))


def known_signs(text: str) -> Collection[str]:
    return TABLES[_best_table(text)].codes


def _best_table(text: str) -> str:
    """The number of the table that loses the fewest characters, the first of equals."""
    signs = Counter(text)

    def lost(number: str) -> tuple[int, int]:
        known = TABLES[number].codes
        missing = [(count, nearest(sign, known)) for sign, count in signs.items()]
        return (
            sum(count for count, stands in missing if stands == "?"),
            sum(count for sign, count in signs.items() if sign not in known),
        )

    return min(TABLES, key=lost)


def has_colours(captions: Captions) -> bool:
    any_sign = Spelling(frozenset(map(chr, (*range(0x20, 0x7F), 0xA0))))
    return any(
        look.colour or look.background
        for cue in captions.cues
        if "<c" in cue.text or "<font" in cue.text.lower()
        for row in rows_of(cue.text, any_sign)
        for _, look in row
    )


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cue or a comment: its frames, the rows that it fills, and its place."""

    start: int
    end: int
    rows: list[Row]
    place: int
    number: int = -1
    """Which of the captions' cues it is, none for a comment."""
    is_wrapped: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """One subtitle of the file: its frames and rows, its place, and what it shows.

    Of a cumulative set it is the first, one between or the last (1, 2, 3), and has so many rows of
    the set above and below it.
    """

    start: int
    end: int
    rows: list[Row]
    place: int
    filled: tuple[_Filled, ...]
    cumulative: int = 0
    above: int = 0
    below: int = 0


class _Plan:
    """What is on screen when, so that both the file and what is said of its losses follow it."""

    def __init__(self, content: Content) -> None:
        captions = content.as_captions()
        self.table = _best_table("".join(plain(cue.text) for cue in captions.cues))
        self.display = display_of(captions)
        self.rate = content.rate if content.rate in STANDARD else STANDARD[0]
        self.screen = Screen(TABLES[self.table], self.display != "0")
        self._spelling = Spelling(TABLES[self.table].codes)
        self._content = content

    def shown(self) -> Iterator[_Shown]:
        """The subtitles by their start, and each comment behind the one that it follows."""
        notes, cues = self._filled()
        yield from self._paged(notes.get(-1, []))
        in_order = sorted(cues, key=lambda filled: filled.start)
        for cluster in _clusters(_without_flashes(in_order, to_frames(SHOWN, self.rate))):
            yield from self._paged(cluster) if len(cluster) == 1 else self._together(cluster)
            for filled in cluster:
                yield from self._paged(notes.get(filled.number, []))

    def _filled(self) -> tuple[dict[int, list[_Filled]], list[_Filled]]:
        """The comments by the cue that they follow, whose end is their time; and the cues."""
        notes: dict[int, list[_Filled]] = {}
        cues: list[_Filled] = []
        if self._content.is_draft:
            notes[-1] = [self._comment(self._content.labels.draft, 0)]
        for item in self._content.as_captions().items:
            if isinstance(item, Caption):
                lines = rows_of(item.text, self._spelling)
                rows = self.screen.fitted(lines)
                start = self._frame(item.start)
                end = max(start, self._frame(item.end))
                is_wrapped = len(rows) > len(lines)
                cues.append(
                    _Filled(start, end, rows, place_of(item), len(cues), is_wrapped=is_wrapped)
                )
            elif item.kind == "NOTE":
                time = cues[-1].end if cues else 0
                notes.setdefault(len(cues) - 1, []).append(self._comment(item.text, time))
        return notes, cues

    def _comment(self, text: str, time: int) -> _Filled:
        return _Filled(time, time, self.screen.fitted(rows_of(escape(text), self._spelling)), NOTE)

    def _frame(self, ms: int) -> int:
        """The frame nearest to a time."""
        return to_frames(max(0, ms), self.rate)

    def _paged(self, alone: Iterable[_Filled]) -> Iterator[_Shown]:
        """Screens of one cue or comment each, and several where its rows are too many."""
        for filled in alone:
            heights = pages(filled.rows, self.screen.most_rows)
            times = shared_out(filled.start, filled.end, heights)
            for (start, end), rows in zip(times, heights, strict=True):
                yield _Shown(start, end, rows, filled.place, (filled,))

    def _together(self, cluster: Sequence[_Filled]) -> Iterator[_Shown]:
        """Cues of which some are shown at once: a screen for each time in which the same are, and
        before them those that have no length. Where those at once have more rows than a screen,
        all are left as they are."""
        lasting = deque(f for f in cluster if f.start < f.end)
        if _most_rows(lasting) > self.screen.most_rows:
            yield from self._paged(cluster)
            return
        yield from self._paged(f for f in cluster if f.start == f.end)
        if _is_set(lasting):
            yield from _cumulative(lasting)
            return
        there: list[_Filled] = []
        for begin, stop in pairwise(sorted({at for f in lasting for at in (f.start, f.end)})):
            there = [f for f in there if f.end > begin]
            while lasting and lasting[0].start == begin:
                there.append(lasting.popleft())
            shown = sorted(there, key=lambda f: -_height(f.place))  # the top of the screen first
            rows = [row for f in shown for row in f.rows]
            yield _Shown(begin, stop, rows, shown[-1].place, tuple(shown))


def _is_set(cues: Sequence[_Filled]) -> bool:
    """Whether cues come one after another to the same place and go together."""
    starts, ends = {f.start for f in cues}, {f.end for f in cues}
    return len(starts) == len(cues) and len(ends) == len({f.place for f in cues}) == 1


def _cumulative(cues: Sequence[_Filled]) -> Iterator[_Shown]:
    """The same as a cumulative set, each cue below those that are there already."""
    above, below = 0, sum(len(f.rows) for f in cues)
    for number, f in enumerate(cues):
        below -= len(f.rows)
        status = 1 if not number else 3 if number == len(cues) - 1 else 2
        yield _Shown(f.start, f.end, f.rows, f.place, (f,), status, above, below)
        above += len(f.rows)


def _height(place: int) -> int:
    """The third of the screen, from the bottom."""
    return (place - 1) // 3


def _most_rows(cues: Iterable[_Filled]) -> int:
    """How many rows are shown at once at most."""
    rows = [(f, len(f.rows)) for f in cues]
    changes = sorted(change for f, n in rows for change in ((f.start, n), (f.end, -n)))
    return max(accumulate(by for _, by in changes), default=0)


def _without_flashes(cues: Sequence[_Filled], least: int) -> Iterator[_Filled]:
    """Cues in order of their start, each ending with the start of the next one where both would be
    there together for fewer frames than can be read."""
    for filled, after in pairwise(cues):
        is_flash = filled.start < after.start < filled.end < after.start + least
        yield replace(filled, end=after.start) if is_flash else filled
    yield from cues[-1:]


def _clusters(cues: Iterable[_Filled]) -> Iterator[list[_Filled]]:
    """Cues in order of their start, those together of which each overlaps one before it."""
    cluster: list[_Filled] = []
    reached = 0
    for filled in cues:
        if cluster and filled.start >= reached:
            yield cluster
            cluster = []
        cluster.append(filled)
        reached = max(filled.end, reached)
    if cluster:
        yield cluster


def reshaped(content: Content) -> Iterator[Part]:
    """What the file will make of the times and lines of the cues."""
    plan = _Plan(content)
    cues = content.as_captions().cues
    screens: list[list[tuple[int, int]]] = [[] for _ in cues]
    wrapped_ones, merged, moved, parted = set[int](), set[int](), set[int](), set[int]()
    for shown in plan.shown():
        times = from_frames(shown.start, plan.rate), from_frames(shown.end, plan.rate)
        for filled in shown.filled:
            if filled.place == NOTE:
                continue
            screens[filled.number].append(times)
            if filled.is_wrapped:
                wrapped_ones.add(filled.number)
            is_new = len(screens[filled.number]) == 1
            if is_new and plan.screen.teletext and parts_words(filled.rows, colour_codes):
                parted.add(filled.number)
            if len(shown.filled) > 1:
                merged.add(filled.number)
            if filled.place != shown.place:
                moved.add(filled.number)
    asked = (
        Shown(
            asked=(max(0, cue.start), max(0, cue.end)),
            screens=screens[number],
            is_merged=number in merged,
            is_wrapped=number in wrapped_ones,
            is_parted=number in parted,
        )
        for number, cue in enumerate(cues)
    )
    yield from parts(asked, float(1000 / plan.rate.frames))
    yield len(moved), "cue's place (merged with another)", "cues' places (merged with others)"
    if plan.rate != content.rate:
        told = _OTHER_RATE.format(rate=name_of(content.rate), own=name_of(plan.rate))
        yield len(cues), f"cue {told}", f"cues {told}"


def _blocks(number: int, times: bytes, shown: _Shown, text: bytes) -> Iterator[bytes]:
    """The blocks of one subtitle; all but the last are numbered."""
    group, number = divmod(number, GROUP)
    is_note = shown.place == NOTE
    row, column = divmod(shown.place - 1, 3) if not is_note else (0, 1)
    size = 2 if DOUBLE_HEIGHT in text else 1
    above, below = size * shown.above, size * shown.below
    height = above + text.count(NEW_LINE) + size + below
    first = above + (ROWS + 1 - height, (ROWS + 2 - height) // 2, 1)[row]
    parts = [text[at : at + TEXT] for at in range(0, len(text), TEXT)] or [b""]
    for count, part in enumerate(parts):
        extension = LAST if count == len(parts) - 1 else count
        yield (
            bytes((group, number & 0xFF, number >> 8, extension, shown.cumulative))
            + times
            + bytes((max(1, first), column + 1, is_note))
            + part.ljust(TEXT, bytes((UNUSED,)))
        )
