"""What the layouts of a Word document are made of: named styles, paragraphs and runs in them."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from granite_studio.core.document import Document
from granite_studio.formats.base import Content
from granite_studio.formats.docx_looks import dress
from granite_studio.formats.docx_text import QUOTE
from granite_studio.formats.heads import COLOURS, LANGUAGES, NOT_XML, clean, is_from_right
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, Stretch

_AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
_PARAGRAPH, _CHARACTER = "paragraph", "character"
_STYLES = {
    "Transcript": (_PARAGRAPH, "Normal", ""),
    "Transcript Fact": (_PARAGRAPH, "Normal", "595959"),
    "Transcript Draft": (_PARAGRAPH, "Normal", "9A3412"),
    "Untranscribed": (_PARAGRAPH, "Transcript", "C00000"),
    "Time Code": (_CHARACTER, "Default Paragraph Font", "595959"),
    "Speaker": (_CHARACTER, "Default Paragraph Font", ""),
    **{
        f"Speaker {number}": (_CHARACTER, "Speaker", colour)
        for number, colour in enumerate(COLOURS, 1)
    },
    "Highlighted": (_CHARACTER, "Default Paragraph Font", ""),
}
"""Every style of ours: its kind, the one that it is based on, and its colour."""
_TABLE_STYLES = {
    "Transcript Head": (_PARAGRAPH, "Normal", "595959"),
    "Transcript Number": (_PARAGRAPH, "Normal", "595959"),
    "Transcript Time": (_PARAGRAPH, "Normal", "595959"),
    "Transcript Name": (_PARAGRAPH, "Normal", ""),
    "Translation": (_PARAGRAPH, "Transcript", ""),
    "Out Of Date": (_CHARACTER, "Default Paragraph Font", "9A3412"),
}
"""And those that only tables need."""


class Page:
    """A `docx` document with our styles: those that it has by their names, and ours beside."""

    def __init__(self, file: Any, document: Document, *, tables: bool = False) -> None:
        self.file = file
        known = {style.name: style for style in file.styles}
        self.had = frozenset(known)
        from_right = is_from_right(document)
        for name, made in (_STYLES | (_TABLE_STYLES if tables else {})).items():
            if name not in known:
                known[name] = _add_style(file, name, *made, from_right)
        if "Transcript" not in self.had:
            for first in ("Transcript", "Untranscribed"):
                known[first].next_paragraph_style = known["Transcript"]
        self._ids = {name: style.style_id for name, style in known.items()}

    def paragraph(self, style: str, text: str = "", *, into: Any = None) -> Any:
        """A new paragraph in this style, at the end or in this element. By id, since finding a
        style by its name takes most of the time."""
        if into is None:
            made = self.file.add_paragraph(text)
        else:
            from docx.text.paragraph import Paragraph as Made

            made = Made(into._add_p(), self.file._body)
            if text:
                made.add_run(text)
        return self.styled(made, style)

    def styled(self, paragraph: Any, style: str) -> Any:
        """The paragraph, in this style."""
        paragraph.paragraph_format.element.style = self._ids[style]
        return paragraph

    def run(self, paragraph: Any, text: str, style: str = "") -> Any:
        """New text at the end of a paragraph, in this character style."""
        run = paragraph.add_run(text)
        if style:
            run.element.style = self._ids[style]
        return run

    def spoken(self, paragraph: Any, part: Paragraph) -> None:
        """What somebody says, with the time and the name in front."""
        if part.time:
            self.run(paragraph, f"[{part.time}] ", "Time Code")
        if name := clean(part.speaker):
            self.run(paragraph, f"{name}:", speaker_style(part.number))
            self.run(paragraph, " ")
        self.pieces(paragraph, part)

    def pieces(self, paragraph: Any, part: Paragraph) -> None:
        """The words alone, with their looks, highlights and notes."""
        quotes = groupby(part.pieces, key=lambda piece: (piece.marked, piece.label))
        for (_, label), group in quotes:
            self._label([run for piece in group for run in self._piece(paragraph, piece)], label)

    def stretches(self, paragraph: Any, parts: Iterable[Stretch]) -> None:
        """What a cue says, in the same way."""
        for quote, group in groupby(parts, key=lambda part: part.quote):
            style = "" if quote is None else "Highlighted"
            runs: list[Any] = []
            for part in group:
                text = NOT_XML.sub("", part.text)
                runs.append(dress(self.run(paragraph, text, style), part.tags))
                self._notes(runs[-1:], part.notes)
            self._label(runs, quote or "")

    def _piece(self, paragraph: Any, piece: Piece) -> list[Any]:
        """Write a piece; the runs with its words."""
        looks = [(NOT_XML.sub("", run.text), run.tags) for run in piece.runs()]
        if piece.text.startswith(" "):
            if piece.time or looks[0][1]:
                self.run(paragraph, " ")
            else:
                looks[0] = (f" {looks[0][0]}", ())
        if piece.time:
            self.run(paragraph, f"[{piece.time}] ", "Time Code")
        style = "Highlighted" if piece.marked else ""
        runs = [dress(self.run(paragraph, text, style), tags) for text, tags in looks]
        self._notes(runs, piece.notes)
        return runs

    def _notes(self, runs: list[Any], notes: Iterable[str]) -> None:
        for note in notes:
            self._comment(runs, NOT_XML.sub("", note), "")

    def _label(self, runs: list[Any], label: str) -> None:
        """Say in the margin what a quote is about."""
        if label := clean(label):
            self._comment(runs, label, QUOTE)

    def _comment(self, runs: list[Any], text: str, author: str) -> None:
        comment = self.file.add_comment(runs, text, author=author, initials="")
        comment._comment_elm.attrib.pop(qualified("w:date"), None)


def speaker_style(number: int) -> str:
    """The style of a speaker's name, counted from 0."""
    return f"Speaker {number % len(COLOURS) + 1}"


