"""Read a Word document: our own exports after people worked on them, and other transcripts.

Time codes, names and facts are told apart by our styles, or by how they look where a program has
lost the styles, as Google Docs does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from granite_studio.core import timing
from granite_studio.core.cuetext import CueText, escape
from granite_studio.core.document import Document, Note, Segment, Speaker, Word
from granite_studio.core.edits.fitting import shared
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.edits.translations import set_translations
from granite_studio.core.errors import FormatError
from granite_studio.core.roundtrip.handed import Brought, Came, CameRow, Handed
from granite_studio.core.unspaced import words_of
from granite_studio.formats.base import Labels, Source, unreadable
from granite_studio.formats.docx_marks import marks_in
from granite_studio.formats.docx_package import Package
from granite_studio.formats.docx_rows import (
    CLOCK,
    NOT_TEXT,
    ONLY_TIME,
    SPOKEN,
    TIME,
    Looks,
    annotation_of,
    columns_of,
    cue_looks,
    cue_rows,
    is_of_cues,
    spoken_in,
    transcript_of,
)
from granite_studio.formats.docx_text import Block, Body, Row
from granite_studio.formats.foreign.annotations import Annotation, annotated
from granite_studio.formats.foreign.pieces import Piece
from granite_studio.formats.foreign.running import Line
from granite_studio.formats.languages import tag_of

_OTHER_HEADS = re.compile(r"heading\d|toc\d|tocheading|header|footer|caption|footnotetext")
_HEADING = re.compile(r"heading\d|title|subtitle")
_LANGUAGE = "http://purl.org/dc/elements/1.1/ language"
_SPEAKER = re.compile(r"speaker\d*")
_TIME = re.compile(
    rf"\s*(?:[\[(]({CLOCK})[\])]|([0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}(?:[.,][0-9]{{1,3}})?))\s*"
)
_INSIDE = re.compile(rf"\[{CLOCK}\] ?")
_GAP = re.compile(rf"\[{CLOCK} \u2013 {CLOCK} [^\]]*\]")
_MOST_HEAD = 10
"""So many paragraphs may be a head that has lost its styles."""
_MS_OF_SIGN = 150
"""What one sign of text takes at most where no time code says so, in ms."""
_LONGEST_MS = 1_000_000_000


def read(source: Source) -> Document:
    """A transcript of a Word document. Words share the time between time codes, so their times
    are estimates. Raises `FormatError` for what is no Word document, or holds no words."""
    return read_script(source)[0]


def read_script(source: Source) -> tuple[Document, int]:
    """The same, and how many headings it is without."""
    package = Package(source)
    reader = _Reader(Body(package))
    marks = marks_in(package)
    language = source.language or reader.language or _language_in(package) or "en"
    if rows := reader.cues(marks):
        document = transcript_of(rows, reader.looks(marks), language)
    else:
        told = reader.told()
        said = [(came, _pieces(line, came)) for line, came in told if words_of(came.text)]
        document = _document(said, language)
        beside = marks.beside if marks and marks.beside else reader.beside
        others = {
            segment.id: came.other
            for segment, (came, _) in zip(document, said, strict=True)
            if came.other and beside
        }
        document = set_translations(document, beside, others)
    if not document.segments:
        raise unreadable(source.name, "holds no words", "choose another one")
    return document, reader.headings


def _language_in(package: Package) -> str:
    """The language that the properties of the document say, or nothing."""
    try:
        properties = package.xml("docProps/core.xml")
    except FormatError:
        return ""  # the text can be whole without them
    said = properties.first(_LANGUAGE) if properties else None
    return tag_of(said.said()) if said else ""


def brought(source: Source) -> Brought:
    """The paragraphs of a Word document, or the rows of its table of cues, tracked changes taken,
    with the marks of its export.

    Raises `FormatError` for what is no Word document, or a table of cues that lost its marks.
    """
    package = Package(source)
    marks = marks_in(package)
    reader = _Reader(Body(package))
    rows = reader.cues(marks)
    if not rows and not (marks and marks.by_cue):
        beside = marks.beside if marks and marks.beside else reader.beside
        return Brought(tuple(came for _, came in reader.told()), marks, beside)
    if marks is None or not marks.rows:
        raise FormatError(
            f"“{source.name}” has a row for every subtitle, but no longer says which words these "
            "held; export it again, work on that, and save it as a Word document."
        )
    return Brought((), marks, rows=rows)


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph before its name is looked for: `is_ours` where a style says that it is text.

    The `pieces` say the same text with its looks and quotes.
    """

    text: str
    time: str = ""
    speaker: str = ""
    notes: tuple[tuple[int, str], ...] = ()
    is_ours: bool = False
    pieces: tuple[Piece, ...] = ()
    other: str | None = None


