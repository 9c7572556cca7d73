"""Tables of a Word document: a script with time codes, or two languages side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from granite_studio.core.cues import Cue
from granite_studio.core.document import Segment, Span, TranslatedText
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import clock
from granite_studio.core.translation import is_stale, languages, texts_in
from granite_studio.core.voices import Voices, joined_names
from granite_studio.formats.base import Content, Layout
from granite_studio.formats.docx_parts import Page, element, gap_text, speaker_style
from granite_studio.formats.heads import NOT_XML, clean
from granite_studio.formats.paragraphs import CueMarks, Gap, Paragraph, Stretch, flow, seconds

NUMBER, START, END, NAME, TEXT, OTHER = "number", "start", "end", "name", "text", "other"
_WIDTHS = {NUMBER: 720, START: 1500, END: 1500, NAME: 1400}
"""Of the narrow columns, in twentieths of a point; the others share the rest. Numbers up to 99,999
and times to the millisecond stand in one line, whatever font there is."""
_INDENT = 60
"""Between the border of a cell and its text, in the same measure."""
_MARGIN_CM = 2
"""Beside a table, so that a line of a cue is one in its cell."""

Fill = Callable[[Any], None]
"""Puts something into a cell, as an element."""


def add(page: Page, content: Content, cues: Sequence[Cue]) -> None:
    """Put the table that the content's layout asks for at the end, a row for each of these cues
    where it shows them. Raises `FormatError` where a translation is wanted that is not there."""
    _widen(page)
    if content.layout is Layout.BILINGUAL:
        _turn(page)
        _add_bilingual(page, content)
    elif content.layout is Layout.CUES:
        _add_cues(page, content, cues)
    else:
        _add_script(page, content)


def language_beside(content: Content) -> str:
    """The translation that stands beside the original. Raises `FormatError` if there is none."""
    there = languages(content.as_document())
    if not there:
        raise FormatError(
            "There is no translation to stand beside the original; make one first, or choose "
            "another layout."
        )
    if content.beside and content.beside not in there:
        raise FormatError(
            f"Nothing was translated to {content.beside}; there is {', '.join(there)}."
        )
    return content.beside or there[0]


def spoken(content: Content) -> Iterator[tuple[int, Segment, Paragraph] | Gap]:
    """The paragraphs with their number from 1 and their segment, and the gaps between them."""
    numbered = enumerate(content.as_document(), 1)
    for part in flow(content):
        yield part if isinstance(part, Gap) else (*next(numbered), part)


def _add_script(page: Page, content: Content) -> None:
    times = [] if content.marks_every is None else [START, END]
    table = _Table(page, content, [NUMBER, *times, NAME, TEXT])
    for part in spoken(content):
        if isinstance(part, Gap):
            table.add_gap(part)
            continue
        number, segment, said = part
        table.add_row(
            {
                NUMBER: table.plain("Transcript Number", str(number)),
                START: table.time(seconds(segment.start)),
                END: table.time(seconds(segment.end)),
                NAME: table.name(said),
                TEXT: table.pieces(said),
            }
        )


def _add_cues(page: Page, content: Content, cues: Sequence[Cue]) -> None:
    document = content.as_document()
    numbers = {speaker.name: place for place, speaker in enumerate(document.speakers)}
    voices = Voices(document)
    table = _Table(page, content, [NUMBER, START, END, NAME, TEXT])
    has_marks = document.emphases or document.highlights or document.notes
    marks = CueMarks(document) if has_marks else None
    gaps = sorted(document.untranscribed, key=lambda span: span.start)
    written = 0
    for number, cue in enumerate(cues, 1):
        while written < len(gaps) and gaps[written].start < cue.start:
            table.add_gap(_gap(gaps[written]))
            written += 1
        names = voices.names(cue.first, cue.last)
        name = names[0] if cue.speaker is not None else joined_names(names)
        table.add_row(
            {
                NUMBER: table.plain("Transcript Number", str(number)),
                START: table.time(clock(cue.start)),
                END: table.time(clock(cue.end)),
                NAME: table.name(Paragraph((), speaker=name, number=numbers.get(names[0], 0))),
                TEXT: table.stretches(marks.stretches(cue))
                if marks
                else table.plain("Transcript", "\n".join(map(clean, cue.lines))),
            }
        )
    for span in gaps[written:]:
        table.add_gap(_gap(span))


def _gap(span: Span) -> Gap:
    return Gap(seconds(span.start), seconds(span.end), span)


def _add_bilingual(page: Page, content: Content) -> None:
    language = language_beside(content)
    texts = texts_in(content.as_document(), language)
    times = [] if content.marks_every is None else [START]
    table = _Table(page, content, [*times, NAME, TEXT, OTHER], language)
    for part in spoken(content):
        if isinstance(part, Gap):
            table.add_gap(part)
            continue
        _, segment, said = part
        table.add_row(
            {
                START: table.time(seconds(segment.start)),
                NAME: table.name(said),
                TEXT: table.pieces(said),
                OTHER: table.translation(texts.get(segment.id), segment),
            }
        )


def _widen(page: Page) -> None:
    """Leave a table more room than running text has."""
    from docx.shared import Cm

    section = page.file.sections[0]
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)


def _turn(page: Page) -> None:
    """Lay the page on its side."""
    from docx.enum.section import WD_ORIENT

    section = page.file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


class _Table:
    """A table at the end of a page. Built of elements: python-docx takes a quadratic time."""

    def __init__(
        self, page: Page, content: Content, columns: Sequence[str], language: str = ""
    ) -> None:
        self._page = page
        self._content = content
        self._columns = columns
        section = page.file.sections[0]
        room = int((section.page_width - section.left_margin - section.right_margin) / 635)
        wide = [column for column in columns if column not in _WIDTHS]
        rest = room - sum(_WIDTHS.get(column, 0) for column in columns)
        self._widths = {column: _WIDTHS.get(column, rest // len(wide)) for column in columns}
        self._element = self._frame(room)
        page.file.element.body.insert_element_before(self._element, "w:sectPr")
        labels, document = content.labels, content.as_document()
        heads = {
            NUMBER: labels.number,
            START: labels.start,
            END: labels.end,
            NAME: labels.speaker,
            TEXT: f"{labels.text} ({document.language})" if language else labels.text,
            OTHER: f"{labels.text} ({language})",
        }
        row = self.add_row(
            {column: self.plain("Transcript Head", heads[column]) for column in columns}
        )
        row.get_or_add_trPr().append(element("w:tblHeader"))

    def add_row(self, cells: dict[str, Fill]) -> Any:
        """A row with what fills its cells; those of columns that are not there are left out."""
        row = element("w:tr")
        row.get_or_add_trPr().append(element("w:cantSplit"))
        for column in self._columns:
            cells[column](self._cell(row, self._widths[column]))
        self._element.append(row)
        return row

    def add_gap(self, gap: Gap) -> None:
        """A row across the table for speech without text."""
        row = element("w:tr")
        cell = self._cell(row, sum(self._widths.values()))
        cell.get_or_add_tcPr().append(element("w:gridSpan", val=str(len(self._columns))))
        self._page.paragraph("Untranscribed", gap_text(gap, self._content), into=cell)
        self._element.append(row)

    def plain(self, style: str, text: str) -> Fill:
        return lambda cell: self._page.paragraph(style, NOT_XML.sub("", text), into=cell)

    def time(self, text: str) -> Fill:
        def fill(cell: Any) -> None:
            paragraph = self._page.paragraph("Transcript Time", into=cell)
            self._page.run(paragraph, text, "Time Code")

        return fill

    def name(self, said: Paragraph) -> Fill:
        def fill(cell: Any) -> None:
            paragraph = self._page.paragraph("Transcript Name", into=cell)
            if name := clean(said.speaker):
                self._page.run(paragraph, name, speaker_style(said.number))

        return fill

    def pieces(self, said: Paragraph) -> Fill:
        return lambda cell: self._page.pieces(self._page.paragraph("Transcript", into=cell), said)

    def stretches(self, parts: Iterable[Stretch]) -> Fill:
        return lambda cell: self._page.stretches(
            self._page.paragraph("Transcript", into=cell), parts
        )

    def translation(self, text: TranslatedText | None, segment: Segment) -> Fill:
        """The text, and where it is out of date a word on that."""

        def fill(cell: Any) -> None:
            said = NOT_XML.sub("", text.text) if text else ""
            paragraph = self._page.paragraph("Translation", said, into=cell)
            if text and is_stale(text, segment.words):
                self._page.run(paragraph, f" [{clean(self._content.labels.stale)}]", "Out Of Date")

        return fill

    def _frame(self, room: int) -> Any:
        table = element("w:tbl")
        properties = element("w:tblPr")
        indents = element("w:tblCellMar")
        for side in ("w:left", "w:right"):
            indents.append(element(side, w=str(_INDENT), type="dxa"))
        for part in (
            element("w:tblStyle", val="TableGrid"),
            element("w:tblW", w=str(room), type="dxa"),
            element("w:tblLayout", type="fixed"),
            indents,
        ):
            properties.append(part)
        grid = element("w:tblGrid")
        for column in self._columns:
            grid.append(element("w:gridCol", w=str(self._widths[column])))
        table.append(properties)
        table.append(grid)
        return table

    def _cell(self, row: Any, width: int) -> Any:
        cell = element("w:tc")
        properties = element("w:tcPr")
        properties.append(element("w:tcW", w=str(width), type="dxa"))
        cell.append(properties)
        row.append(cell)
        return cell
