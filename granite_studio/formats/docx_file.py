"""A Word document: a transcript in one of several layouts, or in a template of one's own.

Everything that can be seen goes through a named style, so that a newsroom restyles the whole
with its own template: Title, Transcript Fact, Transcript Draft, Transcript, Untranscribed, and
the character styles Time Code, Speaker (with Speaker 1 to 8 for the colours) and Highlighted;
tables add Transcript Head, Transcript Number, Translation and Out Of Date. Notes become Word
comments, and so does what quotes are about. The same content gives the same bytes. Unseen marks
say which paragraph, or which row of a table of cues, is which, so that the file can come back
after people worked on it (`granite_studio.core.roundtrip.returning`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from granite_studio.core.cues import Cue
from granite_studio.core.roundtrip.cue_marks import handed_cues
from granite_studio.core.roundtrip.handed import handed
from granite_studio.core.styles import style
from granite_studio.formats.base import Carries, Content, Format, Kind, Layout
from granite_studio.formats.docx_marks import put
from granite_studio.formats.docx_parts import (
    Page,
    add_page_numbers,
    gap_text,
    packed,
    set_language,
    set_properties,
)
from granite_studio.formats.docx_reading import read
from granite_studio.formats.docx_tables import add, language_beside
from granite_studio.formats.docx_template import TRANSCRIPT, fields_in, filled
from granite_studio.formats.heads import clean, facts, title_of
from granite_studio.formats.paragraphs import Gap, flow


def write(content: Content) -> bytes:
    """The document as a .docx file. Raises `FormatError` for a template that cannot be filled,
    and where a translation is wanted that is not there."""
    if content.template:
        file = filled(content)
        if content.document is not None:
            put(file, handed(content.document))
        return packed(file)
    cues = content.as_cues() if content.layout is Layout.CUES else ()
    file = _made(content, cues)
    if content.document is not None and content.layout is Layout.CUES:
        put(file, handed_cues(content.document, cues, content.style or style()))
    elif content.document is not None:
        beside = language_beside(content) if content.layout is Layout.BILINGUAL else ""
        put(file, handed(content.document, beside=beside))
    return packed(file)


def _made(content: Content, cues: Sequence[Cue]) -> Any:
    import docx

    file = docx.Document()
    document = content.as_document()
    language = document.language
    page = Page(file, document, tables=content.layout is not Layout.INTERVIEW)
    title = title_of(content)
    set_language(file, language)
    set_properties(file, title, content.date, language)
    add_page_numbers(file)
    page.paragraph("Title", title)
    for name, value in facts(content):
        page.paragraph("Transcript Fact", f"{name}: {value}")
    if content.is_draft:
        page.paragraph("Transcript Draft", clean(content.labels.draft))
    if content.layout is Layout.INTERVIEW:
        _add_interview(page, content)
    else:
        add(page, content, cues)
    return file


def _add_interview(page: Page, content: Content) -> None:
    for part in flow(content):
        if isinstance(part, Gap):
            page.paragraph("Untranscribed", gap_text(part, content))
        else:
            page.spoken(page.paragraph("Transcript"), part)


_CUES = Carries.CUES | Carries.LINES
_AT_WORDS = Carries.STYLING | Carries.NOTES | Carries.HIGHLIGHTS | Carries.LABELS


def _left_out(content: Content) -> Carries:
    """What this layout, or this template, has no place for."""
    if content.template:
        fields = fields_in(content.template)
        out = Carries(0) if TRANSCRIPT in fields else _AT_WORDS | Carries.DRAFT
        out |= Carries(0) if fields & {TRANSCRIPT, "speaker"} else Carries.SPEAKERS
        return _CUES | out | (Carries(0) if "translation" in fields else Carries.TRANSLATION)
    if content.layout is Layout.BILINGUAL:
        return _CUES
    return Carries.TRANSLATION | (Carries(0) if content.layout is Layout.CUES else _CUES)


FORMAT = Format(
    name="docx",
    extensions=(".docx",),
    title="Word document",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.STYLING
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.LABELS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT
    | Carries.CUES
    | Carries.LINES
    | Carries.TRANSLATION,
    leaves_out=_left_out,
    write=write,
    read=read,
    is_common=True,
)
