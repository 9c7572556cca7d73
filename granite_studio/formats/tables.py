"""Tables of cues: CSV and TSV, for spreadsheets and for programs.

The writer gives the columns number, start, end, duration, speaker and text, quoted by RFC 4180,
CSV with the mark by which spreadsheets know UTF-8. A cell that a spreadsheet would take for a
formula gets an apostrophe in front, which the reader takes away again. Tabs in a TSV become
spaces, since few readers know quotes there.

The reader takes columns in any order by their names, in a dozen languages, and in a table without
names guesses: columns of times, a column of few texts that come again (speakers), and the column
with most text. Times may be clocks (1:02:03.5, 12:41, 1h02m03s), seconds, time codes of frames, or
milliseconds, where a column is named so or whole numbers are too far apart for seconds. Frames are
counted at the rate that the reader is told, or at one that is guessed. Where a table has no ends,
a cue lasts until the next.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median_low

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.timing import Rate, clock
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.frames import FRAME_RATE, counting, named, time_of, voiced
from granite_studio.formats.turns import Line, faulty

MOST_COLUMNS = 1000
LAST = 2_000
"""How many ms a last cue without an end is shown."""

FORMULA = "\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
"""What a spreadsheet takes for the begin of a formula, with the wide signs of Asian keyboards."""

LONGEST_CUE_S = 200
"""Cues for which whole numbers are seconds last no longer as a rule; else they are ms."""

_TIMES = ("start", "end", "duration")
_HEADER = ("number", "start", "end", "duration", "speaker", "text")
_SAMPLE = 200
_SAMPLED = 1 << 20
"""Rows that a guess is made from, and the most characters in them."""
_TITLES = 10
"""So many rows may stand above the names of the columns."""
_MARK = b"\xef\xbb\xbf"
_RISKY = re.compile(f"'*(?:{FORMULA})")
_SEPARATOR = re.compile(r"sep=(.)\n?", re.IGNORECASE)
_NEEDS_QUOTES = re.compile(r'[",;|\t\r\n]|^ | \Z')
_WHOLE = re.compile("[0-9]{1,12}")

_NAMES = {
    "number": (
        "number no nr n # id index idx cue line nummer numéro numero número 番号 序号 编号 "
        "번호 номер"
    ),
    "start": (
        "start in begin from start|time starttime begin|time time|in in|point tc|in "
        "timecode|in in|timecode in|time start|timecode begins onset timecode time beginn "
        "anfang von zeit startzeit début debut de entrée inicio início desde entrada tiempo "
        "inizio da ingresso tempo van begintijd börjar fra 開始 開始時間 开始 开始时间 入点 "
        "时间 時間 시작 시작|시간 시간 начало время"
    ),
    "end": (
        "end out to stop finish until end|time endtime time|out out|point tc|out timecode|out "
        "out|timecode out|time end|timecode ends offset ende bis endzeit fin à sortie hasta "
        "salida fine uscita fim final até saída eind einde tot slut til 終了 終了時間 结束 "
        "结束时间 出点 끝 종료 종료|시간 конец"
    ),
    "duration": (
        "duration dur length dauer länge durée duración duracion duração duracao durata "
        "lengte duur varaktighet varighed 長さ 时长 持续时间 길이 длительность"
    ),
    "speaker": (
        "speaker name who actor character voice person participant role speaker|name "
        "speaker|id marker|name sprecher sprecherin rolle locuteur orateur intervenant "
        "personnage nom hablante orador locutor personaje nombre falante personagem nome "
        "parlante relatore spreker talare taler 話者 发言人 说话人 講者 화자 говорящий спикер"
    ),
    "text": (
        "text transcript transcription subtitle subtitles caption captions sentence segment "
        "utterance dialogue dialog content words lyrics untertitel transkript inhalt texte "
        "sous-titre sous-titres transcripción subtítulo subtitulo texto transcrição legenda "
        "testo sottotitolo trascrizione tekst 字幕 テキスト 文本 内容 자막 텍스트 текст "
        "субтитры"
    ),
    "remark": (
        "description label comment comments note notes beschreibung kommentar commentaire "
        "descripción comentario descrição comentário descrizione commento 描述 説明 备注 설명 "
        "описание"
    ),
}
"""What columns are called; a bar stands for a space. A remark is the text where no other is."""
_ROLE_OF = {
    name.replace("|", " "): role for role, names in _NAMES.items() for name in names.split()
}
_UNITS = {
    "ms": "ms msec millis milliseconds millisekunden millisecondes milisegundos millisecondi",
    "s": "s sec secs seconds sek sekunden secondes segundos secondi",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_UNIT = re.compile(r"(.*?)[ _.(\[-]+(?:in[ _])?(\w+)[)\]]*")
_CLOCK = re.compile(r"(-?)(?:([0-9]{1,9}):)?([0-9]{1,4}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?")
_UNITED = re.compile(
    r"(?=[0-9])(?:([0-9]{1,4})[ ]?h(?:rs?)?[ ]?)?(?:([0-9]{1,5})[ ]?m(?:in)?[ ]?)?"
    r"(?:([0-9]{1,7})(?:[.,]([0-9]{1,9}))?[ ]?s(?:ec)?)?"
)
_NUMBER = re.compile(r"(-?)([0-9]{1,12})(?:[.,]([0-9]{1,12}))?[ ]?(ms|s)?")
_FRAMES = re.compile(r"[0-9]{2}[:;.][0-9]{2}[:;.][0-9]{2}[:;][0-9]{2,3}|[0-9]{2}(?:;[0-9]{2}){3}")

_DELIMITERS = "\t;,|"
_COLUMNS_TO_GUESS = 50
_LONGEST_NAME = 60
_LONGEST_TIME = 30

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns hold what, by their role, and in what unit their plain numbers count."""

    columns: Mapping[str, int]
    units: Mapping[str, str]
    first: int
    """The row with the first cue."""
    named: bool

    @property
    def score(self) -> tuple[bool, int]:
        return self.named, len(self.columns)

    def cell(self, row: Row, role: str) -> str:
        column = self.columns.get(role, len(row))
        return row[column] if column < len(row) else ""


