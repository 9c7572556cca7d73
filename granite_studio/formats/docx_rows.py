"""Rows of the tables that we write into Word files: which cell holds what.

A table is known by its head, so that columns may have been moved or taken out, and else by the
styles of its cells; a program may have lost one of the two, and a person too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, Note, Word
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.importing import from_captions
from granite_studio.core.roundtrip.cue_pieces import read_time
from granite_studio.core.roundtrip.handed import CameRow
from granite_studio.core.unspaced import words_of
from granite_studio.core.voices import joined_names, names_of
from granite_studio.formats import shared_cues
from granite_studio.formats.base import Labels
from granite_studio.formats.docx_tables import END, NAME, NUMBER, OTHER, START, TEXT
from granite_studio.formats.docx_text import Block, Row, Run
from granite_studio.formats.foreign.annotations import PLAIN, Annotation, annotated
from granite_studio.formats.foreign.running import Line

TIME, SPEAKER, SPOKEN = "timecode", "speaker", "transcript"
"""Styles, by their names in small letters without spaces."""
_QUOTED = "highlighted"
_AHEAD = 12
"""So many words further a word of a cue is looked for among those of the rows."""
_TIME, _NAME, _HEAD, _STALE = "transcripttime", "transcriptname", "transcripthead", "outofdate"
NOT_TEXT = frozenset(
    {
        *("title", "subtitle", "transcriptfact", "transcriptdraft", "untranscribed"),
        *("translation", _HEAD, "transcriptnumber"),
    }
)
"""Styles of paragraphs that hold nothing that was said."""
_STYLES = {"transcriptnumber": NUMBER, _NAME: NAME, SPOKEN: TEXT, "translation": OTHER}
CLOCK = r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]{1,3})?"
ONLY_TIME = re.compile(rf"[\[(]?({CLOCK})[\])]?")
_NUMBER = re.compile(r"[0-9]{1,6}\.?")
_EXACT = re.compile(r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the cells of a table hold, from left to right, as far as that is known, and the
    languages of its text and of what stands beside that; empty where nobody says so."""

    kinds: tuple[str, ...] = ()
    language: str = ""
    beside: str = ""

    def cells(self, row: Row) -> Mapping[str, list[Block]]:
        """The cells of a row by what they hold. One that is known for nothing is left out."""
        found: dict[str, list[Block]] = {}
        if len(row) == len(self.kinds):
            return dict(zip(self.kinds, row, strict=True))
        for cell in row:
            kind = _kind(cell)
            if kind == START and START in found:
                kind = END
            if kind:
                found.setdefault(kind, cell)
        return found


def columns_of(rows: Sequence[Row]) -> Columns:
    """What the columns of this table are, by its head; of a table without one nothing is known."""
    labels = Labels()
    names = {
        labels.number: NUMBER,
        labels.start: START,
        labels.end: END,
        labels.speaker: NAME,
        labels.text: TEXT,
    }
    for row in rows[:1]:
        kinds, languages = [], []
        for cell in row:
            said = _said(cell)
            text = re.fullmatch(rf"{re.escape(labels.text)} \(([A-Za-z0-9-]{{1,35}})\)", said)
            if text:
                languages.append(text[1])
            kinds.append(names.get(said) or ((TEXT, OTHER)[len(languages) > 1] if text else ""))
        if TEXT in kinds and all(kinds):
            return Columns(tuple(kinds), *languages[:2])
    return Columns()


def is_head(row: Row) -> bool:
    """Whether a row says what the columns are."""
    blocks = [block for cell in row for block in cell]
    styled = bool(blocks) and all(block.style == _HEAD for block in blocks)
    return styled or bool(columns_of([row]).kinds)


def is_of_cues(rows: Sequence[Row]) -> bool:
    """Whether this is a table of cues, which shows times to the millisecond."""
    columns = columns_of(rows)
    cells = [columns.cells(row) for row in rows]
    times = [_said(cell[kind]) for cell in cells for kind in (START, END) if kind in cell]
    exact = sum(bool(_EXACT.fullmatch(time)) for time in times)
    return exact > 0 and exact * 2 >= len(rows)


def cue_rows(rows: Sequence[Row], comments: Mapping[str, str]) -> Iterator[CameRow]:
    """The rows of a table of cues. `comments` are texts of comments by their ids."""
    for cells in _cells_of_cues(rows):
        number = _said(cells.get(NUMBER, []))
        lines, notes = _lines(cells[TEXT], comments)
        yield CameRow(
            lines,
            _cleaned(_said(cells.get(NAME, [])).removesuffix(":")),
            # One time alone may be the end as well as the start.
            _said(cells[START]) if START in cells and END in cells else "",
            _said(cells[END]) if START in cells and END in cells else "",
            int(number.rstrip(".")) if _NUMBER.fullmatch(number) else None,
            notes,
        )


