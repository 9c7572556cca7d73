"""Scenarist SCC: the captions of line 21 (CEA-608) as words in hexadecimal, two bytes a frame.

Read: pop-on, paint-on and roll-up captions of the first caption channel that the file uses, with
italics, underline, colours and place. A pop-on caption lasts from its end-of-caption code until
it is erased or replaced; what is painted on is a caption from its first character until more is
painted; of rows that roll up each is a caption of its own, once, until the next one. Captions
still shown when the file ends stay for `LAST_SHOWN` ms. What runs over the right edge, where a
television would show one character on top of the other, is kept. Text services, extended data and
blinking are left out. Times are those of the file, with or without drop-frame, at 29.97 frames a
second.

Written: pop-on captions with drop-frame times (a time moves by at most half a frame), or without
drop-frame where the content asks for 29.97 frames a second as they are, in the screen's 15 rows
of 32 columns, at most four rows each. Wide rows are wrapped, and a caption of more rows becomes
several, which share its time. A change of look in a row takes up a cell, so it shows as a space.
Characters that line 21 lacks become the nearest or "?"; black letters become white; backgrounds,
empty rows, blanks at the ends of rows, bold and identifiers are left out.

Only one caption is on screen at a time: it ends when the next one starts, and those that start
in the same frame become one. Text is sent ahead, so that a caption appears on its frame. Where
there is no time to send it, at the very beginning or between dense captions, it appears as soon
as it can and keeps its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import (
    RATES,
    Rate,
    from_frames,
    parse_timecode,
    timecode,
    to_frames,
)
from granite_studio.formats.base import (
    MIB,
    Carries,
    Content,
    Format,
    Kind,
    Source,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.broadcast import (
    CODE,
    Look,
    Row,
    Spelling,
    alignment,
    cue_text,
    pages,
    place_of,
    rows_of,
    shared_out,
    tidied,
    wrapped,
)
from granite_studio.formats.scc_codes import (
    BACKGROUND,
    BACKGROUNDS,
    BASIC,
    BLACK,
    BLACK_UNDERLINED,
    CODES,
    COLOURS,
    EXTENDED,
    INDENT,
    ITALIC,
    MID_ROW,
    NO_BACKGROUND,
    ROLL_UPS,
    ROW_CODES,
    ROWS,
    SPECIAL,
    TAB,
    TEXT_MODES,
    UNDERLINE,
    Control,
)

LAST_SHOWN = 4_000
WIDTH, HEIGHT, MOST_ROWS = 32, 15, 4
MOST_COLUMNS = 2 * WIDTH
DAY = 24 * 3_600_000
HEADER = "Scenarist_SCC V1.0"
_DROP, _NON_DROP = RATES["29.97 DF"], RATES["29.97"]
_LINE = re.compile(r"\s*([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])([:;.,])([0-9]{1,2})\s(.*)")
_WORD = re.compile(r"\b[0-9a-fA-F]{4}\b")
_SPACE = 0x20
_LEEWAY = 2
"""Text is centred if its margins differ by so many columns."""


def read(source: Source) -> Captions:
    """Read the captions in the order in which they appear."""
    text = source.text().lstrip("\ufeff \t\n")
    if not text[: len(HEADER)].lower().startswith("scenarist_scc"):
        raise unreadable(
            source.name, f"does not begin with “{HEADER}”", "choose a Scenarist SCC file"
        )
    refuse_too_much(source.name, text)
    decoder = _Decoder()
    for line in text.split("\n"):
        if match := _LINE.match(line):
            decoder.take(_frame(match), map(_without_parity, _WORD.findall(match[6])))
    return decoder.captions()


def _frame(match: re.Match[str]) -> int:
    """The frame at which a line begins; numbers that do not exist are the nearest that do."""
    hours, minutes, seconds, sign, frames = match.groups()[:5]
    rate = _NON_DROP if sign == ":" else _DROP
    frame = min(int(frames), rate.nominal - 1)
    if not int(seconds) and int(minutes) % 10:
        frame = max(frame, rate.dropped)
    ms = parse_timecode(f"{hours}:{minutes}:{seconds}:{frame}", rate)
    return to_frames(ms, rate)


def _without_parity(word: str) -> int:
    return int(word, 16) & 0x7F7F


@dataclass(slots=True)
class _Memory:
    """Rows of cells that are shown, or that wait to be shown."""

    rows: dict[int, list[tuple[str, Look] | None]] = field(default_factory=dict)

    def put(self, row: int, column: int, sign: str, look: Look) -> None:
        cells = self.rows.setdefault(row, [None] * MOST_COLUMNS)
        cells[column] = (sign, look)

    def clear(self, row: int, columns: slice) -> None:
        for column in range(*columns.indices(MOST_COLUMNS)):
            if row in self.rows:
                self.rows[row][column] = None

    def texts(self) -> list[tuple[int, int, Row]]:
        """Number, first column and cells of each row with text."""
        found = []
        for number in sorted(self.rows):
            cells = self.rows[number]
            inked = [at for at, cell in enumerate(cells) if cell and cell[0] not in (" ", CODE)]
            if inked:
                row = [cell or (" ", Look()) for cell in cells[inked[0] : inked[-1] + 1]]
                found.append((number, inked[0], row))
        return found


class _Decoder:
    """A decoder of one caption channel, and the captions that it has shown."""

    def __init__(self) -> None:
        self._cues: list[Caption] = []
        self._channel: int | None = None
        self._is_ours = True
        self._mode: Control | None = None
        self._shown, self._loaded = _Memory(), _Memory()
        self._since: int | None = None
        self._paints_anew = False
        self._row, self._column, self._look = HEIGHT, 0, Look()
        self._frame = 0

    @property
    def _now(self) -> int:
        return from_frames(self._frame, _NON_DROP)

    def captions(self) -> Captions:
        self._close(self._now + LAST_SHOWN)
        return Captions(tuple(self._cues))

    def take(self, frame: int, words: Iterable[int]) -> None:
        """Take the words of a line; each lasts one frame. Of a doubled code one counts."""
        last = 0
        for number, word in enumerate(words):
            is_code = 0x1000 <= word < 0x2000
            if is_code and word == last:
                last = 0
                continue
            last = word if is_code else 0
            if word:
                self._frame = frame + number
                self._one(word, is_code=is_code)

    def _one(self, word: int, *, is_code: bool) -> None:
        if is_code:
            self._code(word)
        elif word < 0x1000 and word >> 8:
            self._is_ours = False  # extended data, up to the next code
        elif self._is_ours:
            for byte in (word >> 8, word & 0xFF):
                if byte in BASIC:
                    self._put(BASIC[byte])

    def _code(self, word: int) -> None:
        """Act on a code in the terms of the first channel, which is the first that is used."""
        channel = word & 0x0800
        word &= 0xF7FF
        if word & 0xFF00 == 0x1500 and word & 0xFF < 0x40:
            word -= 0x100  # the second field's control codes
        if self._channel is None and (
            word in ROLL_UPS or word in (Control.RESUME_LOADING, Control.RESUME_PAINTING)
        ):
            self._channel = channel
        self._is_ours = channel == (self._channel or 0)
        if not self._is_ours:
            return
        if word & 0xFF >= 0x40:
            self._address(word)
        elif word & 0xFF00 == 0x1400:
            self._control(word)
        else:
            self._cell_code(word)

    def _cell_code(self, word: int) -> None:
        """Characters, tabs and looks."""
        if word in SPECIAL:
            self._put(SPECIAL[word])
        elif word in EXTENDED:
            self._back()
            self._put(EXTENDED[word])
        elif TAB < word <= TAB + 3:
            self._column = min(MOST_COLUMNS - 1, self._column + word - TAB)
        elif MID_ROW <= word < MID_ROW + 0x10:
            self._put(CODE)
            self._style(word)
        elif word in (BLACK, BLACK_UNDERLINED):
            self._look = self._look._replace(
                colour="black", underline=bool(word & UNDERLINE), italic=False
            )
        elif BACKGROUND <= word < BACKGROUND + 0x10:
            background = BACKGROUNDS[word >> 1 & 7]
            self._look = self._look._replace(background=background)
        elif word == NO_BACKGROUND:
            self._look = self._look._replace(background="")

    def _style(self, word: int) -> None:
        """Italics keep the colour; a colour ends italics."""
        underline = bool(word & UNDERLINE)
        if word & ITALIC == ITALIC:
            self._look = self._look._replace(italic=True, underline=underline)
        else:
            colour = COLOURS[(word & ITALIC) >> 1]
            self._look = self._look._replace(italic=False, underline=underline, colour=colour)

    def _address(self, word: int) -> None:
        row = ROWS.get(word & 0xFF60)
        if row is None:
            return
        if self._mode in ROLL_UPS and row != self._row and self._row in self._shown.rows:
            self._shown.rows = {row: self._shown.rows[self._row]}
        self._row, self._look = row, Look()
        if word & INDENT:
            self._column = (word & ITALIC) * 2
            self._look = Look(underline=bool(word & UNDERLINE))
        else:
            self._column = 0
            self._style(word)

    def _control(self, word: int) -> None:
        if word in ROLL_UPS:
            self._roll_up(Control(word))
        elif word in TEXT_MODES or word == Control.RESUME_LOADING:
            self._mode = Control(word)
        elif word == Control.RESUME_PAINTING:
            self._mode, self._paints_anew = Control.RESUME_PAINTING, True
        elif word == Control.END_OF_CAPTION:
            self._close(self._now)
            self._shown, self._loaded = self._loaded, self._shown
            self._mode, self._since = Control.RESUME_LOADING, self._now
        elif word == Control.ERASE_SHOWN:
            self._close(self._now)
            self._shown = _Memory()
        elif word == Control.ERASE_LOADED:
            self._loaded = _Memory()
        elif self._mode not in TEXT_MODES:
            self._edit(word)

    def _edit(self, word: int) -> None:
        if word == Control.CARRIAGE_RETURN and self._mode in ROLL_UPS:
            self._close(self._now)
            self._shown = _Memory()
            self._column, self._look = 0, Look()
        elif word == Control.BACKSPACE:
            self._back()
        elif word == Control.DELETE_TO_END:
            self._written_to().clear(self._row, slice(self._column, None))

    def _roll_up(self, mode: Control) -> None:
        if self._mode not in ROLL_UPS:
            self._close(self._now)
            self._shown, self._loaded = _Memory(), _Memory()
            self._row, self._column, self._look = HEIGHT, 0, Look()
        self._mode = mode

    def _written_to(self) -> _Memory:
        on_screen = self._mode == Control.RESUME_PAINTING or self._mode in ROLL_UPS
        return self._shown if on_screen else self._loaded

    def _back(self) -> None:
        self._column = max(0, self._column - 1)
        self._written_to().clear(self._row, slice(self._column, self._column + 1))

    def _put(self, sign: str) -> None:
        if self._mode is None or self._mode in TEXT_MODES:
            return
        memory = self._written_to()
        if memory is self._shown:
            if self._paints_anew and self._mode == Control.RESUME_PAINTING:
                self._close(self._now)
                self._paints_anew = False
            if self._since is None:
                self._since = self._now
        memory.put(self._row, self._column, sign, self._look)
        self._column = min(MOST_COLUMNS - 1, self._column + 1)

    def _close(self, now: int) -> None:
        """Keep what has been on screen until now as a caption."""
        texts = self._shown.texts()
        if texts and self._since is not None:
            text = cue_text(row for _, _, row in texts)
            column = 1 if self._mode in ROLL_UPS else _column_of(texts)
            place = alignment(_height_of(texts), column)
            self._cues.append(Caption(self._since, max(self._since, now), text, alignment=place))
        self._since = None


def _height_of(texts: list[tuple[int, int, Row]]) -> int:
    """Which third of the screen the rows stand in, 0 at the bottom."""
    middle = (texts[0][0] + texts[-1][0]) / 2
    return 2 if middle <= HEIGHT / 3 else 1 if middle <= HEIGHT * 2 / 3 else 0


def _column_of(texts: list[tuple[int, int, Row]]) -> int:
    """0 for text at the left edge, 2 for the right, 1 for all that is centred or in between."""
    margins = [(left, WIDTH - left - len(row)) for _, left, row in texts]
    if all(abs(left - right) <= _LEEWAY for left, right in margins):
        return 1
    if all(left <= 1 for left, _ in margins):
        return 0
    return 2 if all(right <= 0 for _, right in margins) else 1


def write(content: Content) -> bytes:
    """Pop-on captions. Raises `FormatError` for times that a day of time code cannot hold."""
    spelling = Spelling(CODES)
    rate = _NON_DROP if content.frame_rate == _NON_DROP else _DROP
    lines = [HEADER, ""]
    sender = _Sender()
    for start, end, place, rows in _merged(_screens(content, spelling)):
        for frame, words in sender.send(start, end, _load(rows, place)):
            lines += [_line(frame, words, rate), ""]
    for frame, words in sender.rest():
        lines += [_line(frame, words, rate), ""]
    return "\n".join(lines).encode("ascii")


_Screenful = tuple[int, int, int, list[Row]]
"""First frame, frame after the last, numpad place, rows."""


def _screens(content: Content, spelling: Spelling) -> list[_Screenful]:
    """What is to be shown, by its start; captions without text are left out."""
    found = []
    for cue in content.as_captions().cues:
        rows = [
            piece
            for row in rows_of(cue.text, spelling)
            for piece in wrapped(_in_colours(row), WIDTH, _cells)
        ]
        if rows:
            found.append((max(0, cue.start), max(0, cue.start, cue.end), place_of(cue), rows))
    return sorted(found, key=lambda screenful: screenful[0])


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


def _merged(screens: list[_Screenful]) -> Iterator[_Screenful]:
    """Those that start in the same frame as one, and each at most four rows high."""
    for frame, together in groupby(screens, key=lambda screen: to_frames(screen[0], _DROP)):
        group = list(together)
        end = max(to_frames(screen[1], _DROP) for screen in group)
        parts = pages([row for screen in group for row in screen[3]], MOST_ROWS)
        for (start, stop), part in zip(shared_out(frame, end, parts), parts, strict=True):
            yield start, stop, group[0][2], part


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

    def send(self, start: int, end: int, load: list[_Unit]) -> Iterator[tuple[int, list[int]]]:
        """The runs of words that show a caption from this frame to that."""
        size = sum(map(len, load))
        shown = max(start, self._free + size)
        erase: list[tuple[int, int]] = []
        if self._erase is not None and self._erase < shown:
            count = min(2, shown - self._erase)
            # One more frame: a doubled code is not parted by the code that erases.
            shown = max(start, self._free + size + count + 1)
            erase = [(self._erase + n, Control.ERASE_SHOWN) for n in range(count)]
        timed = erase + self._backwards(load, shown, erase)
        timed += [(shown + n, Control.END_OF_CAPTION) for n in range(2)]
        self._free = shown + 2
        self._erase = max(self._free, end + shown - start)
        return _runs(timed)

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

    def rest(self) -> Iterator[tuple[int, list[int]]]:
        """What erases the last caption."""
        if self._erase is None:
            return iter(())
        return _runs([(self._erase + n, Control.ERASE_SHOWN) for n in range(2)])


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


FORMAT = Format(
    name="scc",
    extensions=(".scc",),
    title="Scenarist SCC captions",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.ITALICS
    | Carries.UNDERLINES
    | Carries.HUES
    | Carries.PLACEMENT
    | Carries.LINES,
    known_signs=lambda _text: CODES.keys(),
    write=write,
    read=read,
    limit=4 * MIB,
    in_frames=True,
)
