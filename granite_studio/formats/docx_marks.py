"""The marks of what was exported, kept in a Word file where nobody sees them.

They are a part of custom XML, a place that Word has for what other programs want to find again;
a program that drops it loses them. They say which paragraph was which, and nothing of what it
said: see `granite_studio.core.roundtrip.handed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

from granite_studio.core.roundtrip.handed import Handed, HandedRow
from granite_studio.formats.docx_package import Package
from granite_studio.formats.xml_tree import Element

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
_MOST_WORDS = 2_000_000
"""No cues hold more words than this, and marks that say so are not ours."""
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")


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
            return _marks(root)
    return None


def _marks(root: Element) -> Handed:
    recording = root.attributes.get("recording", "")
    rows = [each.attributes for each in root.elements]
    if root.attributes.get("rows") == _CUES:
        return Handed(recording, {}, {}, by_cue=True, rows=_rows(rows))
    known = {int(row["id"]): row for row in rows if row.get("id", "") and _is_number(row["id"])}
    beside = root.attributes.get("beside", "")
    return Handed(
        recording,
        {number: row.get("text", "") for number, row in known.items()},
        {number: row.get("speaker", "") for number, row in known.items()},
        beside=beside if _LANGUAGE.fullmatch(beside) else "",
        others={number: row["beside"] for number, row in known.items() if "beside" in row},
    )


def _rows(rows: Iterable[Mapping[str, str]]) -> tuple[HandedRow, ...]:
    """The rows of cues; none where they are not as we write them."""
    made: list[HandedRow] = []
    left = _MOST_WORDS
    for row in rows:
        turns = [_numbers(turn, left) for turn in row.get("words", "").split(";")]
        times = [row.get(name, "") for name in ("start", "end")]
        texts = tuple(row.get("text", "").split(";"))
        left -= sum(map(len, turns))
        if not all(turns) or not all(map(_is_number, times)) or len(texts) != len(turns):
            return ()
        # Earlier versions marked one name for all.
        speakers = row.get("speaker", "").split(";")
        speakers = speakers if len(speakers) == len(turns) else speakers[:1] * len(turns)
        start, end = map(int, times)
        breaks = _numbers(row.get("breaks", ""), left)
        made.append(HandedRow(tuple(turns), texts, tuple(speakers), breaks, start, end))
    return tuple(made)


def _numbers(text: str, most: int) -> tuple[int, ...]:
    """Numbers of a list as "3-7 12"; none where there are more than so many, or it is no list."""
    found: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        if not _is_number(first) or not _is_number(last or first):
            return ()
        numbers = range(int(first), int(last or first) + 1)
        if not numbers or len(found) + len(numbers) > most:
            return ()
        found += numbers
    return tuple(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID


def _listed(numbers: Sequence[int]) -> str:
    """Numbers as `_numbers` reads them."""
    return " ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in _spans(numbers)
    )


def _spans(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of numbers that follow one another."""
    ends = [at for at, (one, two) in enumerate(pairwise(numbers), 1) if two != one + 1]
    for begin, end in pairwise([0, *ends, len(numbers)]):
        if begin < end:
            yield numbers[begin], numbers[end - 1]


def _xml(marks: Handed) -> bytes:
    facts = {"recording": marks.recording}
    facts |= {"rows": _CUES} if marks.by_cue else {}
    facts |= {"beside": marks.beside} if marks.beside else {}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<transcript xmlns="{_SPACE}"{_written(facts)}>',
        *(f"<cue{_written(_row(row))}/>" for row in marks.rows),
        *(f"<paragraph{_written(_paragraph(marks, number))}/>" for number in marks.texts),
        "</transcript>",
    ]
    return "\n".join(lines).encode()


def _row(row: HandedRow) -> dict[str, str]:
    return {
        "words": ";".join(map(_listed, row.words)),
        "text": ";".join(row.texts),
        "speaker": ";".join(row.speakers),
        "breaks": _listed(row.breaks),
        "start": str(row.start),
        "end": str(row.end),
    }


def _paragraph(marks: Handed, number: int) -> dict[str, str]:
    facts = {"id": str(number), "text": marks.texts[number], "speaker": marks.speakers[number]}
    return facts | ({"beside": marks.others[number]} if number in marks.others else {})


def _written(facts: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in facts.items())