def _cleaned(speaker: str) -> str:
    """A name, or several that are joined, as speakers have it."""
    return joined_names(list(map(clean_name, names_of(speaker))))


Looks = list[tuple[str, Annotation]]
"""The words of a row, each with how it looks and what it is quoted for."""


def cue_looks(rows: Sequence[Row]) -> Iterator[Looks]:
    """The same rows' words and looks."""
    for cells in _cells_of_cues(rows):
        line = Line()
        for block in cells[TEXT]:
            line.say("\n")
            for run in block.runs:
                line.say(run.text, annotation_of(run))
        yield [(text, each.annotation) for each in line.pieces for text in words_of(each.text)]


def _cells_of_cues(rows: Sequence[Row]) -> Iterator[Mapping[str, list[Block]]]:
    columns = columns_of(rows)
    for row in rows:
        cells = columns.cells(row)
        said = cells.get(TEXT, [])
        is_gap = any(block.style == "untranscribed" for block in said)
        if TEXT in cells and not is_head(row) and not is_gap:
            yield cells


def transcript_of(rows: Sequence[CameRow], looks: Sequence[Looks], language: str) -> Document:
    """The rows as a transcript of which they are the cues, with the remarks, quotes and looks at
    their words. One without a time that can be read stands behind the one before it."""
    said: list[tuple[Caption, CameRow, Looks]] = []
    reached = 0
    for row, look in zip(rows, looks, strict=True):
        start, end = read_time(row.start), read_time(row.end)
        start = reached if start is None else start
        reached = start if end is None else max(start, end)
        text = "\n".join(escape(line) for line in row.lines)
        text = shared_cues.voiced(row.speaker, text) if row.speaker else text
        if any(map(words_of, row.lines)):
            said.append((Caption(start, reached, text), row, look))
    said.sort(key=lambda each: each[0].start)
    captions = Captions(tuple(caption for caption, _, _ in said))
    document = from_captions(captions, language=language)
    shown = [pair for _, _, look in said for pair in look]
    document = annotated(document, list(_with_looks(document, shown)))
    return _with_notes(document, [row for _, row, _ in said])


def _with_looks(
    document: Document, shown: Sequence[tuple[str, Annotation]]
) -> Iterator[list[tuple[Word, Annotation]]]:
    """The words of each paragraph with their looks. Words of the rows that did not become any, as
    dashes and names in front, are passed over."""
    reached = 0
    for segment in document:
        looks = []
        for word in segment.words:
            ahead = range(reached, min(reached + _AHEAD, len(shown)))
            at = next((place for place in ahead if shown[place][0] == word.text), None)
            looks.append((word, PLAIN if at is None else shown[at][1]))
            reached = reached if at is None else at + 1
        yield looks


def _with_notes(document: Document, rows: Sequence[CameRow]) -> Document:
    if len(rows) != len(document.cue_overrides) or not any(row.notes for row in rows):
        return document
    ids = [word.id for word in document.words()]
    at = {word: place for place, word in enumerate(ids)}
    notes: list[Note] = []
    for row, cue in zip(rows, document.cue_overrides, strict=True):
        for place, text in row.notes:
            word = ids[min(at[cue.first] + max(place, 0), at[cue.last])]
            notes.append(Note(document.next_id + len(notes), word, text))
    return replace(document, notes=tuple(notes), next_id=document.next_id + len(notes))


def annotation_of(run: Run) -> Annotation:
    """How a run of words looks, and what it is quoted for."""
    is_quoted = run.style == _QUOTED
    return Annotation(run.tags, is_quoted, label=run.label if is_quoted else "")


def other_text(cell: Sequence[Block]) -> str:
    """The translation in a cell, without the word on its being out of date."""
    text = " ".join(
        "".join(run.text for run in block.runs if run.style != _STALE) for block in cell
    )
    return " ".join(text.strip().removesuffix(f"[{Labels().stale}]").split())


def _kind(cell: Sequence[Block]) -> str:
    """What a cell holds by its styles: those of its paragraphs, unless all of it is a time."""
    runs = [run for block in cell for run in block.runs if run.text.strip()]
    if any(block.style == _TIME for block in cell) or (
        runs and all(r.style == TIME for r in runs)
    ):
        return START
    kinds = (_STYLES.get(block.style, "") for block in cell)
    return next(filter(None, kinds), "")


