"""A Word document: a head with facts, speaker paragraphs with time codes, and real styles.

Everything that can be seen goes through a named style, so that a newsroom restyles the whole
with its own template: Title, Transcript Fact, Transcript Draft, Transcript, Untranscribed, and
the character styles Time Code, Speaker (with Speaker 1 to 8 for the colours) and Highlighted.
Notes become Word comments. The same content gives the same bytes.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from granite_studio.core.document import Document
from granite_studio.formats.base import Carries, Content, Format, Kind
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, flow, seconds

COLOURS = ("0B5394", "B45309", "00695C", "8E2D6B", "5B5BD6", "6B5900", "A61B1B", "37474F")
"""One for each speaker, readable on white and apart for colour-blind eyes."""

_LANGUAGES = {
    "de": ("de-DE", "Deutsch"),
    "en": ("en-US", "English"),
    "es": ("es-ES", "Español"),
    "fr": ("fr-FR", "Français"),
    "it": ("it-IT", "Italiano"),
    "ja": ("ja-JP", "日本語"),
    "ko": ("ko-KR", "한국어"),
    "nl": ("nl-NL", "Nederlands"),
    "pl": ("pl-PL", "Polski"),
    "pt": ("pt-BR", "Português"),
    "ru": ("ru-RU", "Русский"),
    "sv": ("sv-SE", "Svenska"),
    "zh": ("zh-CN", "中文"),
}
"""What Word calls a language without a region, and what its speakers call it."""

_RIGHT_TO_LEFT = ("ar", "ckb", "dv", "fa", "he", "ps", "ur", "yi")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
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


def write(content: Content) -> bytes:
    """The document as a .docx file."""
    import docx

    file = docx.Document()
    document = content.as_document()
    title = _clean(content.title) or _clean(document.media.name if document.media else "")
    _add_styles(file, document.language)
    _set_language(file, document.language)
    _set_properties(file, title or content.labels.title, content.date, document.language)
    _add_page_numbers(file)
    _add_styled(file, "Title", title or content.labels.title)
    _add_head(file, content, document)
    for part in flow(content):
        if isinstance(part, Gap):
            text = f"[{part.start} \N{EN DASH} {part.end} {content.labels.untranscribed}]"
            _add_styled(file, "Untranscribed", _clean(text))
        else:
            _add_paragraph(file, part)
    output = io.BytesIO()
    file.save(output)
    return _repacked(output.getvalue())


def _clean(text: str) -> str:
    """One line without what XML cannot hold."""
    return " ".join(_NOT_XML.sub("", text).split())


def _add_head(file: Any, content: Content, document: Document) -> None:
    labels = content.labels
    language = document.language
    _, own_name = _LANGUAGES.get(language.lower().partition("-")[0], ("", ""))
    facts = [(labels.language, f"{own_name} ({language})" if own_name else language)]
    if media := document.media:
        facts = [(labels.file, media.name), (labels.length, seconds(media.duration)), *facts]
    engines = [" ".join((engine.name, engine.revision)) for engine in document.engines]
    facts += [(labels.engine, ", ".join(engines)), (labels.date, content.date)]
    for name, value in facts:
        if value := _clean(value):
            _add_styled(file, "TranscriptFact", f"{_clean(name)}: {value}")
    if document.is_draft:
        _add_styled(file, "TranscriptDraft", _clean(labels.draft))


def _add_paragraph(file: Any, part: Paragraph) -> None:
    paragraph = _add_styled(file, "Transcript")
    if part.time:
        _add_run(paragraph, f"[{part.time}] ", "TimeCode")
    if name := _clean(part.speaker):
        _add_run(paragraph, f"{name}:", f"Speaker{part.number % len(COLOURS) + 1}")
        _add_run(paragraph, " ")
    for piece in part.pieces:
        _add_piece(file, paragraph, piece)


def _add_piece(file: Any, paragraph: Any, piece: Piece) -> None:
    text = _NOT_XML.sub("", piece.text)
    if piece.time:
        if text.startswith(" "):
            _add_run(paragraph, " ")
            text = text[1:]
        _add_run(paragraph, f"[{piece.time}] ", "TimeCode")
    run = _add_run(paragraph, text, "Highlighted" if piece.marked else "")
    for note in piece.notes:
        comment = file.add_comment(run, _NOT_XML.sub("", note), author="", initials="")
        comment._comment_elm.attrib.pop(_qualified("w:date"), None)


def _add_styled(file: Any, style_id: str, text: str = "") -> Any:
    """A new paragraph. By id, since finding a style by its name takes most of the time."""
    paragraph = file.add_paragraph(text)
    paragraph.paragraph_format.element.style = style_id
    return paragraph


def _add_run(paragraph: Any, text: str, style_id: str = "") -> Any:
    run = paragraph.add_run(text)
    if style_id:
        run.element.style = style_id
    return run


def _add_styles(file: Any, language: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    def add(name: str, kind: Any, base: str, colour: str = "") -> Any:
        style = file.styles.add_style(name, kind)
        style.base_style = file.styles[base]
        style.quick_style = True
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)
        return style

    text = add("Transcript", WD_STYLE_TYPE.PARAGRAPH, "Normal")
    text.paragraph_format.space_after = Pt(8)
    text.paragraph_format.line_spacing = 1.15
    fact = add("Transcript Fact", WD_STYLE_TYPE.PARAGRAPH, "Normal", "595959")
    fact.paragraph_format.space_after = Pt(0)
    draft = add("Transcript Draft", WD_STYLE_TYPE.PARAGRAPH, "Normal", "9A3412")
    draft.paragraph_format.space_before = Pt(8)
    draft.font.bold = True
    add("Untranscribed", WD_STYLE_TYPE.PARAGRAPH, "Transcript", "C00000")
    for first in ("Transcript", "Untranscribed"):
        file.styles[first].next_paragraph_style = text
    time = add("Time Code", WD_STYLE_TYPE.CHARACTER, "Default Paragraph Font", "595959")
    time.font.size = Pt(9)
    time.font.no_proof = True
    speaker = add("Speaker", WD_STYLE_TYPE.CHARACTER, "Default Paragraph Font")
    speaker.font.bold = True
    speaker.font.small_caps = True
    for number, colour in enumerate(COLOURS, 1):
        add(f"Speaker {number}", WD_STYLE_TYPE.CHARACTER, "Speaker", colour)
    marked = add("Highlighted", WD_STYLE_TYPE.CHARACTER, "Default Paragraph Font")
    marked.element.get_or_add_rPr().append(_element("w:shd", val="clear", fill="FFF2A8"))
    if language.lower().partition("-")[0] in _RIGHT_TO_LEFT:
        text.font.rtl = True
        properties = text.element.get_or_add_pPr()
        properties.insert_element_before(_element("w:bidi"), *_AFTER_BIDI)


def _set_language(file: Any, language: str) -> None:
    """Tell Word's spelling which language this is, whichever of its three kinds of script."""
    tag, _ = _LANGUAGES.get(language.lower(), (language, ""))
    for element in file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        for kind in ("w:val", "w:eastAsia", "w:bidi"):
            element.set(_qualified(kind), _clean(tag))


def _set_properties(file: Any, title: str, date: str, language: str) -> None:
    properties = file.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = "Granite Studio"
    properties.comments = ""
    properties.language = _clean(language)[:255]
    try:
        moment = datetime.datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        moment = None
    for name in ("created", "modified"):
        if moment:
            setattr(properties, name, moment)
        else:  # the template's own date is a lie, and today's would change the bytes
            for element in properties._element.xpath(f"dcterms:{name}"):
                properties._element.remove(element)


def _add_page_numbers(file: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = file.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, code in enumerate(("PAGE", "NUMPAGES")):
        if number:
            paragraph.add_run(" / ")
        field = _element("w:fldSimple", instr=code)
        run = paragraph.add_run("1")
        field.append(run.element)
        paragraph._p.append(field)


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(_qualified(f"w:{key}"), value)
    return element


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _repacked(data: bytes) -> bytes:
    """The same archive without the time of day in it."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)  # its date is the first of 1980
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return output.getvalue()


FORMAT = Format(
    name="docx",
    extensions=(".docx",),
    title="Word document",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT,
    write=write,
    is_common=True,
)
