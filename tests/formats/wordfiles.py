"""Word files made by hand, as Word, LibreOffice and Google Docs write them."""

import io
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f"{HEAD}<w:styles {W}>"
    + "".join(
        f'<w:style w:type="{kind}" w:styleId="{number}"><w:name w:val="{name}"/></w:style>'
        for kind, number, name in (
            ("paragraph", "T1", "Transcript"),
            ("paragraph", "Titel", "Title"),
            ("paragraph", "F", "Transcript Fact"),
            ("character", "Zeit", "Time Code"),
            ("character", "S1", "Speaker 1"),
        )
    )
    + "</w:styles>"
)


def word(
    body: str, parts: Mapping[str, str | bytes] | None = None, *, styles: str = STYLES
) -> bytes:
    """A Word file with this inside its body, and with other parts."""
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f"{HEAD}<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": styles,
        **(parts or {}),
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return output.getvalue()


def run(text: str, style: str = "") -> str:
    """A run of text, in a character style by its id."""
    looks = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "T1", mark: str = "") -> str:
    """A paragraph; `mark` says what was done to its end."""
    ending = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{looks}{ending}</w:pPr>{''.join(runs)}</w:p>"


def change(kind: str, content: str = "") -> str:
    """A tracked change ("ins", "del", "moveFrom", "moveTo") around this."""
    return f'<w:{kind} w:id="7" w:author="Ed" w:date="2026-11-21T10:00:00Z">{content}</w:{kind}>'


def deleted(text: str) -> str:
    """Text that was taken out with changes tracked."""
    return change("del", f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>')
