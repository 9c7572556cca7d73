"""The writing of Scenarist SCC: what is on screen when, and the words that bring it there.

Both the file and what is said of its losses are made from one plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from granite_studio.core.captions import Caption
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import Rate, from_frames, timecode, to_frames
from granite_studio.formats.base import Content, Part
from granite_studio.formats.broadcast import (
    Look,
    Row,
    Spelling,
    pages,
    parts_words,
    place_of,
    rows_of,
    shared_out,
    tidied,
    wrapped,
)
from granite_studio.formats.reshaping import Shown, parts
from granite_studio.formats.scc_codes import (
    CODES,
    COLOURS,
    DROP,
    HEADER,
    HEIGHT,
    INDENT,
    ITALIC,
    MID_ROW,
    NON_DROP,
    ROW_CODES,
    TAB,
    UNDERLINE,
    WIDTH,
    Control,
)

MOST_ROWS = 4
DAY = 24 * 3_600_000
_SPACE = 0x20
_FRAME_MS = float(1000 / NON_DROP.frames)


def write(content: Content) -> bytes:
    """Pop-on captions. Raises `FormatError` for times that a day of time code cannot hold."""
    rate = NON_DROP if content.rate == NON_DROP else DROP
    lines = [HEADER, ""]
    sender = _Sender()
    for sent in _plan(content, sender):
        for frame, words in _runs(sent.words):
            lines += [_line(frame, words, rate), ""]
    for frame, words in _runs(sender.rest()):
        lines += [_line(frame, words, rate), ""]
    return "\n".join(lines).encode("ascii")


def reshaped(content: Content) -> Iterator[Part]:
    """What the file will make of the times and lines of the cues."""
    screens: dict[Caption, list[tuple[int, int]]] = {}
    merged: set[Caption] = set()
    wide: set[Caption] = set()
    parted: set[Caption] = set()
    for sent, gone in _with_ends(_plan(content, _Sender())):
        times = from_frames(sent.shown, NON_DROP), from_frames(gone, NON_DROP)
        for filled in sent.screen.cues:
            screens.setdefault(filled.cue, []).append(times)
            if filled.is_wrapped:
                wide.add(filled.cue)
            if filled.is_parted:
                parted.add(filled.cue)
        if len(sent.screen.cues) > 1:
            merged.update(filled.cue for filled in sent.screen.cues)
    return parts(
        (
            Shown(
                asked=(max(0, cue.start), max(0, cue.end)),
                screens=screens.get(cue, ()),
                is_merged=cue in merged,
                is_wrapped=cue in wide,
                is_parted=cue in parted,
            )
            for cue in content.as_captions().cues
        ),
        _FRAME_MS,
    )


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cue and the rows that it fills."""

    cue: Caption
    rows: list[Row]
    is_wrapped: bool
    is_parted: bool

    @property
    def start(self) -> int:
        return max(0, self.cue.start)

    @property
    def end(self) -> int:
        return max(self.start, self.cue.end)


