"""Scenarist SCC: the captions of line 21 (CEA-608) as words in hexadecimal, two bytes a frame.

Read: pop-on, paint-on and roll-up captions of the first caption channel that the file uses, with
italics, underline, colours and place. A pop-on caption lasts from its end-of-caption code until
it is erased or replaced; what is painted on is a caption from its first character until more is
painted; of rows that roll up each is a caption of its own, once, until the next one. Captions
still shown when the file ends stay for `LAST_SHOWN` ms. What runs over the right edge, where a
television would show one character on top of the other, is kept. Captions of other channels, text
services, extended data and blinking are left out, and counted. Times are those of the file, with
or without drop-frame, at 29.97 frames a second.

Written: pop-on captions with drop-frame times (a time moves by at most half a frame), or without
drop-frame where the content asks for 29.97 frames a second as they are, in the screen's 15 rows
of 32 columns, at most four rows each. Wide rows are wrapped, and a caption of more rows becomes
several, which share its time. A change of look in a row takes up a cell, so it shows as a space.
Characters that line 21 lacks become the nearest or "?"; black letters become white; backgrounds,
empty rows, blanks at the ends of rows, bold and identifiers are left out.

Only one caption is on screen at a time: it ends when the next one starts, and those that start
in the same frame become one. Text is sent ahead, so that a caption appears on its frame. Where
there is no time to send it, at the very beginning or between dense captions, it appears as soon
as it can and keeps its length. `scc_writing` plans it all and counts what becomes of the cues.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.timing import Rate, from_frames, parse_timecode, to_frames
from granite_studio.formats.base import (
    MIB,
    Carries,
    Format,
    Kind,
    Source,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.broadcast import CODE, Look, Row, alignment, cue_text
from granite_studio.formats.scc_codes import (
    BACKGROUND,
    BACKGROUNDS,
    BASIC,
    BLACK,
    BLACK_UNDERLINED,
    CODES,
    COLOURS,
    DATA_STARTS,
    DROP,
    EXTENDED,
    HEADER,
    HEIGHT,
    INDENT,
    ITALIC,
    MID_ROW,
    NO_BACKGROUND,
    NON_DROP,
    ROLL_UPS,
    ROWS,
    SPECIAL,
    TAB,
    TEXT_MODES,
    UNDERLINE,
    WIDTH,
    Control,
)
from granite_studio.formats.scc_writing import reshaped, write

LAST_SHOWN = 4_000
MOST_COLUMNS = 2 * WIDTH
_LINE = re.compile(r"\s*([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])([:;.,])([0-9]{1,2})\s(.*)")
_WORD = re.compile(r"\b[0-9a-fA-F]{4}\b")
_OTHER_CHANNEL = "caption of another channel", "captions of other channels"
_TEXT_SERVICE = "passage of a text service", "passages of text services"
_EXTENDED_DATA = "entry of extended data", "entries of extended data"
_BLINKING = "blinking passage", "blinking passages"
_LEFT_OUT = (_OTHER_CHANNEL, _TEXT_SERVICE, _EXTENDED_DATA, _BLINKING)
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
            rate = NON_DROP if match[4] == ":" else DROP
            decoder.take(_frame(match, rate), map(_without_parity, _WORD.findall(match[6])), rate)
    return decoder.captions()


def _frame(match: re.Match[str], rate: Rate) -> int:
    """The frame at which a line begins; numbers that do not exist are the nearest that do."""
    hours, minutes, seconds, _, frames = match.groups()[:5]
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
        self._rate: Rate | None = None
        self._unread: Counter[tuple[str, str]] = Counter()

    @property
    def _now(self) -> int:
        return from_frames(self._frame, NON_DROP)

    def captions(self) -> Captions:
        self._close(self._now + LAST_SHOWN)
        unread = tuple((self._unread[kind], *kind) for kind in _LEFT_OUT if self._unread[kind])
        return Captions(tuple(self._cues), unread=unread, frame_rate=self._rate)

    def take(self, frame: int, words: Iterable[int], rate: Rate) -> None:
        """Take the words of a line; each lasts one frame. Of a doubled code one counts."""
        self._rate = self._rate or rate
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
            self._unread[_EXTENDED_DATA] += word >> 8 in DATA_STARTS
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
        begins = word in ROLL_UPS or word in (Control.RESUME_LOADING, Control.RESUME_PAINTING)
        if self._channel is None and begins:
            self._channel = channel
        self._is_ours = channel == (self._channel or 0)
        self._unread[_TEXT_SERVICE] += word in TEXT_MODES
        if not self._is_ours:
            self._unread[_OTHER_CHANNEL] += begins
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
        elif word == Control.BLINK:
            self._unread[_BLINKING] += 1
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


FORMAT = Format(
    name="scc",
    extensions=(".scc",),
    title="Scenarist SCC captions",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.ITALICS
    | Carries.UNDERLINES
    | Carries.HUES
    | Carries.PLACEMENT
    | Carries.LINES,
    reshapes=reshaped,
    known_signs=lambda _text: CODES.keys(),
    write=write,
    read=read,
    limit=4 * MIB,
    in_frames=True,
    rates=(DROP, NON_DROP),
    names_in_text=True,
)
