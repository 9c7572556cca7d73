"""What an OpenDocument text says: our own by their styles, others as plain text is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from granite_studio.core.document import Document
from granite_studio.core.edits.speakers import clean_name
from granite_studio.formats.base import MIB, Source, encoded, unreadable
from granite_studio.formats.foreign import plaintext
from granite_studio.formats.foreign.pieces import (
    Piece,
    Stretch,
    Transcript,
    document_from,
    one_after_another,
)
from granite_studio.formats.foreign.values import milliseconds
from granite_studio.formats.xml_tree import Element

MIME = "application/vnd.oasis.opendocument.text"
TITLE, FACT, DRAFT = "Title", "Transcript_20_Fact", "Transcript_20_Draft"
TRANSCRIPT, UNTRANSCRIBED = "Transcript", "Untranscribed"
TIME, SPEAKER = "Time_20_Code", "Speaker_20_"
"""Names of styles, as they stand in the file."""

MOST_UNPACKED = 100 * MIB
"""The text of a hundred hours is smaller, markup and all."""

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_LANGUAGE = "http://purl.org/dc/elements/1.1/ language"
_BESIDE = frozenset(
    {
        f"{_OFFICE}annotation",
        f"{_TEXT}note",
        f"{_TEXT}ruby-text",
        f"{_TEXT}tracked-changes",
        f"{_TEXT}table-of-content",
    }
)
"""What stands in a text and is no part of what was said."""
_HEAD = frozenset({TITLE, FACT, DRAFT, UNTRANSCRIBED})
_BLANKS = re.compile(r"[ \t\r\n]+")
_CURE = "save it again from where it was written"


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one style."""

    style: str
    text: str


def read(source: Source) -> Document:
    """Read an .odt file. Raises `FormatError` for what is none, and for text without times."""
    root = _tree(source, "content.xml")
    styles = _parents(root)
    texts = list(_paragraphs(root))
    kinds = [styles.get(name, name) for name in (_named(text) for text in texts)]
    runs = [list(_runs(text, "", styles)) for text in texts]
    if TRANSCRIPT not in kinds:
        lines = "\n".join("".join(run.text for run in line) for line in runs)
        return plaintext.read(Source(encoded(lines), source.name, source.language))
    said = [_stretch(line) for kind, line in zip(kinds, runs, strict=True) if kind not in _HEAD]
    placed = tuple(one_after_another(said))
    transcript = Transcript(placed, language=_language(source), paragraphs=True)
    return document_from(transcript, source)


def _tree(source: Source, name: str) -> Element:
    return Element.parse(_part(source, name), source.name, cure=_CURE)


def _part(source: Source, name: str) -> bytes:
    """A file of the archive. Raises `FormatError` where it is not there, or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if b"encryption-data" in _unpacked(archive, "META-INF/manifest.xml", source):
                raise unreadable(source.name, "is protected by a password", "save it without one")
            return _unpacked(archive, name, source)
    except (
        zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError, ValueError,
        NotImplementedError,
    ) as error:  # fmt: skip
        raise unreadable(source.name, "is no whole OpenDocument text", _CURE) from error


def _unpacked(archive: zipfile.ZipFile, name: str, source: Source) -> bytes:
    with archive.open(name) as file:
        data = file.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise unreadable(
            source.name,
            f"unpacks to more than {MOST_UNPACKED >> 20} MB of text",
            "check that it is the right one",
        )
    return data


def _language(source: Source) -> str:
    """The language that the file says it is in, or nothing."""
    for element in _tree(source, "meta.xml").below():
        if element.name == _LANGUAGE:
            return element.said().strip()
    return ""


def _parents(root: Element) -> dict[str, str]:
    """The named style that each style without a name stands for, or nothing."""
    return {
        element.attributes.get(f"{_STYLE}name", ""): element.attributes.get(
            f"{_STYLE}parent-style-name", ""
        )
        for element in root.below()
        if element.name == f"{_STYLE}style"
    }


def _paragraphs(element: Element) -> Iterator[Element]:
    """The paragraphs and headings, also those of lists, tables and sections."""
    for child in element.elements:
        if child.name in (f"{_TEXT}p", f"{_TEXT}h"):
            yield child
        elif child.name not in _BESIDE:
            yield from _paragraphs(child)


def _named(element: Element) -> str:
    return element.attributes.get(f"{_TEXT}style-name", "")


def _runs(element: Element, style: str, styles: dict[str, str]) -> Iterator[_Run]:
    """The text of a paragraph. Blanks in the file are one space, however many they are."""
    for child in element.children:
        if isinstance(child, str):
            yield _Run(style, _BLANKS.sub(" ", child))
        elif child.name in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield _Run(style, _blank(child))
        elif child.name == f"{_TEXT}span":
            name = _named(child)
            yield from _runs(child, styles.get(name, name) or style, styles)
        elif child.name not in _BESIDE:
            yield from _runs(child, style, styles)


def _blank(element: Element) -> str:
    if element.name == f"{_TEXT}s":
        count = element.attributes.get(f"{_TEXT}c", "1")
        return " " * int(count) if re.fullmatch("[0-9]{1,2}", count) else " "
    return "\t" if element.name == f"{_TEXT}tab" else "\n"


def _stretch(runs: Sequence[_Run]) -> Stretch:
    """A paragraph of ours: text, and between it names and times, told by their style."""
    name, start = "", None
    pieces: list[tuple[int | None, list[str]]] = [(None, [])]
    for run in runs:
        if run.style.startswith(SPEAKER):
            name += run.text
        elif run.style == TIME:
            time = milliseconds(run.text.strip(" []"))
            start = time if start is None else start
            pieces.append((time, []))
        else:
            pieces[-1][1].append(run.text)
    speaker = clean_name(name.strip().removesuffix(":"))
    said = tuple(Piece("".join(texts), time) for time, texts in pieces if "".join(texts).strip())
    return Stretch(said, start, speaker=speaker or None)