def read(source: Source) -> Captions:
    """Read the cues of a table. Raises `FormatError` naming a line that is faulty."""
    text = source.text()
    refuse_too_much(source.name, text)
    if not text.strip():
        return Captions()
    delimiters = _DELIMITERS
    if separator := _SEPARATOR.match(text):
        delimiters, text = separator[1], text[separator.end() :]
    layouts = [
        (layout, delimiter)
        for delimiter in delimiters
        if (layout := _layout(_sample(text, delimiter)))
    ]
    if not layouts:
        raise unreadable(
            source.name,
            "has no columns of times in it",
            "name its columns start, end and text in the first row",
        )
    layout, delimiter = max(layouts, key=lambda found: found[0].score)
    lines = itertools.islice(_lines(text, delimiter), layout.first, None)
    times = _Times(list(lines), layout, source)
    cues = tuple(_cues(times, layout))
    counted = times.counted
    if not times.has_codes:
        return Captions(cues)
    return Captions(cues, frame_rate=counted.rate, is_rate_guessed=counted.is_guessed)


def _sample(text: str, delimiter: str) -> list[Row]:
    return [line.fields for line in itertools.islice(_lines(text[:_SAMPLED], delimiter), _SAMPLE)]


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    """The rows with something in them. Only a quote that closes at a delimiter is one."""
    parting = re.escape(delimiter)
    inside = '[^"\t]' if delimiter == "\t" else '[^"]'
    end = rf"({parting}|\n|\Z)"
    cell = re.compile(rf' *+"((?:{inside}++|"")*+)" *+{end}|([^{parting}\n]*+){end}')
    row: list[str] = []
    number = 1
    lines = 0
    for match in cell.finditer(text):
        quoted, quoted_end, bare, bare_end = match.groups()
        if len(row) < MOST_COLUMNS:
            row.append(bare.strip(" ") if quoted is None else quoted.replace('""', '"'))
        lines += match.group().count("\n")
        if (quoted_end or bare_end) != delimiter:
            if any(row):
                yield Line(number, tuple(row))
            row = []
            number += lines
            lines = 0


def _layout(rows: Sequence[Row]) -> _Layout | None:
    """What the columns of these first rows hold, by their names or else by their looks."""
    for number, row in enumerate(rows[:_TITLES]):
        if layout := _named(row, number + 1):
            return _with_text(layout, rows)
    for number, row in enumerate(rows[:_TITLES]):
        if any(map(_is_time, row[:_COLUMNS_TO_GUESS])):
            return _guessed(rows[number:], number)
    return None


def _named(row: Row, first: int) -> _Layout | None:
    if any(map(_is_time, row)):
        return None
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    for column, cell in enumerate(row):
        role, unit = _role(cell)
        if role and role not in columns:
            columns[role] = column
            units[role] = unit
    remark = columns.pop("remark", None)
    if remark is not None:
        columns.setdefault("text", remark)
    if "start" not in columns or len(columns) < 2:
        return None
    return _Layout(columns, units, first, named=True)


