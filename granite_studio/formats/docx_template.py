"""A Word document of a person's own whose fields are filled: {{title}}, {{transcript}} and others.

A field may be split over runs and keeps the look of its first sign. Values are text and never
markup. A row of a table with fields of a paragraph is repeated for each paragraph.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

from granite_studio.core.errors import FormatError
from granite_studio.core.translation import is_stale, texts_in
from granite_studio.formats.base import Content, Source, unreadable
from granite_studio.formats.docx_package import Package
from granite_studio.formats.docx_parts import Page, gap_text, qualified
from granite_studio.formats.docx_tables import language_beside, spoken
from granite_studio.formats.heads import NOT_XML, clean, facts, title_of
from granite_studio.formats.paragraphs import Gap, flow, seconds

LARGEST = 20 << 20
"""Bytes of a template; letter paper with pictures stays below."""
TRANSCRIPT = "transcript"
HEAD = ("title", "date", "language", "length", "file", "engine")
ROW = ("number", "time", "speaker", "text", "translation")

_FIELD = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
_DAMAGED = "cannot be used as a template"
_CURE = "save it as .docx once more and try again"


def filled(content: Content) -> Any:
    """The content's template with its fields filled, as a `docx` document.

    Raises `FormatError` for what is no Word document without macros, for a field that is unknown
    or stands where it cannot, for a template without a place for the text, and where a translation
    is wanted that is not there.
    """
    assert content.template is not None
    template = content.template
    file = _opened(template)
    page = Page(file, content.as_document())
    roots = _roots(file)
    found = {name for root in roots for name in _names(_paragraphs(root))}
    _check(found, template.name)
    values = dict.fromkeys(HEAD, "") | _head_values(content)
    for root in roots:
        for row in [row for row in root.iter(qualified("w:tr")) if _is_repeated(row)]:
            _repeat(row, content, values)
        for paragraph in _paragraphs(root):
            names = set(_names([paragraph]))
            if names & set(ROW):
                name = sorted(names & set(ROW))[0]
                raise _faulty(template, f"has {{{{{name}}}}} outside of a row of a table")
            if TRANSCRIPT in names:
                _write_out(paragraph, page, content, template)
            else:
                _fill(paragraph, values)
    return file


@lru_cache(1)
def fields_in(template: Source) -> frozenset[str]:
    """The fields of a template; none where it is none, which `filled` says."""
    try:
        roots = _roots(_opened(template))
    except FormatError:
        return frozenset()
    return frozenset(name for root in roots for name in _names(_paragraphs(root)))


def fields_said() -> str:
    """All fields as they are written, for people."""
    return ", ".join(f"{{{{{name}}}}}" for name in (*HEAD, TRANSCRIPT, *ROW))


def _opened(template: Source) -> Any:
    import docx
    from docx.opc.exceptions import OpcError

    Package(template).check()
    try:
        file = docx.Document(io.BytesIO(template.data))
        _forget_attached(file)
    except (OpcError, SyntaxError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _faulty(template, _DAMAGED, _CURE) from error
    return file


def _forget_attached(file: Any) -> None:
    """Take out where Word would fetch styles and macros of another template from."""
    part = file.part._settings_part
    for each in file.settings.element.findall(qualified("w:attachedTemplate")):
        part.rels.pop(each.get(qualified("r:id")), None)
        file.settings.element.remove(each)


def _faulty(template: Source, reason: str, cure: str = "correct it and try again") -> FormatError:
    return unreadable(template.name, reason, cure)


def _roots(file: Any) -> list[Any]:
    """The body, and what stands above and below the text of every page."""
    roots = {id(file.element.body): file.element.body}
    for section in file.sections:
        for part in (
            *(section.header, section.first_page_header, section.even_page_header),
            *(section.footer, section.first_page_footer, section.even_page_footer),
        ):
            if not part.is_linked_to_previous:
                roots[id(part._element)] = part._element
    return list(roots.values())


def _check(found: Iterable[str], name: str) -> None:
    names = set(found)
    unknown = sorted(names - {*HEAD, *ROW, TRANSCRIPT})
    if unknown:
        reason = f"has a field that is not known, {{{{{unknown[0]}}}}}"
        raise unreadable(name, reason, f"there are {fields_said()}")
    if TRANSCRIPT not in names and "text" not in names:
        raise unreadable(
            name,
            "has no place for the text",
            "write {{transcript}} into a paragraph of its own, or {{text}} into a row of a table",
        )


def _head_values(content: Content) -> dict[str, str]:
    labels, known = content.labels, dict(facts(content))
    return {
        "title": title_of(content),
        "date": clean(content.date),
        "language": known.get(clean(labels.language), ""),
        "length": known.get(clean(labels.length), ""),
        "file": known.get(clean(labels.file), ""),
        "engine": known.get(clean(labels.engine), ""),
    }


# ---- fields


def _paragraphs(root: Any) -> list[Any]:
    return list(root.iter(qualified("w:p")))


def _texts(paragraph: Any) -> Iterator[Any]:
    """The pieces of text of a paragraph, without those of a text box in it."""
    for text in paragraph.iter(qualified("w:t")):
        if next(text.iterancestors(qualified("w:p"))) is paragraph:
            yield text


def _said(paragraph: Any) -> str:
    return "".join(text.text or "" for text in _texts(paragraph))


def _names(paragraphs: Iterable[Any]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from (match[1].lower() for match in _FIELD.finditer(_said(paragraph)))


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    """Put the values in the place of the fields, each into the run where its field begins."""
    texts = list(_texts(paragraph))
    for match in reversed(list(_FIELD.finditer(_said(paragraph)))):
        place, value = 0, NOT_XML.sub("", values[match[1].lower()])
        for text in texts:
            here = text.text or ""
            first, last = match.start() - place, match.end() - place
            place += len(here)
            if last <= 0 or first >= len(here):
                continue
            begins = value if first >= 0 else ""
            text.text = here[: max(first, 0)] + begins + here[max(last, 0) :]
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


# ---- what is repeated


def _is_repeated(row: Any) -> bool:
    """Whether this row, and not one inside it, has fields of a paragraph."""
    mine = (
        paragraph
        for paragraph in _paragraphs(row)
        if next(paragraph.iterancestors(qualified("w:tr"))) is row
    )
    return not set(ROW).isdisjoint(_names(mine))


def _repeat(row: Any, content: Content, head: Mapping[str, str]) -> None:
    """Put a copy of this row for each paragraph in its place."""
    for values in _rows(content, "translation" in set(_names(_paragraphs(row)))):
        copy = deepcopy(row)
        for each in list(copy.iter(qualified("w:bookmarkStart"), qualified("w:bookmarkEnd"))):
            each.getparent().remove(each)
        for paragraph in _paragraphs(copy):
            for name in [name for name in paragraph.attrib if name.endswith("Id")]:
                del paragraph.attrib[name]  # they name one paragraph, and here are many
            _fill(paragraph, {**head, TRANSCRIPT: "", **values})
        row.addprevious(copy)
    row.getparent().remove(row)


def _rows(content: Content, needs_translation: bool) -> Iterator[dict[str, str]]:
    texts = {}
    if needs_translation:
        texts = texts_in(content.as_document(), language_beside(content))
    for part in spoken(content):
        if isinstance(part, Gap):
            yield dict.fromkeys(ROW, "") | {"time": part.start, "text": gap_text(part, content)}
            continue
        number, segment, said = part
        text = texts.get(segment.id)
        stale = f" [{content.labels.stale}]" if text and is_stale(text, segment.words) else ""
        yield {
            "number": str(number),
            "time": "" if content.marks_every is None else seconds(segment.start),
            "speaker": clean(said.speaker),
            "text": segment.text,
            "translation": f"{text.text}{stale}" if text else "",
        }


def _write_out(field: Any, page: Page, content: Content, template: Source) -> None:
    """Put the transcript in the place of this paragraph: in the styles that the template has, or
    else in this paragraph's own look."""
    if _FIELD.sub("", _said(field), count=1).strip():
        raise _faulty(template, "has {{transcript}} beside other text", "give it its own line")
    if content.is_draft:
        _new_before(field, page, "Transcript Draft").add_run(clean(content.labels.draft))
    for part in flow(content):
        if isinstance(part, Gap):
            _new_before(field, page, "Untranscribed").add_run(gap_text(part, content))
        else:
            page.spoken(_new_before(field, page, "Transcript"), part)
    for child in list(field):
        if child.tag != qualified("w:pPr"):
            field.remove(child)
    properties = field.find(qualified("w:pPr"))
    ends_section = properties is not None and properties.find(qualified("w:sectPr")) is not None
    if not ends_section and field.getprevious() is not None:
        if field.getnext() is None and field.getparent().tag == qualified("w:tc"):
            return  # a cell ends with a paragraph
        field.getparent().remove(field)


def _new_before(field: Any, page: Page, style: str) -> Any:
    """A new paragraph before this one, in a style that the template has, or in this one's look."""
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    element = OxmlElement("w:p")
    field.addprevious(element)
    own = field.find(qualified("w:pPr"))
    if style == "Transcript" and style not in page.had and own is not None:
        copy = deepcopy(own)
        for name in ("w:sectPr", "w:rPr"):
            for each in copy.findall(qualified(name)):
                copy.remove(each)
        element.append(copy)
        return Paragraph(element, page.file._body)
    return page.styled(Paragraph(element, page.file._body), style)
