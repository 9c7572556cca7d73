"""What an OpenDocument text says: our own by their styles, others as plain text is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from granite_studio.core.document import Document
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.emphasis import COLOURS, TAGS
from granite_studio.formats.base import MIB, Source, encoded, unreadable
from granite_studio.formats.foreign import plaintext
from granite_studio.formats.foreign.annotations import Annotation, gap_in
from granite_studio.formats.foreign.pieces import (
    Stretch,
    Transcript,
    document_from,
    one_after_another,
)
from granite_studio.formats.foreign.running import Line
from granite_studio.formats.foreign.values import milliseconds
from granite_studio.formats.xml_tree import Element

MIME = "application/vnd.oasis.opendocument.text"
TITLE, FACT, DRAFT = "Title", "Transcript_20_Fact", "Transcript_20_Draft"
TRANSCRIPT, UNTRANSCRIBED = "Transcript", "Untranscribed"
TIME, SPEAKER, HIGHLIGHTED = "Time_20_Code", "Speaker_20_", "Highlighted"
"""Names of styles, as they stand in the file."""
LABELLED = "Highlighted: "
"""What the names of styles begin with, as people read them, that say what quotes are about."""

MOST_UNPACKED = 100 * MIB
"""The text of a hundred hours is smaller, markup and all."""

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0 "
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
_COLOURS = {f"#{value}": f"c.{name}" for name, value in COLOURS.items()}
_BLANKS = re.compile(r"[ \t\r\n]+")
_CURE = "save it again from where it was written"


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style in the file adds to the one that it is based on, and takes away."""

    parent: str = ""
    given: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one style, by its name, that looks alike; or a remark that ends here."""

    style: str
    text: str
    tags: frozenset[str] = frozenset()
    note: str | None = None


def read(source: Source) -> Document:
    """Read an .odt file. Raises `FormatError` for what is none, and for text without times."""
    body = _Body(_tree(source, "content.xml"))
    labels = _labels(_tree(source, "styles.xml"))
    if not any(kind == TRANSCRIPT for kind, _ in body.paragraphs):
        lines = "\n".join("".join(run.text for run in runs) for _, runs in body.paragraphs)
        return plaintext.read(Source(encoded(lines), source.name, source.language))
    said = [_stretch(runs, labels) for kind, runs in body.paragraphs if kind not in _HEAD]
    gaps = (
        gap_in("".join(run.text for run in runs))
        for kind, runs in body.paragraphs
        if kind == UNTRANSCRIBED
    )
    transcript = Transcript(
        tuple(one_after_another(said)),
        language=_language(source),
        paragraphs=True,
        is_ours=True,
        untranscribed=tuple(gap for gap in gaps if gap),
    )
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


class _Body:
    """The paragraphs of a text: the name of the style of each, and what is in it."""

    def __init__(self, root: Element) -> None:
        self._styles = {
            element.attributes.get(f"{_STYLE}name", ""): _style(element)
            for element in root.below()
            if element.name == f"{_STYLE}style"
        }
        self._ends = {
            element.attributes.get(f"{_OFFICE}name", "")
            for element in root.below()
            if element.name == f"{_OFFICE}annotation-end"
        }
        self._notes: dict[str, str] = {}
        self.paragraphs = [self._paragraph(element) for element in _paragraphs(root)]

    def _paragraph(self, element: Element) -> tuple[str, list[_Run]]:
        name = _named(element)
        style = self._styles.get(name, _Style(name))
        return style.parent or name, list(self._runs(element, "", style.given))

    def _runs(self, element: Element, style: str, tags: frozenset[str]) -> Iterator[_Run]:
        """What is in a paragraph. Blanks in the file are one space, however many they are."""
        for child in element.children:
            if isinstance(child, str):
                yield _Run(style, _BLANKS.sub(" ", child), tags)
            elif child.name in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
                yield _Run(style, _blank(child), tags)
            elif child.name == f"{_TEXT}span":
                name = _named(child)
                own = self._styles.get(name, _Style(name))
                yield from self._runs(child, own.parent or style, (tags | own.given) - own.taken)
            elif child.name in (f"{_OFFICE}annotation", f"{_OFFICE}annotation-end"):
                yield from self._note(child)
            elif child.name not in _BESIDE:
                yield from self._runs(child, style, tags)

    def _note(self, element: Element) -> Iterator[_Run]:
        """A remark, where the words that it is about end."""
        name = element.attributes.get(f"{_OFFICE}name", "")
        if element.name == f"{_OFFICE}annotation":
            self._notes[name] = "\n".join(
                "".join(run.text for run in self._runs(line, "", frozenset()))
                for line in _paragraphs(element)
            )
            if name in self._ends:
                return
        if (note := self._notes.pop(name, None)) is not None:
            yield _Run("", "", note=note)


def _style(element: Element) -> _Style:
    letters = element.first(f"{_STYLE}text-properties")
    found = letters.attributes if letters else {}
    looks: dict[str, bool] = {}
    if slant := found.get(f"{_FO}font-style"):
        looks["i"] = slant != "normal"
    if weight := found.get(f"{_FO}font-weight"):
        looks["b"] = weight == "bold" or weight in ("600", "700", "800", "900")
    if line := found.get(f"{_STYLE}text-underline-style"):
        colour = _COLOURS.get(found.get(f"{_STYLE}text-underline-color", "").lower())
        is_double = found.get(f"{_STYLE}text-underline-type") == "double"
        looks |= dict.fromkeys(("u", *_COLOURS.values()), False)
        looks["u"] = line != "none" and (colour is None or is_double)
        if colour and line != "none":
            looks[colour] = True
    return _Style(
        element.attributes.get(f"{_STYLE}parent-style-name", ""),
        frozenset(look for look, is_on in looks.items() if is_on),
        frozenset(look for look, is_on in looks.items() if not is_on),
    )


def _paragraphs(element: Element) -> Iterator[Element]:
    """The paragraphs and headings, also those of lists, tables and sections."""
    for child in element.elements:
        if child.name in (f"{_TEXT}p", f"{_TEXT}h"):
            yield child
        elif child.name not in _BESIDE:
            yield from _paragraphs(child)


def _named(element: Element) -> str:
    return element.attributes.get(f"{_TEXT}style-name", "")


def _blank(element: Element) -> str:
    if element.name == f"{_TEXT}s":
        count = element.attributes.get(f"{_TEXT}c", "1")
        return " " * int(count) if re.fullmatch("[0-9]{1,2}", count) else " "
    return "\t" if element.name == f"{_TEXT}tab" else "\n"


def _labels(root: Element) -> dict[str, str]:
    """What the quotes in each of these styles are about."""
    found = {HIGHLIGHTED: ""}
    for element in root.below():
        name = element.attributes.get(f"{_STYLE}display-name", "")
        if element.name == f"{_STYLE}style" and name.startswith(LABELLED):
            found[element.attributes.get(f"{_STYLE}name", "")] = name.removeprefix(LABELLED)
    return found


def _stretch(runs: Sequence[_Run], labels: Mapping[str, str]) -> Stretch:
    """A paragraph of ours: text, and between it names and times, told by their style; so are
    quotes, with their labels."""
    name, start = "", None
    line = Line()
    for run in runs:
        if run.note is not None:
            line.note(run.note)
        elif run.style.startswith(SPEAKER):
            name += run.text
        elif run.style == TIME:
            time = milliseconds(run.text.strip(" []"))
            start = time if start is None else start
            line.time(time)
        else:
            tags = tuple(tag for tag in TAGS if tag in run.tags)
            is_quoted = run.style in labels
            line.say(run.text, Annotation(tags, is_quoted, label=labels.get(run.style, "")))
    speaker = clean_name(name.strip().removesuffix(":"))
    return Stretch(tuple(line.pieces), start, speaker=speaker or None)