class _Reader:
    """Reads what stands in a Word file. The languages are those that the head of a table names,
    empty where none does."""

    def __init__(self, body: Body) -> None:
        self._body = body
        columns = [columns_of(part) for part in body.content if not isinstance(part, Block)]
        self.language = next((each.language for each in columns if each.language), "")
        self.beside = next((each.beside for each in columns if each.beside), "")
        self._has_styles = any(
            block.style == SPOKEN
            or any(run.style == TIME or _SPEAKER.fullmatch(run.style) for run in block.runs)
            for block in _blocks(body.content)
        )

    @property
    def headings(self) -> int:
        """How many there are, none of which was said."""
        return sum(
            isinstance(part, Block)
            and bool(_HEADING.fullmatch(part.style))
            and any(run.text.strip() for run in part.runs)
            for part in self._body.content
        )

    def cues(self, marks: Handed | None) -> tuple[CameRow, ...]:
        """The rows of tables of cues, if these are in the file."""
        tables = self._tables(marks)
        return tuple(row for rows in tables for row in cue_rows(rows, self._body.comments))

    def looks(self, marks: Handed | None) -> list[Looks]:
        """How the words of the same rows look."""
        return [look for rows in self._tables(marks) for look in cue_looks(rows)]

    def _tables(self, marks: Handed | None) -> list[list[Row]]:
        tables = [part for part in self._body.content if not isinstance(part, Block)]
        return tables if marks and marks.by_cue else [rows for rows in tables if is_of_cues(rows)]

    def told(self) -> Iterator[tuple[_Line, Came]]:
        """The paragraphs, as they stand there and as they are understood."""
        lines = [
            line
            for block in self._text()
            for line in self._lines(block)
            if not _GAP.fullmatch(line.text.strip())
        ]
        if not self._has_styles:
            lines = _with_times(lines)
        lines = list(_without_head(lines))
        # Where names have their style, "Question:" in front of what is said is no name.
        names = None if self._has_styles else CueText(map(_as_cue, lines))
        for line in lines:
            yield line, _came(line, names)

    def _text(self) -> Iterator[Block]:
        """The blocks that hold what was said."""
        for part in self._body.content:
            if isinstance(part, Block):
                if part.style not in NOT_TEXT and not _OTHER_HEADS.fullmatch(part.style):
                    yield part
            else:
                yield from spoken_in(part)

    def _lines(self, block: Block) -> Iterator[_Line]:
        """A paragraph, or several where names stand inside it: each begins one."""
        time = speaker = said = reached = ""
        counted = words = 0
        notes: list[tuple[int, str]] = []
        looks, is_ours, other = Line(), block.style == SPOKEN, block.other
        for run in block.runs:
            if run.comment:
                words, counted = words + _begun(said, counted), len(said)
                if text := self._body.comments.get(run.comment):
                    notes.append((words - 1, text))
            elif run.style == TIME:
                reached = run.text if run.text.strip() else reached
                if not said.strip():
                    time = reached
            elif _SPEAKER.fullmatch(run.style):
                if said.strip():
                    whole = tuple(looks.pieces)
                    yield _Line(said, time, speaker, tuple(notes), is_ours, whole, other)
                    time, speaker, said, notes, looks = reached, "", "", [], Line()
                    counted, words, other = 0, 0, None
                speaker += run.text
            else:
                text = run.text.replace("\n", " ")
                said += text
                looks.say(text, annotation_of(run))
                reached = "" if run.text.strip(" \t:") else reached
        yield _Line(said, time, speaker, tuple(notes), is_ours, tuple(looks.pieces), other)


def _begun(said: str, since: int) -> int:
    """How many words begin from this place on; one that goes on over it began before."""
    goes_on = 0 < since < len(said) and not (said[since - 1].isspace() or said[since].isspace())
    return len(words_of(said[since:])) - goes_on


def _blocks(content: Iterable[Block | list[Row]]) -> Iterator[Block]:
    for part in content:
        if isinstance(part, Block):
            yield part
        else:
            yield from (block for row in part for cell in row for block in cell)


def _as_cue(line: _Line) -> str:
    return escape(" ".join(line.text.split()))


