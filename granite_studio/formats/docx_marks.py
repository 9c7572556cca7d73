"""The marks of what was exported, kept in a Word file where nobody sees them.

They are a part of custom XML, a place that Word has for what other programs want to find again;
a program that drops it loses them. They say which paragraph was which, and nothing of what it
said: see `granite_studio.core.roundtrip.handed`.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from granite_studio.core.roundtrip.handed import Handed
from granite_studio.formats.docx_package import Package

_SPACE = "urn:granite-studio:exported:1"
_ITEM = "{6B0F2C1E-3D1B-4C43-9C57-7E6A0C1D8F52}"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    f'<ds:datastoreItem ds:itemID="{_ITEM}" xmlns:ds="http://schemas.openxmlformats.org/'
    'officeDocument/2006/customXml"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{_SPACE}"/></ds:schemaRefs></ds:datastoreItem>'
)
_CUES = "cues"
_LONGEST_ID = 18


def put(file: Any, marks: Handed) -> None:
    """Keep these marks in a `docx` document."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = file.part.package
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in range(1, len(taken) + 2) if f"/customXml/item{n}.xml" not in taken)
    item = Part(PackURI(f"/customXml/item{number}.xml"), "application/xml", _xml(marks), package)
    properties = Part(
        PackURI(f"/customXml/itemProps{number}.xml"),
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        _PROPERTIES.encode(),
        package,
    )
    item.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    file.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def marks_in(package: Package) -> Handed | None:
    """The marks that a Word file brings back, or None where it has lost them."""
    for name in package.names:
        if not name.startswith("customXml/item") or "Props" in name:
            continue
        root = package.xml(name)
        if root is not None and root.name == f"{_SPACE} transcript":
            rows = [each.attributes for each in root.elements]
            known = {
                int(row["id"]): row
                for row in rows
                if row.get("id", "").isdecimal() and len(row["id"]) <= _LONGEST_ID
            }
            return Handed(
                root.attributes.get("recording", ""),
                {number: row.get("text", "") for number, row in known.items()},
                {number: row.get("speaker", "") for number, row in known.items()},
                root.attributes.get("rows") == _CUES,
            )
    return None


def _xml(marks: Handed) -> bytes:
    rows = f" rows={quoteattr(_CUES)}" if marks.by_cue else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<transcript xmlns="{_SPACE}" recording={quoteattr(marks.recording)}{rows}>',
        *(
            f"<paragraph id={quoteattr(str(number))} text={quoteattr(text)} "
            f"speaker={quoteattr(marks.speakers[number])}/>"
            for number, text in marks.texts.items()
        ),
        "</transcript>",
    ]
    return "\n".join(lines).encode()
