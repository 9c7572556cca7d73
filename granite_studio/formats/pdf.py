"""PDF: printed transcripts, scripts and press statements are read; the layers above print.

`pdf_pages` says what stands where on the pages, `pdf_lines` makes lines of it and `pdf_layout`
paragraphs, all in a child process. pypdf, which reads the file, is written in Python and has
limits, but each is for one stream or tree: a small file can keep it busy for hours. The child has
limits on memory and time for all together, and the window's process loads nothing of it.

What this program printed is told by the facts in its head. Other text is read as plain text is:
with its times where most paragraphs have one, or else at a likely pace.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from granite_studio.core.cancel import CancelToken
from granite_studio.core.cuetext import CueText, escape
from granite_studio.core.document import Document, Media, joined
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.errors import FormatError
from granite_studio.formats.base import Carries, Content, Format, Kind, Labels, Source, encoded
from granite_studio.formats.base import unreadable as refusal
from granite_studio.formats.foreign import plaintext
from granite_studio.formats.foreign.annotations import gap_in
from granite_studio.formats.foreign.names import is_name
from granite_studio.formats.foreign.pieces import (
    Piece,
    Stretch,
    Transcript,
    document_from,
    one_after_another,
)
from granite_studio.formats.foreign.running import Line
from granite_studio.formats.foreign.values import milliseconds
from granite_studio.formats.pdf_layout import FACT, LEAST_FACTS, Paragraph, paragraphs, spoken
from granite_studio.formats.pdf_lines import LEADING_TIME, TIME
from granite_studio.formats.pdf_pages import MARK, Page, damaged, pages, too_much
from granite_studio.workers.child import Worker, WorkerError, WorkerFailed
from granite_studio.workers.limits import Limits

__all__ = ["FORMAT", "MARK", "NOT_HERE", "read", "read_script"]

NOT_HERE = (
    "A PDF is made in the window (File > Save as PDF) or on the command line (granite-studio "
    "convert)."
)
LONGEST_S = 180.0
"""As many full pages as may be take a third of it."""
_QUIET_S = 60.0
_LIMITS = Limits(memory_mb=1024, cpu_s=150, open_files=64, threads=1, network=False)

_LABELS = Labels()
_MOST_HEAD = 10
_TAG = re.compile(r"(?:.*\()?([A-Za-z0-9-]{2,35})\)?")
_MARK = re.compile(r"\[([0-9]{1,3}:[0-9]{2}:[0-9]{2})\] ?")
_NOTE = re.compile(r"([0-9]{1,3})\. (.*)", re.DOTALL)
_NAME_AND_TIME = re.compile(r"(\S.{0,79}?) ((?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2})")
_HEAD = re.compile(rf"(?:{LEADING_TIME.pattern}|\S.{{0,79}}? ?{TIME}:?(?:\s|$))")
_TIMED = 0.3
"""With times in front of such a share of its paragraphs a text tells when it was said."""
_UNKNOWN = 0.3
"""With such a share of signs that no font explains a text cannot be read."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the child says of a file."""

    paragraphs: tuple[Paragraph, ...]
    has_pictures: bool


def serve() -> Any:
    """The handler of the child: takes a `Source`, gives a sign of life for each page and last the
    `Text`."""
    return lambda source, _cancel: told(source)


def told(source: Source) -> Iterator[Text | None]:
    """The text of a file after a None for each page. Raises `FormatError`, as `pages` does."""
    found: list[Page] = []
    for page in pages(source):
        found.append(page)
        yield None
    yield Text(tuple(paragraphs(found)), any(page.has_pictures for page in found))


def read(source: Source) -> Document:
    """The text of a PDF. Where it says no times, words have those of a likely pace.

    Raises `FormatError` for what is no PDF, is locked, damaged, too large, or holds no text.
    """
    return document_of(_text(source), source)


def read_script(source: Source) -> tuple[Document, int]:
    """The same as far as it is said, to be put to a recording, and how many headings it is
    without."""
    text = _text(source)
    said = tuple(spoken(text.paragraphs))
    return document_of(replace(text, paragraphs=said), source), len(text.paragraphs) - len(said)


def document_of(text: Text, source: Source) -> Document:
    """The transcript that a text is. Raises `FormatError` where there is nothing to read."""
    _refuse_unreadable(source, text)
    said = text.paragraphs
    head = _Head.of(said)
    if head:
        return _printed(head, said[head.length :], source)
    if lines := _timed_lines(said):
        return plaintext.read(Source(encoded("\n".join(lines)), source.name, source.language))
    stretches = tuple(one_after_another(list(_stretches(said))))
    return document_from(Transcript(stretches, paragraphs=True, is_ours=True), source)


def write(_content: Content) -> bytes:
    """Always raises `FormatError`: pages are painted by Qt, which `services.paper` has."""
    raise FormatError(NOT_HERE)


def _text(source: Source) -> Text:
    worker = Worker("granite_studio.formats.pdf:serve", name="The PDF reader", limits=_LIMITS)
    begun = time.monotonic()
    try:
        for text in worker.run(source, CancelToken(), quiet_s=_QUIET_S):
            if text is not None:
                return text  # type: ignore[no-any-return]
            if time.monotonic() - begun > LONGEST_S:
                break
    except WorkerFailed as error:
        raise damaged(source) from error
    except WorkerError as error:  # it was killed by one of its limits
        raise too_much(source) from error
    finally:
        worker.close()
    raise too_much(source)