def _came(line: _Line, names: CueText | None) -> Came:
    text, name = line.text, clean_name(line.speaker.strip().removesuffix(":"))
    if name:
        text = text.lstrip()
        if not line.speaker.rstrip().endswith(":"):
            text = text.removeprefix(":")
    elif names and (said := names.read(_as_cue(line))) and said[0].speaker:
        name = clean_name(said[0].speaker)
        text = text.partition(":")[2]
    match = ONLY_TIME.fullmatch(line.time.strip())
    return Came(text.strip(), name, _ms(match[1]) if match else None, line.notes, line.other)


def _pieces(line: _Line, came: Came) -> list[Piece]:
    """The text of a paragraph in pieces; plain where it is not the end of what stands there."""
    whole = "".join("".join(piece.text for piece in line.pieces).split())
    text = "".join(came.text.split())
    if not whole.endswith(text):
        return [Piece(came.text)]
    left = len(whole) - len(text)
    pieces = []
    for piece in line.pieces:
        at = 0
        while left and at < len(piece.text):
            left -= not piece.text[at].isspace()
            at += 1
        pieces.append(replace(piece, text=piece.text[at:]))
    return pieces


def _ms(text: str) -> int | None:
    try:
        ms = timing.parse_clock(text)
    except ValueError:
        return None
    return ms if ms < _LONGEST_MS else None


def _with_times(lines: Sequence[_Line]) -> list[_Line]:
    """Lines of which the time codes lost their style: those in front, or else those inside."""
    found = [_TIME.match(line.text) for line in lines]
    if not any(found):
        return [replace(line, text=_INSIDE.sub("", line.text)) for line in lines]
    return [
        replace(line, text=line.text[match.end() :], time=match[1] or match[2]) if match else line
        for line, match in zip(lines, found, strict=True)
    ]


def _without_head(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines without a title and facts that have lost their styles."""
    labels = Labels()
    facts = tuple(
        f"{name}: "
        for name in (labels.file, labels.length, labels.language, labels.engine, labels.date)
    )
    first = next((at for at, line in enumerate(lines) if line.time), 0)
    if first > _MOST_HEAD:
        first = 0
    for at, line in enumerate(lines[:_MOST_HEAD]):
        is_fact = line.text.startswith(facts) or line.text.strip() == labels.draft
        if is_fact and not line.time:
            first = max(first, at + 1)
    for at, line in enumerate(lines):
        if line.text.strip() and (at >= first or line.is_ours):
            yield line


# ---- a transcript


def _document(told: Sequence[tuple[Came, list[Piece]]], language: str) -> Document:
    ids = count(1)
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    notes: list[Note] = []
    looks: list[list[tuple[Word, Annotation]]] = []
    timed = _timed([came for came, _ in told])
    for (_, pieces), (came, start, end) in zip(told, timed, strict=True):
        said = [(text, each.annotation) for each in pieces for text in words_of(each.text)]
        texts = [text for text, _ in said]
        if came.speaker and came.speaker not in speakers:
            speakers[came.speaker] = Speaker(next(ids), came.speaker)
        words = tuple(
            Word(next(ids), text, *time, source=IMPORTED, estimated=True)
            for text, time in zip(texts, shared(texts, start, end), strict=True)
        )
        speaker = speakers[came.speaker].id if came.speaker else None
        segments.append(Segment(next(ids), words, speaker))
        looks.append([(word, look) for word, (_, look) in zip(words, said, strict=True)])
        for place, text in came.notes:
            word = words[min(max(place, 0), len(words) - 1)]
            notes.append(Note(next(ids), word.id, text))
    document = Document(
        segments=tuple(segments),
        speakers=tuple(speakers.values()),
        language=language,
        next_id=next(ids),
    )
    return replace(annotated(document, looks), notes=tuple(notes))


def _timed(paragraphs: Sequence[Came]) -> Iterator[tuple[Came, int, int]]:
    """Each paragraph with its time: those between two time codes share it."""
    group: list[Came] = []
    start = 0
    for came in paragraphs:
        if came.start is not None and came.start >= start:
            yield from _sharing(group, start, came.start)
            group, start = [], max(came.start, start)
        group.append(came)
    yield from _sharing(group, start, _LONGEST_MS)


def _sharing(group: Sequence[Came], start: int, end: int) -> Iterator[tuple[Came, int, int]]:
    sizes = [len(came.text) for came in group]
    end = min(end, start + sum(sizes) * _MS_OF_SIGN)
    times = shared(["x" * size for size in sizes], start, end) if group else []
    for came, (begins, ends) in zip(group, times, strict=True):
        yield came, begins, ends