def gap_text(gap: Gap, content: Content) -> str:
    """What stands for speech without text."""
    return clean(f"[{gap.start} \N{EN DASH} {gap.end} {content.labels.untranscribed}]")


def _add_style(file: Any, name: str, kind: str, base: str, colour: str, from_right: bool) -> Any:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    style = file.styles.add_style(
        name, WD_STYLE_TYPE.PARAGRAPH if kind == _PARAGRAPH else WD_STYLE_TYPE.CHARACTER
    )
    if base in file.styles:
        style.base_style = file.styles[base]
    style.quick_style = True
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    match name:
        case "Transcript":
            style.paragraph_format.space_after = Pt(8)
            style.paragraph_format.line_spacing = 1.15
            if from_right:
                style.font.rtl = True
                properties = style.element.get_or_add_pPr()
                properties.insert_element_before(element("w:bidi"), *_AFTER_BIDI)
        case "Transcript Fact":
            style.paragraph_format.space_after = Pt(8)
            style.element.get_or_add_pPr().insert_element_before(
                element("w:contextualSpacing"), "w:jc", "w:outlineLvl", "w:rPr"
            )
        case "Transcript Number" | "Transcript Time" | "Transcript Name":
            style.paragraph_format.space_after = Pt(0)
            if name == "Transcript Number":
                style.font.size = Pt(9)
        case "Transcript Draft":
            style.paragraph_format.space_before = Pt(8)
            style.font.bold = True
        case "Transcript Head":
            style.paragraph_format.space_after = Pt(4)
            style.font.bold = True
        case "Time Code":
            style.font.size = Pt(9)
            style.font.no_proof = True
        case "Speaker":
            style.font.bold = True
            style.font.small_caps = True
        case "Highlighted":
            style.element.get_or_add_rPr().append(element("w:shd", val="clear", fill="FFF2A8"))
        case "Out Of Date":
            style.font.italic = True
    return style


def set_language(file: Any, language: str) -> None:
    """Tell Word's spelling which language this is, whichever of its three kinds of script."""
    tag, _ = LANGUAGES.get(language.lower(), (language, ""))
    for each in file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        for kind in ("w:val", "w:eastAsia", "w:bidi"):
            each.set(qualified(kind), clean(tag))


def set_properties(file: Any, title: str, date: str, language: str) -> None:
    """Say what the document is, and when it was made if that is known."""
    properties = file.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = "Granite Studio"
    properties.comments = ""
    properties.language = clean(language)[:255]
    try:
        moment = datetime.datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        moment = None
    for name in ("created", "modified"):
        if moment:
            setattr(properties, name, moment)
        else:  # the template's own date is a lie, and today's would change the bytes
            for each in properties._element.xpath(f"dcterms:{name}"):
                properties._element.remove(each)


def add_page_numbers(file: Any) -> None:
    """Number the pages at their foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = file.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, code in enumerate(("PAGE", "NUMPAGES")):
        if number:
            paragraph.add_run(" / ")
        field = element("w:fldSimple", instr=code)
        run = paragraph.add_run("1")
        field.append(run.element)
        paragraph._p.append(field)


def element(name: str, **attributes: str) -> Any:
    """An element of Word's, with attributes of Word's."""
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qualified(f"w:{key}"), value)
    return made


def qualified(name: str) -> str:
    """ "w:val" as lxml names it."""
    from docx.oxml.ns import qn

    return str(qn(name))


def packed(file: Any) -> bytes:
    """The bytes of a document, without the time of day in them."""
    saved, output = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)  # its date is the first of 1980
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return output.getvalue()