def _refuse_unreadable(source: Source, text: Text) -> None:
    signs = [sign for each in text.paragraphs for sign in each.text if not sign.isspace()]
    if not signs:
        rest = "only pictures" if text.has_pictures else "at most drawings of letters"
        raise refusal(
            source.name,
            f"has no text in it, {rest}",
            "run text recognition (OCR) on it and open what that makes",
        )
    unknown = sum(sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Co") for sign in signs)
    if unknown > _UNKNOWN * len(signs):
        raise refusal(
            source.name,
            "does not say which letters its fonts draw",
            "run text recognition (OCR) on it and open what that makes",
        )


# ---- what this program printed


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands above a transcript of ours: so many paragraphs, and the facts in them."""

    length: int
    facts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Sequence[Paragraph]) -> _Head | None:
        found = [
            (row, match)
            for row, each in enumerate(said[:_MOST_HEAD])
            if (match := FACT.fullmatch(each.text))
        ]
        if len(found) < LEAST_FACTS:
            return None
        length = found[-1][0] + 1
        if len(said) > length and said[length].text == _LABELS.draft:
            length += 1
        return cls(length, {match[1]: match[2] for _, match in found})

    @property
    def language(self) -> str:
        match = _TAG.fullmatch(self.facts.get(_LABELS.language, ""))
        return match[1] if match else ""

    @property
    def media(self) -> Media | None:
        """The recording, as far as the paper tells of it."""
        length = milliseconds(self.facts.get(_LABELS.length, ""))
        name = self.facts.get(_LABELS.file)
        return Media(name, length) if name and length else None


def _printed(head: _Head, said: Sequence[Paragraph], source: Source) -> Document:
    body, notes = _without_notes(said)
    gaps = [gap_in(each.text) for each in body]
    told = [_stretch(each, notes) for each, gap in zip(body, gaps, strict=True) if gap is None]
    transcript = Transcript(
        tuple(one_after_another(told)),
        language=head.language,
        paragraphs=True,
        is_ours=True,
        untranscribed=tuple(gap for gap in gaps if gap),
    )
    return replace(document_from(transcript, source), media=head.media)


def _without_notes(said: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], dict[int, str]]:
    """The paragraphs without the notes at the end, and those by the numbers in the text."""
    marked = {number for each in said for _, number in each.notes}
    size = max((each.size for each in said), default=0.0)
    first = len(said)
    while first and said[first - 1].size < 0.95 * size and not said[first - 1].notes:
        first -= 1
    notes: dict[int, str] = {}
    latest = 0
    for each in said[first:]:
        match = _NOTE.fullmatch(each.text)
        if match and int(match[1]) == latest + 1 and latest + 1 in marked:
            latest += 1
            notes[latest] = match[2]
        elif latest:
            notes[latest] += f"\n{each.text}"
        else:
            return said, {}
    return said[:first], notes


def _stretch(said: Paragraph, notes: dict[int, str]) -> Stretch:
    """A paragraph of ours: in front its time and, in bold, a name; times and notes inside."""
    line = Line()
    at = 0
    first = _MARK.match(said.text)
    start = milliseconds(first[1]) if first else None
    if first:
        line.time(start)
        at = first.end()
    name = _bold_name(said)
    if name and said.text.startswith(name, at):
        at += len(name)
    else:
        name = ""
    marks = [(match.start(), match.end(), match[1]) for match in _MARK.finditer(said.text, at)]
    marks += [(place, place, notes.get(number, "")) for place, number in said.notes]
    for place, end, told in sorted(marks):
        line.say(said.text[at:place])
        at = max(at, end)
        if end > place:
            line.time(milliseconds(told))
        elif told:
            line.note(told)
    line.say(said.text[at:])
    speaker = clean_name(name.removesuffix(":"))
    return Stretch(tuple(line.pieces), start, speaker=speaker or None)


def _bold_name(said: Paragraph) -> str:
    """The name in bold with its colon, or nothing."""
    if said.lead.endswith(":"):
        return said.lead
    name, colon, _ = said.lead.partition(": ")
    return name + ":" if colon else ""


# ---- what others wrote


def _timed_lines(said: Sequence[Paragraph]) -> list[str]:
    """The paragraphs as lines of text, if times stand in front of so many that they mean it."""
    lines = [_parted(each.text) for each in said]
    count = sum(bool(_HEAD.match(line)) or "  " in line for line in lines)
    return lines if count > 1 and count >= _TIMED * len(lines) else []


def _parted(text: str) -> str:
    """A line of a name and a time with the gap between them that other tools leave there."""
    match = _NAME_AND_TIME.fullmatch(text)
    return f"{match[1]}  {match[2]}" if match and is_name(match[1].rstrip(":")) else text


def _stretches(said: Sequence[Paragraph]) -> Iterator[Stretch]:
    """Paragraphs with the names in front of them: those in bold, or as in any script."""
    bold = sum(bool(_bold_name(each)) for each in said) > 1
    names = CueText(escape(each.text) for each in said)
    for each in said:
        name = _bold_name(each) if bold else ""
        if name and each.text.startswith(name):
            speaker = clean_name(name.removesuffix(":"))
            yield Stretch((Piece(each.text[len(name) :]),), speaker=speaker or None)
            continue
        for part in names.read(escape(each.text)):
            words = [word for line in part.lines for word in line]
            yield Stretch((Piece(joined(words)),), speaker=clean_name(part.speaker or "") or None)


FORMAT = Format(
    name="pdf",
    extensions=(".pdf",),
    title="PDF",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.STYLING
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.LABELS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT,
    write=write,
    read=read,
    is_common=True,
)
