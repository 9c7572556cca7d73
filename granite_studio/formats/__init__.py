"""Files in and out: one table of formats, and the four functions that everybody uses.

`load` reads a file to `Captions` (cues as they stand) or a `Document` (words with times); `dump`
and `save` write a `Content` made of either. A new format: see `granite_studio.formats.base`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.files import atomic_write, refuse_folder
from granite_studio.core.timing import Rate
from granite_studio.formats import (
    ass,
    ctm,
    docx_file,
    docx_template,
    edl,
    fcpxml,
    html_file,
    json_file,
    markdown,
    markers,
    odt,
    otio,
    pdf,
    rttm,
    sbv,
    scc,
    srt,
    stl,
    stm,
    tables,
    textgrid,
    ttml,
    txt,
    vtt,
)
from granite_studio.formats.base import (
    MIB,
    Carries,
    Content,
    Format,
    Kind,
    Labels,
    Layout,
    Source,
    safe_name,
    unreadable,
)
from granite_studio.formats.foreign import elan, otranscribe
from granite_studio.formats.frames import name_of
from granite_studio.formats.losses import listed, losses, sentence, told, untranslated

__all__ = [
    "FORMATS",
    "PROJECT",
    "READABLE",
    "Carries",
    "Content",
    "Format",
    "Kind",
    "Labels",
    "Layout",
    "Source",
    "by_extension",
    "by_name",
    "dump",
    "guessed_rate",
    "is_pdf",
    "listed",
    "load",
    "losses",
    "safe_name",
    "save",
    "sentence",
    "source",
    "template",
    "told",
    "untranslated",
]

FORMATS = {
    table_line.name: table_line
    for table_line in (
        srt.FORMAT,
        vtt.FORMAT,
        docx_file.FORMAT,
        odt.FORMAT,
        txt.FORMAT,
        markdown.FORMAT,
        html_file.FORMAT,
        json_file.FORMAT,
        ctm.FORMAT,
        stm.FORMAT,
        textgrid.FORMAT,
        rttm.FORMAT,
        ass.FORMAT,
        sbv.FORMAT,
        ttml.IMSC,
        ttml.EBU_TT_D,
        ttml.ITT,
        stl.FORMAT,
        scc.FORMAT,
        tables.CSV,
        tables.TSV,
        markers.PREMIERE,
        markers.RESOLVE,
        edl.FORMAT,
        fcpxml.CAPTIONS,
        fcpxml.TITLES,
        otio.FORMAT,
        elan.FORMAT,
        otranscribe.FORMAT,
    )
}

PROJECT = replace(json_file.FORMAT, title="Granite Studio project")
"""A project holds what our own JSON does."""

READABLE = (*(known for known in FORMATS.values() if known.read), pdf.FORMAT)
"""What can be opened; a PDF too, which Qt paints and nobody here can make."""


def by_extension(path: Path) -> Format:
    """The format that this file name promises. Raises `FormatError` naming those there are; also
    for a PDF, which `load` can read but nobody here can write."""
    name = path.name.lower()
    endings = [
        (len(ending), known)
        for known in FORMATS.values()
        for ending in known.extensions
        if name.endswith(ending)
    ]
    if endings:
        return max(endings, key=lambda found: found[0])[1]
    if name.endswith(".pdf"):
        raise FormatError(
            f"“{path.name}” would be a PDF, which is made in the window (File > Save as PDF) or "
            "on the command line (granite-studio convert)."
        )
    refuse_folder(path)
    raise FormatError(
        f"“{path.name or path}” does not end in the name of a known format; "
        f"use {_extensions(FORMATS.values())}."
    )


def by_name(name: str) -> Format:
    """The format of this name ("srt"). Raises `FormatError` naming those there are."""
    if name == pdf.FORMAT.name:
        raise FormatError(pdf.NOT_HERE)
    if name not in FORMATS:
        raise FormatError(f"There is no format “{name}”; use {_listed(FORMATS)}.")
    return FORMATS[name]


def load(path: Path, *, language: str = "", frame_rate: Rate | None = None) -> Captions | Document:
    """Read a subtitle or transcript file.

    `language` ("de", "zh-TW"), where it is known, counts for more than what the file says, and
    helps with old encodings; `frame_rate` helps with time codes whose file does not say what they
    count. Raises `FormatError` with one sentence for every file that cannot be read, however
    broken or large.
    """
    known = pdf.FORMAT if is_pdf(path) else by_extension(path)
    if known.read is None:
        raise FormatError(
            f"“{path.name}” cannot be opened, since {known.title} is only for export; "
            f"choose {_extensions(READABLE)}."
        )
    found = source(path, limit=known.limit, language=language)
    read = known.read(replace(found, frame_rate=frame_rate))
    return replace(read, language=language) if language and isinstance(read, Captions) else read


def guessed_rate(read: Captions | Document) -> str:
    """How many frames a second the time codes of a file were taken to count where it does not
    say so, as people call it; or nothing."""
    if not isinstance(read, Captions) or not read.is_rate_guessed or not read.frame_rate:
        return ""
    return name_of(read.frame_rate)


def is_pdf(path: Path) -> bool:
    """Whether a file is one by its name or, whatever its name, by how it begins."""
    if path.name.lower().endswith(pdf.FORMAT.extensions):
        return True
    try:
        if not path.is_file():  # a pipe would wait for somebody to write
            return False
        with path.open("rb") as file:
            return file.read(len(pdf.MARK)) == pdf.MARK
    except (OSError, ValueError):
        return False  # whoever reads it says what is wrong with it


def source(path: Path, *, limit: int = 50 * MIB, language: str = "") -> Source:
    """What a reader takes: the file's bytes, at most `limit`. Raises `FormatError`."""
    refuse_folder(path)
    try:
        if not path.is_file():
            raise unreadable(path.name, "is not there or not a file", "choose another one")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
        raise unreadable(
            path.name, f"cannot be read ({reason.lower() or 'its name is faulty'})", "check it"
        ) from error
    if len(data) > limit:
        raise unreadable(
            path.name,
            f"is larger than {limit >> 20} MB, more than such a file can sensibly hold",
            "check that it is the right one",
        )
    return Source(data, path.name, language)


def template(path: Path) -> Source:
    """A Word document with fields, to be filled. Raises `FormatError`."""
    refuse_folder(path)
    if path.suffix.lower() != ".docx":
        raise unreadable(path.name, "is not a .docx file", "save it as one, without macros")
    return source(path, limit=docx_template.LARGEST)


def dump(name: str, content: Content) -> bytes:
    """The content in the format of this name. Raises `FormatError` for an unknown name."""
    return by_name(name).dump(content)


def _extensions(formats: Iterable[Format]) -> str:
    """The endings of the common ones among these, and how many others there are."""
    named, others = list[str](), list[str]()
    for known in formats:
        (named if known.is_common else others).extend(known.extensions)
    return _listed(
        [*named, f"one of {len(others)} others that `granite-studio convert --help` names"]
    )


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def save(path: Path, content: Content, known: Format | None = None) -> None:
    """Write the content to this file, whole or not at all, in the format its name promises or in
    another that is `known`.

    A file that is there is replaced. Raises `FormatError`, and then the old file is as it was.
    """
    atomic_write(path, (known or by_extension(path)).dump(content))