def _said(cell: Sequence[Block]) -> str:
    return " ".join(" ".join(block.text for block in cell).split())


def _lines(
    cell: Sequence[Block], comments: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """The lines of a text, and the comments at its words."""
    said = ""
    notes: list[tuple[int, str]] = []
    for number, block in enumerate(cell):
        said += "\n" * bool(number)
        for run in block.runs:
            said += run.text
            if text := comments.get(run.comment, "") if run.comment else "":
                notes.append((len(words_of(said)) - 1, text))
    return tuple(line for line in said.split("\n") if line.strip()), tuple(notes)


# ---- what was said


def spoken_in(rows: Sequence[Row]) -> Iterator[Block]:
    """The paragraphs of a table that hold what was said: of ours by its columns or its styles, of
    others by what their columns look like."""
    columns = columns_of(rows)
    if not columns.kinds and not any(map(_is_ours, rows)):
        yield from _foreign_rows(rows)
        return
    for row in rows:
        if not is_head(row):
            yield from _row_of_ours(row, columns)


def _is_ours(row: Row) -> bool:
    return any(
        block.style == SPOKEN or any(run.style == TIME for run in block.runs)
        for cell in row
        for block in cell
    )


def _row_of_ours(row: Row, columns: Columns) -> Iterator[Block]:
    """The paragraphs of a row of our tables: its time and name stand before the first, and what
    is beside it stands with that."""
    cells = columns.cells(row)
    if TEXT not in cells:
        yield from _row_by_styles(row)
        return
    head = [Run(run.text, TIME) for run in _filled(cells.get(START, []))]
    head += [Run(run.text, SPEAKER) for run in _filled(cells.get(NAME, []))]
    other = other_text(cells[OTHER]) if OTHER in cells else None
    for number, block in enumerate(block for block in cells[TEXT] if block.text.strip()):
        yield Block(
            SPOKEN, [*(head if not number else ()), *block.runs], None if number else other
        )


def _filled(cell: Sequence[Block]) -> Iterator[Run]:
    return (run for block in cell for run in block.runs if run.text.strip())


def _row_by_styles(row: Row) -> Iterator[Block]:
    """The same for a row of which nobody knows the columns."""
    head: list[Run] = []
    said: list[Block] = []
    for block in (block for cell in row for block in cell):
        runs = [run for run in block.runs if run.text.strip()]
        if block.style in NOT_TEXT:
            continue
        if block.style == _TIME or (runs and all(run.style == TIME for run in runs)):
            # Of the start and the end the start comes first.
            is_end = any(run.style == TIME for run in head)
            head += [] if is_end else [replace(run, style=TIME) for run in runs]
        elif block.style == _NAME:
            head += [replace(run, style=SPEAKER) for run in runs]
        else:
            said.append(block)
    for number, block in enumerate(said):
        yield Block(SPOKEN, [*(head if not number else ()), *block.runs])


def _foreign_rows(rows: Sequence[Row]) -> Iterator[Block]:
    """The text of a table by what its columns look like; all of it where they look like none."""
    texts = [[" ".join(block.text for block in cell).strip() for cell in row] for row in rows]
    width = max(map(len, texts), default=0)
    columns = [[row[at] for row in texts if at < len(row)] for at in range(width)]
    times = [at for at in range(width) if _share(columns[at], ONLY_TIME) > 0.5]
    numbers = [at for at in range(width) if _share(columns[at], _NUMBER) > 0.5]
    others = [at for at in range(width) if at not in (*times, *numbers)]
    if not times or not others:
        yield from (block for row in rows for cell in row for block in cell)
        return
    sizes = {at: sum(map(len, columns[at])) for at in others}
    largest = max(sizes.values())
    text = next(at for at in others if sizes[at] * 2 >= largest)
    names = next((at for at in others if at < text), None)
    for row, said in zip(rows, texts, strict=True):
        if len(row) <= max(text, times[0]) or not ONLY_TIME.fullmatch(said[times[0]]):
            continue
        head = [Run(said[times[0]], TIME)]
        if names is not None and said[names]:
            head.append(Run(said[names], SPEAKER))
        for number, block in enumerate(row[text]):
            yield Block(SPOKEN, [*(head if not number else ()), *block.runs])


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    filled = [text for text in texts if text]
    return sum(bool(pattern.fullmatch(text)) for text in filled) / max(len(filled), 1)