@dataclass(frozen=True, slots=True)
class _Screen:
    """What is to be shown from a frame to that after its last, at a numpad place."""

    start: int
    end: int
    place: int
    rows: list[Row]
    cues: list[_Filled]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A screen, when it is shown, when it is erased if no other follows, and words on frames."""

    screen: _Screen
    shown: int
    erased: int
    words: list[tuple[int, int]]


def _plan(content: Content, sender: _Sender) -> Iterator[_Sent]:
    return (sender.send(screen) for screen in _screens(_filled(content)))


def _with_ends(plan: Iterable[_Sent]) -> Iterator[tuple[_Sent, int]]:
    """Each screen with the frame at which it goes."""
    everything = list(plan)
    for sent, following in pairwise(everything):
        yield sent, min(sent.erased, following.shown)
    if everything:
        yield everything[-1], everything[-1].erased


def _filled(content: Content) -> list[_Filled]:
    """The cues by their start; those without text are left out."""
    spelling = Spelling(CODES)
    found = []
    for cue in content.as_captions().cues:
        rows = [_in_colours(row) for row in rows_of(cue.text, spelling)]
        pieces = [piece for row in rows for piece in wrapped(row, WIDTH, _cells)]
        if pieces:
            is_parted = parts_words(pieces, _look_codes)
            found.append(_Filled(cue, pieces, len(pieces) > len(rows), is_parted))
    return sorted(found, key=lambda filled: filled.start)


def _in_colours(row: Row) -> Row:
    """The row in colours that line 21 has, and on black."""
    return tidied(
        [
            (
                sign,
                look._replace(colour=look.colour if look.colour in COLOURS else "", background=""),
            )
            for sign, look in row
        ]
    )


def _screens(filled: list[_Filled]) -> Iterator[_Screen]:
    """Cues that start in the same frame as one, and each screen at most four rows high."""
    for frame, together in groupby(filled, key=lambda each: to_frames(each.start, DROP)):
        group = list(together)
        end = max(to_frames(each.end, DROP) for each in group)
        heights = pages([row for each in group for row in each.rows], MOST_ROWS)
        place = place_of(group[0].cue)
        for (start, stop), rows in zip(shared_out(frame, end, heights), heights, strict=True):
            yield _Screen(start, stop, place, rows, group)


def _cells(row: Row) -> int:
    """How many columns a row takes up with its mid-row codes."""
    return len(_row_units(row)) + max(0, len(_look_codes(Look(), row[0][1])) - 1)


def _look_codes(old: Look, new: Look) -> list[int]:
    """The mid-row codes that change one look into another."""
    if old == new:
        return []
    colour = MID_ROW + 2 * COLOURS.index(new.colour)
    if not new.italic:
        return [colour + UNDERLINE * new.underline]
    italics = MID_ROW + ITALIC + UNDERLINE * new.underline
    return [italics] if old.colour == new.colour else [colour, italics]


_Unit = tuple[int, ...]
"""Words that must be sent without another between them: a doubled code, or two characters."""


def _row_units(row: Row) -> list[list[int]]:
    """The characters and codes of each column of a row.

    Characters are numbers below 256. A change of look stands in place of a space beside it.
    """
    units: list[list[int]] = []
    old = row[0][1]
    for sign, look in row:
        codes = _look_codes(old, look)
        if codes and units and units[-1] == [_SPACE]:
            units.pop()
        units += [[code] for code in codes]
        if not (codes and sign == " "):
            units.append([code for code in CODES[sign] if code])
        old = look
    return units


def _load(rows: list[Row], place: int) -> list[_Unit]:
    """What loads the rows into the memory that is not shown."""
    height, side = divmod(place - 1, 3)
    first = (HEIGHT + 1 - len(rows), (HEIGHT + 2 - len(rows)) // 2, 1)[height]
    units: list[_Unit] = [(code, code) for code in (Control.ERASE_LOADED, Control.RESUME_LOADING)]
    for number, row in enumerate(rows, first):
        units += _row_load(number, row, side)
    return units


def _row_load(number: int, row: Row, side: int) -> Iterator[_Unit]:
    units = _row_units(row)
    codes = _look_codes(Look(), row[0][1])
    column = (0, (WIDTH - len(units)) // 2, WIDTH - len(units))[side]
    if codes and column < len(codes):
        column = len(codes) - 1  # the first look is in the preamble, which then has no indent
        preamble = ROW_CODES[number] + (codes.pop(0) - MID_ROW)
        yield preamble, preamble
    else:
        tabs = column - len(codes)
        preamble = ROW_CODES[number] + INDENT + tabs // 4 * 2
        yield preamble, preamble
        if tabs % 4:
            yield TAB + tabs % 4, TAB + tabs % 4
    yield from _paired([*codes, *(part for unit in units for part in unit)])


def _paired(parts: Iterable[int]) -> Iterator[_Unit]:
    """Characters two in a word, codes doubled."""
    waiting = 0
    for part in parts:
        if part < 0x100 and not waiting:
            waiting = part << 8
        elif part < 0x100:
            yield (waiting | part,)
            waiting = 0
        else:
            if waiting:
                yield (waiting,)
            yield part, part
            waiting = 0
    if waiting:
        yield (waiting,)


class _Sender:
    """Places words on frames, so that each caption is loaded when it is to appear."""

    def __init__(self) -> None:
        self._free = 0
        self._erase: int | None = None

    def send(self, screen: _Screen) -> _Sent:
        """The words that show a screen from its first frame on, or as soon as they can."""
        load = _load(screen.rows, screen.place)
        size = sum(map(len, load))
        shown = max(screen.start, self._free + size)
        erase: list[tuple[int, int]] = []
        if self._erase is not None and self._erase < shown:
            count = min(2, shown - self._erase)
            # One more frame: a doubled code is not parted by the code that erases.
            shown = max(screen.start, self._free + size + count + 1)
            erase = [(self._erase + n, Control.ERASE_SHOWN) for n in range(count)]
        timed = erase + self._backwards(load, shown, erase)
        timed += [(shown + n, Control.END_OF_CAPTION) for n in range(2)]
        self._free = shown + 2
        self._erase = max(self._free, screen.end + shown - screen.start)
        return _Sent(screen, shown, self._erase, timed)

    def _backwards(
        self, load: list[_Unit], shown: int, erase: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Each word of the load and its frame, as late as can be."""
        taken = {frame for frame, _ in erase}
        timed: list[tuple[int, int]] = []
        before = shown
        for unit in reversed(load):
            first = before - len(unit)
            if any(frame in taken for frame in range(first, before)):
                first = erase[0][0] - len(unit)
            timed += [(first + n, word) for n, word in enumerate(unit)]
            before = first
        return timed

    def rest(self) -> list[tuple[int, int]]:
        """What erases the last caption."""
        if self._erase is None:
            return []
        return [(self._erase + n, Control.ERASE_SHOWN) for n in range(2)]


def _runs(timed: list[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Words on frames that follow each other, with the first frame."""
    timed.sort()
    for _, run in groupby(enumerate(timed), key=lambda entry: entry[1][0] - entry[0]):
        words = [word for _, word in run]
        yield words[0][0], [word for _, word in words]


def _line(frame: int, words: list[int], rate: Rate) -> str:
    ms = from_frames(frame, rate)
    if ms >= DAY:
        raise FormatError(
            "An SCC file has no times of 24 hours and more; shift the times, or choose SRT."
        )
    return f"{timecode(ms, rate)}\t{' '.join(map(_with_parity, words))}"


def _with_parity(word: int) -> str:
    high, low = (byte | (0x80 if byte.bit_count() % 2 == 0 else 0) for byte in divmod(word, 256))
    return f"{high:02x}{low:02x}"
