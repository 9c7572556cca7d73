"""Transcripts as web pages: our own, what noScribe writes, and what podcast hosts publish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from granite_studio.core.document import Document
from granite_studio.core.edits.speakers import clean_name
from granite_studio.formats.base import Source, refuse_too_much, unreadable
from granite_studio.formats.foreign.hypertext import Tag, parts
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.values import MILLISECONDS, milliseconds, voice

_ANCHOR = re.compile(r"ts_([0-9]{1,10})_([0-9]{1,10})_(.{0,80})")
_STAMP = re.compile(r"\[[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,3})?\]")
_PAUSE = re.compile(r"\(\.{1,10}\)")
_WORD = "data-start="
_BESIDE = frozenset({"sup", "time", "cite"})
"""What stands beside the words: numbers of notes, times and names."""
_NAME = re.compile(r"\s{0,9}([^\s:][^:\n]{0,79}?)\s?:\s")


def read(source: Source) -> Document:
    """Read a page. Raises `FormatError` for one that is no transcript."""
    text = source.text()
    refuse_too_much(source.name, text)
    transcript = _timed(parts(text, hard_spaces=True)) if _WORD in text else None
    if transcript is None:
        found = list(parts(text))
        transcript = _noscribe(found) or _podcast(found)
    if transcript is None:
        raise unreadable(
            source.name,
            "is no transcript of ours, of noScribe or of a podcast",
            "export it as a subtitle file where it was made",
        )
    return document_from(transcript, source)


@dataclass(slots=True)
class _Said:
    """A text under way: when it was said and by whom."""

    start: int | None
    end: int | None
    speaker: str | None
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def _timed(found: Iterable[Tag | str]) -> Transcript | None:
    """Our own: words in <span data-start data-end> in ms, a paragraph in each <section>."""
    stretches: list[tuple[list[str], list[Piece]]] = []
    inside, within, language = "", False, ""
    times: tuple[int | None, int | None] = (None, None)
    for part in found:
        if isinstance(part, Tag):
            if part.name in ("section", "/section"):
                within = part.name == "section"
                stretches.append(([], []))
            elif part.name == "html":
                language = part.attributes.get("lang", "")
            elif part.name == "span":
                times = _word_times(part)
            elif part.name == "/span":
                times = (None, None)
            elif part.name in _BESIDE:
                inside = part.name
            elif part.name == f"/{inside}":
                inside = ""
        elif within and inside == "cite":
            stretches[-1][0].append(part)
        elif within and not inside and (times[0] is not None or part.strip()):
            stretches[-1][1].append(Piece(part, *times))
    said = [_own_paragraph(name, pieces) for name, pieces in stretches if pieces]
    is_timed = any(piece.start is not None for stretch in said for piece in stretch.pieces)
    return Transcript(tuple(said), language, paragraphs=True) if is_timed else None


def _word_times(tag: Tag) -> tuple[int | None, int | None]:
    start, end = (tag.attributes.get(name) for name in ("data-start", "data-end"))
    return milliseconds(start, MILLISECONDS), milliseconds(end, MILLISECONDS)


def _own_paragraph(name: list[str], pieces: list[Piece]) -> Stretch:
    speaker = clean_name("".join(name).strip().removesuffix(":"))
    return Stretch(tuple(pieces), speaker=speaker or None)


def _noscribe(found: Iterable[Tag | str]) -> Transcript | None:
    """noScribe: anchors named ts_START_END_SPEAKER in ms. A paragraph begins with the speaker's
    name, which may have been changed since, and a time."""
    paragraphs: list[list[_Said]] = [[]]
    current: _Said | None = None
    for part in found:
        if isinstance(part, str):
            if current is not None:
                current.texts.append(part)
        elif match := _ANCHOR.fullmatch(part.attributes.get("name", "")):
            start, end = (milliseconds(time, MILLISECONDS) for time in match.group(1, 2))
            current = _Said(start, end, voice(match[3]))
            paragraphs[-1].append(current)
        elif part.name == "/a":
            current = None
        elif part.name in ("p", "/p"):
            current = None
            paragraphs.append([])
    said = [_noscribe_paragraph(anchors) for anchors in paragraphs if anchors]
    return Transcript(tuple(said), paragraphs=True) if said else None


def _noscribe_paragraph(anchors: list[_Said]) -> Stretch:
    speaker = anchors[0].speaker
    if speaker and (match := _NAME.match(anchors[0].text)):
        speaker = match[1]
        anchors[0].texts = [anchors[0].text[match.end() :]]
    pieces = [
        Piece(_PAUSE.sub(" ", _STAMP.sub(" ", part.text)), part.start, part.end)
        for part in anchors
    ]
    return Stretch(tuple(pieces), speaker=speaker)


def _podcast(found: Iterable[Tag | str]) -> Transcript | None:
    """The page of the podcast namespace: a name in <cite>, a time in <time>, texts in <p>."""
    stretches: list[Stretch] = []
    name, time, inside = "", "", ""
    pieces: list[Piece] = []
    for part in found:
        if isinstance(part, Tag):
            if part.name in ("cite", "time", "p"):
                inside = part.name
                name = "" if inside == "cite" else name
                time = "" if inside == "time" else time
            elif part.name in ("/cite", "/time", "/p"):
                inside = ""
        elif inside == "cite":
            name = f"{name}{part}"[:200]
        elif inside == "time":
            time = f"{time}{part}"[:40]
        elif inside == "p" and part.strip():
            start = milliseconds(time.strip())
            if start is not None:
                stretches.append(_shown(pieces))
                pieces = []
            pieces.append(Piece(part, start, speaker=voice(name.strip().removesuffix(":"))))
            time = ""
    stretches.append(_shown(pieces))
    timed = tuple(part for part in stretches if part.start is not None)
    return Transcript(timed, paragraphs=True) if timed else None


def _shown(pieces: list[Piece]) -> Stretch:
    return Stretch(tuple(pieces), pieces[0].start if pieces else None)
