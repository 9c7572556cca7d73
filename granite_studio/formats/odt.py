"""An OpenDocument text: what `docx_file` writes for Word, for LibreOffice and its like.

Everything that can be seen goes through a named style, as there: Title, Transcript Fact,
Transcript Draft, Transcript, Untranscribed, and the text styles Time Code, Speaker 1 to 8 and
Highlighted, of which there is one more for each label of quotes. Looks of single words are styles
without a name; a colour is that of a line below them, since many could not be read on paper. Notes
become annotations. The same content gives the same bytes. The markup follows OpenDocument 1.3;
`odt_text` reads such files.
"""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from granite_studio.core import emphasis
from granite_studio.core.document import Document
from granite_studio.core.emphasis import Tags
from granite_studio.formats import odt_text
from granite_studio.formats.base import Carries, Content, Format, Kind, encoded
from granite_studio.formats.heads import (
    COLOURS,
    LANGUAGES,
    NOT_XML,
    clean,
    facts,
    is_from_right,
    title_of,
)
from granite_studio.formats.odt_text import (
    DRAFT,
    FACT,
    HIGHLIGHTED,
    LABELLED,
    MIME,
    SPEAKER,
    TIME,
    TITLE,
    TRANSCRIPT,
    UNTRANSCRIBED,
)
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, flow

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'office:version="1.3"'
)
_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    f' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{MIME}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "meta.xml")
    )
    + "</manifest:manifest>\n"
)
_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}|[0-9]{3}))?(?:-.*)?", re.IGNORECASE)
_BOLD = "".join(f' {name}="bold"' for name in ("fo:font-weight", "style:font-weight-asian"))
_BOLD += ' style:font-weight-complex="bold"'
_ITALIC = ' fo:font-style="italic" style:font-style-asian="italic"'
_ITALIC += ' style:font-style-complex="italic"'
_UNDERLINE = ' style:text-underline-style="solid" style:text-underline-width="{width}"'
_UNDERLINE += ' style:text-underline-color="{colour}"{double}'


