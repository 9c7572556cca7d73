"""Plain text: one paragraph for each of the document's, with names and time codes if wanted.

Text with times, as other tools export it, is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from granite_studio.formats.base import Carries, Content, Format, Kind, encoded
from granite_studio.formats.foreign import plaintext
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, flow


def write(content: Content) -> bytes:
    """Paragraphs parted by an empty line, in UTF-8 with plain line ends."""
    return encoded("".join(f"{line}\n\n" for line in _lines(content))[:-1])


def _lines(content: Content) -> Iterator[str]:
    if content.is_draft:
        yield content.labels.draft
    if content.title:
        yield " ".join(content.title.split())
    for part in flow(content):
        if isinstance(part, Gap):
            yield f"[{part.start} - {part.end} {content.labels.untranscribed}]"
        else:
            yield _line(part)


def _line(part: Paragraph) -> str:
    time = f"[{part.time}] " if part.time else ""
    name = f"{' '.join(part.speaker.split())}: " if part.speaker else ""
    return f"{time}{name}{''.join(map(_piece_text, part.pieces))}"


def _piece_text(piece: Piece) -> str:
    if not piece.time:
        return piece.text
    gap = " " if piece.text.startswith(" ") else ""
    return f"{gap}[{piece.time}] {piece.text.lstrip(' ')}"


FORMAT = Format(
    name="txt",
    extensions=(".txt",),
    title="Plain text",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS | Carries.UNTRANSCRIBED | Carries.DRAFT,
    write=write,
    read=plaintext.read,
    is_common=True,
)