def _role(cell: str) -> tuple[str, str]:
    """What a column of this name holds, and the unit in the name."""
    name = unicodedata.normalize("NFC", cell[:_LONGEST_NAME]).casefold()
    name = " ".join(name.replace("_", " ").split()).strip("\"'*: ")
    if role := _ROLE_OF.get(name):
        return role, ""
    match = _UNIT.fullmatch(name)
    unit = _UNIT_OF.get(match[2], "") if match else ""
    return (_ROLE_OF.get(match[1], ""), unit) if match and unit else ("", "")


def _with_text(layout: _Layout, rows: Sequence[Row]) -> _Layout:
    """With the fullest of the other columns for the text, where none is called so."""
    if "text" in layout.columns:
        return layout
    fullest = _fullest(rows[layout.first :], set(layout.columns.values()))
    return replace(layout, columns={**layout.columns, **fullest})


def _fullest(rows: Sequence[Row], taken: Set[int]) -> dict[str, int]:
    sizes: dict[int, int] = {}
    for row in rows:
        for column, cell in enumerate(row[:_COLUMNS_TO_GUESS]):
            if cell and column not in taken:
                sizes[column] = sizes.get(column, 0) + len(cell)
    return {"text": max(sizes, key=lambda column: sizes[column])} if sizes else {}