def write(content: Content) -> bytes:
    """The document as an .odt file."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        # What kind of file it is must be found at the same place in every one.
        _add(archive, "mimetype", MIME, zipfile.ZIP_STORED)
        _add(archive, "META-INF/manifest.xml", _MANIFEST)
        _add(archive, "content.xml", "".join(_body(content)))
        _add(archive, "styles.xml", "".join(_styles(content.as_document())))
        _add(archive, "meta.xml", "".join(_meta(content)))
    return output.getvalue()


def _add(
    archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name)  # its date is the first of 1980
    entry.create_system = 0
    entry.compress_type = method
    archive.writestr(entry, encoded(text))


def _body(content: Content) -> Iterator[str]:
    looks: dict[Tags, str] = {}
    text = list(_paragraphs(content, looks))
    yield f"{_XML}<office:document-content {_NAMES}>"
    if looks:
        styles = (_text_style(name, _letters(tags)) for tags, name in looks.items())
        yield f"<office:automatic-styles>{''.join(styles)}</office:automatic-styles>\n"
    yield "<office:body><office:text>\n"
    yield from text
    yield "</office:text></office:body></office:document-content>\n"


def _letters(tags: Tags) -> str:
    """What letters look like that have these tags; a line below them that is wanted twice, for
    itself and in a colour, is a double one."""
    colour = next((known for name in tags if (known := _colour(name))), "")
    found = [_ITALIC] if "i" in tags else []
    found += [_BOLD] if "b" in tags else []
    if colour or "u" in tags:
        double = ' style:text-underline-type="double"' if colour and "u" in tags else ""
        width, shown = ("bold", f"#{colour}") if colour else ("auto", "font-color")
        found.append(_UNDERLINE.format(width=width, colour=shown, double=double))
    return "".join(found).strip()


def _colour(tag: str) -> str:
    return emphasis.COLOURS.get(tag.removeprefix("c."), "")


def _paragraphs(content: Content, looks: dict[Tags, str]) -> Iterator[str]:
    """What can be seen; the styles of single words are put into `looks`."""
    yield _styled(TITLE, _text(title_of(content)))
    for name, value in facts(content):
        yield _styled(FACT, _text(f"{name}: {value}"))
    if content.is_draft:
        yield _styled(DRAFT, _text(clean(content.labels.draft)))
    notes: list[str] = []
    quotes = _quote_styles(content.as_document())
    for part in flow(content):
        if isinstance(part, Gap):
            what = clean(content.labels.untranscribed)
            text = f"[{part.start} \N{EN DASH} {part.end} {what}]"
            yield _styled(UNTRANSCRIBED, _text(text))
        else:
            yield _styled(TRANSCRIPT, "".join(_paragraph(part, notes, looks, quotes)))


def _styled(style: str, inside: str) -> str:
    return f'<text:p text:style-name="{style}">{inside}</text:p>\n'


def _paragraph(
    part: Paragraph, notes: list[str], looks: dict[Tags, str], quotes: Mapping[str, str]
) -> Iterator[str]:
    if part.time:
        yield _span(TIME, f"[{part.time}] ")
    if name := clean(part.speaker):
        yield _span(f"{SPEAKER}{part.number % len(COLOURS) + 1}", _text(f"{name}:")) + " "
    for piece in part.pieces:
        yield from _piece(piece, notes, looks, quotes)


def _piece(
    piece: Piece, notes: list[str], looks: dict[Tags, str], quotes: Mapping[str, str]
) -> Iterator[str]:
    if piece.text.startswith(" "):
        yield " "
    if piece.time:
        yield _span(TIME, f"[{piece.time}] ")
    names = []
    for note in piece.notes:
        notes.append(note)
        names.append(f"note{len(notes)}")
        lines = "".join(f"<text:p>{_text(clean(line))}</text:p>" for line in note.splitlines())
        yield f'<office:annotation office:name="{names[-1]}">{lines}</office:annotation>'
    text = "".join(
        _span(looks.setdefault(run.tags, f"T{len(looks) + 1}"), _text(run.text))
        if run.tags
        else _text(run.text)
        for run in piece.runs()
    )
    yield _span(quotes[clean(piece.label)], text) if piece.marked else text
    for name in names:
        yield f'<office:annotation-end office:name="{name}"/>'


def _span(style: str, inside: str) -> str:
    return f'<text:span text:style-name="{style}">{inside}</text:span>'


def _text(text: str) -> str:
    return html.escape(NOT_XML.sub("", text))


def _quote_styles(document: Document) -> dict[str, str]:
    """The style of quotes with each of the labels, which are what they are about."""
    labels = dict.fromkeys(clean(mark.label) for mark in document.highlights)
    named = (label for label in labels if label)
    return {"": HIGHLIGHTED} | {
        label: f"{HIGHLIGHTED}_20_{number}" for number, label in enumerate(named, 1)
    }


def _styles(document: Document) -> Iterator[str]:
    language = document.language
    yield f"{_XML}<office:document-styles {_NAMES}><office:styles>\n"
    direction = "rl-tb" if is_from_right(document) else "lr-tb"
    yield (
        '<style:default-style style:family="paragraph">'
        f'<style:paragraph-properties style:writing-mode="{direction}"/>'
        f'<style:text-properties fo:font-size="11pt"{_language(language)}/>'
        "</style:default-style>\n"
        '<style:style style:name="Standard" style:family="paragraph"/>\n'
    )
    yield _paragraph_style(TITLE, 'fo:margin-bottom="0.4cm"', f'fo:font-size="20pt"{_BOLD}')
    yield _paragraph_style(
        TRANSCRIPT, 'fo:margin-bottom="0.28cm" fo:line-height="115%" fo:orphans="2" fo:widows="2"'
    )
    yield _paragraph_style(FACT, "", 'fo:color="#595959"')
    yield _paragraph_style(DRAFT, 'fo:margin-top="0.28cm"', f'fo:color="#9a3412"{_BOLD}')
    yield _paragraph_style(UNTRANSCRIBED, "", 'fo:color="#c00000"', parent=TRANSCRIPT)
    yield _paragraph_style("Footer", 'fo:text-align="center"', 'fo:font-size="9pt"')
    yield _text_style(TIME, 'fo:font-size="9pt" fo:color="#595959"')
    yield _text_style("Speaker", f'fo:font-variant="small-caps"{_BOLD}')
    for number, colour in enumerate(COLOURS, 1):
        yield _text_style(f"{SPEAKER}{number}", f'fo:color="#{colour.lower()}"', parent="Speaker")
    yield _text_style(HIGHLIGHTED, 'fo:background-color="#fff2a8"')
    for label, name in _quote_styles(document).items():
        if label:
            shown = html.escape(NOT_XML.sub("", LABELLED + label))
            yield (
                f'<style:style style:name="{name}" style:display-name="{shown}" '
                f'style:family="text" style:parent-style-name="{HIGHLIGHTED}"/>\n'
            )
    yield "</office:styles>\n"
    yield (
        '<office:automatic-styles><style:page-layout style:name="Page"><style:page-layout-'
        'properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm" '
        f'style:writing-mode="{direction}"/>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0cm" '
        'fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>'
        "</office:automatic-styles>\n<office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="Page"><style:footer>'
        '<text:p text:style-name="Footer"><text:page-number text:select-page="current">1'
        "</text:page-number> / <text:page-count>1</text:page-count></text:p>"
        "</style:footer></style:master-page></office:master-styles></office:document-styles>\n"
    )


def _language(tag: str) -> str:
    """Which language the spelling is, for each of the three kinds of script."""
    match = _TAG.fullmatch(LANGUAGES.get(tag.lower(), (tag, ""))[0])
    if match is None:
        return ""
    language, country = match[1].lower(), match[2].upper() if match[2] else "none"
    return "".join(
        f' {space}:language{kind}="{language}" {space}:country{kind}="{country}"'
        for space, kind in (("fo", ""), ("style", "-asian"), ("style", "-complex"))
    )


def _paragraph_style(name: str, looks: str, letters: str = "", parent: str = "Standard") -> str:
    following = f' style:next-style-name="{TRANSCRIPT}"' if name == UNTRANSCRIBED else ""
    return (
        f'<style:style style:name="{name}"{_shown(name)} style:family="paragraph" '
        f'style:parent-style-name="{parent}"{following}>'
        + (f"<style:paragraph-properties {looks}/>" if looks else "")
        + (f"<style:text-properties {letters}/>" if letters else "")
        + "</style:style>\n"
    )


def _text_style(name: str, letters: str, parent: str = "") -> str:
    base = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}"{_shown(name)} style:family="text"{base}>'
        f"<style:text-properties {letters}/></style:style>\n"
    )


def _shown(name: str) -> str:
    """A style's name as people read it, where the file must write it in another way."""
    return f' style:display-name="{name.replace("_20_", " ")}"' if "_20_" in name else ""


def _meta(content: Content) -> Iterator[str]:
    yield f"{_XML}<office:document-meta {_NAMES}><office:meta>"
    yield "<meta:generator>Granite Studio</meta:generator>"
    yield f"<dc:title>{_text(title_of(content))}</dc:title>"
    if language := clean(content.as_document().language):
        yield f"<dc:language>{_text(language)}</dc:language>"
    try:
        moment = datetime.datetime.fromisoformat(content.date).replace(tzinfo=None)
    except ValueError:
        pass  # today's would change the bytes
    else:
        yield f"<meta:creation-date>{moment.isoformat()}</meta:creation-date>"
        yield f"<dc:date>{moment.isoformat()}</dc:date>"
    yield "</office:meta></office:document-meta>\n"


FORMAT = Format(
    name="odt",
    extensions=(".odt",),
    title="OpenDocument text",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.STYLING
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.LABELS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT,
    write=write,
    read=odt_text.read,
    is_common=True,
)
