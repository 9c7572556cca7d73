"""oTranscribe's .otr: JSON around the HTML of what a person typed, with time stamps in it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from granite_studio.core.document import Document
from granite_studio.core.edits.speakers import clean_name
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    unreadable,
)
from granite_studio.formats.foreign.hypertext import parts
from granite_studio.formats.foreign.names import name_and_text
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.values import Values, has, milliseconds, text_in, voice
from granite_studio.formats.markup import GUARD

_BOLD, _BOLD_ENDS = frozenset({"b", "strong"}), frozenset({"/b", "/strong"})
_BREAKS = frozenset({"p", "/p", "br", "div", "/div", "li"})


def is_otranscribe(value: object) -> bool:
    return has(value, "text", "media") or has(value, "text", "media-time")


def read_otranscribe(value: Values) -> Transcript:
    """Paragraphs; those without a time stamp share the time up to the next one."""
    stretches: list[Stretch] = []
    for start, paragraphs in _stamped(text_in(value, "text")):
        pieces = []
        for number, paragraph in enumerate(paragraphs):
            speaker, said = paragraph.told()
            pieces.append(Piece(said, None if number else start, speaker=speaker))
        stretches.append(Stretch(tuple(pieces), start))
    return Transcript(tuple(stretches), paragraphs=True)


@dataclass(slots=True)
class _Paragraph:
    """`bold` is what stands in bold at its beginning, where many put the name."""

    bold: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not "".join((*self.bold, *self.texts)).strip()

    def told(self) -> tuple[str | None, str]:
        """The speaker and what is said."""
        bold, text = "".join(self.bold).strip(), "".join(self.texts).strip()
        if bold and text.startswith(":"):
            return voice(bold), text[1:].strip()
        if bold.endswith(":"):
            return voice(bold[:-1]), text
        speaker, said = name_and_text(f"{bold} {text}".strip())
        return speaker, said.removeprefix(GUARD)


def _stamped(page: str) -> list[tuple[int | None, list[_Paragraph]]]:
    """The paragraphs after each time stamp, whose own text goes."""
    found: list[tuple[int | None, list[_Paragraph]]] = [(None, [_Paragraph()])]
    in_stamp = in_bold = False
    for part in parts(page):
        paragraph = found[-1][1][-1]
        if isinstance(part, str):
            if in_bold:
                paragraph.bold.append(part)
            elif not in_stamp and (paragraph.texts or part.strip()):
                paragraph.texts.append(part)
        elif "data-timestamp" in part.attributes:
            found.append((milliseconds(part.attributes["data-timestamp"]), [_Paragraph()]))
            in_stamp = True
        elif part.name == "/span":
            in_stamp = False
        elif part.name in _BOLD:
            in_bold = not paragraph.texts and not in_stamp
        elif part.name in _BOLD_ENDS:
            in_bold = False
        elif part.name in _BREAKS:
            in_stamp = in_bold = False
            found[-1][1].append(_Paragraph())
    return [(start, [each for each in texts if not each.is_empty]) for start, texts in found]


def read(source: Source) -> Document:
    """Read an .otr file. Raises `FormatError` for what is none."""
    try:
        value = json.loads(source.text())
    except (ValueError, RecursionError) as error:
        raise unreadable(
            source.name, "is not whole JSON", "save it again from oTranscribe"
        ) from error
    if not is_otranscribe(value):
        raise unreadable(source.name, "is not a transcript of oTranscribe", "choose another file")
    return document_from(read_otranscribe(value), source)


def write(content: Content) -> bytes:
    """A paragraph for each of the document's, after its time stamp and the speaker's name.

    No-break spaces come back as spaces: oTranscribe's own mean no more than that.
    """
    document = content.as_document()
    value = {
        "text": "".join(_paragraphs(document)),
        "media": document.media.name if document.media else "",
        "media-time": 0,
    }
    return encoded(json.dumps(value, ensure_ascii=False))


def _paragraphs(document: Document) -> Iterator[str]:
    names: dict[int | None, str] = {s.id: clean_name(s.name) for s in document.speakers}
    for segment in document:
        minutes, seconds = divmod(segment.start // 1000, 60)
        name, text = names.get(segment.speaker, ""), segment.text
        if not name and (text.startswith(GUARD) or name_and_text(text)[0]):
            text = GUARD + text  # what looks like a name in front is none
        stamp = f"{segment.start / 1000:.3f}"
        yield (
            f'<p><span class="timestamp" data-timestamp="{stamp}">{minutes:02}:{seconds:02}</span>'
            f"{f'<b>{html.escape(name)}</b>: ' if name else ' '}{html.escape(text)}</p>"
        )


FORMAT = Format(
    name="otr",
    extensions=(".otr",),
    title="oTranscribe",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS,
    write=write,
    read=read,
)