def _guessed(rows: Sequence[Row], first: int) -> _Layout | None:
    """The columns of a table without names; None where no column is one of times."""
    width = min(max(map(len, rows)), _COLUMNS_TO_GUESS)
    cells = [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
    timed = [column for column in range(width) if _are_times(cells[column])]
    clocks = [column for column in timed if any(":" in cell for cell in cells[column])]
    columns: dict[str, int] = {}
    if not clocks and _are_numbers(cells, timed):
        columns["number"] = timed.pop(0)
    times = clocks or timed
    if not times:
        return None
    columns["start"] = times[0]
    if len(times) > 1:
        pairs = zip(cells[times[0]], cells[times[1]], strict=True)
        rises = all(_rough(one) <= _rough(other) for one, other in pairs if other)
        columns["end" if rises else "duration"] = times[1]
    columns |= _fullest(rows, {*timed, *columns.values()})
    for column in range(width):
        if column not in columns.values() and column not in timed:
            there = {cell for cell in cells[column] if cell}
            returns = len(there) * 2 <= sum(map(bool, cells[column]))
            columns.setdefault("speaker" if returns and there else "number", column)
    return _Layout(columns, {}, first, named=False)


def _are_times(cells: Sequence[str]) -> bool:
    there = [cell for cell in cells if cell.strip()]
    return len(there) * 2 > len(cells) and all(map(_is_time, there))


def _are_numbers(cells: Sequence[Sequence[str]], timed: Sequence[int]) -> bool:
    """Whether the first column of plain numbers counts the rows, and is no time."""
    if len(timed) < 2 or not all(map(_WHOLE.fullmatch, cells[timed[0]])):
        return False
    counted = [int(cell) for cell in cells[timed[0]]]
    counts = all(after - before == 1 for before, after in itertools.pairwise(counted))
    return counts and (len(timed) > 2 or not all(map(_WHOLE.fullmatch, cells[timed[1]])))


def _rough(cell: str) -> Fraction:
    """A time to compare with others of its column."""
    value = _milliseconds(cell, "s", FRAME_RATE)
    return Fraction(0) if value is None else value


def _is_time(cell: str) -> bool:
    return _milliseconds(cell, "s", None) is not None


def _milliseconds(cell: str, unit: str, rate: Rate | None) -> Fraction | None:
    """The time in ms, or None for what is none. `unit` is that of plain numbers.

    Without a `rate` any time code of frames is a time, and 0.
    """
    cell = cell.strip()
    if not cell or cell[0] not in "-0123456789" or len(cell) > _LONGEST_TIME:
        return None
    if match := _CLOCK.fullmatch(cell):
        return _of_clock(*match.groups(""))
    if match := _NUMBER.fullmatch(cell):
        sign, whole, decimals, named = match.groups("")
        value = Fraction(f"{sign}{whole}.{decimals or 0}")
        return value if (named or unit) == "ms" else value * 1000
    if _FRAMES.fullmatch(cell):
        return _of_frames(cell, rate)
    if match := _UNITED.fullmatch(cell):
        hours, minutes, seconds, decimals = match.groups("0")
        return _of_clock("", hours, minutes, seconds, decimals, free=True)
    return None


def _of_clock(
    sign: str, hours: str, minutes: str, seconds: str, decimals: str, *, free: bool = False
) -> Fraction | None:
    """The time in ms. Seconds and, behind hours, minutes end at 59 unless they are `free`."""
    if not free and (int(seconds) > 59 or (hours and int(minutes) > 59)):
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return Fraction(f"{sign}{whole}.{decimals or 0}") * 1000


def _of_frames(code: str, rate: Rate | None) -> Fraction | None:
    if rate is None:
        return Fraction(0)
    try:
        return Fraction(time_of(code, rate))
    except ValueError:
        return None


def _cues(reader: _Times, layout: _Layout) -> Iterator[Caption]:
    timed = [(line, reader.span(line)) for line in reader.lines if not reader.is_empty(line)]
    starts = [start for _, (start, _) in timed]
    for (line, (start, end)), following in zip(timed, [*starts[1:], 0], strict=False):
        if end is None:
            end = following if following > start else start + LAST
        speaker, text, name = (
            _unharmed(layout.cell(line.fields, role)) for role in ("speaker", "text", "number")
        )
        yield Caption(start, end, voiced(speaker, text), name.strip())


class _Times:
    """Reads the times of rows, after a look at all of them for the unit and the frame rate."""

    def __init__(self, lines: Sequence[Line], layout: _Layout, source: Source) -> None:
        self.lines = lines
        self._layout = layout
        self._source = source
        cells = {role: [self._cell(line, role) for line in lines] for role in _TIMES}
        codes = [cell for column in cells.values() for cell in column if _FRAMES.fullmatch(cell)]
        counted = counting(codes, told=source.frame_rate)
        if counted is None:
            raise unreadable(
                source.name,
                "has time codes of more than 60 frames a second",
                "export it again at a usual frame rate",
            )
        self.counted = counted
        self.has_codes = bool(codes)
        self._unit = _unit_of(cells)

    def _cell(self, line: Line, role: str) -> str:
        return _unharmed(self._layout.cell(line.fields, role)).strip()

    def is_empty(self, line: Line) -> bool:
        return not self._cell(line, "start") and not self._cell(line, "text")

    def span(self, line: Line) -> tuple[int, int | None]:
        """Start and end in ms; the end is None where the row has none."""
        start = self._time(line, "start")
        if self._cell(line, "end"):
            return round(start), round(self._time(line, "end"))
        if self._cell(line, "duration"):
            return round(start), round(start + self._time(line, "duration"))
        return round(start), None

    def _time(self, line: Line, role: str) -> Fraction:
        cell = self._cell(line, role)
        unit = self._layout.units.get(role) or self._unit
        value = _milliseconds(cell, unit, self.counted.rate)
        if value is None:
            raise faulty(self._source, line.number, f"has “{cell[:20]}” where a time should be")
        return value


def _unit_of(cells: Mapping[str, Sequence[str]]) -> str:
    """Milliseconds where all times are whole numbers and lie too far apart for seconds."""
    there = [cell for column in cells.values() for cell in column if cell]
    if not there or not all(map(_WHOLE.fullmatch, there)):
        return "s"
    starts = [int(cell) for cell in cells["start"] if cell]
    lengths = [
        int(end) - int(start)
        for start, end in zip(cells["start"], cells["end"], strict=True)
        if start and end
    ]
    lengths = lengths or [int(cell) for cell in cells["duration"] if cell]
    lengths = lengths or [after - before for before, after in itertools.pairwise(starts)]
    return "ms" if lengths and median_low(lengths) > LONGEST_CUE_S else "s"


def _unharmed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would calculate it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def write_csv(content: Content) -> bytes:
    """The cues parted by commas, in UTF-8 with its mark."""
    return _MARK + _written(content, ",")


def write_tsv(content: Content) -> bytes:
    """The cues parted by tabs, in UTF-8."""
    return _written(content, "\t")


def _written(content: Content, delimiter: str) -> bytes:
    tab = " " if delimiter == "\t" else "\t"
    rows: Iterable[Row] = (
        _row(number, cue, tab) for number, cue in enumerate(content.as_captions().cues, start=1)
    )
    lines = (
        delimiter.join(_quoted(harmless(cell)) for cell in row)
        for row in itertools.chain([_HEADER], rows)
    )
    return encoded("".join(f"{line}\r\n" for line in lines))


def _row(number: int, cue: Caption, tab: str) -> Row:
    speaker, text = named(cue.text)
    times = map(_signed_clock, (cue.start, cue.end, max(0, cue.end - cue.start)))
    return (str(number), *times, speaker, text.replace("\t", tab))


def _signed_clock(ms: int) -> str:
    return clock(ms) if ms >= 0 else f"-{clock(-ms)}"


def _quoted(cell: str) -> str:
    if not _NEEDS_QUOTES.search(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


CSV = Format(
    name="csv",
    extensions=(".csv",),
    title="Comma-separated table",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.LINES | Carries.EARLY | Carries.BACKWARDS,
    write=write_csv,
    read=read,
)
TSV = Format(
    name="tsv",
    extensions=(".tsv",),
    title="Tab-separated table",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.LINES | Carries.EARLY | Carries.BACKWARDS,
    write=write_tsv,
    read=read,
)
